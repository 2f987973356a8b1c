"""What one more look shows of rounding, for an entry in doubt: it may explain what a gradient is off by."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from course_lib.gradcheck.allowance import Allowance
from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.estimate import Estimate
from course_lib.gradcheck.hidden import (
    farthest_agreeing,
    hidden_slope,
    least_to_show,
    rounding_nearer_zero,
    rounding_of_steps,
    slope_of_what_cancels,
    unsettled,
)
from course_lib.gradcheck.jumps import jumps_of_rounding
from course_lib.gradcheck.point import Point
from course_lib.gradcheck.scatter import rounding_around
from course_lib.gradcheck.stepping import Slopes, rounding_margin


class Rounding:
    """What rounding explains at the entries of one argument, looked for once around each."""

    def __init__(self, point: Point, argument: int, allowance: Allowance) -> None:
        self._point, self._argument, self._allowance = point, argument, allowance
        self._looked: set[int] = set()

    def shows_more(
        self,
        index: int,
        analytic: float,
        rungs: list[Slopes],
        found: Estimate,
        best: Slopes,
        mismatch: float,
        moving: float,
    ) -> bool:
        """Whether outputs round more than was known; what is seen goes into the allowance's `around`."""
        if index in self._looked:
            return False
        self._looked.add(index)
        # A smaller step may have seen as much by chance: rounding need only explain that one.
        agreeing = [rung.step for rung in rungs if abs(rung.central - found.value) <= found.error]
        least = mismatch * min([best.step, *agreeing])
        seen = [rounding_around(self._point, self._argument, index, least, moving)]
        if moving:
            nearer = self._nearer_zero
            seen.append(rounding_of_steps(self._point, self._argument, index, rungs, nearer))
        if mismatch:
            seen.append(jumps_of_rounding(self._point, self._argument, index, rungs, best, analytic))
        known = self._allowance.around.get(index, np.zeros_like(seen[0]))
        self._allowance.around[index] = np.max([known, *seen], axis=0)
        return bool((self._allowance.around[index] > known).any())

    def hides(
        self, index: int, rungs: Sequence[Slopes], found: Estimate, best: Slopes, mismatch: float
    ) -> float:
        """Return how much of a slope rounding may hide, looked for as far as a mismatch needs it."""
        hidden = hidden_slope(self._point, self._argument, index, rungs, best, mismatch)
        hidden += unsettled(rungs, best)
        little = self._allowance.finest * self._allowance.size
        if found.error + hidden < mismatch <= max(little, least_to_show(self._point, self._argument)):
            shown = farthest_agreeing(rungs, best, found.value, mismatch / 2)
            hidden += rounding_margin(np.abs(self._point.dout) * self._nearer_zero / shown.step)
            if mismatch <= little:
                hidden += slope_of_what_cancels(self._point, self._argument, index, shown)
        return hidden

    @cached_property
    def _nearer_zero(self) -> FloatArray:
        return rounding_nearer_zero(self._point, self._argument)
