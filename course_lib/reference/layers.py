"""Layers as pairs of functions: ``forward(x, ...) -> (out, cache)``, ``backward(dout, cache) -> gradients``.

Unless a docstring says otherwise, ``x``, ``out`` and ``dout`` share one shape, any shape; floating dtypes are
kept and others become float64; every gradient has the shape of its variable; nothing passed in is modified.
What a ``cache`` holds is said by its type, or by its name where it is a single array.
The formulas follow from the chain rule; where a non-linearity has a source, it is named.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from course_lib.reference.stable import Array, as_float, sigmoid

AffineCache: TypeAlias = tuple[Array, Array]
Mask: TypeAlias = NDArray[np.bool_]
LeakyCache: TypeAlias = tuple[Array, float]
MaxoutCache: TypeAlias = tuple[Mask, AffineCache, AffineCache]


def affine_forward(x: Array, w: Array, b: Array) -> tuple[Array, AffineCache]:
    """Return x w + b, of shape (N, M), for x (N, d1, ..., dk), w (D, M) and b (M,), with D = d1 ... dk."""
    x, w, b = as_float(x), as_float(w), as_float(b)
    return _rows(x) @ w + b, (x, w)


def affine_backward(dout: Array, cache: AffineCache) -> tuple[Array, Array, Array]:
    """Return (dx, dw, db): dx = dout w^T in the shape of x, dw = x^T dout, db the sum of the rows of dout."""
    x, w = cache
    return (dout @ w.T).reshape(x.shape), _rows(x).T @ dout, dout.sum(axis=0)


def relu_forward(x: Array) -> tuple[Array, Array]:
    """Return max(0, x)."""
    x = as_float(x)
    return np.maximum(x, 0), x


def relu_backward(dout: Array, x: Array) -> Array:
    """Return ``dout`` where x > 0, and 0 elsewhere (0 at the kink as well)."""
    return dout * (x > 0)


def leaky_relu_forward(x: Array, slope: float = 0.1) -> tuple[Array, LeakyCache]:
    """Return x where x > 0, and ``slope`` x elsewhere; any shape."""
    x = as_float(x)
    return np.where(x > 0, x, slope * x), (x, slope)


def leaky_relu_backward(dout: Array, cache: LeakyCache) -> Array:
    """Return dx, of the shape of x: ``dout`` where x > 0, and ``slope`` dout elsewhere."""
    x, slope = cache
    return np.where(x > 0, dout, slope * dout)


def prelu_forward(x: Array, alpha: float) -> tuple[Array, LeakyCache]:
    """Return x where x > 0, and ``alpha`` x elsewhere; ``alpha`` is one learned slope (He et al. 2015)."""
    return leaky_relu_forward(x, alpha)


def prelu_backward(dout: Array, cache: LeakyCache) -> tuple[Array, Any]:
    """Return (dx, dalpha); the scalar dalpha collects dout x from every entry with x <= 0."""
    x, _ = cache
    return leaky_relu_backward(dout, cache), (dout * np.minimum(x, 0)).sum()


def elu_forward(x: Array) -> tuple[Array, Array]:
    """Return x where x > 0, and exp(x) - 1 elsewhere (Clevert et al. 2016)."""
    x = as_float(x)
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0))), x


def elu_backward(dout: Array, x: Array) -> Array:
    """Return ``dout`` where x > 0, and exp(x) dout elsewhere."""
    return dout * np.exp(np.minimum(x, 0))


def sigmoid_forward(x: Array) -> tuple[Array, Array]:
    """Return 1 / (1 + exp(-x))."""
    out = sigmoid(x)
    return out, out


def sigmoid_backward(dout: Array, out: Array) -> Array:
    """Return (1 - out) out dout."""
    return (1 - out) * out * dout


def tanh_forward(x: Array) -> tuple[Array, Array]:
    """Return tanh(x)."""
    out = np.tanh(as_float(x))
    return out, out


def tanh_backward(dout: Array, out: Array) -> Array:
    """Return (1 - out^2) dout."""
    return (1 - out * out) * dout


def maxout_forward(x: Array, w1: Array, b1: Array, w2: Array, b2: Array) -> tuple[Array, MaxoutCache]:
    """Return the larger of two affine maps, max(x w1 + b1, x w2 + b2), of shape (N, M).

    Shapes are those of ``affine_forward``, for both maps (Goodfellow et al. 2013).
    """
    first, first_cache = affine_forward(x, w1, b1)
    second, second_cache = affine_forward(x, w2, b2)
    return np.maximum(first, second), (first >= second, first_cache, second_cache)


def maxout_backward(dout: Array, cache: MaxoutCache) -> tuple[Array, Array, Array, Array, Array]:
    """Return (dx, dw1, db1, dw2, db2); an entry goes to the map that won it, to the first map at a tie."""
    first_wins, first_cache, second_cache = cache
    dx1, dw1, db1 = affine_backward(dout * first_wins, first_cache)
    dx2, dw2, db2 = affine_backward(dout * ~first_wins, second_cache)
    return dx1 + dx2, dw1, db1, dw2, db2


def _rows(x: Array) -> Array:
    return x.reshape(len(x), -1)
