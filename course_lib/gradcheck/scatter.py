"""The rounding of outputs as it shows beside an entry: neighbouring ones scatter by it."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course_lib.gradcheck.arrays import FloatArray, typical_size
from course_lib.gradcheck.hidden import MOST_UNITS, numbers_reached
from course_lib.gradcheck.point import Point
from course_lib.gradcheck.stepping import rounding_margin

#: Rounding shows in differences of neighbouring outputs, these parts of an entry apart: about as much at
#: either distance, while what is smooth shows much less of itself nearer by.
APART, ALIKE = (4e-5, 4e-6), 8.0

#: Neighbours are so many times as far apart as what is known to move outputs that move in steps.
SEVERAL = 8.0

#: The distance between neighbours grows by about twice this part of the first from one to the next: outputs
#: that move in steps may move by as many steps for ever, which shows no rounding.
WIDENS = 0.0211

#: First a few outputs show how much it may be; then the median of more differences leaves out kinks between
#: them. Each is the order of the differences, and the number of outputs.
FEW, MANY = (6, 9), (4, 17)

#: What is more than this part of an output is no rounding, and of the numbers that outputs reach where these
#: move in steps, as a floor's do.
MOST_ROUNDING, MOST_OF_STEPS = 1e-3, 1e-8


def rounding_around(point: Point, argument: int, index: int, least: float, moving: float = 0.0) -> FloatArray:
    """Return the rounding of outputs, times dout, as it shows farther away than a few rounding units.

    Inside of forward a small entry may be added to a large number, and moves it seldom: only by steps of
    `moving` or more, where shorter ones are known to move nothing. Rounding that could not make the change
    `least` of the outputs is not looked for, and zero is returned.
    """
    nothing = np.zeros(point.out.size)
    if point.single:
        return nothing
    x = point.inputs[argument]
    size = max(abs(float(x.flat[index])) or typical_size(x), SEVERAL * moving / APART[1])
    order, count = FEW
    few = _outputs_beside(point, argument, index, APART[0] * size, count)
    if rounding_margin(np.abs(point.dout) * np.abs(_differences(few, order)).max(axis=0)) < least:
        return nothing
    order, count = MANY
    outputs = [
        _outputs_beside(point, argument, index, spacing, count)
        for apart in APART
        for spacing in (apart * size, -apart * size)
    ]
    sides = [_typical(_differences(beside, order)) for beside in outputs]
    far, near = np.minimum(*sides[:2]), np.minimum(*sides[2:])  # what there is on one side alone is a kink
    rounding = np.maximum(far, near)
    alike = far <= ALIKE * np.maximum(*sides[2:])
    numbers = numbers_reached(point, argument, index)  # an output may be 0 itself, as at a minimum
    most = MOST_OF_STEPS * numbers if moving else MOST_ROUNDING * np.abs(point.out)
    little = rounding <= np.maximum(most, MOST_UNITS * point.epsilon * numbers)
    found = np.asarray(np.abs(point.dout) * np.where(alike & little, rounding, 0.0))
    if moving and least and not found.any():
        return rounding_around(point, argument, index, least)
    return found


def _outputs_beside(point: Point, argument: int, index: int, spacing: float, count: int) -> FloatArray:
    """Return the outputs at a point and at others where an entry moves to one side."""
    here = float(point.inputs[argument].flat[index])
    away = (place * spacing for place in _places(count)[1:])
    return np.stack([point.out, *point.values_with(argument, index, (here + far for far in away))])


def _places(count: int) -> FloatArray:
    """Return how far away outputs are looked at, in units of the distance of the first two."""
    steps = np.arange(count)
    return steps + WIDENS * steps**2


def _differences(outputs: FloatArray, order: int) -> FloatArray:
    """Return divided differences of neighbouring outputs, of the size of one output's rounding.

    Those of polynomials below the order are zero. They are inf where outputs have no value.
    """
    windows = sliding_window_view(_places(len(outputs)), order + 1)
    apart = windows[:, :, np.newaxis] - windows[:, np.newaxis, :] + np.eye(order + 1)
    weights = 1 / apart.prod(axis=2)
    weights /= np.linalg.norm(weights, axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        changes = sliding_window_view(outputs - outputs[0], order + 1, axis=0)  # exactly 0 if nothing moves
        differences = np.einsum("wk,wok->wo", weights, changes)
    return np.where(np.isfinite(differences), differences, np.inf)


def _typical(differences: FloatArray) -> FloatArray:
    """Return the median size of differences that change their sign as those of rounding do, 0 of others."""
    sign = np.sign(differences)
    changes = (sign[1:] * sign[:-1] <= 0).sum(axis=0)
    return np.where(changes >= len(sign) // 2, np.median(np.abs(differences), axis=0), 0.0)
