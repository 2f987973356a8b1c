"""Numerical derivatives for their own sake."""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from course_lib.gradcheck.arguments import as_input
from course_lib.gradcheck.arrays import FloatArray, is_masked, typical_size
from course_lib.gradcheck.text import printable
from course_lib.gradcheck.withheld import refuse_answers

#: First step relative to the scale of an argument; three steps, each this many times smaller than the one
#: before.
LARGEST_STEP, RATIO, STEPS = 2e-3, 8.0, 4


def numerical_gradient(f: Callable[..., Any], x: Any) -> FloatArray:
    """Return the gradient of a scalar function at `x`, by central differences: an array of the shape of `x`.

    `x` is left untouched, and promoted to float64; f may change what it is handed. Raises TypeError or
    ValueError if f does not return a real scalar, or an array of one.
    """
    array, plain, _ = as_input(x, "x")
    jacobian = numerical_jacobian(f, float(array) if plain else array)
    if jacobian.size != array.size:
        shape = jacobian.shape[: jacobian.ndim - array.ndim]
        raise ValueError(
            f"f returned an array of shape {shape}; a gradient needs a scalar (or use numerical_jacobian)"
        )
    return jacobian.reshape(array.shape)


def numerical_jacobian(f: Callable[..., Any], x: Any) -> FloatArray:
    """Return the Jacobian of a function at `x`: an array of shape `y.shape + x.shape`.

    Each column combines central differences at several steps by Richardson's rule and keeps, output by
    output, the combination that its neighbour confirms best. `x` is left untouched, and promoted to float64;
    f may change what it is handed. Raises TypeError or ValueError if f does not return a real number or an
    array of them, always of one shape.
    """
    refuse_answers()
    if not callable(f):
        raise TypeError(f"f is not callable: it is of type {printable(type(f).__name__)}")
    array, plain, _ = as_input(x, "x")
    scale = typical_size(array)

    def value(flat: FloatArray) -> FloatArray:
        point: Any = float(flat[0]) if plain else flat.reshape(array.shape).copy()
        with np.errstate(all="ignore"):
            return _as_output(f(point))

    columns = []
    for index, entry in enumerate(array.ravel()):
        # With a power of two for a step, the points are exact, and so are differences of polynomials.
        largest = 2.0 ** round(math.log2(LARGEST_STEP * max(abs(entry), scale)))
        steps = [largest / RATIO**k for k in range(STEPS)]
        columns.append(_derivative(value, array.ravel(), index, steps))
    return np.stack(columns, axis=-1).reshape(columns[0].shape + array.shape)


def _derivative(
    value: Callable[[FloatArray], FloatArray], x: FloatArray, index: int, steps: list[float]
) -> FloatArray:
    """Return the derivative of all outputs with respect to one entry."""
    central = [_central(value, x, index, step) for step in steps]
    if len({slope.shape for slope in central}) > 1:
        raise ValueError("f returned arrays of different shapes at neighbouring points; expected one shape")
    with np.errstate(all="ignore"):
        return _combined(central)


def _combined(central: list[FloatArray]) -> FloatArray:
    """Combine differences of ever smaller steps; keep, output by output, what its neighbour confirms best."""
    combined = [fine + (fine - coarse) / (RATIO**2 - 1) for coarse, fine in pairwise(central)]
    best, error = combined[0], np.abs(combined[0] - central[0])
    for coarse, fine in pairwise(combined):
        spread = np.abs(fine - coarse)
        closer = ~(spread >= error)
        best, error = np.where(closer, fine, best), np.where(closer, spread, error)
    return best


def _as_output(out: Any) -> FloatArray:
    """Return what a function returned as a float64 array of its own, or raise TypeError or ValueError."""
    if out is None:
        raise TypeError("f returned None; did you forget the return statement?")
    if is_masked(out):
        raise TypeError("f returned a masked array; return its plain numbers, as .filled(0)")
    try:
        array = np.asarray(out)
    except ValueError:
        raise ValueError("f returned a list whose rows differ in length; expected an array") from None
    if array.dtype.kind not in "fiub":
        raise TypeError(f"f returned values of dtype {printable(array.dtype)}; expected real numbers")
    return np.array(array, dtype=np.float64)


def _central(value: Callable[[FloatArray], FloatArray], x: FloatArray, index: int, step: float) -> FloatArray:
    up, down = x.copy(), x.copy()
    up[index] += step
    down[index] -= step
    above, below = value(up), value(down)
    if above.shape != below.shape:
        raise ValueError(f"f returned arrays of shapes {above.shape} and {below.shape}; expected one shape")
    with np.errstate(all="ignore"):
        return np.asarray((above - below) / (up[index] - down[index]))
