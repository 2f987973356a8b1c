"""The rounding of a gradient that is a small difference of large numbers, as p - 1 is where p is almost 1.

A few rounding units of the inputs do not show it: they do not move p.
"""

from collections.abc import Callable

import numpy as np

from course_lib.gradcheck.arrays import typical_size
from course_lib.gradcheck.hidden import FAR, MOST_UNITS, most_of_rounding
from course_lib.gradcheck.noise import backward_at
from course_lib.gradcheck.point import Point

#: The place where a gradient moves first is found by halving the distance so many times.
HALVINGS = 44

#: A gradient that moves in steps is off by so many of them at most.
STEPS = 4.0


def rounding_of_gradient(point: Point, argument: int, index: int, mismatch: float) -> float:
    """Return how far rounding may move one entry of a gradient whose own numbers cancel, 0 where they do not.

    They do only if the gradient is so large, where the entry has moved by its own size, that a few of its
    rounding units there are as much as the mismatch here. It then moves in steps, and no smooth one does.
    """
    if not mismatch <= most_of_rounding(point).max(initial=0.0):
        return 0.0
    x = point.inputs[argument]
    here = float(x.flat[index])
    size = FAR[0] * (abs(here) or typical_size(x))

    def gradient(away: float) -> float:
        moved = x.copy()
        moved.flat[index] = here + away
        return float(backward_at(point, point.moved(argument, moved))[argument].flat[index])

    far = np.abs([gradient(size), gradient(-size)])
    most = MOST_UNITS * point.epsilon * float(np.max(far, initial=0.0, where=np.isfinite(far)))
    if not mismatch <= most:
        return 0.0
    steps = [_first_change(gradient, size), _first_change(gradient, -size)]
    return min(STEPS * min((step for step in steps if step), default=0.0), most)


def _first_change(gradient: Callable[[float], float], far: float) -> float:
    """Return by how much a gradient changes first on the way to a distance."""
    here, near = gradient(0.0), 0.0
    change = abs(gradient(far) - here)
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        moved = abs(gradient(middle) - here)
        near, far, change = (near, middle, moved) if moved > 0 else (middle, far, change)
    return change if np.isfinite(change) else 0.0
