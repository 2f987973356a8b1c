"""A two-layer classifier that trains about as fast as its matrix products, and a three-layer forward pass."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.progress_bar import watched
from course_lib.reference.losses import softmax_loss
from course_lib.reference.stable import Array, Labels, as_float

Params = dict[str, Array]


class TwoLayerNet:
    """Affine, ReLU, affine, softmax: D = ``input_size``, H = ``hidden_size``, C = ``output_size``.

    ``params`` holds float64 W1 (D, H), b1 (H,), W2 (H, C), b2 (C,): weights normal with deviation ``std``,
    biases zero. ``seed`` fixes the initial weights and the minibatches. Parameters may be replaced by arrays
    of another floating dtype; the arithmetic follows them.
    """

    def __init__(
        self, input_size: int, hidden_size: int, output_size: int, std: float = 1e-4, *, seed: int = 0
    ) -> None:
        self._rng = np.random.default_rng(seed)
        self._buffers: Params = {}
        self.params: Params = {
            "W1": std * self._rng.normal(size=(input_size, hidden_size)),
            "b1": np.zeros(hidden_size),
            "W2": std * self._rng.normal(size=(hidden_size, output_size)),
            "b2": np.zeros(output_size),
        }

    def loss(self, X: Array, y: Labels | None = None, reg: float = 0.0) -> Any:
        """Return the scores (N, C) of ``X`` (N, D), or with labels ``y`` (N,) the pair (loss, grads).

        The loss is the mean cross-entropy plus reg (sum W1^2 + sum W2^2); ``grads`` has the keys and shapes
        of ``params``. Raises ValueError for labels that are not integers in [0, C).
        """
        if y is None:
            return self._scores(X, {})
        loss, grads = self._data_loss(X, y, {})
        for name in ("W1", "W2"):
            grads[name] += 2 * reg * self.params[name]
        return loss + self._penalty(reg), grads

    def predict(self, X: Array) -> Labels:
        """Return the class of the highest score for each row of ``X`` (N, D), integers of shape (N,)."""
        return np.asarray(self._scores(X, {}).argmax(axis=1))

    def step(self, X: Array, y: Labels, learning_rate: float, reg: float = 0.0) -> Any:
        """Descend once along the gradient of ``loss(X, y, reg)``; return the loss before the step.

        The parameters change in place. Arrays of the previous step are used again: at the sizes of a CIFAR-10
        net, asking the system for fresh memory costs more than half as much as the matrix products.
        """
        data_loss, grads = self._data_loss(X, y, self._buffers)
        loss = data_loss + self._penalty(reg)
        for name in ("W1", "W2"):
            self.params[name] *= 1 - 2 * learning_rate * reg  # the penalty's share of the step
        for name, gradient in grads.items():
            gradient *= learning_rate
            self.params[name] -= gradient
        return loss

    def train(
        self,
        X: Array,
        y: Labels,
        X_val: Array,
        y_val: Labels,
        learning_rate: float = 1e-3,
        learning_rate_decay: float = 0.95,
        reg: float = 5e-6,
        num_iters: int = 100,
        batch_size: int = 200,
        verbose: bool = False,
    ) -> dict[str, list[float]]:
        """Run ``num_iters`` steps of minibatch gradient descent and return the history.

        Each batch holds ``batch_size`` distinct rows of ``X`` (all of them if there are fewer). After each
        epoch of max(N // batch_size, 1) steps the learning rate is multiplied by ``learning_rate_decay``, and
        the accuracies on the batch and on (``X_val``, ``y_val``) join ``train_acc_history`` and
        ``val_acc_history``; ``loss_history`` has the loss of every step. ``verbose`` prints a line per epoch;
        a long training shows a progress bar in a notebook that is run by hand.
        """
        steps_per_epoch = max(len(X) // batch_size, 1)
        history: dict[str, list[float]] = {"loss_history": [], "train_acc_history": [], "val_acc_history": []}
        steps = self._steps(X, y, learning_rate, learning_rate_decay, reg, num_iters, batch_size)
        for iteration, (batch, labels, loss) in enumerate(watched(steps, "training", total=num_iters), 1):
            history["loss_history"].append(float(loss))
            if iteration % steps_per_epoch == 0:
                history["train_acc_history"].append(self._accuracy(batch, labels))
                history["val_acc_history"].append(self._accuracy(X_val, y_val))
                if verbose:
                    accuracy = history["val_acc_history"][-1]
                    print(f"step {iteration}/{num_iters}: loss {loss:.4f}, val accuracy {accuracy:.3f}")
        return history

    def _steps(
        self,
        X: Array,
        y: Labels,
        learning_rate: float,
        learning_rate_decay: float,
        reg: float,
        num_iters: int,
        batch_size: int,
    ) -> Iterator[tuple[Array, Labels, Any]]:
        """Take the steps of ``train``; yield the batch and the labels of each, and the loss before it."""
        batch, labels = X, y
        steps_per_epoch = max(len(X) // batch_size, 1)
        for iteration in range(1, num_iters + 1):
            if batch_size < len(X):
                rows = self.batch(len(X), batch_size)
                batch, labels = X[rows], y[rows]
            loss = self.step(batch, labels, learning_rate, reg)
            if iteration % steps_per_epoch == 0:
                learning_rate *= learning_rate_decay
            yield batch, labels, loss

    def batch(self, N: int, batch_size: int) -> Labels:
        """Draw the next minibatch: ``batch_size`` distinct numbers of rows below ``N``."""
        return self._rng.choice(N, size=batch_size, replace=False)

    def _accuracy(self, X: Array, y: Labels) -> float:
        return float(np.mean(self.predict(X) == y))

    def _scores(self, X: Array, buffers: Params) -> Array:
        hidden = _product("hidden", as_float(X), self.params["W1"], buffers)
        hidden += self.params["b1"]
        np.maximum(hidden, 0, out=hidden)
        scores = _product("scores", hidden, self.params["W2"], buffers)
        scores += self.params["b2"]
        return scores

    def _data_loss(self, X: Array, y: Labels, buffers: Params) -> tuple[Any, Params]:
        X = as_float(X)
        loss, dscores = softmax_loss(self._scores(X, buffers), y)
        hidden = buffers["hidden"]
        dhidden = _product("dhidden", dscores, self.params["W2"].T, buffers)
        dhidden *= hidden > 0
        ones = np.ones(len(X), dscores.dtype)  # a product adds up the rows in less time than sum(axis=0)
        return loss, {
            "W1": _product("dW1", X.T, dhidden, buffers),
            "b1": ones @ dhidden,
            "W2": _product("dW2", hidden.T, dscores, buffers),
            "b2": ones @ dscores,
        }

    def _penalty(self, reg: float) -> Any:
        # vdot sums the squares without an array to hold them.
        return reg * sum(np.vdot(self.params[name], self.params[name]) for name in ("W1", "W2"))


def _product(name: str, a: Array, b: Array, buffers: Params) -> Array:
    """Return a @ b, kept in ``buffers`` under ``name`` and written over what stood there if that fits."""
    shape, dtype = (a.shape[0], b.shape[1]), np.result_type(a, b)
    out = buffers.get(name)
    if out is None or out.shape != shape or out.dtype != dtype:
        out = buffers[name] = np.empty(shape, dtype)
    return np.matmul(a, b, out=out)
