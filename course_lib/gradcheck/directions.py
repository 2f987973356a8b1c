"""Arguments too large to look at entry by entry: random directions, and a search for the entry if one fails.

A direction moves every entry at once, so a handful of evaluations sees them all. Steps are scaled by each
entry's size, and entries with large gradients are damped, so that a small gradient is not drowned by its
neighbours.
"""

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

import numpy as np

from course_lib.gradcheck.allowance import NOISE_MARGIN, UNITS_AT_REST
from course_lib.gradcheck.arrays import BoolArray, FloatArray, IntArray, norm, typical_size
from course_lib.gradcheck.entries import SHARP, UNRESOLVED, UNSEEN, DirectionResult
from course_lib.gradcheck.estimate import Estimate
from course_lib.gradcheck.first_step import first_steps
from course_lib.gradcheck.ladder import Claim, climb, settle
from course_lib.gradcheck.noise import GradientNoise
from course_lib.gradcheck.point import Point
from course_lib.gradcheck.rungs import nearest
from course_lib.gradcheck.stepping import Prober, Slopes, rounding_margin
from course_lib.gradcheck.verdict import Judge

#: Entries looked at one by one when a direction fails: the largest gradients, and as many random ones. Where
#: a direction meets kinks, as many random ones, or all of up to twice as many.
SAMPLE = 24

#: Where entries tie, the others are moved by up to this part of their size.
APART = 1e-2

#: Rows looked at as a whole, and the longest that are.
ROWS, LONGEST_ROW = 4, 32

#: A direction that cannot show one entry alone is split into this many, each tested with so many rungs.
BLOCKS, BLOCK_RUNGS = 8, 3

#: The accuracy at which a direction stops climbing, relative to the entries' contributions: all of them wrong
#: by 1e-5, or, for an argument that was already looked at entry by entry, rounded to float32.
WANTED, WANTED_SHARP = 1e-7, 1e-11

#: Directions, and rungs of each, for gradients that fit into float32.
SHARP_DIRECTIONS, SHARP_RUNGS = 4, 6

#: No entry is moved by more than so many times its size, or about as far where all are smaller than 1: what
#: levels off has another slope there.
FARTHEST = 2.0

#: Evaluations for the directions of all arguments: below and above this many entries.
BUDGETS = ((100_000, 42), (None, 180))


class DirectionTest:
    """Tests one large argument along random directions."""

    def __init__(self, point: Point, noise: GradientNoise, judge: Judge, seed: int) -> None:
        self._wanted = WANTED
        self._point = point
        self._prober = Prober(point)
        self._judge = judge
        self._argument = judge.argument
        self._x = point.inputs[judge.argument]
        self._gradient = judge.entries.analytic.reshape(self._x.shape)
        self._noise = noise
        self._rng = np.random.default_rng([seed, judge.argument])
        self._epsilon = point.epsilon

    def run(self, evaluations: int) -> None:
        """Test directions within a number of evaluations, and find a wrong entry if one disagrees."""
        known = self._judge.entries
        known.directions += self._test_all(evaluations)
        if known.directions[-1].agrees and any(result.found.kink for result in known.directions):
            self._look_at_some()
        if known.directions[-1].agrees or known.directions[-1].tests_ties:
            return
        self._locate(known.directions[-1])
        if not known.wrong.size:
            known.directions += self._test_all(evaluations)

    def confirm(self) -> None:
        """Look closer at gradients that fit into float32, whose errors rounding of single entries may hide.

        Small errors in all entries show along a direction, where larger steps leave less rounding; one
        direction may miss them by chance.
        """
        self._wanted = WANTED_SHARP
        for _ in range(SHARP_DIRECTIONS):
            signs = self._rng.choice([-1.0, 1.0], self._x.shape)
            direction = self._damped(signs, np.ones(self._x.shape, dtype=bool))
            result = self._test(direction, SHARP_RUNGS)
            if result.resolved or not result.agrees:
                self._judge.entries.directions.append(result)

    def _test_all(self, evaluations: int) -> list[DirectionResult]:
        """Test directions for each part of the argument, and stop at one that disagrees.

        Where it meets kinks, any slope between the one-sided ones passes; moving all entries alike keeps ties
        tied, and so tests their sum exactly.
        """
        results: list[DirectionResult] = []
        parts = self._parts()
        rungs = max(3, evaluations // (2 * len(parts)))
        for part, signs in ((part, signs) for part in parts for signs in self._signs()):
            results.append(self._test(self._damped(signs, part), rungs))
            if results[-1].agrees and results[-1].found.kink:
                together = part * np.float64(self._scale)
                results.append(replace(self._test(together, rungs), tests_ties=True))
            elif results[-1].agrees and results[-1].suspicious:
                results += self._search(results[-1].direction, evaluations // len(parts))
            if not results[-1].agrees:
                break
        return results

    def _signs(self) -> Iterator[FloatArray]:
        """Yield the signs of directions: random ones, and in float32 those of the gradient.

        Along these, what entries contribute adds up, and a factor that all are off by shows above rounding.
        """
        yield self._rng.choice([-1.0, 1.0], self._x.shape)
        if self._point.single:
            yield np.where(self._gradient < 0, -1.0, 1.0)

    def _search(self, direction: FloatArray, evaluations: int) -> list[DirectionResult]:
        """Split a direction that would hide one wrong entry, until each part shows that it has none.

        A smaller part meets fewer kinks and less curvature. Stops at a part that disagrees, at a wrong entry,
        or when the evaluations are spent.
        """
        results: list[DirectionResult] = []
        parts, last = [direction], self._point.problem.evaluations + evaluations
        while parts and self._point.problem.evaluations < last:
            for block in self._blocks(parts.pop()):
                results.append(self._test(block, BLOCK_RUNGS, SHARP))
                if not results[-1].agrees:
                    return results
                if results[-1].suspicious and np.count_nonzero(block) > 1:
                    parts.append(block)
                elif results[-1].suspicious:
                    self._judge.judge(np.flatnonzero(block))
                    if self._judge.entries.wrong.size:
                        return results
        return results

    def _blocks(self, direction: FloatArray) -> list[FloatArray]:
        """Return a direction in parts of random entries."""
        moved = self._rng.permutation(np.flatnonzero(direction))
        blocks = []
        for entries in np.array_split(moved, min(BLOCKS, moved.size)):
            block = np.zeros_like(direction)
            block.flat[entries] = direction.flat[entries]
            blocks.append(block)
        return blocks

    @property
    def _scale(self) -> float:
        """The size of the argument: entries that tie go on to tie when all are moved by it."""
        return typical_size(self._x)

    def _damped(self, signs: FloatArray, part: BoolArray) -> FloatArray:
        """Return a direction through a part of the argument in which no entry drowns the others."""
        scale = first_steps(self._x.ravel(), 1.0).reshape(self._x.shape)
        share = np.abs(self._gradient) * scale
        typical = float(np.median(share[part]))
        if typical:
            typical = max(typical, self._least_seen)
        damping = np.minimum(1.0, typical / np.maximum(share, 1e-300)) if typical else 1.0
        return np.asarray(signs * scale * part * damping)

    @cached_property
    def _least_seen(self) -> float:
        """What an entry has to contribute for a usual first step to show it above rounding."""
        rounding = rounding_margin(np.abs(self._point.dout) * self._point.noise)
        return float(rounding / (SHARP * self._epsilon ** (1 / 3)))

    def _parts(self) -> list[BoolArray]:
        """Move entries that are exactly zero apart from the others: |x| and ReLU have their kinks there."""
        zero = self._x == 0
        return [~zero, zero] if zero.any() and not zero.all() else [np.ones(self._x.shape, dtype=bool)]

    def _test(self, direction: FloatArray, rungs: int, of_one: float = 0.0) -> DirectionResult:
        """Test one direction by a ladder, as sharply as wanted, or to a fraction of what one entry gives."""
        contributions = self._gradient * direction
        analytic = float(contributions.sum())
        size = norm(contributions)
        own_noise = norm(self._noise.of(self._argument, self._judge.size) * direction)
        floor = NOISE_MARGIN * own_noise + 8 * self._epsilon * size
        if not self._judge.significant:  # what it could be, in place of its rounding
            size = self._judge.size * norm(direction)
            floor += UNITS_AT_REST * self._epsilon * (size if math.isfinite(size) else 0.0)
        first = self._measure(direction, self._epsilon ** (1 / 3))
        if first is None:
            unknown = Estimate(np.nan, np.inf, np.nan, np.nan)
            return DirectionResult(direction, analytic, size, unknown, np.inf)
        one = 1 / math.sqrt(max(int(np.count_nonzero(direction)), 1))
        wanted = max(self._wanted, 64 * self._epsilon, of_one * one)
        claim = Claim(analytic, floor, floor + wanted * size)
        ladder = climb(lambda step: self._measure(direction, step), first, claim, rungs)
        found = settle(ladder, claim)
        best = nearest(ladder, found.value)
        allowed = found.error + floor
        if (
            found.kink
            and found.distance(analytic) > allowed
            and self._is_right_near_by(direction, analytic, found, allowed)
        ):
            found = replace(found, low=min(found.low, analytic), high=max(found.high, analytic))
        return DirectionResult(direction, analytic, size, found, allowed, best.step, first.rounding)

    def _is_right_near_by(
        self, direction: FloatArray, analytic: float, found: Estimate, allowed: float
    ) -> bool:
        """Whether a direction disagrees only because much ties, which it does no longer at places around."""
        here = found.low if analytic < found.low else found.high
        return self._judge.nearby.allows_move({self._argument: direction}, analytic, here, allowed)

    def _measure(self, direction: FloatArray, step: float) -> Slopes | None:
        if step * min(self._scale, 1.0) > FARTHEST:
            return None
        return self._prober.along({self._argument: direction}, step)

    def _locate(self, failed: DirectionResult) -> None:
        """Judge sampled entries, and bisect to a wrong one if no sampled entry is wrong."""
        size = self._x.size
        largest = np.argsort(-np.abs(self._gradient.ravel()), kind="stable")[:SAMPLE]
        sample = np.concatenate([largest, self._rng.integers(0, size, SAMPLE), self._rows(largest)])
        self._judge.judge(np.unique(sample))
        if not self._judge.entries.wrong.size:
            self._judge.judge(np.array([self._bisect(failed)]))

    def _look_at_some(self) -> None:
        """Judge a sample of entries, where kinks let a direction pass that entries alone would not.

        What a single entry leaves open, the direction has answered; so it has where entries tie, and each is
        right once the others have moved.
        """
        size, state = self._x.size, self._judge.entries.state
        few = size <= 2 * SAMPLE
        self._judge.judge(np.arange(size) if few else np.unique(self._rng.integers(0, size, SAMPLE)))
        wrong = self._judge.entries.wrong
        if not any(self._is_wrong_alone(int(index)) for index in wrong):
            state[wrong] = UNSEEN
        state[state == UNRESOLVED] = UNSEEN

    def _is_wrong_alone(self, index: int) -> bool:
        """Whether an entry is wrong where all others have moved a little, and so tie with it no longer."""
        moved = []
        for x in self._point.inputs:
            moved.append(x + APART * first_steps(x, 1.0) * self._rng.uniform(-1, 1, x.shape))
        moved[self._argument].flat[index] = self._x.flat[index]
        there = None if self._point.pair.given else self._point.with_gradients_at(moved)
        if there is None:
            return False
        place, gradients = there
        judge = Judge(place, GradientNoise(place, gradients), self._argument, gradients[self._argument])
        judge.judge(np.array([index]))
        return bool(judge.entries.wrong.size)

    def _rows(self, largest: IntArray) -> IntArray:
        """Return all entries of the rows with the largest gradients, if rows are short."""
        length = self._x.shape[-1] if self._x.ndim > 1 else self._x.size
        if length > LONGEST_ROW:
            return largest
        rows = np.unique(largest // length)[:ROWS]
        return np.asarray((rows[:, None] * length + np.arange(length)).ravel())

    def _bisect(self, failed: DirectionResult) -> int:
        """Halve the entries of a direction again and again, keeping the half that disagrees more.

        The step that showed the whole direction best shows its parts no worse.
        """
        flat = failed.direction.ravel()
        entries = np.flatnonzero(flat)
        mismatch = failed.analytic - failed.found.value
        while entries.size > 1:
            half = entries[: entries.size // 2]
            part = np.zeros_like(flat)
            part[half] = flat[half]
            slopes = self._measure(part.reshape(self._x.shape), failed.step)
            if slopes is None:
                break
            of_half = float(self._gradient.ravel()[half] @ flat[half]) - slopes.central
            if abs(of_half) >= abs(mismatch - of_half):
                entries, mismatch = half, of_half
            else:
                entries, mismatch = entries[entries.size // 2 :], mismatch - of_half
        return int(entries[0])


def budget(size: int) -> int:
    """Return how many evaluations the directions of all arguments may spend together."""
    return next(evaluations for limit, evaluations in BUDGETS if limit is None or size <= limit)
