"""Elementary functions that stay finite and accurate at arguments of any size."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: Arrays of floating dtype, and of integer dtype.
Array = NDArray[np.floating[Any]]
Labels = NDArray[np.integer[Any]]


def as_float(x: ArrayLike) -> Array:
    """Return ``x`` as an array of floating dtype: a floating dtype is kept, any other becomes float64.

    The result shares memory with ``x`` where no conversion is needed.
    """
    x = np.asarray(x)
    return x if x.dtype.kind == "f" else x.astype(np.float64)


def sigmoid(x: ArrayLike) -> Array:
    """Return 1 / (1 + exp(-x)), elementwise, of the shape of ``x``; relative accuracy holds in both tails."""
    x = as_float(x)
    decay = np.exp(-np.abs(x))  # in (0, 1], so that nothing overflows
    return np.asarray(np.where(x >= 0, np.ones_like(decay), decay) / (1 + decay))[()]


def log_softmax(z: ArrayLike) -> Array:
    """Return log(exp(z) / sum(exp(z))) along the last axis, of the shape of ``z``.

    Subtracting the maximum first changes nothing in the quotient and bounds every exponential by 1
    (Goodfellow, Bengio and Courville, "Deep Learning", section 4.1).
    """
    shifted = as_float(z)
    shifted = shifted - shifted.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))


def softmax(z: ArrayLike) -> Array:
    """Return exp(z) / sum(exp(z)) along the last axis, of the shape of ``z``."""
    return np.exp(log_softmax(z))
