"""A ladder of steps for one line: the derivative, its error as the rungs themselves show it, or the kink.

Large steps suffer from curvature, small ones from rounding. Neighbouring rungs are combined by Richardson's
rule; how well the combinations agree says how far to trust them, so no tolerance has to be guessed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from course_lib.gradcheck.stepping import KINK_PERSISTS, Slopes, persisting_jump

#: Neighbouring rungs differ by this factor.
RATIO = 16.0

#: Rungs below and above the first one. Below: to about 1e-12 of the scale, where a kink 1e-11 away is
#: resolved.
DOWN, UP = 6, 4

#: One-sided slopes of two rungs are the same up to this fraction of the kink between them.
SAME_KINK = 1e-3

#: By this fraction, curvature may change one-sided slopes beside a kink within a usual first step.
CURVED = 1e-3

#: One-sided slopes that agree to this much may differ by curvature alone.
SMOOTH = 1e-2

#: One-sided slopes farther apart than this fraction of them are a kink, if they do not approach each other.
SMALLEST_KINK = 1e-4

#: A bend too close to be seen may move what one side says of a slope by this fraction of the slopes.
UNSEEN_BEND = 1e-6

#: One-sided slopes that grow by this factor from one rung to the next are far larger.
GROWS = 2.0

#: A disagreement between combinations is multiplied by this before it counts as an error bound.
SAFETY = 4.0


#: So many pairs of the smallest steps show the rounding noise.
PAIRS_AT_BOTTOM = 5


@dataclass(frozen=True)
class Estimate:
    """A derivative with its error; at a kink, any value from `low` to `high` is a right one.

    `kink` is the step at which the kink shows best, 0 where there is none; up to the step `alone` no other
    one shows. `within` is the smallest step that shows it: it is no farther away.
    """

    value: float
    error: float
    low: float
    high: float
    kink: float = 0.0
    alone: float = 0.0
    within: float = 0.0

    def distance(self, analytic: float) -> float:
        """How far a gradient lies outside what is right."""
        if self.kink:
            return max(self.low - analytic, analytic - self.high, 0.0)
        return abs(analytic - self.value)


def smooth_at(slopes: Slopes, size: float = 0.0) -> bool:
    """Whether the one-sided slopes of one rung agree, up to a little curvature and rounding.

    Curvature is little beside the slopes, or beside what a slope of some `size` would be.
    """
    return slopes.jump <= SMOOTH * max(abs(slopes.low), abs(slopes.high), size) + slopes.rounding


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
        """Ask for more accuracy than the first rung's mismatch, where that is more than its rounding."""
        mismatch = abs(value - first.central)
        if mismatch > first.rounding + floor:
            wanted = min(0.5 * mismatch, wanted)
        return cls(value, floor, wanted + floor, size)


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


def richardson(large: Slopes, small: Slopes, power: int = 2) -> float:
    """Combine two central differences so that the error in step**power cancels (Richardson, 1911).

    It is the square where the curvature is continuous, and the step itself where the curvature jumps.
    """
    if large.one_sided or small.one_sided:
        return small.central
    ratio = (large.step / small.step) ** power
    return small.central + (small.central - large.central) / (ratio - 1)


def estimate(rungs: Sequence[Slopes]) -> Estimate:
    """Return the best supported derivative of a finished ladder (largest step first)."""
    kink = kink_at_bottom(rungs)
    if kink is not None:
        return kink
    noise = noise_at_bottom(rungs)
    noisy = [replace(rung, rounding=max(rung.rounding, noise / rung.step)) for rung in rungs]
    candidates = []
    for i in range(len(rungs)):
        found = [_alone(noisy, i)]
        if i >= 2:
            found += [_combined(noisy, i, power) for power in (2, 1)]
        for candidate in found:
            hidden = sum(_unseen(rungs[i], smaller) for smaller in noisy[i + 1 :]) > 1
            more = float("inf") if hidden else SAFETY * _contradicted(candidate.value, rungs, i)
            candidates.append(replace(candidate, error=candidate.error + more))
    candidates += _of_one_side(noisy)
    return min(candidates, key=lambda candidate: candidate.error)  # if none knows anything, the first


def _of_one_side(rungs: Sequence[Slopes]) -> Iterator[Estimate]:
    """Yield what one side alone says where kinks lie close on the other: its steps may be much larger.

    The smallest steps have to see the same slope on both sides, else the point itself is a kink.
    """
    two_sided = [rung for rung in rungs if not rung.one_sided]
    if not any(_kink_between(large, small) for large, small in pairwise(two_sided)):
        return
    steps = [rung.step for rung in two_sided]
    blurs = [2 * rung.rounding for rung in two_sided]  # a difference of two outputs, not half of one
    sides = [[float(side.sum()) for side in (rung.right, rung.left)] for rung in two_sided]
    floor = UNSEEN_BEND * max(abs(slope) for pair in sides for slope in pair)
    for side in (0, 1):
        slopes, other = [pair[side] for pair in sides], sides[-1][1 - side]
        for i in range(2, len(slopes)):
            value = _extrapolated(slopes, steps, i)
            error = abs(value - _extrapolated(slopes, steps, i - 1)) + abs(value - slopes[i])
            contradictions = [abs(value - slopes[j]) - blurs[j] for j in range(i + 1, len(slopes))]
            error += max(0.0, abs(value - other) - blurs[-1], *contradictions)
            yield Estimate(value, SAFETY * error + blurs[i] + floor, value, value)


def _kink_between(large: Slopes, small: Slopes) -> bool:
    """Whether two rungs see the same kink: curvature would have moved their sides together."""
    return persisting_jump(large, small) > SMOOTH * max(abs(small.low), abs(small.high))


def _extrapolated(slopes: Sequence[float], steps: Sequence[float], i: int) -> float:
    """Combine two one-sided slopes so that the error in the step itself cancels."""
    return slopes[i] + (slopes[i] - slopes[i - 1]) / (steps[i - 1] / steps[i] - 1)


def _contradicted(value: float, rungs: Sequence[Slopes], i: int) -> float:
    """Return by how much the next smaller step contradicts what rung i and larger ones say.

    Where slopes grow from rung to rung, the smaller step of the two may not be small enough, and the larger
    one says nothing: beside a pole, at a jump, far beyond the place where forward begins to have values.
    """
    if i + 1 == len(rungs):
        return float("inf") if i and _outgrown(rungs[i - 1], rungs[i]) else 0.0
    if _outgrown(rungs[i], rungs[i + 1]):
        return float("inf")
    return max(abs(value - rungs[i + 1].central) - rungs[i + 1].rounding, 0.0)


def _unseen(large: Slopes, small: Slopes) -> bool:
    """Whether the larger of two steps sees less than half of what the smaller one does, beyond rounding."""
    seen = max(abs(large.low), abs(large.high)) + large.rounding
    return abs(small.central) - small.rounding > GROWS * seen


def _outgrown(large: Slopes, small: Slopes) -> bool:
    """Whether the smaller of two steps sees far larger slopes, beyond rounding."""
    before, after = (max(abs(rung.low), abs(rung.high)) for rung in (large, small))
    return after - small.rounding > GROWS * (before + large.rounding)


def noise_at_bottom(rungs: Sequence[Slopes]) -> float:
    """Return the rounding noise of forward that the smallest steps show.

    Where a small output is the difference of large numbers, outputs a few ulps apart may be equal by chance,
    and the noise measured there nothing. Steps this small see no curvature: how their slopes differ is noise,
    unless a kink lies between.
    """
    two_sided = [rung for rung in rungs if not rung.one_sided][-PAIRS_AT_BOTTOM - 1 :]
    seen, before = [], 0.0
    for large, small in pairwise(two_sided):
        change = small.central - large.central
        if smooth_at(large) and smooth_at(small):
            # What truncation makes of it shrinks with the square of the step, or, where the curvature jumps,
            # with the step itself.
            explained = (0.0, before / RATIO, before / RATIO**2)
            seen.append(min(abs(change - part) for part in explained) * small.step)
        before = change
    return _typical(seen)


def _typical(seen: Sequence[float]) -> float:
    """Return the noise of which pairs of neighbouring rungs, largest step first, have seen so much.

    The median leaves out the pair that a nearby kink lies between, and pairs that are equal by chance. With
    fewer than three pairs there is none: large steps may see many kinks, and only the smallest counts.
    """
    if len(seen) < 3:
        return SAFETY * seen[-1] if seen else 0.0
    return SAFETY * sorted(seen)[len(seen) // 2]


def _alone(rungs: Sequence[Slopes], i: int) -> Estimate:
    """Take one rung for the derivative: its error shows in its one-sided slopes and in its neighbours.

    The truncation of a rung is at most 1/RATIO of the change from the larger one; seen from the smaller one,
    all of it, as far as that one's rounding lets it be seen.
    """
    rung = rungs[i]
    larger = float("inf")
    if i > 0:  # two of them, as one may agree by chance
        larger = max(abs(rungs[i - k].central - rung.central) / RATIO**k for k in (1, 2) if i >= k)
    smaller = float("inf")
    if i + 1 < len(rungs):
        smaller = abs(rungs[i + 1].central - rung.central) + rungs[i + 1].rounding
        left_behind = i > 0 and not smooth_at(rungs[i - 1]) and smooth_at(rung)
        if left_behind and smaller <= 2 * rungs[i + 1].rounding:
            # Kinks were within the larger step. Those within this one would show in its two sides.
            smaller = rung.jump + rung.blur
    change = min(larger, smaller, abs(rung.central) + rung.rounding)
    sides = abs(rung.central) if rung.one_sided else _beyond_curvature(rungs, i)
    return Estimate(rung.central, SAFETY * (sides + change) + rung.rounding, rung.central, rung.central)


def _beyond_curvature(rungs: Sequence[Slopes], i: int) -> float:
    """Return the part of a rung's jump that curvature and rounding do not explain: kinks within the step."""
    rung = rungs[i]
    parts = [rung.jump]
    for other in (*rungs[max(i - 1, 0) : i], *rungs[i + 1 : i + 2]):
        ratio = rung.step / other.step
        if other.blur * ratio < rung.jump:  # else the other one has seen nothing but rounding
            parts.append(max(abs(rung.jump - other.jump * ratio) - rung.blur - other.blur * ratio, 0.0))
    return min(parts)


def _combined(rungs: Sequence[Slopes], i: int, power: int) -> Estimate:
    """Combine a rung with the two above it: the disagreement and any kink inside are the error."""
    large, middle, small = rungs[i - 2 : i + 1]
    value = richardson(middle, small, power)
    disagreement = abs(value - richardson(large, middle, power)) + _beyond_curvature(rungs, i)
    change = abs(small.central - middle.central) / RATIO
    if power == 1:  # the bend may be as far away as a step, and then no step sees its own side of it
        change = abs(value - small.central)
    return Estimate(value, SAFETY * disagreement + change + small.rounding, value, value)


def kink_at_bottom(rungs: Sequence[Slopes]) -> Estimate | None:
    """Return the interval of right slopes if the point itself is a kink, as far as the smallest steps can
    tell.

    A kink farther away than the smallest usable step lets the one-sided slopes meet before the bottom.
    """
    two_sided = [rung for rung in rungs if not rung.one_sided]
    usable = [rung for rung in two_sided if rung.jump > 4 * rung.rounding]
    if len(usable) < 2 or not _only_rounding_below(usable[-1], two_sided):
        return None
    above, bottom = usable[-2:]
    kinked = persisting_jump(above, bottom)
    if bottom.jump > above.jump / KINK_PERSISTS:  # a jump that grows with smaller steps is noise
        return None
    if kinked <= SMALLEST_KINK * max(abs(bottom.low), abs(bottom.high)):
        return None
    moved = max(abs(above.low - bottom.low), abs(above.high - bottom.high))
    if moved > KINK_PERSISTS * bottom.jump + bottom.rounding:  # a bend: both sides change with the step
        return None
    sides = list(_sides(usable))
    error, rung = min(sides, key=lambda known: known[0])
    alone = sides[-1][1].step
    return Estimate(rung.central, error, rung.low, rung.high, kink=rung.step, alone=alone, within=bottom.step)


def _sides(rungs: Sequence[Slopes]) -> Iterator[tuple[float, Slopes]]:
    """Yield rungs that see the same kink as all smaller ones, each with the error of its one-sided slopes."""
    bottom = rungs[-1]
    yield bottom.rounding + bottom.jump, bottom
    seen: list[float] = []
    for large, small in reversed(list(pairwise(rungs))):
        low, high = abs(large.low - small.low), abs(large.high - small.high)
        if max(low, high) > SAME_KINK * small.jump + 2 * small.rounding + small.blur:
            return
        seen.insert(0, max(low, high) * small.step)
        curved = CURVED * large.relative * max(abs(large.low), abs(large.high))
        rounding = max(large.rounding, _typical(seen[-PAIRS_AT_BOTTOM:]) / large.step)
        yield rounding + min(low + high, small.blur + large.jump, curved), large


def _only_rounding_below(rung: Slopes, rungs: Sequence[Slopes]) -> bool:
    below = [other for other in rungs if other.step < rung.step]
    return all(other.rounding > rung.jump / 8 for other in below)
