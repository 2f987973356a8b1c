"""What the entries of one gradient are allowed, and how accurately their slopes are to be known."""

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.noise import GradientNoise
from course_lib.gradcheck.point import Point
from course_lib.gradcheck.size import ROUNDING_UNITS, size_that_matters

#: A gradient is allowed this many times its measured noise.
NOISE_MARGIN = 10.0

#: The finest relative error asked for, in float64: two digits above what one step can see.
FINEST = 1e-9

#: The relative error of an entry that is sought: below any plausible mistake in one entry.
ACCURATE = 1e-6

#: An entry this much smaller than the size that matters is looked at no more closely than one of this size.
SMALL = 1e-3

#: An entry is resolved if its error is known to this fraction of the size that matters, or of itself.
RESOLVED, RESOLVED_ALONE = 5e-4, 1e-2

#: An entry is allowed so many rounding units of what it could be, by its outputs or by its curvature.
UNITS_AT_REST = 16.0


class Allowance:
    """What each entry of one argument's gradient is allowed (flat indices).

    What is seen of an entry adds to it: `at_rest`, what it could be by its outputs, and what the rounding of
    the input makes of it; `by_curvature`, how much its slope changes within an input of the usual size;
    `around`, the rounding of each output that was seen nearby.
    """

    def __init__(self, point: Point, noise: GradientNoise, argument: int, gradient: FloatArray) -> None:
        self.size = size_that_matters(point, noise, argument, gradient)
        self.at_rest: dict[int, tuple[float, float]] = {}
        self.by_curvature: dict[int, float] = {}
        self.around: dict[int, FloatArray] = {}
        self._noise, self._argument, self._gradient = noise, argument, gradient.ravel()
        self._epsilon = point.epsilon
        self.finest = max(FINEST, 32 * point.epsilon)
        self._accurate = max(ACCURATE, 30 * point.epsilon ** (2 / 3))
        self._resolved = max(RESOLVED, point.epsilon ** (1 / 3))

    def floor(self, index: int) -> float:
        """The error that is never held against an entry: its own noise and the finest relative error."""
        noise = self._noise.of(self._argument, self.size)
        return float(NOISE_MARGIN * noise.flat[index]) + self.finest_of(index) + self._units(index)

    def _units(self, index: int) -> float:
        """A few rounding units of what an entry could be: at a minimum, the rounding of inputs makes them."""
        natural, by_own_rounding = self.at_rest.get(index, (0.0, 0.0))
        units = UNITS_AT_REST * self._epsilon
        return units * min(self.size, natural) + units * by_own_rounding

    def finest_of(self, index: int) -> float:
        """The finest error asked of an entry."""
        return float(self.finest * abs(self._gradient[index]))

    def wanted(self, index: int) -> float:
        """The accuracy that is sought for an entry."""
        return float(self._accurate * max(abs(self._gradient[index]), SMALL * self.size))

    def resolves(self, index: int, error: float) -> bool:
        """Whether an entry's slope, known up to an error, is known well enough to judge by."""
        return error <= self.coarsest(index)

    def coarsest(self, index: int) -> float:
        """The largest error of an entry's slope that lets one judge by it."""
        alone = max(RESOLVED_ALONE, self._resolved) * abs(self._gradient[index])
        size = self.size
        at_rest = self.by_curvature.get(index, 0.0)
        blurred = self.around.get(index, np.zeros(1)).any()  # what a look saw of curvature may be rounding
        if size <= ROUNDING_UNITS * self._epsilon * at_rest and not blurred:  # all is rounding but that
            size = at_rest
        return float(max(self._resolved * size, alone))
