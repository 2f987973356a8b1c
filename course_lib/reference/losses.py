"""Losses of a batch of scores, with their gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_lib.reference.stable import Array, Labels, as_float


def svm_loss(x: Array, y: Labels) -> tuple[Any, Array]:
    """Return the multiclass hinge loss of scores x (N, C) with labels y (N,), and its gradient (N, C).

    The loss is the mean over rows of sum over j != y of max(0, x_j - x_y + 1) (Weston and Watkins 1999).
    ``y`` holds integers in [0, C), else ValueError. A margin of exactly 0 receives no gradient.
    """
    x, y = _checked(x, y)
    rows = np.arange(len(x))
    margins = x - x[rows, y][:, np.newaxis] + 1
    margins[rows, y] = 0
    loss = np.maximum(margins, 0).sum() / len(x)

    dx = (margins > 0).astype(x.dtype)
    dx[rows, y] = -dx.sum(axis=1)
    dx /= len(x)
    return loss, dx


def softmax_loss(x: Array, y: Labels) -> tuple[Any, Array]:
    """Return the cross-entropy loss of scores x (N, C) with labels y (N,), and its gradient (N, C).

    The loss is the mean over rows of -log(softmax(x)_y), the gradient (softmax(x) - onehot(y)) / N; both are
    finite at scores of any finite size. ``y`` holds integers in [0, C), else ValueError.
    """
    x, y = _checked(x, y)
    N = len(x)
    # One row per class: NumPy adds up and compares long rows several times as fast as short ones.
    shifted = np.array(x.T, order="C")
    shifted -= shifted.max(axis=0)
    p = np.exp(shifted)
    sums = p.sum(axis=0)
    true = y, np.arange(N)
    loss = (np.log(sums) - shifted[true]).sum() / N

    p /= sums
    p[true] -= 1
    p /= N
    return loss, p.T


def _checked(x: Array, y: Labels) -> tuple[Array, Labels]:
    x, y = as_float(x), np.asarray(y)
    if x.ndim != 2 or y.shape != x.shape[:1]:
        raise ValueError(f"expected scores (N, C) and labels (N,), got shapes {x.shape} and {y.shape}")
    if y.dtype.kind not in "iu" or y.min() < 0 or y.max() >= x.shape[1]:
        raise ValueError(f"expected integer labels from 0 to {x.shape[1] - 1}")
    return x, y
