"""What a finished ladder says of a derivative: its value with its error, or the kink.

Neighbouring rungs are combined by Richardson's rule; how well the combinations agree says how far to trust
them, so no tolerance has to be guessed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from course_lib.gradcheck.rungs import (
    PAIRS_AT_BOTTOM,
    RATIO,
    SAFETY,
    SMOOTH,
    noise_at_bottom,
    richardson,
    smooth_at,
    truncation_at,
    typical,
)
from course_lib.gradcheck.stepping import KINK_PERSISTS, ROUNDING_MARGIN, Slopes, persisting_jump

#: One-sided slopes of two rungs are the same up to this fraction of the kink between them.
SAME_KINK = 1e-3

#: By this fraction, curvature may change one-sided slopes beside a kink within a usual first step of
#: float64.
CURVED = 1e-3

#: One-sided slopes farther apart than this fraction of them are a kink, if they do not approach each other.
SMALLEST_KINK = 1e-4

#: A bend too close to be seen may move what one side says of a slope by this fraction of the slopes.
UNSEEN_BEND = 1e-6

#: A slope that moves by more than this part of the move before, over so many rungs, has not settled.
SHRINKS, MOVES = 0.5, 3

#: One-sided slopes that grow by this factor from one rung to the next are far larger.
GROWS = 2.0


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


def estimate(rungs: Sequence[Slopes]) -> Estimate:
    """Return the best supported derivative of a finished ladder (largest step first)."""
    kink = kink_at_bottom(rungs)
    if kink is not None:
        return kink
    noise = noise_at_bottom(rungs)
    noisy = [_noisier(rung, noise / rung.step) for rung in rungs]
    candidates = []
    for i in range(len(rungs)):
        found = [_alone(noisy, i)]
        if i >= 2:
            found += [_combined(noisy, i, power) for power in (2, 1)]
        hidden = sum(_unseen(rungs[i], smaller) for smaller in noisy[i + 1 :]) > 1
        blind = hidden or _says_nothing(rungs, i)
        for candidate in found:
            more = float("inf") if blind else SAFETY * _contradicted(candidate.value, rungs, i)
            candidates.append((candidate.error + more, candidate))
    candidates += [(candidate.error, candidate) for candidate in _of_one_side(noisy)]
    error, best = min(candidates, key=lambda known: known[0])  # if none knows anything, the first
    return replace(best, error=error)


def _noisier(rung: Slopes, rounding: float) -> Slopes:
    return replace(rung, rounding=rounding) if rounding > rung.rounding else rung


def _of_one_side(rungs: Sequence[Slopes]) -> Iterator[Estimate]:
    """Yield what one side alone says where kinks lie close on the other: its steps may be much larger.

    The smallest steps have to see the same slope on both sides, else the point itself is a kink.
    """
    two_sided = [rung for rung in rungs if not rung.one_sided]
    if not any(kink_between(large, small) for large, small in pairwise(two_sided)):
        return
    steps = [rung.step for rung in two_sided]
    jumps = [rung.jump for rung in two_sided]
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
            if not any(max(seen) <= jumps[i] / 2 for seen in list(zip(jumps, blurs, strict=True))[i:]):
                error += jumps[i]  # no step sees the sides meet: the kink may be at the point itself
            yield Estimate(value, SAFETY * error + blurs[i] + floor, value, value)


def kink_between(large: Slopes, small: Slopes) -> bool:
    """Whether two rungs see the same kink: curvature would have moved their sides together."""
    return persisting_jump(large, small) > SMOOTH * max(abs(small.low), abs(small.high))


def _extrapolated(slopes: Sequence[float], steps: Sequence[float], i: int) -> float:
    """Combine two one-sided slopes so that the error in the step itself cancels."""
    return slopes[i] + (slopes[i] - slopes[i - 1]) / (steps[i - 1] / steps[i] - 1)


def _says_nothing(rungs: Sequence[Slopes], i: int) -> bool:
    """Whether rung i and larger ones say nothing.

    Where slopes grow from rung to rung, the smaller step of the two may not be small enough, and the larger
    one says nothing: beside a pole, at a jump, far beyond the place where forward begins to have values.
    Nor does one from which slopes go on to move as far each time, as those of p log p do at 0.
    """
    first = max(min(i + 1, len(rungs) - 1) - MOVES, 0)
    if _goes_on(rungs[first : first + MOVES + 1]):
        return True
    last = min(i + 1, len(rungs) - 1)  # of the smallest step nothing but its growth is known
    return _outgrown(rungs[last - 1], rungs[last])  # one alone is not larger than itself


def _contradicted(value: float, rungs: Sequence[Slopes], i: int) -> float:
    """Return by how much the next smaller step contradicts what rung i and larger ones say."""
    if i + 1 == len(rungs):
        return 0.0
    return max(abs(value - rungs[i + 1].central) - rungs[i + 1].rounding, 0.0)


def _goes_on(rungs: Sequence[Slopes]) -> bool:
    """Whether slopes move the same way from rung to rung, and about as far each time, beyond rounding.

    Rounding moves them to and fro, and farther each time.
    """
    moves = [small.central - large.central for large, small in pairwise(rungs)]
    hidden = [large.rounding + small.rounding for large, small in pairwise(rungs)]
    return len(moves) == MOVES and all(
        before * after > 0
        and abs(after) - unseen > SHRINKS * (abs(before) + above)
        and abs(after) < GROWS * abs(before)
        for (before, above), (after, unseen) in pairwise(zip(moves, hidden, strict=True))
    )


def _unseen(large: Slopes, small: Slopes) -> bool:
    """Whether the larger of two steps sees less than half of what the smaller one does, beyond rounding."""
    seen = max(abs(large.low), abs(large.high)) + large.rounding
    return abs(small.central) - small.rounding > GROWS * seen


def _outgrown(large: Slopes, small: Slopes) -> bool:
    """Whether the smaller of two steps sees far larger slopes, beyond rounding."""
    before, after = (max(abs(rung.low), abs(rung.high)) for rung in (large, small))
    return after - small.rounding > GROWS * (before + large.rounding)


def _alone(rungs: Sequence[Slopes], i: int) -> Estimate:
    """Take one rung for the derivative: its error shows in its one-sided slopes and in its neighbours.

    The truncation of a rung is at most 1/RATIO of the change from the larger one; seen from the smaller one,
    all of it, as far as that one's rounding lets it be seen.
    """
    rung = rungs[i]
    larger = float("inf")
    if i > 0:  # two of them, as one may agree by chance
        larger = max(abs(rungs[i - k].central - rung.central) / RATIO**k for k in (1, 2) if i >= k)
        if i == 1 and not smooth_at(rung) and larger > rung.rounding / RATIO:
            # One alone agrees by chance, too. What is no parabola is off by as much as its curvature tells.
            larger = max(larger, truncation_at(rung))
    smaller = float("inf")
    if i + 1 < len(rungs):
        smaller = abs(rungs[i + 1].central - rung.central) + rungs[i + 1].rounding
        left_behind = i > 0 and not smooth_at(rungs[i - 1]) and smooth_at(rung)
        if left_behind and smaller <= 2 * rungs[i + 1].rounding:
            # Kinks were within the larger step. Those within this one would show in its two sides.
            smaller = rung.jump + rung.blur
    change = min(larger, smaller, abs(rung.central) + rung.rounding)
    sides = abs(rung.central) if rung.one_sided else _beyond_curvature(rungs, i)
    error = SAFETY * (sides + change) + rung.rounding + _kinks_within(rungs, i)
    return Estimate(rung.central, error, rung.central, rung.central)


def _kinks_within(rungs: Sequence[Slopes], i: int) -> float:
    """Return by how much kinks within a rung's step may move it: of many outputs, rounding may hide some.

    Each output that has one shows it in its two sides, which curvature would have moved together with the
    step.
    """
    if i == 0:
        return 0.0
    large, small = rungs[i - 1], rungs[i]
    hidden = max(min(large.jump / RATIO, small.blur) - small.jump, 0.0)
    if small.noise.size == 1:  # `_beyond_curvature` has seen them
        return 0.0 if smooth_at(large) else hidden / 2
    curved = np.abs(large.right - large.left) * (small.step / large.step)
    seen = np.abs(small.right - small.left) - curved - ROUNDING_MARGIN * small.noise
    return (hidden + float(np.maximum(seen, 0.0).sum())) / 2


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
    error = SAFETY * disagreement + change + small.rounding + _kinks_within(rungs, i)
    return Estimate(value, error, value, value)


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
    for i in reversed(range(len(rungs) - 1)):
        large, small = rungs[i : i + 2]
        low, high = abs(large.low - small.low), abs(large.high - small.high)
        if max(low, high) > SAME_KINK * small.jump + 2 * small.rounding + small.blur:
            return
        seen.insert(0, max(low, high) * small.step)
        curved = CURVED * large.relative * max(abs(large.low), abs(large.high))
        rounding = max(large.rounding, typical(seen[-PAIRS_AT_BOTTOM:]) / large.step)
        bent = max(low + high, SAFETY * _bent(rungs[i - 1], large) if i else 0.0)
        yield rounding + min(bent, small.blur + large.jump, curved), large


def _bent(larger: Slopes, large: Slopes) -> float:
    """How far curvature moves the sides of the second rung, by those of the first, which it moves farther."""
    moved = abs(larger.low - large.low) + abs(larger.high - large.high)
    return moved / (larger.step / large.step - 1)


def _only_rounding_below(rung: Slopes, rungs: Sequence[Slopes]) -> bool:
    below = [other for other in rungs if other.step < rung.step]
    return all(max(other.rounding, other.blur) > rung.jump / 8 for other in below)
