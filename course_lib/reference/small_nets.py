"""The small nets of assignment 4: a training loop in twenty lines, and what linear models cannot do."""

from __future__ import annotations

import numpy as np

from course_lib.reference.stable import Array, sigmoid

Weights = tuple[Array, Array, Array, Array]


def train_sigmoid_regression(
    x: Array, y: Array, w1: Array, w2: Array, steps: int, lr: float = 1e-4
) -> list[float]:
    """Return the losses of ``steps`` descents of sum((s(x w1) w2 - y)^2), each taken before its update.

    ``x`` is (N, D_in), ``y`` (N, D_out), ``w1`` (D_in, H), ``w2`` (H, D_out); the weights passed in stay as
    they are.
    """
    losses = []
    for _ in range(steps):
        h = sigmoid(x @ w1)
        error = h @ w2 - y
        losses.append(float((error * error).sum()))
        dpred = 2 * error
        dw2 = h.T @ dpred
        dh = dpred @ w2.T
        dw1 = x.T @ (dh * h * (1 - h))
        w1 = w1 - lr * dw1
        w2 = w2 - lr * dw2
    return losses


def collapse(W1: Array, W2: Array) -> Array:
    """Return the one matrix W = W2 W1 (C, D) that equals ``W1`` (H, D) followed by ``W2`` (C, H)."""
    product: Array = W2 @ W1
    return product


def two_layer(x: Array, weights: Weights) -> Array:
    """Return W2 max(0, W1 x + b1) + b2 for each row of ``x`` (N, D), of shape (N,).

    ``weights`` is (W1 (H, D), b1 (H,), W2 (H,), b2 ()).
    """
    W1, b1, W2, b2 = weights
    value: Array = np.maximum(x @ W1.T + b1, 0) @ W2 + b2
    return value


def paw_network() -> Weights:
    """Return weights for ``two_layer`` that score paws of brightness 0 and 1 at +0.5, and 0.5 at -0.5."""
    return np.array([[-1.0], [1.0]]), np.array([0.5, -0.5]), np.array([2.0, 2.0]), np.array(-0.5)


def xor_network() -> Weights:
    """Return weights for ``two_layer`` whose value is XOR of two inputs in {0, 1}: |x1 - x2| as two ReLUs."""
    return np.array([[1.0, -1.0], [-1.0, 1.0]]), np.zeros(2), np.ones(2), np.array(0.0)
