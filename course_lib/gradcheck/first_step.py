"""The step for a first look at the entries of an argument: one for each, adapted to the function together."""

import numpy as np

from course_lib.gradcheck.arrays import FloatArray, IntArray, typical_size
from course_lib.gradcheck.rungs import RATIO, smooth_at
from course_lib.gradcheck.stepping import Prober, Slopes

#: A first step is improved until rounding is below this fraction of the slope.
WANTED_RESOLUTION = 1e-8

#: So many times a first step is made larger or smaller.
MOST_CHANGES = 3


def first_steps(x: FloatArray, epsilon: float) -> FloatArray:
    """Return a first step for each entry: epsilon**(1/3) times its size, or the argument's rms if larger.

    The cube root balances the two errors of a central difference, curvature and rounding (Press et al.,
    section 5.7).
    """
    return np.asarray(epsilon ** (1 / 3) * np.maximum(np.abs(x), typical_size(x)))


class FirstStep:
    """Finds by how much the steps of one argument should differ from the usual ones.

    `size` is the size of a gradient that would matter, `finest` the finest relative error asked for.
    """

    def __init__(self, prober: Prober, argument: int, size: float, finest: float) -> None:
        self._prober = prober
        self._argument = argument
        self._size = size
        self._finest = finest

    def adapted(self, steps: FloatArray, analytic: FloatArray, indices: IntArray) -> FloatArray:
        """Adapt all first steps to the most telling entry: larger against rounding, smaller for curvature."""
        with np.errstate(all="ignore"):
            weight = np.abs(analytic[indices]) * (steps[indices] / steps.max())
        index = int(indices[np.argmax(weight)])
        slopes = self._measure(index, float(steps[index]))
        if slopes is None:
            return steps
        if smooth_at(slopes, self._size) and self._drowned(slopes, slopes):
            return steps * self._enlarged(index, slopes)
        return steps * self._shrunk(index, slopes)

    def _measure(self, index: int, step: float) -> Slopes | None:
        return self._prober.along_entry(self._argument, index, step)

    def _drowned(self, slopes: Slopes, usual: Slopes) -> bool:
        return slopes.rounding > WANTED_RESOLUTION * max(abs(usual.central), self._size)

    def _enlarged(self, index: int, slopes: Slopes) -> float:
        factor = 1.0
        for _ in range(MOST_CHANGES):
            larger = self._measure(index, slopes.step * RATIO)
            if larger is None or not smooth_at(larger, self._size):
                break
            if abs(larger.central - slopes.central) > slopes.rounding + larger.rounding:
                break
            factor *= RATIO
            slopes = larger
            if not self._drowned(slopes, slopes):
                break
        return factor

    def _shrunk(self, index: int, slopes: Slopes) -> float:
        factor = 1.0
        for _ in range(MOST_CHANGES):
            smaller = self._measure(index, slopes.step / RATIO)
            if smaller is None or smaller.jump > slopes.jump / 4 + smaller.rounding:  # a kink, not curvature
                break
            change = abs(smaller.central - slopes.central)
            enough = change <= smaller.rounding + self._finest * abs(slopes.central)
            if enough or self._drowned(smaller, slopes):
                break
            factor /= RATIO
            slopes = smaller
        return factor
