"""How much rounding noise forward and backward carry, measured instead of assumed.

Scaling all inputs by a few units in the last place changes the true function by a straight line, to far
better than rounding. What is left after removing the line is rounding noise, amplified as the student's own
formulas amplify it. A correct but less stable formula (a naive variance, an unshifted softmax) is then
allowed its own noise.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from course_lib.gradcheck.problem import Problem
from course_lib.gradcheck.results import FloatArray

#: Weights of samples at 0, 1, 2 and 3 units in the last place: a straight line gives 0 with either row, and
#: independent noise gives its own size.
CONTRASTS = np.array([[1, -1, -1, 1], [-1, 3, -3, 1]]) / np.sqrt([[4], [20]])

#: Outputs are taken to be at least as noisy, relative to their size, as this quantile of them.
TYPICAL = 0.8

#: A gradient that jumps when inputs move by an ulp sits on a tie; no more than this fraction of it counts as
#: noise.
LARGEST_NOISE = 1e-4

DOUBLE = float(np.finfo(np.float64).eps)
SINGLE = float(np.finfo(np.float32).eps)


@dataclass
class Noise:
    """The absolute rounding noise of each output (flat) and of each entry of each argument's gradient.

    The gradients' is measured when it is first asked for: most gradients are right without an allowance.
    """

    output: FloatArray
    measure_gradients: Callable[[], list[FloatArray]]

    @cached_property
    def gradients(self) -> list[FloatArray]:
        """The noise of each argument's gradient."""
        return self.measure_gradients()


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


def measure(problem: Problem, gradients: list[FloatArray | None]) -> Noise:
    """Measure the output's noise in a few evaluations; set `problem.epsilon` to the precision of forward."""
    output, single = _probe_forward(problem, DOUBLE)
    if single:
        problem.epsilon = SINGLE
        note = "forward computes in float32, so nothing finer than float32 rounding is asked for"
        problem.notes.append(note)
        output, _ = _probe_forward(problem, SINGLE)
    return Noise(
        _output_noise(problem.out, output, problem.epsilon), lambda: _gradient_noises(problem, gradients)
    )


def _probe_forward(problem: Problem, ulp: float) -> tuple[Residual, bool]:
    """Evaluate forward a few ulps away: the output's residual, and whether all outputs fit into float32."""
    output = Residual(problem.out)
    single = computed_in_single(problem.out)
    for inputs in _beside(problem, ulp):
        out = problem.value(inputs)
        output.add(out)
        single = single and computed_in_single(out)
    return output, single


def _gradient_noises(problem: Problem, gradients: list[FloatArray | None]) -> list[FloatArray]:
    """Evaluate backward, where there is one to call, a few ulps away: the noise of each gradient."""
    residuals = [Residual(np.zeros(0) if gradient is None else gradient) for gradient in gradients]
    for inputs in _beside(problem, problem.epsilon):
        probed = _backward_at(problem, inputs)
        for gradient, residual, sample in zip(gradients, residuals, probed, strict=True):
            if gradient is not None:
                residual.add(sample)
    return [_gradient_noise(g, r, problem.epsilon) for g, r in zip(gradients, residuals, strict=True)]


def _beside(problem: Problem, ulp: float) -> Iterator[list[FloatArray]]:
    for count in range(1, CONTRASTS.shape[1]):
        yield [x * (1 + count * ulp) for x in problem.inputs]


def _backward_at(problem: Problem, inputs: list[FloatArray]) -> list[FloatArray]:
    """Return the gradients at a probe, nan where there are none to be had."""
    nothing = [np.full(x.shape, np.nan) for x in problem.inputs]
    token = None if problem.pair.given else problem.value_and_token(inputs)[1]
    if token is None:
        return nothing
    try:
        return problem.gradients(problem.dout.copy(), token)
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
