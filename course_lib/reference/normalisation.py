"""Layers that normalise: ``forward(x, ...) -> (out, cache)`` and ``backward(dout, cache) -> gradients``.

Rows of ``x`` (N, D) are examples. Floating dtypes are kept and others become float64; every gradient has the
shape of its variable; nothing passed in is modified, but for the ``running`` statistics of batch norm.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np

from course_lib.reference.stable import Array, as_float

Stages: TypeAlias = dict[str, Array]
NormCache: TypeAlias = tuple[Array, Array, Array]


def unit_vector(x: Array) -> tuple[Array, tuple[Array, Array]]:
    """Return x / |x|, row by row, for ``x`` (N, D) without a row of zeros."""
    x = as_float(x)
    largest = np.abs(x).max(axis=1, keepdims=True)  # so that no square overflows
    length = largest * np.linalg.norm(x / largest, axis=1, keepdims=True)
    return x / length, (x / length, length)


def unit_vector_backward(dout: Array, cache: tuple[Array, Array]) -> Array:
    """Return dx (N, D): the part of each row of ``dout`` that is perpendicular to x's, divided by |x|."""
    u, length = cache
    dx: Array = (dout - u * np.einsum("nd,nd->n", u, dout)[:, np.newaxis]) / length
    return dx


def logsumexp(z: Array) -> tuple[Array, tuple[Array, Array]]:
    """Return log sum exp(z) along the rows of ``z`` (N, C), of shape (N,)."""
    z = as_float(z)
    value = np.asarray(np.logaddexp.reduce(z, axis=1))
    return value, (z, value)


def logsumexp_backward(dout: Array, cache: tuple[Array, Array]) -> Array:
    """Return dz (N, C): the softmax of each row, times that row's entry of ``dout`` (N,)."""
    z, value = cache
    return dout[:, np.newaxis] * np.exp(z - value[:, np.newaxis])


def layernorm_forward(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> tuple[Array, Stages]:
    """Return (out, stages): each row of ``x`` (N, D) shifted and scaled to mean 0 and variance 1, then
    gamma xhat + beta with ``gamma`` and ``beta`` (D,).

    ``stages`` holds mean, var, std (N, 1), centred and xhat (N, D), and gamma (Ba, Kiros and Hinton 2016).
    """
    x, gamma = as_float(x), as_float(gamma)
    mean = x.mean(axis=1, keepdims=True)
    var = x.var(axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    centred = x - mean
    xhat = centred / std
    stages = {"mean": mean, "centred": centred, "var": var, "std": std, "xhat": xhat, "gamma": gamma}
    return gamma * xhat + beta, stages


def layernorm_backward(dout: Array, stages: Mapping[str, Array]) -> Stages:
    """Return the gradient of every stage and input by name: dgamma, dbeta, dxhat, dstd, dvar, dcentred,
    dmean and dx, each of the shape of what it belongs to.
    """
    xhat, std, centred = stages["xhat"], stages["std"], stages["centred"]
    dxhat = dout * stages["gamma"]
    dstd = -np.sum(dxhat * xhat, axis=1, keepdims=True) / std
    dvar = dstd / (2 * std)
    dcentred = dxhat / std + 2 * dvar * centred / centred.shape[1]
    dmean = -np.sum(dxhat, axis=1, keepdims=True) / std  # the deviations from the mean add up to 0
    return {
        "dgamma": np.sum(dout * xhat, axis=0),
        "dbeta": np.sum(dout, axis=0),
        "dxhat": dxhat,
        "dstd": dstd,
        "dvar": dvar,
        "dcentred": dcentred,
        "dmean": dmean,
        "dx": normalised_backward(dxhat, xhat, std, axis=1),
    }


def batchnorm_forward(
    x: Array,
    gamma: Array,
    beta: Array,
    running: dict[str, Array] | None = None,
    eps: float = 1e-5,
    momentum: float = 0.9,
) -> tuple[Array, NormCache]:
    """Return (out, cache) in training: each column of ``x`` (N, D) normalised over the batch, then
    gamma xhat + beta (Ioffe and Szegedy 2015).

    ``running``, a dict of mean and var (D,), becomes momentum times itself plus (1 - momentum) times the
    batch's mean and variance (divided by N), in new arrays.
    """
    x, gamma = as_float(x), as_float(gamma)
    mean, var = x.mean(axis=0), x.var(axis=0)
    if running is not None:
        running["mean"] = momentum * running["mean"] + (1 - momentum) * mean
        running["var"] = momentum * running["var"] + (1 - momentum) * var
    std = np.sqrt(var + eps)
    xhat = (x - mean) / std
    return gamma * xhat + beta, (xhat, std, gamma)


def batchnorm_backward(dout: Array, cache: NormCache) -> tuple[Array, Array, Array]:
    """Return (dx, dgamma, dbeta)."""
    xhat, std, gamma = cache
    dx = normalised_backward(dout * gamma, xhat, std, axis=0)
    return dx, np.sum(dout * xhat, axis=0), np.sum(dout, axis=0)


def normalised_backward(dxhat: Array, xhat: Array, std: Array, axis: int) -> Array:
    """Return dx for xhat = (x - mean) / sqrt(var + eps) along ``axis``, in one go.

    What is left of dxhat once its mean, and its part along xhat, are taken out, divided by std.
    """
    along = xhat * np.mean(dxhat * xhat, axis=axis, keepdims=True)
    dx: Array = (dxhat - np.mean(dxhat, axis=axis, keepdims=True) - along) / std
    return dx
