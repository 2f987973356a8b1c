"""Looks at the entries of one argument: the slopes of each, at steps that say something about the point."""

import numpy as np

from course_lib.gradcheck.allowance import Allowance
from course_lib.gradcheck.first_step import first_steps
from course_lib.gradcheck.point import Point
from course_lib.gradcheck.rungs import RATIO
from course_lib.gradcheck.stepping import Prober, Slopes, persisting_jump

#: Steps larger than this, in units of an entry's size, say nothing about the point, and steps of fewer
#: rounding units than this nothing but rounding; of float32's and float16's, fewer have to do.
LARGEST_STEP, SMALLEST_STEP, SMALLEST_STEP_OF_SINGLE = 2.0, 256.0, 16.0

#: A step of more than this fraction of an entry says little of where near the entry a kink is.
BESIDE = 0.1


class Looks:
    """Looks at the entries of one argument, and says where a kink that it saw may lie."""

    def __init__(self, point: Point, argument: int, allowance: Allowance) -> None:
        self.prober = Prober(point)
        self.argument = argument
        self.allowance = allowance
        self._sizes = np.abs(point.inputs[argument]).ravel()
        self._epsilon = point.epsilon
        self._least = SMALLEST_STEP_OF_SINGLE if point.single else SMALLEST_STEP
        self._usual = first_steps(point.inputs[argument].ravel(), point.epsilon)
        self._steps = self._usual

    def measure(self, index: int, step: float, unit: float = 0.0) -> Slopes | None:
        """Return the slopes of one entry, or None for a step that says nothing beside its size or a unit."""
        usual = max(self._usual[index] / self._epsilon ** (1 / 3), unit)
        if not self._least * self._epsilon * (self._own_size(index) or usual) <= step <= LARGEST_STEP * usual:
            return None
        slopes = self.prober.along_entry(self.argument, index, step)
        around = self.allowance.around.get(index)
        return slopes if slopes is None or around is None else slopes.noisier(around)

    def _first_inside_domain(self, index: int) -> Slopes | None:
        for k in range(1, 6):
            slopes = self.measure(index, float(self._steps[index]) / RATIO**k)
            if slopes is not None:
                return slopes
        return None

    def _own_size(self, index: int) -> float:
        return float(self._sizes[index])

    def _reaches_far(self, index: int, step: float) -> bool:
        """Whether a kink that this step sees may well be beside the entry, at 0 for one.

        An entry that is nothing but rounding beside the others is 0 itself, for this.
        """
        own = self._own_size(index)
        if not own:
            return False
        usual = float(np.median(self._sizes[self._sizes > 0]))
        return step > BESIDE * own and own > self._epsilon * usual

    def _lies_beside(self, index: int, slopes: Slopes) -> bool:
        """Whether a much smaller step no longer sees a kink, which then is near the entry and not at it."""
        closest = self.measure(index, slopes.step / RATIO**4)
        return closest is not None and not persisting_jump(slopes, closest) > slopes.jump / 2
