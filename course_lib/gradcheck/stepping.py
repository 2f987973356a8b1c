"""Slopes of <dout, forward(x)> from finite differences, one step at a time.

Outputs are subtracted before they are multiplied by dout, so the rounding of one output never touches
another.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from course_lib.gradcheck.arrays import DOUBLE, BoolArray, FloatArray, norm, typical_size
from course_lib.gradcheck.point import Point

#: How many standard deviations of rounding noise a difference may be off by.
ROUNDING_MARGIN = 6.0

#: One-sided slopes differ by up to this much noise in each output: two differences of one rounding unit each.
BLUR_MARGIN = 2.0


#: An output whose one-sided slopes keep this much of their distance with a much smaller step has a kink.
KINK_PERSISTS = 0.5


@dataclass(frozen=True)
class Slopes:
    """The slope of <dout, forward> along a line, seen with one step.

    `central` comes from both sides. `low` and `high` bound what any choice between the one-sided slopes,
    output by output, can give. `rounding` is how far rounding alone may move `central`. Output by output,
    `outputs` are the central slopes (a column of the Jacobian), `right` and `left` the one-sided ones times
    dout, and `noise` how far rounding may move these. `relative` is the step in units of a usual first one of
    float64. At the edge of forward's domain only one side may exist (`one_sided`).
    """

    step: float
    central: float
    low: float
    high: float
    rounding: float
    outputs: FloatArray
    right: FloatArray
    left: FloatArray
    noise: FloatArray
    relative: float = 1.0
    one_sided: bool = False

    @classmethod
    def at_rest(cls, step: float, nothing: FloatArray) -> "Slopes":
        """Return the slopes of what moves no output."""
        return cls(step, 0.0, 0.0, 0.0, 0.0, nothing, nothing, nothing, nothing)

    @cached_property
    def blur(self) -> float:
        """How far rounding alone may move the one-sided slopes apart: the sum over all outputs that moved."""
        return float(BLUR_MARGIN * self.noise.sum())

    @cached_property
    def jump(self) -> float:
        """How far apart the one-sided slopes are: about step x curvature where smooth, constant at a kink.

        What rounding alone makes of it is taken away.
        """
        return max(self.high - self.low - self.blur, 0.0)

    def noisier(self, outputs: FloatArray) -> "Slopes":
        """Return the slopes with outputs, times dout, that round by so much at least."""
        noise = np.maximum(self.noise, outputs / self.step)
        return replace(self, noise=noise, rounding=max(self.rounding, rounding_margin(noise)))


def persisting_jump(large: Slopes, small: Slopes) -> float:
    """Return the jump at the smaller step of the outputs that have a kink there.

    Of a smooth output, the one-sided slopes approach each other with the step; where they move apart, that
    is noise.
    """
    before, after = np.abs(large.right - large.left), np.abs(small.right - small.left)
    persists = (after > KINK_PERSISTS * before) & (KINK_PERSISTS * after < before)
    kinked = persists & (after > ROUNDING_MARGIN * small.noise)
    return float(after[kinked].sum())


class Prober:
    """Measures slopes at one point."""

    def __init__(self, point: Point) -> None:
        self._point = point
        self._reach = [typical_size(x) * point.epsilon ** (1 / 3) for x in point.inputs]

    def along_entry(self, argument: int, index: int, step: float) -> Slopes | None:
        """Return the slopes for one entry (flat index) of an argument, or None where forward has no value."""
        start = self._point.inputs[argument].flat[index]
        ends = [self._representable(start + step), self._representable(start - step)]
        plus, minus = self._point.values_with(argument, index, ends)
        reach = max(self._reach[argument], abs(start) * self._point.epsilon ** (1 / 3))
        return self._slopes(plus, minus, ends[0] - start, start - ends[1], step / reach)

    def along(self, displacement: Mapping[int, FloatArray], step: float) -> Slopes | None:
        """Return the slopes along a direction, given as a displacement of some of the arguments."""
        many = []
        for side in (step, -step):
            inputs = list(self._point.inputs)
            for argument, direction in displacement.items():
                inputs[argument] = inputs[argument] + side * direction
            many.append(inputs)
        plus, minus = self._point.values(many)
        return self._slopes(plus, minus, step, step, step / self._point.epsilon ** (1 / 3))

    def _representable(self, x: float) -> float:
        """Round to what forward will: the step taken is then the step that forward sees."""
        if self._point.half:
            return float(np.float16(x))
        return float(np.float32(x)) if self._point.single else float(x)

    def _slopes(
        self, plus: FloatArray, minus: FloatArray, up: float, down: float, relative: float
    ) -> Slopes | None:
        """Turn outputs at both sides into slopes; `relative` is the step in units of a usual first one."""
        here, dout = self._point.out, self._point.dout
        above, below = bool(np.isfinite(plus).all()), bool(np.isfinite(minus).all())
        if not (above or below):
            return None
        in_double = relative * (self._point.epsilon / DOUBLE) ** (1 / 3)
        with np.errstate(all="ignore"):
            if not (above and below):
                outputs, step = ((plus - here) / up, up) if above else ((here - minus) / down, down)
                slope, one = float(dout @ outputs), dout * outputs
                noise = self._noise(outputs != 0, here, relative) / step
                known = (slope, slope, slope, rounding_margin(noise), outputs, one, one, noise, in_double)
                return _finite(Slopes(step, *known, one_sided=True))
            forth, back = (plus - here) / up, (here - minus) / down
            # Steps to both sides differ by rounding; weighted like this, curvature does not show even so.
            outputs = forth * (down / (up + down)) + back * (up / (up + down))
            right, left, step = dout * forth, dout * back, up / 2 + down / 2
            low, high = float(np.minimum(right, left).sum()), float(np.maximum(right, left).sum())
            noise = self._noise((forth != 0) | (back != 0), plus, relative) / step
            known = (
                float(dout @ outputs),
                low,
                high,
                rounding_margin(noise),
                outputs,
                right,
                left,
                noise,
                in_double,
            )
            return _finite(Slopes(step, *known))

    def _noise(self, moved: BoolArray, out: FloatArray, relative: float) -> FloatArray:
        """Return the noise of each output that moved, or of the noisiest one if none did."""
        point = self._point
        beside = point.noise_beside * max(1.0, relative)
        noise = np.abs(point.dout) * np.maximum(np.maximum(point.noise, beside), point.epsilon * np.abs(out))
        if moved.any():
            return np.where(moved, noise, 0.0)
        return np.where(np.arange(noise.size) == np.argmax(noise), noise, 0.0)


def rounding_margin(noise: FloatArray) -> float:
    """Return how far rounding may move a slope: independent roundings add like random numbers."""
    return ROUNDING_MARGIN * norm(noise)


def _finite(slopes: Slopes) -> Slopes | None:
    """Return slopes that could be formed, or None where they overflow."""
    known = (slopes.central, slopes.low, slopes.high, slopes.rounding)
    return slopes if all(map(math.isfinite, known)) else None
