"""Slopes that rounding hides altogether: those of outputs that depend on an entry and have not moved with it.

A probability of 1 - 1e-22 is 1, and stays 1 whatever a step does, while the one of 1e-22 beside it is seen
with all its digits. What is seen is then no more than a part of the slope.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from course_lib.gradcheck.arrays import BoolArray, FloatArray, typical_size
from course_lib.gradcheck.point import Point
from course_lib.gradcheck.rungs import smooth_at
from course_lib.gradcheck.stepping import Slopes, rounding_margin

#: How far an entry is moved, in units of its size or its argument's rms, to see which outputs depend on it.
FAR = (2.0, 8.0, 64.0)

#: Less than this part of a mismatch explains nothing of it.
NOTHING = 1e-6

#: A rung has moved away if it lies so many times as far from two larger ones as these from each other.
MOVES_AWAY = 4.0

#: An output that changes by so many times what it does at three quarters of the way grows as exp does. It is
#: then looked at half as far away, at most so many times.
EXPLODES, NEARER = 64.0, 8

#: Numbers cancel where halved fourth differences of so many outputs, so many square roots of a rounding unit
#: apart, are so many times the rounding of an output. The next place where they may is so many times farther.
SAMPLES, SPACING, CANCELS, FARTHER = 8, 8.0, 64.0, 4.0

#: They are also looked at where all entries are these parts of themselves.
NEARER_ZERO = 0.5, 0.25, 0.125, 0.0625

#: Nothing is looked at beyond: it would cost a call for each sample of each place on the way.
FARTHEST = 1e20

#: Outputs that move in steps do so by no more than so many rounding units of the numbers they are made of.
MOST_UNITS = 64.0

#: These numbers are no more than so many times the outputs, or 1.
LARGER = 1e6


def hidden_slope(
    point: Point, argument: int, index: int, rungs: Sequence[Slopes], shown: Slopes, mismatch: float = 0.0
) -> float:
    """Return the largest slope that outputs may have which have not moved on the rung that shows the others.

    Each hides less than its noise over the largest step that has not moved it. Which of them depend on the
    entry is looked at, far away, only where all together would hide something of the mismatch: what
    approaches a root in a loop goes on for ever below zero.
    """
    upwards = sorted((rung for rung in rungs if rung.step >= shown.step), key=lambda rung: rung.step)
    still, reach = ~_moved(upwards[0]) & (point.dout != 0), np.zeros(point.out.size)
    unmoved = still.copy()
    for rung in upwards:
        unmoved &= ~_moved(rung)
        reach[unmoved] = rung.step
    noise = np.abs(point.dout) * np.maximum(point.noise, point.epsilon * np.abs(point.out))
    if unmoved.any() and rounding_margin(noise[still] / reach[still]) > NOTHING * mismatch:
        still &= ~unmoved | (_far_change(point, argument, index, unmoved) != 0)
    return rounding_margin(noise[still] / reach[still])


def unsettled(rungs: Sequence[Slopes], shown: Slopes) -> float:
    """Return how far a rung lies from larger ones that had settled: what rounding in forward makes of it.

    The slope of a smooth function moves less and less from rung to rung, and beside a kink two sides differ.
    """
    larger = [rung for rung in rungs if rung.step > shown.step and not rung.one_sided and smooth_at(rung)]
    away = 0.0
    for large, small in pairwise(larger):
        change, moved = abs(small.central - large.central), abs(shown.central - small.central)
        if moved > MOVES_AWAY * (change + small.jump + small.rounding):
            away = max(away, 2 * moved)
    return away


def farthest_agreeing(rungs: Sequence[Slopes], shown: Slopes, value: float, error: float) -> Slopes:
    """Return the largest rung up to which all see a slope, up to an error: no more is hidden than there."""
    farthest = shown
    for rung in sorted((rung for rung in rungs if rung.step > shown.step), key=lambda rung: rung.step):
        if rung.one_sided or abs(rung.central - value) > error:
            break
        farthest = rung
    return farthest


def least_to_show(point: Point, argument: int) -> float:
    """Return the slope that makes no more than the rounding of the numbers of size 1 in an output."""
    units = MOST_UNITS * point.epsilon * np.abs(point.dout).sum()
    return float(units / typical_size(point.inputs[argument]))


def slope_of_what_cancels(point: Point, argument: int, index: int, shown: Slopes) -> float:
    """Return what rounding may make of the slope where outputs are small differences of large numbers.

    1 + tanh(-9) is a few rounding units of 1, and stays the same until a step is large enough for one more.
    How large the numbers are is seen where the entry has moved by its own size. What is beyond, as far as the
    other entries' size, counts where numbers are seen to cancel on the way: powers are huge there, and this
    says nothing about here.
    """
    x = point.inputs[argument]
    size = abs(float(x.flat[index]))
    reach = FAR[0] * max(size, shown.step)
    farthest = min(FAR[0] * max(size, typical_size(x)), FARTHEST)
    noise = point.epsilon * _size_of_numbers(point, argument, index, reach)
    asked = point.dout != 0
    while reach < farthest and asked.any():
        reach = min(FARTHER * reach, farthest)
        rounding = np.where(asked, _rounding_of_what_cancels(point, argument, index, reach), 0.0)
        asked &= rounding == 0
        noise = np.maximum(noise, rounding)
    return rounding_margin(np.abs(point.dout) * noise / shown.step)


def rounding_of_steps(
    point: Point, argument: int, index: int, rungs: Sequence[Slopes], nearer: FloatArray | float = 0.0
) -> FloatArray:
    """Return the steps that outputs, times dout, move in: 1 - cos(1e-9) stays 0, and then becomes 2**-53.

    An output that stands still on one rung moves on a larger one by at least so much. It is rounding only if
    it is no more than that of the numbers which outputs reach where the entry is moved by the usual size, or
    by 1, or than the rounding with all entries `nearer` to zero.
    """
    steps = np.array([[rung.step] for rung in rungs])
    moved = np.stack([_moved(rung) for rung in rungs])
    changes = steps * np.stack([np.abs([rung.right, rung.left]) for rung in rungs], axis=1)
    least = np.min(changes, axis=(0, 1), initial=np.inf, where=changes > 0)
    still = np.where(moved, np.inf, steps).min(axis=0) < np.where(moved, steps, 0.0).max(axis=0)
    asked = still & (least > np.abs(point.dout) * np.maximum(point.noise, point.epsilon * np.abs(point.out)))
    if not asked.any():
        return np.zeros(point.out.size)
    numbers = np.maximum(numbers_reached(point, argument, index), 1.0)
    rounding = np.maximum(point.epsilon * numbers, nearer)
    asked &= least <= MOST_UNITS * np.abs(point.dout) * rounding
    return np.where(asked, least, 0.0)


def numbers_reached(point: Point, argument: int, index: int) -> FloatArray:
    """Return how large the numbers are that outputs reach where an entry is moved by the usual size, or 1."""
    x = point.inputs[argument]
    reach = FAR[0] * max(abs(float(x.flat[index])), typical_size(x), 1.0)
    return np.maximum(_size_of_numbers(point, argument, index, reach), np.abs(point.out))


def most_of_rounding(point: Point) -> FloatArray:
    """Return how much of each output, times dout, may at most be rounding of larger numbers far away.

    For more it is not worth to look there: a loop that ends when something has grown goes on for ever with a
    rate below zero.
    """
    numbers = LARGER * np.maximum(np.abs(point.out), 1.0)
    return np.asarray(MOST_UNITS * point.epsilon * np.abs(point.dout) * numbers)


def _size_of_numbers(point: Point, argument: int, index: int, reach: float) -> FloatArray:
    """Return by how much outputs change when an entry is moved, though not so far that they grow as exp."""
    change = _change(point, argument, index, reach)
    for _ in range(NEARER):
        explodes = change > EXPLODES * _change(point, argument, index, 0.75 * reach)
        if not explodes.any():
            break
        reach /= 2
        change = np.where(explodes, _change(point, argument, index, reach), change)
    return change


def rounding_nearer_zero(point: Point, argument: int) -> FloatArray:
    """Return the rounding of outputs where all entries of an argument are nearer to zero, 0 where it is but
    their own.

    Of the entropy of probabilities 1 and 1e-25, log(1 + 1e-25) is a part that no step shows: it is 0. With
    logits half as far apart it is rounding.
    """
    x, found = point.inputs[argument], np.zeros(point.out.size)
    for nearer in NEARER_ZERO:
        places = (nearer * (1 + count * SPACING * point.epsilon**0.5) for count in range(SAMPLES))
        samples = list(point.values(point.moved(argument, place * x) for place in places))
        # a floor jumps between few of them, and rounding moves all
        found = np.maximum(found, _rounding_of(samples, point.epsilon, np.median))
    return found


def _rounding_of_what_cancels(point: Point, argument: int, index: int, reach: float) -> FloatArray:
    """Return the rounding of outputs where an entry has moved so far, 0 where it is but their own."""
    x = point.inputs[argument]
    found = np.zeros(point.out.size)
    for side in (reach, -reach):
        there = float(x.flat[index]) + side
        # a power of two, so that all samples are as far apart
        spacing = 2.0 ** round(np.log2(SPACING * np.sqrt(point.epsilon) * abs(there)))
        places = (there + count * spacing for count in range(SAMPLES))
        samples = list(point.values_with(argument, index, places))
        found = np.maximum(found, _rounding_of(samples, point.epsilon, np.max))
    return found


def _rounding_of(
    samples: Sequence[FloatArray], epsilon: float, of_all: Callable[..., FloatArray]
) -> FloatArray:
    """Return halved fourth differences of outputs where these are more than their own rounding, else 0.

    Of rounding they are as large as third ones, which show the curvature of exp(x) where x is 300. Where an
    output changes by many times its size once its argument does, that one's rounding is its own, too.
    """
    with np.errstate(all="ignore"):
        fourth = of_all(np.abs(np.diff(np.stack(samples), n=4, axis=0)), axis=0) / 2
        steep = np.abs(samples[1] - samples[0]) / (SPACING * np.sqrt(epsilon))
        own = epsilon * np.maximum(np.abs(samples[0]), steep)
        return np.where(fourth > CANCELS * own, fourth, 0.0)


def _moved(slopes: Slopes) -> BoolArray:
    return np.asarray((slopes.right != 0) | (slopes.left != 0))


def _far_change(point: Point, argument: int, index: int, asked: BoolArray) -> FloatArray:
    """Return by how much outputs change when an entry is far away: so far that those asked about do."""
    x = point.inputs[argument]
    size = max(abs(float(x.flat[index])), typical_size(x))
    change = np.zeros(point.out.size)
    for far in FAR:
        change = np.maximum(change, _change(point, argument, index, far * size))
        if (change[asked] != 0).all():
            break
    return change


def _change(point: Point, argument: int, index: int, reach: float) -> FloatArray:
    """Return by how much outputs change at most when an entry is moved so far to either side."""
    here, change = point.inputs[argument].flat[index], np.zeros(point.out.size)
    for side in (reach, -reach):
        out = point.value_with(argument, index, here + side)
        if np.isfinite(out).all():
            change = np.maximum(change, np.abs(out - point.out))
    return change
