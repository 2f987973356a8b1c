"""Layers that look at an image through a window: patches, convolution, max pooling, as pairs of functions.

Images are (N, C, H, W). A window of height ``h`` and width ``w`` moves ``stride`` pixels at a time, and stays
inside: there are (H - h) // stride + 1 places down and (W - w) // stride + 1 across. Floating dtypes are kept
and others become float64; every gradient has the shape of its variable; nothing passed in is modified.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course_lib.reference.stable import Array, as_float

ImageShape: TypeAlias = tuple[int, int, int, int]
Size: TypeAlias = tuple[int, int]
PatchesCache: TypeAlias = tuple[ImageShape, Size, int]
ConvCache: TypeAlias = tuple[Array, Array, int, int]
PoolCache: TypeAlias = tuple[Array, PatchesCache]


def patches_forward(x: Array, height: int, width: int, stride: int = 1) -> tuple[Array, PatchesCache]:
    """Return (N, C, h, w, down, across): what each window of ``x`` (N, C, H, W) sees, each at [..., i, j]."""
    x = as_float(x)
    seen = sliding_window_view(x, (height, width), axis=(2, 3))[:, :, ::stride, ::stride]
    return np.ascontiguousarray(seen.transpose(0, 1, 4, 5, 2, 3)), (x.shape, (height, width), stride)


def patches_backward(dout: Array, cache: PatchesCache) -> Array:
    """Return dx (N, C, H, W): each pixel collects from every window of ``dout`` that saw it."""
    shape, (height, width), stride = cache
    dx = np.zeros(shape, dout.dtype)
    down, across = dout.shape[4:]
    for i in range(down):
        for j in range(across):
            top, left = i * stride, j * stride
            dx[:, :, top : top + height, left : left + width] += dout[:, :, :, :, i, j]
    return dx


def conv_forward(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> tuple[Array, ConvCache]:
    """Return (N, F, down, across): at each place of the window, the sum of pixels times filter, plus bias.

    ``x`` (N, C, H, W) gets ``pad`` rows and columns of zeros on each side; ``w`` (F, C, h, w), ``b`` (F,).
    """
    x, w = as_float(x), as_float(w)
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    seen, _ = patches_forward(padded, w.shape[2], w.shape[3], stride)
    out = np.einsum("nchwij,fchw->nfij", seen, w) + as_float(b)[:, np.newaxis, np.newaxis]
    return out, (padded, w, stride, pad)


def conv_backward(dout: Array, cache: ConvCache) -> tuple[Array, Array, Array]:
    """Return (dx, dw, db), each of the shape of its input, for ``dout`` (N, F, down, across)."""
    padded, w, stride, pad = cache
    seen, window = patches_forward(padded, w.shape[2], w.shape[3], stride)
    dx = patches_backward(np.einsum("nfij,fchw->nchwij", dout, w), window)
    inside = slice(pad, -pad) if pad else slice(None)
    return dx[:, :, inside, inside], np.einsum("nfij,nchwij->fchw", dout, seen), dout.sum(axis=(0, 2, 3))


def max_pool_forward(x: Array, size: int = 2, stride: int = 2) -> tuple[Array, PoolCache]:
    """Return the largest pixel of each window of ``size`` by ``size``: (N, C, down, across)."""
    seen, window = patches_forward(x, size, size, stride)
    flat = seen.reshape(*seen.shape[:2], size * size, *seen.shape[4:])
    first = np.arange(size * size).reshape(-1, 1, 1) == flat.argmax(axis=2)[:, :, np.newaxis]
    return flat.max(axis=2), (first.reshape(seen.shape), window)


def max_pool_backward(dout: Array, cache: PoolCache) -> Array:
    """Return dx (N, C, H, W): each entry of ``dout`` (N, C, down, across) goes to the pixel that won its
    window, to the first one at a tie.
    """
    first, window = cache
    return patches_backward(first * dout[:, :, np.newaxis, np.newaxis], window)
