"""Every entry of one argument judged: a cheap look at all, then a ladder for those in doubt."""

import numpy as np
import numpy.typing as npt

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.entries import RIGHT, UNRESOLVED, WRONG, Entries
from course_lib.gradcheck.ladder import RATIO, Claim, climb, confirmation, settle, smooth_at
from course_lib.gradcheck.noise import GradientNoise
from course_lib.gradcheck.point import Point
from course_lib.gradcheck.stepping import Prober, Slopes

#: A gradient is allowed this many times its measured noise.
NOISE_MARGIN = 10.0

#: The finest relative error asked for, in float64: two digits above what one step can see.
FINEST = 1e-9

#: The truncation that a first look may count on, in finest errors: beyond it, a ladder is worth its cost.
MOST_TRUNCATION = 100.0

#: An entry whose allowed error is above this fraction of the argument's largest gradient may hide a mistake.
RESOLVED = 1e-3

#: The relative error of a slope beside a kink: curvature over half a step.
BESIDE = 1e-6

#: One-sided slopes this many relative steps apart are taken for a kink: curvature makes about one step.
KINK_STEPS = 100.0

#: Ladders that prove an error, after which the other entries are judged by what these showed.
PROOFS = 4

#: Entries near kinks that get a ladder all the same, so that a diagnosis can look at them.
MOST_ROUGH = 64

#: A first step is improved until rounding is below this fraction of the slope.
WANTED_RESOLUTION = 1e-8


class Judge:
    """Judges the entries of one argument."""

    def __init__(self, point: Point, noise: GradientNoise, argument: int, gradient: FloatArray) -> None:
        self.prober = Prober(point)
        self.argument = argument
        self.entries = Entries.unseen(gradient)
        self._noise = noise
        self._finest = max(FINEST, 32 * point.epsilon if point.single else 0.0)
        self._steps = first_steps(point.inputs[argument].ravel(), point.epsilon)
        self._kink_jump = min(0.5, KINK_STEPS * point.epsilon ** (1 / 3))
        self._resolved = max(RESOLVED, point.epsilon ** (1 / 3))
        self._keep_columns = point.out.size * point.size <= 4_000_000
        self.edges: dict[int, Slopes] = {}

    def floor(self, index: int) -> float:
        """The error that is never held against an entry: its own noise and the finest relative error."""
        noise = self._noise.of(self.argument).flat[index]
        return float(NOISE_MARGIN * noise) + self._finest_error(index)

    def _finest_error(self, index: int) -> float:
        return float(self._finest * abs(self.entries.analytic[index]))

    def judge(self, indices: npt.NDArray[np.intp]) -> None:
        """Judge some entries (flat indices), into `entries`."""
        self._choose_step(indices)
        looks = {int(index): self._look(int(index)) for index in indices}
        # First without an allowance for the gradient's noise, which then need not be measured.
        doubtful = [index for index, slopes in looks.items() if not self._settled(index, slopes)]
        for index in doubtful:
            self.entries.allowed[index] += self.floor(index) - self._finest_error(index)
        doubtful = [index for index in doubtful if not self._settled(index, looks[index])]
        doubtful.sort(key=lambda index: -self._excess(index, looks[index]))
        proofs = 0
        for index in doubtful:
            if proofs >= PROOFS and not self._worth_a_ladder(index):
                self._judge_by_first_look(index, looks[index])
                continue
            self._judge_by_ladder(index, looks[index])
            proofs += int(self.entries.state[index] == WRONG)

    def _worth_a_ladder(self, index: int) -> bool:
        """Whether a diagnosis would miss the entry: a look at it says little, and few are like it."""
        return bool(self.entries.rough[index]) and int(self.entries.rough.sum()) <= MOST_ROUGH

    def measure(self, index: int, step: float) -> Slopes | None:
        """Return the slopes of one entry."""
        return self.prober.along_entry(self.argument, index, step)

    def _choose_step(self, indices: npt.NDArray[np.intp]) -> None:
        """Adapt all first steps to the most telling entry: larger against rounding, smaller for curvature."""
        weight = np.abs(self.entries.analytic[indices]) * self._steps[indices]
        index = int(indices[np.argmax(weight)])
        slopes = self.measure(index, float(self._steps[index]))
        if slopes is None:
            return
        if smooth_at(slopes) and slopes.rounding > WANTED_RESOLUTION * abs(slopes.central):
            self._enlarge_steps(index, slopes)
        else:
            self._shrink_steps(index, slopes)

    def _enlarge_steps(self, index: int, slopes: Slopes) -> None:
        for _ in range(3):
            larger = self.measure(index, slopes.step * RATIO)
            if larger is None or not smooth_at(larger):
                return
            if abs(larger.central - slopes.central) > slopes.rounding + larger.rounding:
                return
            self._steps *= RATIO
            slopes = larger
            if slopes.rounding <= WANTED_RESOLUTION * abs(slopes.central):
                return

    def _shrink_steps(self, index: int, slopes: Slopes) -> None:
        for _ in range(3):
            smaller = self.measure(index, slopes.step / RATIO)
            if smaller is None or smaller.jump > slopes.jump / 4 + smaller.rounding:  # a kink, not curvature
                return
            drowned = smaller.rounding > WANTED_RESOLUTION * abs(slopes.central)
            change = abs(smaller.central - slopes.central)
            if drowned or change <= smaller.rounding + self._finest * abs(slopes.central):
                return
            self._steps /= RATIO
            slopes = smaller

    def _look(self, index: int) -> Slopes | None:
        slopes = self.measure(index, float(self._steps[index]))
        if slopes is None:
            return None
        self.entries.numerical[index] = slopes.central
        self.entries.rough[index] = not smooth_at(slopes)
        truncation = self._truncation(slopes)
        self.entries.allowed[index] = slopes.rounding + self._finest_error(index) + truncation
        if self._keep_columns:
            self.entries.jacobian[index] = slopes.outputs
        return slopes

    def _truncation(self, slopes: Slopes) -> float:
        """Estimate the truncation of a central difference from its curvature, which shows as the jump.

        Where f'' / f' is 1 / L the jump is step / L of the slope and the truncation about its square.
        """
        size = abs(slopes.central) + slopes.rounding
        if not size:
            return 0.0
        return float(min(slopes.jump**2 / size, MOST_TRUNCATION * self._finest * size))

    def _settled(self, index: int, slopes: Slopes | None) -> bool:
        """Whether the first look already shows that the entry is right, on a plain kink or off it."""
        if slopes is None or slopes.one_sided:
            return False
        analytic, allowed = self.entries.analytic[index], self.entries.allowed[index]
        agrees = abs(analytic - slopes.central) <= allowed
        ends = min(abs(analytic - slopes.low), abs(analytic - slopes.high)) <= allowed
        plain_kink = slopes.jump > self._kink_jump * max(abs(slopes.low), abs(slopes.high)) + slopes.rounding
        if plain_kink and (agrees or ends):
            self._record_kink(index, slopes)
        elif agrees:
            self.entries.state[index] = RIGHT
        return bool(self.entries.state[index] == RIGHT)

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

    def _judge_by_ladder(self, index: int, first: Slopes | None) -> None:
        analytic, floor = float(self.entries.analytic[index]), self.floor(index)
        first = first or self._first_inside_domain(index)
        if first is None:
            self.entries.state[index] = UNRESOLVED
            return
        claim = Claim.of_entry(analytic, floor, first)
        rungs = climb(lambda step: self.measure(index, step), first, claim)
        found = settle(rungs, claim)
        allowed = found.error + floor
        self.entries.numerical[index] = found.value
        self.entries.rough[index] = found.kink
        self.entries.allowed[index] = allowed
        if self._keep_columns:
            best = min(rungs, key=lambda rung: abs(rung.central - found.value) + rung.rounding)
            self.entries.jacobian[index] = best.outputs
        if confirmation(rungs, claim):
            self.entries.state[index] = RIGHT
        elif found.distance(analytic) > allowed or (found.kink and not self._right_beside(index, rungs[0])):
            self.entries.state[index] = WRONG
        elif found.kink:
            self._record_kink(index, rungs[-1] if first.one_sided else first)
        else:
            largest = float(np.abs(self.entries.analytic).max())
            resolved = allowed <= max(self._resolved * largest, 4 * first.rounding + floor)
            self.entries.state[index] = RIGHT if resolved else UNRESOLVED

    def _right_beside(self, index: int, slopes: Slopes) -> bool:
        """Whether the gradients half a step to both sides of a kink are the slopes there.

        On the kink itself any slope between the two is right, but one that is neither an end nor the middle
        may also be a mistake, which then shows beside the kink.
        """
        gradients = self.prober.gradients_beside(self.argument, index, slopes.step / 2)
        if gradients is None or slopes.one_sided:
            return True
        expected = (float(slopes.right.sum()), float(slopes.left.sum()))
        for gradient, slope in zip(gradients, expected, strict=True):
            self.entries.numerical[index] = slope
            self.entries.allowed[index] = 2 * slopes.rounding + self.floor(index) + BESIDE * abs(slope)
            if abs(gradient - slope) > self.entries.allowed[index]:
                return False
        return True

    def _first_inside_domain(self, index: int) -> Slopes | None:
        for k in range(1, 6):
            slopes = self.measure(index, float(self._steps[index]) / RATIO**k)
            if slopes is not None:
                return slopes
        return None

    def _judge_by_first_look(self, index: int, slopes: Slopes | None) -> None:
        """Judge without further evaluations, generously: the argument is known to be wrong."""
        self.entries.state[index] = UNRESOLVED
        if slopes is None:
            return
        analytic = self.entries.analytic[index]
        outside = max(slopes.low - analytic, analytic - slopes.high, 0.0)
        distance = outside if not smooth_at(slopes) else abs(analytic - slopes.central)
        if distance > 10 * self.entries.allowed[index] + 1e-7 * abs(slopes.central):
            self.entries.state[index] = WRONG


def first_steps(x: FloatArray, epsilon: float) -> FloatArray:
    """Return a first step for each entry: epsilon**(1/3) times its size, or the argument's rms if larger.

    The cube root balances the two errors of a central difference, curvature and rounding (Press et al.,
    section 5.7).
    """
    rms = float(np.sqrt(np.mean(x**2)))
    scale = np.maximum(np.abs(x), rms) if rms else np.ones_like(x)
    return np.asarray(epsilon ** (1 / 3) * scale)
