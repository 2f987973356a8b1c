"""Jacobians in full, small enough to look at, and the vector-Jacobian products that replace them.

Numerator layout: d y / d x has the shape y.shape + x.shape, and the gradient of a scalar has the shape of its
variable. A vector-Jacobian product (VJP) takes the upstream gradient ``dy`` of the shape of y.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from course_lib.reference.stable import Array, as_float, log_softmax, softmax

Shape = tuple[int, ...]


def derivative_shape(y_shape: Shape, x_shape: Shape) -> Shape:
    """Return the shape of d y / d x."""
    return tuple(y_shape) + tuple(x_shape)


def numerical_jacobian(f: Callable[[Array], Any], x: Array, h: float = 1e-5) -> Array:
    """Return d f / d x at ``x`` by central differences, of shape y.shape + x.shape; ``x`` stays as it is."""
    x = as_float(x)
    columns = []
    for index in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[index] = h
        columns.append((np.asarray(f(x + step)) - np.asarray(f(x - step))) / (2 * h))
    return np.stack(columns, axis=-1).reshape(columns[0].shape + x.shape)


def relu_jacobian(x: Array) -> Array:
    """Return the Jacobian (D, D) of max(0, x) at a vector ``x`` (D,): diagonal, 1 where x > 0."""
    return np.diag(as_float(x) > 0).astype(np.float64)


def relu_vjp(x: Array, dy: Array) -> Array:
    """Return ``dy`` where x > 0, and 0 elsewhere; any shape."""
    return as_float(dy) * (as_float(x) > 0)


def squared_norm(W: Array, x: Array) -> tuple[Any, Array, Array]:
    """Return (f, dW, dx) of f = sum (W x)^2, for ``W`` (M, D) and ``x`` (D,): with q = W x, dq = 2 q."""
    W, x = as_float(W), as_float(x)
    q = W @ x
    dq = 2 * q
    return q @ q, np.outer(dq, x), W.T @ dq


def matmul_jacobians(x: Array, w: Array) -> tuple[Array, Array]:
    """Return (dy/dx, dy/dw) of y = x w for ``x`` (N, D), ``w`` (D, M): shapes (N, M, N, D) and (N, M, D, M).

    y_nm = sum over d of x_nd w_dm: hence d y_nm / d x_ij = [n = i] w_jm and d y_nm / d w_ij = x_ni [m = j].
    """
    x, w = as_float(x), as_float(w)
    dy_dx = np.einsum("ni,jm->nmij", np.eye(x.shape[0]), w)
    dy_dw = np.einsum("ni,mj->nmij", x, np.eye(w.shape[1]))
    return dy_dx, dy_dw


def matmul_vjp(x: Array, w: Array, dy: Array) -> tuple[Array, Array]:
    """Return (dx, dw) = (dy w^T, x^T dy), shaped as ``x`` (N, D) and ``w`` (D, M); ``dy`` is (N, M)."""
    x, w, dy = as_float(x), as_float(w), as_float(dy)
    return dy @ w.T, x.T @ dy


def linear_dW_by_rows(x: Array, dh: Array) -> Array:  # noqa: N802 - dW is the mathematics' name
    """Return dW (M, D) of h = W x for ``x`` (D,), ``dh`` (M,), row by row: row i of W reaches h_i alone."""
    x, dh = as_float(x), as_float(dh)
    dW = np.empty((len(dh), len(x)), np.result_type(x, dh))
    for i, dh_i in enumerate(dh):
        dW[i] = dh_i * x
    return dW


def linear_dW(x: Array, dh: Array) -> Array:  # noqa: N802 - dW is the mathematics' name
    """Return dW (M, D) of h = W x: the outer product of ``dh`` (M,) and ``x`` (D,), summed over a batch.

    A batch is ``x`` (N, D) with ``dh`` (N, M), one example per row.
    """
    return np.atleast_2d(as_float(dh)).T @ np.atleast_2d(as_float(x))


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


def bias_vjp(dy: Array) -> Array:
    """Return db (M,) of y = x + b for ``dy`` (N, M): the sum over the rows that share b."""
    return unbroadcast(dy, np.shape(dy)[1:])


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
    return -log_softmax(z)[y], linear_dW(x, dz), dz


def jacobian_bytes(N: int, D: int, M: int, itemsize: int = 4) -> tuple[int, int]:
    """Return the bytes of dy/dx and of dy/dw for y = x w, ``x`` (N, D), ``w`` (D, M)."""
    return N * M * N * D * itemsize, N * M * D * M * itemsize


def vjp_bytes(N: int, D: int, M: int, itemsize: int = 4) -> tuple[int, int]:
    """Return the bytes of dx and of dw, which the shortcut ends with and never exceeds."""
    return N * D * itemsize, D * M * itemsize


def chain_cost(dims: Sequence[int], mode: str) -> int:
    """Return the multiplications that J_k ... J_1 takes, where J_i is (dims[i], dims[i - 1]).

    ``mode`` "reverse" multiplies from the output, J_k J_(k-1) first, and "forward" from the input, J_2 J_1
    first; another raises ValueError. A product of (a, b) and (b, c) costs a b c.
    """
    products = [rows * columns for columns, rows in pairwise(dims)]
    if mode == "reverse":
        return dims[-1] * sum(products[:-1])
    if mode == "forward":
        return dims[0] * sum(products[1:])
    raise ValueError(f'mode is "forward" or "reverse", got {mode!r}')
