"""Numerical derivatives for their own sake."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.problem import as_input

#: First step relative to the scale of an argument; three steps, each this many times smaller than the one
#: before.
LARGEST_STEP, RATIO, STEPS = 2e-3, 8.0, 4


def numerical_gradient(f: Callable[..., Any], x: Any) -> FloatArray:
    """Return the gradient of a scalar function at `x`, by central differences: an array of the shape of `x`.

    `x` is left untouched, and promoted to float64. Raises ValueError if f does not return a scalar.
    """
    array, plain, _ = as_input(x, "x")
    jacobian = numerical_jacobian(f, float(array) if plain else array)
    if jacobian.shape != array.shape:
        shape = jacobian.shape[: jacobian.ndim - array.ndim]
        raise ValueError(
            f"f returned an array of shape {shape}; a gradient needs a scalar (or use numerical_jacobian)"
        )
    return jacobian


def numerical_jacobian(f: Callable[..., Any], x: Any) -> FloatArray:
    """Return the Jacobian of a function at `x`: an array of shape `y.shape + x.shape`.

    Each column combines central differences at several steps by Richardson's rule and keeps, output by
    output, the combination that its neighbour confirms best. `x` is left untouched, and promoted to float64.
    """
    array, plain, _ = as_input(x, "x")
    scale = float(np.sqrt(np.mean(array**2))) or 1.0

    def value(flat: FloatArray) -> FloatArray:
        point: Any = float(flat[0]) if plain else flat.reshape(array.shape)
        with np.errstate(all="ignore"):
            return np.array(f(point), dtype=np.float64)

    columns = []
    for index, entry in enumerate(array.ravel()):
        steps = [LARGEST_STEP * max(abs(entry), scale) / RATIO**k for k in range(STEPS)]
        columns.append(_derivative(value, array.ravel(), index, steps))
    return np.stack(columns, axis=-1).reshape(columns[0].shape + array.shape)


def _derivative(
    value: Callable[[FloatArray], FloatArray], x: FloatArray, index: int, steps: list[float]
) -> FloatArray:
    """Return the derivative of all outputs with respect to one entry."""
    central = [_central(value, x, index, step) for step in steps]
    combined = [fine + (fine - coarse) / (RATIO**2 - 1) for coarse, fine in pairwise(central)]
    best, error = combined[0], np.abs(combined[0] - central[0])
    for coarse, fine in pairwise(combined):
        spread = np.abs(fine - coarse)
        closer = ~(spread >= error)
        best, error = np.where(closer, fine, best), np.where(closer, spread, error)
    return best


def _central(value: Callable[[FloatArray], FloatArray], x: FloatArray, index: int, step: float) -> FloatArray:
    up, down = x.copy(), x.copy()
    up[index] += step
    down[index] -= step
    return np.asarray((value(up) - value(down)) / (up[index] - down[index]))
