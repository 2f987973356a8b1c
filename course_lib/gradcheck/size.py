"""The size of a gradient that would matter: beside it, rounding is judged."""

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.noise import GradientNoise
from course_lib.gradcheck.point import Point

#: A gradient this small beside what the outputs' changes suggest may be nothing but rounding.
SUSPICIOUS = 1e-6

#: A gradient is rounding if it is below this many rounding units of what would matter.
ROUNDING_UNITS = 64.0

#: Where outputs never change, a gradient is rounding below this many times what rounding hides of one.
UNITS_OF_NOTHING = 16.0


def size_that_matters(point: Point, noise: GradientNoise, argument: int, gradient: FloatArray) -> float:
    """Return the size of a gradient that would matter: that of the student's, unless it is mere rounding.

    Of a gradient that claims to be zero, the size is what the changes of the outputs suggest; where these
    never change, nothing matters, or, if they are so large that they would not show it, nothing is resolved.
    """
    largest, natural = float(np.abs(gradient).max()), point.natural(argument)
    nothing = UNITS_OF_NOTHING * point.invisible(argument)
    if natural <= nothing:
        zero = largest <= nothing or noise.says_nothing(argument)
        hidden = point.noise.max() > point.epsilon**0.5
        return largest if not zero else 0.0 if hidden else float("inf")
    if largest > SUSPICIOUS * natural:
        return largest
    rounding = max(point.epsilon * natural, point.rounding(argument))
    return natural if largest <= ROUNDING_UNITS * rounding or noise.says_nothing(argument) else largest
