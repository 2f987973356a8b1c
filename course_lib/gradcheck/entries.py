"""What is known of the entries of one argument."""

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from course_lib.gradcheck.arrays import BoolArray, FloatArray
from course_lib.gradcheck.estimate import Estimate

#: States of an entry.
RIGHT, WRONG, UNRESOLVED, UNSEEN = range(4)


#: A direction says nothing if it allows an error above this fraction of what its entries contribute.
RESOLVED = 0.05

#: A direction shows one entry alone if it allows less than this fraction of what one typically contributes.
SHARP = 5e-3


@dataclass(frozen=True)
class DirectionResult:
    """One random direction: what the student's gradient says about it, and what differences say.

    `size` is the root of the summed squares of the entries' contributions, `step` the one that showed the
    derivative best, and `rounding` that of the first step. `tests_ties` marks a direction that moves all
    entries alike because another one met kinks.
    """

    direction: FloatArray
    analytic: float
    size: float
    found: Estimate
    allowed: float
    step: float = 0.0
    rounding: float = 0.0
    tests_ties: bool = False

    @property
    def agrees(self) -> bool:
        """Whether the gradient is right as far as this direction can tell."""
        return not self.found.distance(self.analytic) > self.allowed

    @property
    def typical(self) -> float:
        """What one entry typically contributes."""
        return self.size / math.sqrt(max(int(np.count_nonzero(self.direction)), 1))

    @property
    def sharp(self) -> bool:
        """Whether one entry alone would show, if it were wrong by a small part of what one contributes."""
        return not self.found.kink and self.allowed <= SHARP * self.typical

    @property
    def suspicious(self) -> bool:
        """Whether rounding would let one entry show, and yet the direction does not confirm the gradient."""
        return not self.sharp and self.rounding <= SHARP * self.typical

    @property
    def resolved(self) -> bool:
        """Whether the allowed error is small beside what the entries contribute, or there are kinks."""
        if not np.isfinite(self.allowed):
            return False
        return bool(self.found.kink) or not self.size or self.allowed <= RESOLVED * self.size


@dataclass
class Entries:
    """What is known of each entry of one argument (flat arrays).

    `kink` marks entries that sit on a kink, `rough` those near one, whose numerical value says little, and
    `steep` those whose slope rounding does not hide: where it is unresolved, no step is small enough.
    `jacobian` holds the columns of the Jacobian seen on the way, by flat index. A large argument is known by
    its `directions`, and by the entries that were sampled because one of them disagreed or met kinks.
    """

    analytic: FloatArray
    numerical: FloatArray
    allowed: FloatArray
    state: npt.NDArray[np.int8]
    kink: BoolArray
    rough: BoolArray
    steep: BoolArray
    jacobian: dict[int, FloatArray] = field(default_factory=dict)
    directions: list[DirectionResult] = field(default_factory=list)

    @classmethod
    def unseen(cls, analytic: FloatArray) -> "Entries":
        """Nothing known yet."""
        size = analytic.size
        numerical, allowed = np.full((2, size), np.nan)
        state = np.full(size, UNSEEN, dtype=np.int8)
        return cls(analytic.ravel(), numerical, allowed, state, *np.zeros((3, size), dtype=bool))

    @property
    def checked(self) -> npt.NDArray[np.intp]:
        """The flat indices of the entries that were looked at."""
        return np.flatnonzero(self.state != UNSEEN)

    @property
    def wrong(self) -> npt.NDArray[np.intp]:
        """The flat indices of the entries that are wrong."""
        return np.flatnonzero(self.state == WRONG)
