"""Jumps that rounding makes of a smooth function: log(1 - p) where few digits are left of 1 - p.

Steps that reach no jump see no slope there, or that of the other terms alone, and nothing of rounding.
"""

from collections.abc import Sequence

import numpy as np

from course_lib.gradcheck.arrays import BoolArray, FloatArray
from course_lib.gradcheck.hidden import MOST_UNITS, farthest_agreeing, most_of_rounding, numbers_reached
from course_lib.gradcheck.point import Point
from course_lib.gradcheck.stepping import Slopes

#: A jump is looked for by halving the distance so many times; what is no more than this part of the change on
#: the way is none.
HALVINGS, JUMP = 12, 1 / 64

#: Jumps are looked for so many times as far as a step that sees another slope, and are alike if one is more
#: than this part of the other.
FARTHER, ALIKE = np.array([1.0, 4.0, 16.0]), 0.1

#: Where all inputs are this part of themselves, outputs at so many places lie on a curve of so many degrees,
#: up to this part of a jump.
NEARER, PLACES, DEGREE, FINER = 0.5, 17, 3, 1 / 64


def jumps_of_rounding(
    point: Point, argument: int, index: int, rungs: Sequence[Slopes], shown: Slopes, claimed: float
) -> FloatArray:
    """Return the jumps of outputs, times dout, on both sides of an entry, just beyond a rung's reach.

    They are rounding only where they are that of the numbers which outputs reach, or where there are none
    with all inputs nearer to zero, or with an entry of 1 in place of a smaller one, as a floor has. They are
    only looked for where larger rungs see another slope than the one shown.
    """
    nothing, mismatch = np.zeros(point.out.size), abs(shown.central - claimed)
    near = farthest_agreeing(rungs, shown, shown.central, mismatch / 2)
    larger = [
        rung
        for rung in rungs
        if rung.step > near.step and abs(rung.central - shown.central) > mismatch / 2 > 0
    ]
    if not larger:
        return nothing
    reach = min(rung.step for rung in rungs if rung.step > near.step)
    for far in FARTHER * reach:  # the nearest one may reach a jump on one side only, the farthest many
        sides = [_jump(point, argument, index, side * near.step, side * far) for side in (1, -1)]
        known = [side for side in sides if side is not None]
        jumps = np.min(known, axis=0) if known else nothing
        jumps = np.where(jumps > ALIKE * np.max(known or [nothing], axis=0), jumps, 0.0)
        if jumps.any():
            break
    if not jumps.any():
        return nothing
    if (jumps <= most_of_rounding(point)).all():
        most = MOST_UNITS * point.epsilon * np.abs(point.dout) * numbers_reached(point, argument, index)
        if (jumps <= most).all():
            return jumps
    nearer = point.at([NEARER * x for x in point.inputs])
    smooth = False if nearer is None else _roughness(nearer[0], argument, index, far) <= FINER * jumps
    return np.where(smooth | _smooth_at_one(point, argument, index, far), jumps, 0.0)


def _smooth_at_one(point: Point, argument: int, index: int, far: float) -> BoolArray:
    """Whether outputs, times dout, are smooth but for their rounding where a small entry is 1.

    They are looked at within a reach in which a cubic is as good as rounding, and steps as far apart show.
    """
    x, reach = point.inputs[argument].copy(), point.epsilon**0.25
    there = None
    if far < reach:
        x.flat[index] = np.sign(x.flat[index])
        there = point.elsewhere(argument, x)
    if there is None:
        return np.zeros(point.out.size, dtype=bool)
    rounding = MOST_UNITS * point.epsilon * np.abs(point.dout * there[0].out)
    return np.asarray(_roughness(there[0], argument, index, reach) <= rounding)


def _roughness(point: Point, argument: int, index: int, reach: float) -> FloatArray:
    """Return how far outputs, times dout, are from a cubic within a reach of an entry, inf without values."""
    places = np.cos(np.linspace(0, np.pi, PLACES))  # irregular: a floor's steps may be as regular as places
    here = float(point.inputs[argument].flat[index])
    outputs = np.stack(
        [point.dout * out for out in point.values_with(argument, index, (here + reach * places).tolist())]
    )
    if not np.isfinite(outputs).all():
        return np.full(point.out.size, np.inf)
    powers = np.vander(places, DEGREE + 1)
    return np.asarray(np.abs(outputs - powers @ np.linalg.lstsq(powers, outputs, rcond=None)[0]).max(axis=0))


def _jump(point: Point, argument: int, index: int, near: float, far: float) -> FloatArray | None:
    """Return by how much outputs jump between two distances of an entry, None where they have no value."""
    here = float(point.inputs[argument].flat[index])

    def change(distance: float) -> FloatArray:
        moved = point.dout * (point.value_with(argument, index, here + distance) - point.out)
        return np.asarray(moved - slope * distance)

    slope = np.zeros(point.out.size)
    slope = change(near) / near
    whole = np.abs(change(far))
    if not np.isfinite(whole).all():
        return None
    most = int(np.argmax(whole))
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        if np.abs(change(middle)[most]) > whole[most] / 2:
            far = middle
        else:
            near = middle
    jump = np.abs(change(far) - change(near))
    return np.where(jump > JUMP * whole, jump, 0.0)
