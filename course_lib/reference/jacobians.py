"""The Jacobian of softmax in full, and vector-Jacobian products, of the gradient ``dy`` of the output."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_lib.reference.stable import Array, as_float, log_softmax, softmax

Shape = tuple[int, ...]


def unbroadcast(grad: Array, shape: Shape) -> Array:
    """Return ``grad`` summed over the axes along which broadcasting repeated a variable of ``shape``.

    The result has exactly ``shape``. Raises ValueError if ``shape`` does not broadcast to that of ``grad``.
    """
    grad, shape = as_float(grad), tuple(shape)
    try:
        fits = np.broadcast_shapes(shape, grad.shape) == grad.shape
    except ValueError:
        fits = False
    if not fits:
        raise ValueError(f"shape {shape} does not broadcast to the gradient's shape {grad.shape}")
    added = grad.ndim - len(shape)
    stretched = tuple(axis for axis, size in enumerate(shape, start=added) if size == 1)
    return np.asarray(grad.sum(axis=(*range(added), *stretched), keepdims=True)).reshape(shape)


def softmax_jacobian(z: Array) -> Array:
    """Return the Jacobian (C, C) of softmax at a vector ``z`` (C,): diag(p) - p p^T."""
    p = softmax(z)
    return np.diag(p) - np.outer(p, p)


def log_softmax_vjp(z: Array, dy: Array) -> Array:
    """Return dz = dy - softmax(z) sum(dy) along the last axis, of the shape of ``z``."""
    dy = as_float(dy)
    dz: Array = dy - softmax(z) * dy.sum(axis=-1, keepdims=True)
    return dz


def nll_grads(W: Array, b: Array, x: Array, y: int) -> tuple[Any, Array, Array]:
    """Return (loss, dW, db) of -log(softmax(W x + b))_y for ``W`` (C, D), ``b`` (C,), ``x`` (D,).

    On the graph: the index passes -1 to entry y alone, log-softmax turns it into p - e_y, and the affine map
    into dW = (p - e_y) x^T and db = p - e_y. Finite for scores of any finite size.
    """
    z = as_float(W) @ as_float(x) + as_float(b)
    dlog_p = np.zeros_like(z)
    dlog_p[y] = -1
    dz = log_softmax_vjp(z, dlog_p)
    return -log_softmax(z)[y], np.outer(dz, as_float(x)), dz
