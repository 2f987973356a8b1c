"""The small net of assignment 4: a training loop in twenty lines."""

from __future__ import annotations

from course_lib.reference.stable import Array, sigmoid


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
