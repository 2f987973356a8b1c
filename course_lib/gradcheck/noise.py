"""How much rounding noise forward and backward carry, measured instead of assumed.

Scaling all inputs by a few units in the last place changes the true function by a straight line, to far
better than rounding. What is left after removing the line is rounding noise, amplified as the student's own
formulas amplify it. A correct but less stable formula (a naive variance, an unshifted softmax) is then
allowed its own noise.
"""

from dataclasses import dataclass

import numpy as np

from course_lib.gradcheck.problem import Problem
from course_lib.gradcheck.results import FloatArray

#: Probes at 1, 2 and 3 units in the last place, beside the point itself.
PROBES = (1, 2, 3)

#: A gradient that jumps when inputs move by an ulp sits on a tie; no more than this fraction of it counts as
#: noise.
LARGEST_NOISE = 1e-4

DOUBLE = float(np.finfo(np.float64).eps)
SINGLE = float(np.finfo(np.float32).eps)


@dataclass(frozen=True)
class Noise:
    """The absolute rounding noise of each output (flat) and of each entry of each argument's gradient."""

    output: FloatArray
    gradients: list[FloatArray]


def measure(problem: Problem, gradients: list[FloatArray | None]) -> Noise:
    """Measure both noises in a few evaluations, and set `problem.epsilon` to the precision forward computes
    in.
    """
    outputs, probed = _probe(problem, DOUBLE)
    if all(computed_in_single(out) for out in [problem.out, *outputs]):
        problem.epsilon = SINGLE
        problem.notes.append(
            "forward computes in float32, so nothing finer than float32 rounding is asked for"
        )
        outputs, probed = _probe(problem, SINGLE)
    output = _output_noise(np.stack([problem.out, *outputs]), problem.epsilon)
    return Noise(
        output, [_gradient_noise(g, [p[k] for p in probed], problem.epsilon) for k, g in enumerate(gradients)]
    )


def _probe(problem: Problem, ulp: float) -> tuple[list[FloatArray], list[list[FloatArray]]]:
    """Evaluate forward, and backward where there is one to call, a few ulps away from the point."""
    outputs, gradients = [], []
    for count in PROBES:
        out, token = problem.value_and_token([x * (1 + count * ulp) for x in problem.inputs])
        outputs.append(out)
        gradients.append(_backward_at(problem, token))
    return outputs, gradients


def _backward_at(problem: Problem, token: object) -> list[FloatArray]:
    nothing = [np.full(x.shape, np.nan) for x in problem.inputs]
    if problem.pair.given or token is None:
        return nothing
    try:
        return problem.gradients(problem.dout.copy(), token)
    except Exception:  # it may have broken its contract for one argument; that is reported elsewhere
        return nothing


def residual(values: FloatArray) -> FloatArray:
    """Return the rms distance of equally spaced samples (first axis) from their straight line, per column.

    Columns that hold nan have no noise to report and give 0.
    """
    count = len(values)
    position = np.arange(count) - (count - 1) / 2
    centred = values - values.mean(axis=0)
    slope = np.tensordot(position, centred, axes=1) / (position @ position)
    left = centred - np.multiply.outer(position, slope)
    rms = np.sqrt((left**2).sum(axis=0) / (count - 2))
    return np.asarray(np.nan_to_num(rms, nan=0.0, posinf=0.0))


def _output_noise(samples: FloatArray, epsilon: float) -> FloatArray:
    """Return each output's noise: its own residual, but no less than what its neighbours show relative to
    size.
    """
    rounding = epsilon * np.abs(samples[0])
    own = residual(samples)
    visible = rounding > 0
    amplification = float(np.median(own[visible] / rounding[visible])) if visible.any() else 1.0
    return np.asarray(np.maximum(own, rounding * max(1.0, amplification)))


def _gradient_noise(gradient: FloatArray | None, probes: list[FloatArray], epsilon: float) -> FloatArray:
    if gradient is None:
        return np.zeros(0)
    own = residual(np.stack([gradient, *probes]))
    largest = float(np.max(np.abs(gradient), initial=0.0))
    return np.asarray(np.minimum(np.maximum(own, epsilon * np.abs(gradient)), LARGEST_NOISE * largest))


def computed_in_single(out: FloatArray) -> bool:
    """Whether every number fits into float32, and not just because it has few digits."""
    return representable_in_single(out) and not representable_in_single(out * (1 + 2**-20))


def representable_in_single(values: FloatArray) -> bool:
    """Whether every number survives a round trip through float32."""
    with np.errstate(all="ignore"):
        return bool(np.array_equal(values.astype(np.float32).astype(np.float64), values))
