"""The backward passes of exercise 6.8, in good health; each takes ``(dout, cache)`` as the exercise says."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from course_lib.reference.stable import Array

KEPT = 0.8  # the share of its inputs that the dropout of the exercise keeps
Cache: TypeAlias = Any


def affine(dout: Array, cache: Cache) -> tuple[Array, ...]:
    """Return (dx, dw, db) of x w + b; the cache is (x, w)."""
    x, w = cache
    return np.einsum("nm,dm->nd", dout, w), np.einsum("nd,nm->dm", x, dout), np.sum(dout, axis=0)


def dropout(dout: Array, cache: Cache) -> Array:
    """Return dx of x mask / 0.8; the cache is the mask."""
    return np.where(cache, dout / KEPT, 0)


def swish(dout: Array, cache: Cache) -> Array:
    """Return dx of x sigmoid(x); the cache is (x, sigmoid(x))."""
    x, s = cache
    return np.asarray(dout * s * (1 + x * (1 - s)))


def log_softmax(dout: Array, cache: Cache) -> Array:
    """Return dz of the rows' log-softmax; the cache is softmax(z)."""
    return np.asarray(dout - cache * np.sum(dout, axis=1, keepdims=True))


def tied(dout: Array, cache: Cache) -> tuple[Array, ...]:
    """Return (dx, dW) of tanh(x W) W^T; the cache is (x, W, tanh(x W))."""
    x, W, h = cache
    inner = np.einsum("nd,dh->nh", dout, W) * (1 + h) * (1 - h)
    return inner @ W.T, np.einsum("nd,nh->dh", dout, h) + np.einsum("nd,nh->dh", x, inner)


def highway(dout: Array, cache: Cache) -> tuple[Array, ...]:
    """Return (dx, dW, dV) of g t + (1 - g) x, where t = tanh(x W), g = sigmoid(x V); the cache is
    (x, W, V, t, g).
    """
    x, W, V, t, g = cache
    inner = dout * g * (1 + t) * (1 - t)
    gate = dout * (t - x) * (g - g * g)
    return inner @ W.T + gate @ V.T + dout - dout * g, x.T @ inner, x.T @ gate
