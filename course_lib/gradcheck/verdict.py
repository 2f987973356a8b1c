"""Every entry of one argument judged: a cheap look at all, then a ladder for those in doubt."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from course_lib.gradcheck.allowance import Allowance
from course_lib.gradcheck.arrays import LARGEST, FloatArray, IntArray
from course_lib.gradcheck.beside import claims_beside
from course_lib.gradcheck.cancelled import rounding_of_gradient
from course_lib.gradcheck.entries import RIGHT, UNRESOLVED, WRONG, Entries
from course_lib.gradcheck.estimate import Estimate
from course_lib.gradcheck.first_step import FirstStep
from course_lib.gradcheck.ladder import (
    SIGN,
    Claim,
    Ladder,
    agrees_nearer,
    climb,
    confirmation,
    settle,
)
from course_lib.gradcheck.looks import Looks
from course_lib.gradcheck.nearby import Nearby
from course_lib.gradcheck.noise import GradientNoise
from course_lib.gradcheck.point import Point
from course_lib.gradcheck.rounding import Rounding
from course_lib.gradcheck.rungs import RATIO, nearest, smooth_at, truncation_at
from course_lib.gradcheck.scales import Scales, smallest_moving
from course_lib.gradcheck.size import UNITS_OF_NOTHING
from course_lib.gradcheck.stepping import Slopes, persisting_jump
from course_lib.progress_bar import watched

#: The truncation that a first look may count on, in finest errors: beyond it, a ladder is worth its cost.
MOST_TRUNCATION = 100.0

#: One-sided slopes this many relative steps apart are taken for a kink: curvature makes about one step.
KINK_STEPS = 100.0

#: Rounding does not hide slopes of which it is less than this fraction.
CLEAR = 0.01

#: Ladders that prove an error, or show no more than a first look did, after which the other entries are
#: judged by what these showed.
PROOFS = 4

#: Entries near kinks that get a ladder all the same, so that a diagnosis can look at them.
MOST_ROUGH = 64


class Judge(Looks):
    """Judges the entries of one argument."""

    def __init__(self, point: Point, noise: GradientNoise, argument: int, gradient: FloatArray) -> None:
        super().__init__(point, argument, Allowance(point, noise, argument, gradient))
        self.entries = Entries.unseen(gradient)
        self.size = self.allowance.size
        self.significant = bool(self.size <= np.abs(gradient).max())
        self.edges: dict[int, Slopes] = {}
        self._point = point
        self._rounding = Rounding(point, argument, self.allowance)
        self.nearby = Nearby(point)
        self._scales = Scales(point, argument, self._usual, self.measure)
        self._kink_jump = min(0.5, KINK_STEPS * point.epsilon ** (1 / 3))
        self._keep_columns = point.out.size * point.size <= 4_000_000

    def judge(self, indices: IntArray) -> None:
        """Judge some entries (flat indices), into `entries`."""
        first = FirstStep(self.prober, self.argument, self.size, self.allowance.finest)
        self._steps = first.adapted(self._steps, self.entries.analytic, indices)
        label = f"checking {self._point.names[self.argument]}"
        looks = {int(index): self._look(int(index)) for index in watched(indices, label)}
        # First without an allowance for the gradient's noise, which then need not be measured.
        doubtful = [index for index, slopes in looks.items() if not self._settled(index, slopes)]
        for index in doubtful:
            self.entries.allowed[index] += self.allowance.floor(index) - self.allowance.finest_of(index)
        doubtful = [index for index in doubtful if not self._settled(index, looks[index])]
        doubtful.sort(key=lambda index: -self._excess(index, looks[index]))
        proofs = vain = 0
        for index in watched(doubtful, f"{label} again"):
            look = looks[index]
            if proofs >= PROOFS and not self._worth_a_ladder(index):
                self._judge_by_first_look(index, look)
            elif vain >= PROOFS and look is not None and self._settled(index, look, look.rounding):
                continue
            else:
                error = self._judge_by_ladder(index, look)
                proofs += int(self.entries.state[index] == WRONG)
                vain += int(look is not None and error > look.rounding / 2)

    def at_rest(self) -> Iterator[tuple[int, Slopes]]:
        """Yield the entries that look right and move no output by themselves."""
        for index, outputs in self.entries.jacobian.items():
            if not outputs.any() and self.entries.state[index] == RIGHT:
                yield index, Slopes.at_rest(float(self._usual[index]), outputs)

    def _worth_a_ladder(self, index: int) -> bool:
        """Whether a diagnosis would miss the entry: a look at it says little, and few are like it."""
        return bool(self.entries.rough[index]) and int(self.entries.rough.sum()) <= MOST_ROUGH

    def _look(self, index: int) -> Slopes | None:
        slopes = self.measure(index, float(self._steps[index]))
        if slopes is None:
            return None
        own = self._scales.own(index)
        if slopes.rounding > SIGN * abs(self.entries.analytic[index]) > 0 and own < slopes.step / RATIO:
            closer = self.measure(index, own)  # beside large ones: a small entry alone may show its sign
            slopes = closer if closer is not None and closer.rounding < slopes.rounding else slopes
        self.entries.numerical[index] = slopes.central
        self.entries.rough[index] = not smooth_at(slopes)
        natural = self._point.natural(self.argument, (slopes.right != 0) | (slopes.left != 0))
        by_own_rounding = min(slopes.jump * (self._own_size(index) / slopes.step), LARGEST)
        self.allowance.at_rest[index] = natural, by_own_rounding
        if slopes.jump > slopes.rounding:
            usual = self._usual[index] / self._point.epsilon ** (1 / 3)
            self.allowance.by_curvature[index] = min(slopes.jump * (usual / slopes.step), LARGEST)
        truncation = self._truncation(slopes)
        self.entries.allowed[index] = slopes.rounding + self.allowance.finest_of(index) + truncation
        if self._keep_columns:
            self.entries.jacobian[index] = slopes.outputs
        return slopes

    def _truncation(self, slopes: Slopes) -> float:
        """Return the truncation of a central difference that a first look may count on."""
        size = abs(slopes.central) + slopes.rounding
        return float(min(truncation_at(slopes), MOST_TRUNCATION * self.allowance.finest * size))

    def _settled(self, index: int, slopes: Slopes | None, wanted: float | None = None) -> bool:
        """Whether the first look already shows that the entry is right, on a plain kink or off it."""
        if slopes is None or slopes.one_sided:
            return False
        if self._scales.moves_farther(index, slopes, not self.significant):
            return False
        analytic, allowed = self.entries.analytic[index], self.entries.allowed[index]
        agrees = abs(analytic - slopes.central) <= allowed
        ends = min(abs(analytic - slopes.low), abs(analytic - slopes.high)) <= allowed
        wanted = self.allowance.wanted(index) if wanted is None else wanted
        known = slopes.rounding <= wanted and self.allowance.resolves(index, slopes.rounding)
        if not (agrees or ends) or not known:
            return False
        if slopes.jump > self._kink_jump * max(abs(slopes.low), abs(slopes.high)) + slopes.rounding:
            closer = self.measure(index, slopes.step / RATIO)
            if closer is None:
                return False
            kinked = persisting_jump(slopes, closer)
            if kinked > slopes.jump / 2:
                if self._reaches_far(index, closer.step) or self._lies_beside(index, slopes):
                    return False
                self._record_kink(index, closer)
                return True
            if kinked > self._kink_jump * max(abs(slopes.low), abs(slopes.high)):
                return False
            self.entries.rough[index] = False
        if agrees:
            self.entries.state[index] = RIGHT
        return bool(agrees)

    def _record_kink(self, index: int, slopes: Slopes) -> None:
        self.entries.state[index] = RIGHT
        self.entries.kink[index] = True
        self.edges[index] = slopes

    def _excess(self, index: int, slopes: Slopes | None) -> float:
        if slopes is None:
            return 0.0
        return float(
            abs(self.entries.analytic[index] - slopes.central) / (self.entries.allowed[index] + 1e-300)
        )

    def _judge_by_ladder(self, index: int, first: Slopes | None) -> float:
        """Judge an entry by as many steps as it takes; return the error to which its slope is known."""
        analytic, floor = float(self.entries.analytic[index]), self.allowance.floor(index)
        first = first or self._first_inside_domain(index)
        if first is None:
            self.entries.state[index] = UNRESOLVED
            self.entries.steep[index] = True
            return float("inf")
        usual = self._climb(index, first, floor)
        (claim, rungs), steps, doubted = self._scales.surest(
            index, usual, lambda first, unit: self._climb(index, first, floor, unit)
        )
        if steps is not None:
            self.allowance.around[index] = np.maximum(steps, self.allowance.around.get(index, 0.0))
        rungs = self._scales.until_something_moves(index, rungs)
        found = settle(rungs, claim)
        best = nearest(rungs, found.value)
        mismatch = found.distance(analytic) - floor
        wrong = mismatch > found.error
        moving = smallest_moving(best, rungs)
        doubtful = wrong or moving or self._is_steep(index, found, claim, rungs)
        off = mismatch if wrong else 0.0
        if doubtful and self._rounding.shows_more(index, analytic, rungs, found, best, off, moving):
            return self._judge_by_ladder(index, first.noisier(self.allowance.around[index]))
        if mismatch > found.error:
            hidden = self._rounding.hides(index, rungs, found, best, mismatch)
            found = replace(found, error=found.error + min(hidden, mismatch))
        allowed = found.error + floor
        self.entries.numerical[index] = found.value
        self.entries.allowed[index] = allowed
        if found.distance(analytic) > allowed and not confirmation(rungs, claim):
            nearby = self.nearby.slopes_of_entry(self.argument, index, analytic, best, allowed)
            if nearby is not None:
                self._record_kink(index, nearby)
                return found.error
            off = found.distance(analytic) - allowed
            self.entries.allowed[index] += rounding_of_gradient(self._point, self.argument, index, off)
        self.entries.rough[index] = bool(found.kink)
        if self._keep_columns:
            self.entries.jacobian[index] = best.outputs
        self._judge_by_what_was_found(index, found, claim, rungs)
        if doubted and self.entries.state[index] == RIGHT:
            self.entries.state[index] = UNRESOLVED
        return found.error

    def _judge_by_what_was_found(
        self, index: int, found: Estimate, claim: Claim, rungs: list[Slopes]
    ) -> None:
        if confirmation(rungs, claim):
            self.entries.state[index] = RIGHT
        elif not self.size:  # outputs change by rounding alone
            self.entries.state[index] = UNRESOLVED
        elif found.distance(claim.value) > self.entries.allowed[index] and not np.isfinite(self.size):
            self.entries.state[index] = RIGHT if self._is_nothing(claim.value) else UNRESOLVED
        elif found.distance(claim.value) > self.entries.allowed[index]:
            doubted = not found.kink and agrees_nearer(rungs, claim, found)
            self.entries.state[index] = UNRESOLVED if doubted else WRONG
            self.entries.steep[index] = doubted
            self.entries.kink[index] = bool(found.kink)
        elif found.kink and self._reaches_far(index, found.within):
            self.entries.state[index] = UNRESOLVED
        elif found.kink:
            self._judge_on_kink(index, found, next(rung for rung in rungs if rung.step == found.kink))
        else:
            steep = self._is_steep(index, found, claim, rungs)
            # What a ladder says may be surer than the ladder: a step that agrees as far as it can tell.
            coarse = replace(claim, wanted=self.allowance.coarsest(index))
            known = self.allowance.resolves(index, found.error)
            known = known or (not steep and confirmation(rungs, coarse) is not None)
            self.entries.state[index] = RIGHT if known else UNRESOLVED
            self.entries.steep[index] = steep

    def _is_nothing(self, gradient: float) -> bool:
        """Whether a gradient is too small to be seen where outputs never change."""
        return abs(gradient) <= UNITS_OF_NOTHING * self._point.invisible(self.argument)

    def _is_steep(self, index: int, found: Estimate, claim: Claim, rungs: list[Slopes]) -> bool:
        """Whether a slope is not known well enough, although rounding does not hide the smallest steps'."""
        if found.kink or confirmation(rungs, claim) or self.allowance.resolves(index, found.error):
            return False
        bottom = rungs[-1]
        clear = bottom.rounding <= CLEAR * max(abs(bottom.low), abs(bottom.high))
        return clear and not self._point.half

    def _climb(self, index: int, first: Slopes, floor: float, unit: float = 0.0) -> Ladder:
        analytic = float(self.entries.analytic[index])
        wanted = self.allowance.wanted(index)
        if unit and not np.isfinite(wanted):  # nothing matters beside what inputs of their own size change
            wanted = CLEAR * abs(analytic)
        claim = Claim.of_entry(analytic, floor, first, wanted, self.size)
        return claim, climb(lambda step: self.measure(index, step, unit), first, claim)

    def _judge_on_kink(self, index: int, found: Estimate, slopes: Slopes) -> None:
        """Judge a gradient between the slopes of a kink.

        Any is right there, but one that is neither an end nor the middle may also be a mistake, which then
        shows beside the kink.
        """
        analytic, floor = float(self.entries.analytic[index]), self.allowance.floor(index)
        usual = (found.low, found.high, (found.low + found.high) / 2)
        if min(abs(analytic - slope) for slope in usual) > found.error + floor:
            for claimed, there in claims_beside(self._point, self.argument, index, found.alone, floor):
                if there.distance(claimed) > there.error + floor:
                    self.entries.state[index] = WRONG
                    self.entries.numerical[index] = there.value
                    self.entries.allowed[index] = there.error + floor
                    return
        self._record_kink(index, slopes)

    def _judge_by_first_look(self, index: int, slopes: Slopes | None) -> None:
        """Judge without further evaluations, generously: the argument is known to be wrong."""
        self.entries.state[index] = UNRESOLVED
        if slopes is None:
            return
        analytic = self.entries.analytic[index]
        if smooth_at(slopes):
            distance = abs(analytic - slopes.central)
            self.entries.allowed[index] += truncation_at(slopes)
        else:
            distance = max(slopes.low - analytic, analytic - slopes.high)
        if distance > 10 * self.entries.allowed[index] + 1e-7 * abs(slopes.central):
            self.entries.state[index] = WRONG
