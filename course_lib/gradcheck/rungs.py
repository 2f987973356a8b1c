"""Rungs of a ladder, one step size each: how far apart, what two neighbours say together, how noisy."""

from collections.abc import Sequence
from itertools import pairwise

from course_lib.gradcheck.stepping import Slopes

#: Neighbouring rungs differ by this factor.
RATIO = 16.0

#: One-sided slopes that agree to this much may differ by curvature alone.
SMOOTH = 1e-2

#: A disagreement between combinations is multiplied by this before it counts as an error bound.
SAFETY = 4.0

#: So many pairs of the smallest steps show the rounding noise.
PAIRS_AT_BOTTOM = 5


def smooth_at(slopes: Slopes, size: float = 0.0) -> bool:
    """Whether the one-sided slopes of one rung agree, up to a little curvature and rounding.

    Curvature is little beside the slopes, or beside what a slope of some `size` would be.
    """
    return slopes.jump <= SMOOTH * max(abs(slopes.low), abs(slopes.high), size) + slopes.rounding


def nearest(rungs: Sequence[Slopes], value: float) -> Slopes:
    """Return the rung that may be least away from a value: one that rounds much may be anywhere."""
    return min(rungs, key=lambda rung: abs(rung.central - value) + rung.rounding)


def richardson(large: Slopes, small: Slopes, power: int = 2) -> float:
    """Combine two central differences so that the error in step**power cancels (Richardson, 1911).

    It is the square where the curvature is continuous, and the step itself where the curvature jumps.
    """
    if large.one_sided or small.one_sided:
        return small.central
    ratio = (large.step / small.step) ** power
    return small.central + (small.central - large.central) / (ratio - 1)


def truncation_at(slopes: Slopes) -> float:
    """Estimate the truncation of a central difference from its curvature, which shows as the jump.

    Where f'' / f' is 1 / L the jump is step / L of the slope and the truncation about its square.
    """
    size = abs(slopes.central) + slopes.rounding
    return float(slopes.jump * (slopes.jump / size)) if size else 0.0


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
    return typical(seen)


def typical(seen: Sequence[float]) -> float:
    """Return the noise of which pairs of neighbouring rungs, largest step first, have seen so much.

    The median leaves out the pair that a nearby kink lies between, and pairs that are equal by chance; of an
    even number it is the smaller, for float32's large steps see curvature. With fewer than three pairs there
    is none: large steps may see many kinks, and only the smallest counts.
    """
    if len(seen) < 3:
        return SAFETY * seen[-1] if seen else 0.0
    return SAFETY * sorted(seen)[(len(seen) - 1) // 2]
