"""Slopes of <dout, forward(x)> from finite differences: one step at a time, and a ladder of them.

Outputs are subtracted before they are multiplied by dout, so the rounding of one output never touches
another.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.point import Point

#: How many standard deviations of rounding noise a difference may be off by.
ROUNDING_MARGIN = 6.0

#: One-sided slopes differ by up to this much noise in each output: two differences of one rounding unit each.
BLUR_MARGIN = 2.0


@dataclass(frozen=True)
class Slopes:
    """The slope of <dout, forward> along a line, seen with one step.

    `central` comes from both sides. `low` and `high` bound what any choice between the one-sided slopes,
    output by output, can give. `rounding` is how far rounding alone may move `central`. Output by output,
    `outputs` are the central slopes (a column of the Jacobian), `right` and `left` the one-sided ones times
    dout. At the edge of forward's domain only one side may exist (`one_sided`).
    """

    step: float
    central: float
    low: float
    high: float
    rounding: float
    outputs: FloatArray
    right: FloatArray
    left: FloatArray
    blur: float = 0.0
    one_sided: bool = False

    @property
    def jump(self) -> float:
        """How far apart the one-sided slopes are: about step x curvature where smooth, constant at a kink.

        What rounding alone makes of it (`blur`, the sum over all outputs that moved) is taken away.
        """
        return max(self.high - self.low - self.blur, 0.0)


class Prober:
    """Measures slopes at one point."""

    def __init__(self, point: Point) -> None:
        self._point = point

    def along_entry(self, argument: int, index: int, step: float) -> Slopes | None:
        """Return the slopes for one entry (flat index) of an argument, or None where forward has no value."""
        x = self._point.inputs[argument]
        start = x.flat[index]
        ends = [self._representable(start + step), self._representable(start - step)]
        outputs = []
        for end in ends:
            moved = x.copy()
            moved.flat[index] = end
            outputs.append(self._point.value(self._point.moved(argument, moved)))
        return self._slopes(outputs[0], outputs[1], ends[0] - start, start - ends[1])

    def gradients_beside(self, argument: int, index: int, step: float) -> tuple[float, float] | None:
        """Return the student's gradient of one entry a step above and below, or None where there is none."""
        point = self._point
        if point.pair.given:
            return None
        found = []
        for side in (step, -step):
            moved = point.inputs[argument].copy()
            moved.flat[index] += side
            out, token = point.value_and_token(point.moved(argument, moved))
            if not np.isfinite(out).all():
                return None
            try:
                found.append(float(point.gradients(point.dout, token)[argument].flat[index]))
            except Exception:  # outside its domain a student's function may raise whatever it likes
                return None
        return found[0], found[1]

    def along(self, displacement: Mapping[int, FloatArray], step: float) -> Slopes | None:
        """Return the slopes along a direction, given as a displacement of some of the arguments."""
        outputs = []
        for side in (step, -step):
            inputs = list(self._point.inputs)
            for argument, direction in displacement.items():
                inputs[argument] = inputs[argument] + side * direction
            outputs.append(self._point.value(inputs))
        return self._slopes(outputs[0], outputs[1], step, step)

    def _representable(self, x: float) -> float:
        """Round to float32 where forward will: the step taken is then the step that forward sees."""
        return float(np.float32(x)) if self._point.single else float(x)

    def _slopes(self, plus: FloatArray, minus: FloatArray, up: float, down: float) -> Slopes | None:
        """Turn outputs at both sides into slopes."""
        here, dout = self._point.out, self._point.dout
        above, below = bool(np.isfinite(plus).all()), bool(np.isfinite(minus).all())
        if up <= 0 or down <= 0 or not (above or below):
            return None
        if not (above and below):
            outputs = (plus - here) / up if above else (here - minus) / down
            step, slope, one = up if above else down, float(dout @ outputs), dout * outputs
            rounding, _ = self._rounding(outputs, here, step)
            return Slopes(step, slope, slope, slope, rounding, outputs, one, one, one_sided=True)
        right, left = dout * ((plus - here) / up), dout * ((here - minus) / down)
        outputs, step = (plus - minus) / (up + down), (up + down) / 2
        low, high = float(np.minimum(right, left).sum()), float(np.maximum(right, left).sum())
        rounding, blur = self._rounding(np.abs(right) + np.abs(left), plus, step)
        return Slopes(step, float(dout @ outputs), low, high, rounding, outputs, right, left, blur)

    def _rounding(self, change: FloatArray, out: FloatArray, step: float) -> tuple[float, float]:
        """Return the rounding of a slope and of a jump: the noise of the outputs that moved, or of one if
        none did.

        Independent roundings add like random numbers in a slope; a jump adds up their sizes.
        """
        point = self._point
        noise = np.abs(point.dout) * np.maximum(point.noise, point.epsilon * np.abs(out))
        moved = noise[change != 0]
        if not moved.size:
            return ROUNDING_MARGIN * float(noise.max()) / step, 0.0
        return ROUNDING_MARGIN * float(np.sqrt(moved @ moved)) / step, BLUR_MARGIN * float(moved.sum()) / step
