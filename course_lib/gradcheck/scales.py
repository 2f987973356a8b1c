"""Steps of another size than an argument's: of an entry's own, and of 1 where all entries are tiny.

Where log(1 + x) is asked for at 1e-12, no step of the size of x moves it, or it moves in steps of rounding.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.estimate import estimate, kink_between
from course_lib.gradcheck.hidden import hidden_slope, rounding_of_steps
from course_lib.gradcheck.ladder import Ladder, confirmed, noisier, settle, surer
from course_lib.gradcheck.point import Point
from course_lib.gradcheck.rungs import RATIO
from course_lib.gradcheck.stepping import Slopes

#: Inputs below so many first steps from 1 are so small that 1 + x**2 is 1 within a usual first step, and more
#: than its rounding.
TINY = 16.0

#: A step so many rungs above the first one moves what a large constant hides.
LARGER = 3

#: What steps beyond so many times the size of tiny inputs see alone, may be another region's.
BEYOND = 4.0


@dataclass(frozen=True)
class Scales:
    """Looks at the entries of one argument with steps of other sizes.

    `usual` are the first steps of its entries. `measure(index, step, unit)` returns the slopes of one for a
    step, of inputs of the size `unit` at least.
    """

    point: Point
    argument: int
    usual: FloatArray
    measure: Callable[[int, float, float], Slopes | None]

    def own(self, index: int) -> float:
        """Return the first step that suits an entry alone, however large its neighbours are; inf for zero."""
        return abs(float(self.point.inputs[self.argument].flat[index])) * self._of_one or float("inf")

    @property
    def _of_one(self) -> float:
        return float(self.point.epsilon ** (1 / 3))

    def _tiny(self, index: int) -> bool:
        """Whether inputs are so small that what an entry does may not show at all in a usual step."""
        return bool(self.usual[index] < TINY * self._of_one**2)

    def moves_farther(self, index: int, slopes: Slopes, negligible: bool) -> bool:
        """Whether an entry moves no output with its first step, and some with a larger one.

        It is asked of tiny ones, and where the whole gradient is said to be negligible.
        """
        tiny = self._tiny(index)
        if not (tiny or negligible) or not still([slopes]):
            return False
        step, unit = (self._of_one, 1.0) if tiny else (slopes.step * RATIO**LARGER, 0.0)
        larger = self.measure(index, step, unit)
        return larger is not None and not still([larger])

    def surest(
        self, index: int, ladder: Ladder, climbed: Callable[[Slopes, float], Ladder]
    ) -> tuple[Ladder, FloatArray | None, bool]:
        """Return the surest ladder of an entry, the rounding of the outputs if they move in steps, and
        whether steps of 1 see another slope than the claimed one, where its own hide the difference.

        Others than the usual one are climbed, as `climbed(first, unit)` does, if it takes them to confirm the
        claim.
        """
        rounding, doubted, usual = None, False, float(self.usual[index])
        for step, unit in ((self.own(index), 0.0), (self._of_one, 1.0)):
            asked = usual < step / RATIO if unit else step < usual / RATIO
            settled = confirmed(ladder) and not (unit and self._tiny(index) and still(ladder[1]))
            first = self.measure(index, step, unit) if asked and not settled else None
            if first is None:
                continue
            other = climbed(first, unit)
            near, far = (other, ladder) if step < usual else (ladder, other)
            near = near[0], self.until_something_moves(index, near[1], unit, far[1][0].step)
            around = rounding_of_steps(self.point, self.argument, index, [*near[1], *far[1]])
            if around.any():
                near, far = noisier(near, around), noisier(far, around)
                rounding = around
            reach = BEYOND * usual / self._of_one
            doubted = bool(unit) and _hides_what_is_seen(near, far)
            hidden = partial(hidden_slope, self.point, self.argument, index, [*near[1], *far[1]])
            ladder = near if unit and _says_nothing(far, reach) else surer(near, far, hidden)
        return ladder, rounding, doubted

    def until_something_moves(
        self, index: int, rungs: list[Slopes], unit: float = 0.0, longest: float = float("inf")
    ) -> list[Slopes]:
        """Return rungs, largest step first, with larger ones in front if no output moves on any of them."""
        while still(rungs) and rungs[0].step * RATIO < longest:
            larger = self.measure(index, rungs[0].step * RATIO, unit)
            if larger is None:
                break
            rungs = [larger, *rungs]
        return rungs


def _says_nothing(far: Ladder, reach: float) -> bool:
    """Whether a ladder that confirms nothing sees kinks, or sees the slope only with steps beyond a reach.

    Its slope is then not that of tiny inputs: weights of 1e-7 have kinks as far away.
    """
    if confirmed(far):
        return False
    two_sided = [rung for rung in far[1] if not rung.one_sided]
    size = abs(estimate(far[1]).value)
    near_by = [rung for rung in two_sided if rung.step <= reach and rung.rounding < size]
    return not near_by or any(kink_between(large, small) for large, small in pairwise(two_sided))


def _hides_what_is_seen(near: Ladder, far: Ladder) -> bool:
    """Whether the steps of one ladder could not show by how much a claim is off that another one's see."""
    claim, rungs = far
    found = settle(rungs, claim)
    mismatch = found.distance(claim.value) - claim.floor
    return mismatch > found.error and min(rung.rounding for rung in near[1]) > mismatch


def still(rungs: Sequence[Slopes]) -> bool:
    """Whether no output moves on any rung."""
    return not any(rung.right.any() or rung.left.any() for rung in rungs)


def smallest_moving(shown: Slopes, rungs: Sequence[Slopes]) -> float:
    """Return a step that moves outputs if the one that shows the slope best does not, else 0.

    They then move in steps, or beyond a kink. What moves them to one side may do so by chance.
    """
    moving = [rung for rung in rungs if not still([rung])] if still([shown]) else []
    sides = [rung.step * (1 if rung.right.any() and rung.left.any() else RATIO) for rung in moving]
    return min(sides, default=0.0)
