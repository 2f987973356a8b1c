"""The student's gradient a little to both sides of a kink, where there is one right answer."""

from collections.abc import Iterator

import numpy as np

from course_lib.gradcheck.estimate import Estimate
from course_lib.gradcheck.ladder import Claim, climb, settle
from course_lib.gradcheck.point import Point
from course_lib.gradcheck.stepping import Prober

#: Where to look, and with which first step, in units of the step at which the kink shows: other kinks are
#: farther away than that.
PLACE, FIRST_STEP = 0.4, 0.1

#: The longest ladder beside a kink.
RUNGS = 10

#: The relative error wanted beside a kink.
WANTED = 1e-6


def claims_beside(
    point: Point, argument: int, index: int, step: float, floor: float
) -> Iterator[tuple[float, Estimate]]:
    """Yield the student's gradient of one entry and the numerical one, above and below a kink.

    Nothing is yielded where there is no backward to call, or it has no value.
    """
    for side in () if point.pair.given else (PLACE * step, -PLACE * step):
        moved = point.inputs[argument].copy()
        moved.flat[index] += side
        there = point.elsewhere(argument, moved)
        if there is None:
            continue
        place, token = there
        try:
            claimed = float(place.gradients(place.dout, token)[argument].flat[index])
        except Exception:  # so close to a kink a student's function may raise whatever it likes
            continue
        if not np.isfinite(claimed):
            continue
        found = _estimate(place, argument, index, FIRST_STEP * step, claimed, floor)
        if found is not None:
            yield claimed, found


def _estimate(
    point: Point, argument: int, index: int, step: float, claimed: float, floor: float
) -> Estimate | None:
    prober = Prober(point)
    first = prober.along_entry(argument, index, step)
    if first is None:
        return None
    claim = Claim.of_entry(claimed, floor, first, WANTED * abs(claimed))
    return settle(climb(lambda h: prober.along_entry(argument, index, h), first, claim, RUNGS), claim)
