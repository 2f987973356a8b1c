"""Slopes that rounding hides altogether: those of outputs that depend on an entry and have not moved with it.

A probability of 1 - 1e-22 is 1, and stays 1 whatever a step does, while the one of 1e-22 beside it is seen
with all its digits. What is seen is then no more than a part of the slope.
"""

from collections.abc import Sequence

import numpy as np

from course_lib.gradcheck.arrays import BoolArray, typical_size
from course_lib.gradcheck.point import Point
from course_lib.gradcheck.stepping import Slopes, rounding_margin

#: How far an entry is moved, in units of its size or its argument's rms, to see which outputs depend on it.
FAR = (1.0, 4.0, 16.0, 64.0)


def hidden_slope(point: Point, argument: int, index: int, rungs: Sequence[Slopes], shown: Slopes) -> float:
    """Return the largest slope that outputs may have which have not moved on the rung that shows the others.

    Each hides less than its noise over the largest step that has not moved it.
    """
    upwards = sorted((rung for rung in rungs if rung.step >= shown.step), key=lambda rung: rung.step)
    still, reach = ~_moved(upwards[0]) & (point.dout != 0), np.zeros(point.out.size)
    unmoved = still.copy()
    for rung in upwards:
        unmoved &= ~_moved(rung)
        reach[unmoved] = rung.step
    if unmoved.any():
        still &= ~unmoved | _depends(point, argument, index, unmoved)
    if not still.any():
        return 0.0
    noise = np.abs(point.dout) * np.maximum(point.noise, point.epsilon * np.abs(point.out))
    return rounding_margin(noise[still] / reach[still])


def _moved(slopes: Slopes) -> BoolArray:
    return np.asarray((slopes.right != 0) | (slopes.left != 0))


def _depends(point: Point, argument: int, index: int, asked: BoolArray) -> BoolArray:
    """Return which outputs, of those that are asked about at least, are others when the entry is far away."""
    x = point.inputs[argument]
    scale = max(abs(float(x.flat[index])), typical_size(x))
    depends = np.zeros_like(asked)
    for far in FAR:
        for side in (far, -far):
            moved = x.copy()
            moved.flat[index] += side * scale
            out = point.value(point.moved(argument, moved))
            if np.isfinite(out).all():
                depends |= out != point.out
            if depends[asked].all():
                return depends
    return depends
