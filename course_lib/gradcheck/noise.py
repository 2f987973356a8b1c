"""How much rounding noise forward and backward carry, measured instead of assumed.

Scaling all inputs by a few units in the last place changes the true function by a straight line, to far
better than rounding. What is left after removing the line is rounding noise, amplified as the student's own
formulas amplify it. A correct but less stable formula (a naive variance, an unshifted softmax) is then
allowed its own noise.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from course_lib.gradcheck.arrays import DOUBLE, SINGLE, FloatArray
from course_lib.gradcheck.point import Point

#: Weights of samples at 0, 1, 2 and 3 units in the last place: a straight line gives 0 with either row, and
#: independent noise gives its own size.
CONTRASTS = np.array([[1, -1, -1, 1], [-1, 3, -3, 1]]) / np.sqrt([[4], [20]])

#: Outputs are taken to be at least as noisy, relative to their size, as this quantile of them.
TYPICAL = 0.8

#: A gradient that jumps when inputs move by an ulp sits on a tie; no more than this fraction of it counts as
#: noise.
LARGEST_NOISE = 1e-4


class GradientNoise:
    """The absolute rounding noise of each entry of each argument's gradient.

    It is measured when it is first asked for: most gradients are right without an allowance.
    """

    def __init__(self, point: Point, gradients: Sequence[FloatArray | None]) -> None:
        self._point = point
        self._gradients = gradients

    def of(self, argument: int) -> FloatArray:
        """Return the noise of one argument's gradient, of its shape."""
        return self._all[argument]

    @cached_property
    def _all(self) -> list[FloatArray]:
        return _gradient_noises(self._point, self._gradients)


class Residual:
    """How far equally spaced samples lie from a straight line, without keeping the samples."""

    def __init__(self, first: FloatArray) -> None:
        self._sums = [weights[0] * first for weights in CONTRASTS]
        self._count = 1

    def add(self, sample: FloatArray) -> None:
        """Add the next sample."""
        for total, weights in zip(self._sums, CONTRASTS, strict=True):
            total += weights[self._count] * sample
        self._count += 1

    def rms(self) -> FloatArray:
        """Return the distance, 0 where a sample was nan."""
        square = (self._sums[0] ** 2 + self._sums[1] ** 2) / 2
        return np.asarray(np.sqrt(np.nan_to_num(square, nan=0.0, posinf=0.0)))


def measure(point: Point) -> Point:
    """Return the point with forward's precision and each output's noise measured, in a few evaluations."""
    epsilon = DOUBLE
    output, single = _probe_forward(point, DOUBLE)
    if single:
        epsilon = SINGLE
        output, _ = _probe_forward(point, SINGLE)
    return replace(point, noise=_output_noise(point.out, output, epsilon), epsilon=epsilon)


def _probe_forward(point: Point, ulp: float) -> tuple[Residual, bool]:
    """Evaluate forward a few ulps away: the output's residual, and whether all outputs fit into float32."""
    output = Residual(point.out)
    single = computed_in_single(point.out)
    for inputs in _beside(point, ulp):
        out = point.value(inputs)
        output.add(out)
        single = single and computed_in_single(out)
    return output, single


def _gradient_noises(point: Point, gradients: Sequence[FloatArray | None]) -> list[FloatArray]:
    """Evaluate backward, where there is one to call, a few ulps away: the noise of each gradient."""
    residuals = [Residual(np.zeros(0) if gradient is None else gradient) for gradient in gradients]
    for inputs in _beside(point, point.epsilon):
        probed = _backward_at(point, inputs)
        for gradient, residual, sample in zip(gradients, residuals, probed, strict=True):
            if gradient is not None:
                residual.add(sample)
    return [_gradient_noise(g, r, point.epsilon) for g, r in zip(gradients, residuals, strict=True)]


def _beside(point: Point, ulp: float) -> Iterator[list[FloatArray]]:
    for count in range(1, CONTRASTS.shape[1]):
        yield [x * (1 + count * ulp) for x in point.inputs]


def _backward_at(point: Point, inputs: list[FloatArray]) -> list[FloatArray]:
    """Return the gradients at a probe, nan where there are none to be had."""
    nothing = [np.full(x.shape, np.nan) for x in point.inputs]
    if point.pair.given:
        return nothing
    out, token = point.value_and_token(inputs)
    if not np.isfinite(out).all():
        return nothing
    try:
        return point.gradients(point.dout, token)
    except Exception:  # a backward that fails so close to the point has no noise to be allowed for
        return nothing


def _output_noise(out: FloatArray, residual: Residual, epsilon: float) -> FloatArray:
    """Return each output's noise: its own residual, but no less than most others show relative to size."""
    rounding, own = epsilon * np.abs(out), residual.rms()
    visible = rounding > 0
    amplification = float(np.quantile(own[visible] / rounding[visible], TYPICAL)) if visible.any() else 1.0
    return np.asarray(np.maximum(own, rounding * max(1.0, amplification)))


def _gradient_noise(gradient: FloatArray | None, residual: Residual, epsilon: float) -> FloatArray:
    if gradient is None:
        return np.zeros(0)
    largest = float(np.max(np.abs(gradient), initial=0.0))
    own = np.maximum(residual.rms(), epsilon * np.abs(gradient))
    return np.asarray(np.minimum(own, LARGEST_NOISE * largest))


def computed_in_single(out: FloatArray) -> bool:
    """Whether every number fits into float32, and not just because it has few digits."""
    return representable_in_single(out) and not representable_in_single(out * (1 + 2**-20))


def representable_in_single(values: FloatArray) -> bool:
    """Whether every number survives a round trip through float32."""
    with np.errstate(all="ignore"):
        return bool(np.array_equal(values.astype(np.float32).astype(np.float64), values))
