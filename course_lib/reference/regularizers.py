"""Penalties on a weight array of any shape, each with its gradient of that shape."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_lib.reference.stable import Array, as_float


def l2(W: Array, lam: float) -> tuple[Any, Array]:
    """Return (lam sum W^2, 2 lam W). There is no factor 1/2 in the penalty, hence the 2 in the gradient."""
    W = as_float(W)
    return lam * (W * W).sum(), 2 * lam * W


def l1(W: Array, lam: float) -> tuple[Any, Array]:
    """Return (lam sum |W|, lam sign(W)), with gradient 0 at 0."""
    W = as_float(W)
    return lam * np.abs(W).sum(), lam * np.sign(W)


def elastic(W: Array, lam: float, beta: float) -> tuple[Any, Array]:
    """Return the elastic net penalty beta sum W^2 + lam sum |W| and its gradient (Zou and Hastie 2005)."""
    smooth, d_smooth = l2(W, beta)
    sparse, d_sparse = l1(W, lam)
    return smooth + sparse, d_smooth + d_sparse
