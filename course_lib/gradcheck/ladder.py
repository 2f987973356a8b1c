"""A ladder of steps for one line, climbed until it confirms a claimed derivative or nothing more can be seen.

Large steps suffer from curvature, small ones from rounding: which suit is found by trying.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.estimate import Estimate, estimate
from course_lib.gradcheck.rungs import RATIO, nearest, richardson, smooth_at
from course_lib.gradcheck.stepping import Slopes

#: Rungs below and above the first one. Below: to about 1e-12 of the scale, where a kink 1e-11 away is
#: resolved.
DOWN, UP = 6, 4

#: An error of more than this part of a slope hides its sign.
SIGN = 0.1

#: A step sees plainly what is claimed if its error is below this part of what the claim is off by.
PLAIN = 0.25


@dataclass(frozen=True)
class Claim:
    """A student's derivative, to be confirmed: its value, the smallest error that matters, the accuracy
    wanted, and the size of a slope that would matter.

    A rung has a say only if its error is below `wanted`.
    """

    value: float
    floor: float
    wanted: float
    size: float = 0.0

    @classmethod
    def of_entry(cls, value: float, floor: float, first: Slopes, wanted: float, size: float = 0.0) -> "Claim":
        """Ask for more accuracy than the first rung's mismatch, where that is more than its rounding.

        What is small beside other slopes is not confirmed, as far as rounding goes, before its sign shows.
        """
        mismatch, hidden = abs(value - first.central), first.rounding + floor
        if mismatch > hidden:
            wanted = min(0.5 * mismatch, max(SIGN * abs(value), hidden) if value else wanted, wanted)
        return cls(value, floor, wanted + floor, size)


#: A claim, and the rungs that were climbed for it, largest step first.
Ladder = tuple[Claim, list[Slopes]]


def climb(
    measure: Callable[[float], Slopes | None], first: Slopes, claim: Claim, longest: int = 99
) -> list[Slopes]:
    """Add rungs to a first one until the claim is confirmed or the ladder ends; return them, largest step
    first.

    `measure(step)` returns the slopes for a step; `longest` bounds the number of rungs.
    """
    rungs = [first]
    if confirmation(rungs, claim):
        return rungs
    mismatch = abs(claim.value - first.central)
    downward = [first.step / RATIO**k for k in range(1, DOWN + 1)]
    upward = [first.step * RATIO**k for k in range(1, UP + 1)]
    drowned = mismatch <= 10 * first.rounding or first.rounding > claim.wanted
    upward_first = smooth_at(first) and drowned
    for steps in (upward, downward) if upward_first else (downward, upward):
        for step in steps:
            if len(rungs) >= longest:
                return rungs
            slopes = measure(step)
            if slopes is None:
                continue
            rungs.append(slopes)
            rungs.sort(key=lambda rung: -rung.step)
            if confirmation(rungs, claim):
                return rungs
            if _useless(slopes, first, mismatch):
                break
    return rungs


def _useless(slopes: Slopes, first: Slopes, mismatch: float) -> bool:
    """Whether further steps in this direction see nothing but rounding (below) or another region (above)."""
    if slopes.step < first.step:
        return slopes.rounding > max(mismatch, first.jump)
    return abs(slopes.central - first.central) > 0.3 * (abs(first.central) + first.rounding)


def confirmation(rungs: Sequence[Slopes], claim: Claim) -> Estimate | None:
    """Return the rung, or two neighbours combined, that agree with the claim far better than by chance."""
    for rung in rungs:
        error = rung.rounding + claim.floor
        agrees = abs(claim.value - rung.central) <= error <= claim.wanted
        if agrees and smooth_at(rung, claim.size) and not rung.one_sided:
            return Estimate(rung.central, rung.rounding, rung.low, rung.high)
    for large, small in pairwise(rungs):
        spread = abs(small.central - large.central) / RATIO + small.rounding
        value = richardson(large, small)
        agrees = abs(claim.value - value) <= spread + claim.floor <= claim.wanted
        if agrees and smooth_at(small, claim.size):
            return Estimate(value, spread, small.low, small.high)
    return None


def settle(rungs: Sequence[Slopes], claim: Claim) -> Estimate:
    """Return what a ladder says: what confirms the claim, the kink, or the best supported derivative."""
    return confirmation(rungs, claim) or estimate(rungs)


def confirmed(ladder: Ladder) -> bool:
    """Whether a ladder confirms its claim."""
    return confirmation(ladder[1], ladder[0]) is not None


def noisier(ladder: Ladder, outputs: FloatArray) -> Ladder:
    """Return a ladder of outputs, times dout, that round by so much at least."""
    return ladder[0], [rung.noisier(outputs) for rung in ladder[1]]


def surer(near: Ladder, far: Ladder, hidden: Callable[[Slopes], float] = lambda shown: 0.0) -> Ladder:
    """Return the surer of two ladders, the one with the smaller steps where they contradict each other.

    `hidden(shown)` is what outputs that stand still on a rung of small steps may hide of the slope: where
    that is the whole contradiction, the other ladder knows more, if its error is less.
    """
    small, large = (settle(rungs, claim) for claim, rungs in (near, far))
    apart = abs(small.value - large.value)
    if apart <= small.error + large.error:
        return min(near, far, key=_doubt)
    seen = small.error + large.error + hidden(nearest(near[1], small.value))
    return far if large.error < apart <= seen else near


def _doubt(ladder: Ladder) -> tuple[bool, float]:
    """Order ladders of one entry: first those that confirm the claim, then by the error that is left."""
    claim, rungs = ladder
    return confirmation(rungs, claim) is None, estimate(rungs).error


def agrees_nearer(rungs: Sequence[Slopes], claim: Claim, found: Estimate) -> bool:
    """Whether a smaller step than those which an estimate is of clearly sees what is claimed."""
    mismatch = found.distance(claim.value)
    largest = min(rungs, key=lambda rung: abs(rung.central - found.value)).step
    errors = [rung.rounding + rung.jump + claim.floor for rung in rungs]
    return any(
        rung.step < largest and abs(rung.central - claim.value) <= error <= PLAIN * mismatch
        for rung, error in zip(rungs, errors, strict=True)
    )
