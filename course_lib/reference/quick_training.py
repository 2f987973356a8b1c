"""How good a two-layer net becomes with given settings, in half the time that ``TwoLayerNet.train`` takes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from course_lib.reference.net import TwoLayerNet
from course_lib.reference.stable import Array, Labels

Single = npt.NDArray[np.float32]

#: When a training that only has to be good enough may end: see ``train_until``.
LOOKS, STEPS_BETWEEN, IN_A_ROW, SPARE = 40, 10, 4, 0.01


def train_until(
    net: TwoLayerNet,
    enough: float,
    X: Array,
    y: Labels,
    X_test: Array,
    y_test: Labels,
    *,
    learning_rate: float,
    learning_rate_decay: float,
    reg: float,
    num_iters: int,
    batch_size: int,
) -> float:
    """Train as ``net.train`` does and return the accuracy on (``X_test``, ``y_test``) at the end.

    For whoever only asks whether the accuracy is ``enough``, and asks often: it computes in float32, keeps
    no history, looks at the accuracy ``LOOKS`` times or every ``STEPS_BETWEEN`` steps, and ends early where
    ``IN_A_ROW`` looks, one after the other, found it at least ``SPARE`` above what is enough.
    """
    flat = _FlatNet(net, min(batch_size, len(X)))
    between = max(num_iters // LOOKS, STEPS_BETWEEN)
    steps_per_epoch = max(len(X) // batch_size, 1)
    X_test = _with_ones(X_test)
    accuracies: list[float] = []
    with np.errstate(all="ignore"):  # settings with which it diverges are not good enough, and that is all
        for iteration, (batch, labels) in enumerate(_batches(net, X, y, num_iters, batch_size), 1):
            flat.step(batch, labels, learning_rate, reg)
            if iteration % steps_per_epoch == 0:
                learning_rate *= learning_rate_decay
            if iteration % between == 0:
                accuracies.append(flat.accuracy(X_test, y_test))
                if len(accuracies) >= IN_A_ROW and min(accuracies[-IN_A_ROW:]) >= enough + SPARE:
                    break
        net.params = flat.params()
        return flat.accuracy(X_test, y_test)


class _FlatNet:
    """A net laid out for speed: one vector of all parameters and one of their gradients.

    The layers are views of them, with a column for the biases that meets a row of ones; examples are columns,
    for NumPy adds up and compares long rows several times as fast as short ones.
    """

    def __init__(self, net: TwoLayerNet, N: int) -> None:
        D, H = net.params["W1"].shape
        C = len(net.params["b2"])
        self._shapes = (H, D + 1), (C, H + 1)
        self._all, self._gradient, self._is_weight = (
            np.ones(H * (D + 1) + C * (H + 1), np.float32) for _ in "123"
        )
        self._layers, self._dlayers = self._views(self._all), self._views(self._gradient)
        for number, layer, is_weight in zip("12", self._layers, self._views(self._is_weight), strict=True):
            layer[:, :-1], layer[:, -1] = net.params[f"W{number}"].T, net.params[f"b{number}"]
            is_weight[:, -1] = 0
        self._hidden = np.ones((H + 1, N), np.float32)
        self._dhidden = np.empty((H, N), np.float32)
        self._awake = np.empty((H, N), np.bool_)
        self._scores = np.empty((C, N), np.float32)
        self._of_column = np.empty(N, np.float32)

    def _views(self, vector: Single) -> tuple[Single, Single]:
        """The two layers in a vector of all parameters."""
        (H, columns), second = self._shapes
        return vector[: H * columns].reshape(H, columns), vector[H * columns :].reshape(second)

    def params(self) -> dict[str, Array]:
        """The parameters as ``TwoLayerNet`` keeps them, in float32."""
        first, second = self._layers
        return {
            "W1": first[:, :-1].T.copy(),
            "b1": first[:, -1].copy(),
            "W2": second[:, :-1].T.copy(),
            "b2": second[:, -1].copy(),
        }

    def accuracy(self, X: Single, y: Labels) -> float:
        """The part of the columns of X (D + 1, N) whose highest score is that of their label."""
        first, second = self._layers
        hidden = np.maximum(first @ X, 0)
        scores = second[:, :-1] @ hidden + second[:, -1:]
        return float(np.mean(scores.argmax(axis=0) == y))

    def step(self, X: Single, onehot: Single, learning_rate: float, reg: float) -> None:
        """Descend once along the gradient of the mean cross-entropy plus reg (sum W1^2 + sum W2^2)."""
        (W1, W2), (dW1, dW2) = self._layers, self._dlayers
        p, dhidden, awake, of_column = self._scores, self._dhidden, self._awake, self._of_column
        hidden = self._hidden[:-1]
        np.matmul(W1, X, out=hidden)
        np.greater(hidden, 0, out=awake)
        hidden *= awake
        np.matmul(W2, self._hidden, out=p)
        p -= np.maximum.reduce(p, axis=0, out=of_column)
        np.exp(p, out=p)
        p /= np.add.reduce(p, axis=0, out=of_column)
        p -= onehot  # now N times the gradient of the scores
        np.matmul(p, self._hidden.T, out=dW2)
        np.matmul(W2[:, :-1].T, p, out=dhidden)
        dhidden *= awake
        np.matmul(dhidden, X.T, out=dW1)
        self._all *= 1 - 2 * learning_rate * reg * self._is_weight
        self._gradient *= learning_rate / p.shape[1]
        self._all -= self._gradient


def _with_ones(X: Array) -> Single:
    """X (N, D) as columns, with a row of ones for the biases: (D + 1, N)."""
    return np.vstack([X.T, np.ones(len(X))]).astype(np.float32)


def _batches(
    net: TwoLayerNet, X: Array, y: Labels, num_iters: int, batch_size: int
) -> Iterator[tuple[Single, Single]]:
    """The batches of ``TwoLayerNet.train``, as columns, with their labels one-hot, (C, N)."""
    columns = _with_ones(X)
    onehot = np.eye(len(net.params["b2"]), dtype=np.float32)[:, y]
    rows, labels = np.ascontiguousarray(columns.T), np.ascontiguousarray(onehot.T)
    for _ in range(num_iters):
        if batch_size >= len(X):
            yield columns, onehot
            continue
        chosen = net.batch(len(X), batch_size)
        yield rows[chosen].T, labels[chosen].T
