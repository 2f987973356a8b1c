"""What is asked of the places around a point: whether a claim is the slope at one of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.point import Point
from course_lib.gradcheck.stepping import Slopes

#: What is claimed near by is the slope there up to this fraction: a move so small is rounded itself.
SAME = 1e-6

#: A claim has to differ from the slope at the point by so many times what it may be off near by.
CLEAR = 4.0


@dataclass(frozen=True)
class Asked:
    """What is asked about places: whether a claimed slope along a direction is one of theirs.

    `value` is what the student claims at the point, `here` what the point itself shows, `allowed` what may be
    off, and `slopes_of(place)` measures. A claim that hardly differs from `here` is none to be asked about.
    """

    direction: Mapping[int, FloatArray]
    slopes_of: Callable[[Point], Slopes | None]
    value: float
    here: float
    allowed: float
    scale: float

    @property
    def apart(self) -> float:
        """How far the claim is from what the point itself shows."""
        return abs(self.value - self.here)

    @property
    def tolerance(self) -> float:
        """What a claim may be off near by."""
        return self.allowed + SAME * abs(self.value)

    def claim_of(self, gradients: Sequence[FloatArray]) -> float:
        """Return what gradients claim of the direction."""
        return sum(float(np.sum(gradients[k] * part)) for k, part in self.direction.items())

    def agrees(self, claim: float, slopes: Slopes | None) -> bool | None:
        """Whether a place's slopes are what is claimed there, None where they say nothing."""
        if slopes is None or slopes.jump + slopes.rounding > self.apart / CLEAR:
            return None  # it lies on a kink itself
        hidden = self.tolerance + slopes.rounding
        agreed = bool(abs(slopes.central - claim) <= hidden)
        bends = slopes.jump > max(hidden, SAME * abs(slopes.central))  # a kink lies within the step
        return None if not agreed and bends else agreed
