"""A classifier of any depth, and three ways to descend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np

from course_lib.reference.losses import softmax_loss
from course_lib.reference.stable import Array, Labels, as_float, sigmoid

Params: TypeAlias = dict[str, Array]
Memory: TypeAlias = dict[str, Any]

#: Each non-linearity with its slope, told from its value.
ACTIVATIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "relu": (lambda a: np.maximum(a, 0), lambda h: (h > 0).astype(h.dtype)),
    "sigmoid": (sigmoid, lambda h: h - h * h),
    "tanh": (np.tanh, lambda h: 1 - h * h),
}


class DeepNet:
    """Affine layers with a non-linearity after each but the last, and the softmax loss.

    ``sizes`` is (D, H1, ..., C); ``activation`` one of relu, sigmoid and tanh. ``init`` is "he" (weights
    with deviation sqrt(2 / inputs), He et al. 2015), "xavier" (sqrt(1 / inputs), as LeCun et al. 1998) or a
    number, the deviation. ``params`` holds W1, b1, W2, ... in float64; biases begin at 0.
    """

    def __init__(
        self, sizes: Sequence[int], activation: str = "relu", init: str | float = "he", *, seed: int = 0
    ) -> None:
        self._rng = np.random.default_rng(seed)
        self._value, self._slope = ACTIVATIONS[activation]
        self._memory: Memory = {}
        self.params: Params = {}
        for layer, (inputs, outputs) in enumerate(pairwise(sizes), 1):
            deviation = {"he": np.sqrt(2 / inputs), "xavier": np.sqrt(1 / inputs)}.get(str(init), init)
            self.params[f"W{layer}"] = self._rng.normal(scale=float(deviation), size=(inputs, outputs))
            self.params[f"b{layer}"] = np.zeros(outputs)

    def loss(self, X: Array, y: Labels | None = None, reg: float = 0.0) -> Any:
        """Return the scores (N, C) of ``X`` (N, D), or with labels ``y`` (N,) the pair (loss, grads).

        The loss is the mean cross-entropy plus ``reg`` times the sum of all squared weights.
        """
        depth = len(self.params) // 2
        values = [as_float(X)]
        for layer in range(1, depth + 1):
            affine = values[-1] @ self.params[f"W{layer}"] + self.params[f"b{layer}"]
            values.append(affine if layer == depth else self._value(affine))
        if y is None:
            return values[-1]
        loss, upstream = softmax_loss(values[-1], y)
        grads: Params = {}
        for layer in range(depth, 0, -1):
            W = self.params[f"W{layer}"]
            loss = loss + reg * np.vdot(W, W)
            grads[f"W{layer}"] = values[layer - 1].T @ upstream + 2 * reg * W
            grads[f"b{layer}"] = upstream.sum(axis=0)
            if layer > 1:
                upstream = (upstream @ W.T) * self._slope(values[layer - 1])
        return loss, grads

    def predict(self, X: Array) -> Labels:
        """Return the class of the highest score for each row of ``X``, integers (N,)."""
        return np.asarray(self.loss(X).argmax(axis=1))

    def step(self, grads: Params, optimizer: str = "sgd", learning_rate: float = 0.1) -> None:
        """Move each parameter once; what an optimizer remembers stays with the net."""
        self._memory["t"] = self._memory.get("t", 0) + 1
        for name, gradient in grads.items():
            memory = self._memory.setdefault(name, {})
            move = OPTIMIZERS[optimizer](gradient, memory, self._memory["t"])
            self.params[name] = self.params[name] - learning_rate * move

    def train(
        self,
        X: Array,
        y: Labels,
        optimizer: str = "sgd",
        learning_rate: float = 0.1,
        num_iters: int = 100,
        batch_size: int = 100,
        reg: float = 0.0,
    ) -> list[float]:
        """Take ``num_iters`` steps, each on ``batch_size`` random rows (all, if there are no more), and
        return the loss before each.
        """
        losses = []
        for _ in range(num_iters):
            rows = self._rng.permutation(len(X))[:batch_size] if batch_size < len(X) else np.arange(len(X))
            loss, grads = self.loss(X[rows], y[rows], reg)
            self.step(grads, optimizer, learning_rate)
            losses.append(float(loss))
        return losses


def momentum(gradient: Array, memory: Memory, t: int) -> Array:
    """Return the sum of all gradients so far, each 0.9 times weaker than the next (Polyak 1964)."""
    memory["v"] = 0.9 * memory.get("v", 0.0) + gradient
    return np.asarray(memory["v"])


def adam(gradient: Array, memory: Memory, t: int) -> Array:
    """Return the mean gradient over the root of the mean square; means of 0.9 and 0.999, corrected for their
    beginning at 0, and 1e-8 beside the root (Kingma and Ba 2015).
    """
    memory["m"] = 0.9 * memory.get("m", 0.0) + 0.1 * gradient
    memory["s"] = 0.999 * memory.get("s", 0.0) + 0.001 * gradient**2
    mean, square = memory["m"] / (1 - 0.9**t), memory["s"] / (1 - 0.999**t)
    return np.asarray(mean / (np.sqrt(square) + 1e-8))


OPTIMIZERS: dict[str, Callable[[Array, Memory, int], Array]] = {
    "sgd": lambda gradient, memory, t: gradient,
    "momentum": momentum,
    "adam": adam,
}
