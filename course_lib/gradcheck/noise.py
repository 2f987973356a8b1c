"""How much rounding noise forward and backward carry, measured instead of assumed.

Moving all inputs by a few units in the last place changes the true function by a straight line, or at most
by a parabola, to far better than rounding. What is left after removing it is rounding noise, amplified as the
student's own formulas amplify it. A correct but less stable formula (a naive variance, an unshifted softmax)
is then allowed its own noise.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from course_lib.gradcheck.arrays import DOUBLE, HALF, FloatArray, typical_size
from course_lib.gradcheck.narrow import are_whole, computed_in_single, precision_of, representable_in_single
from course_lib.gradcheck.point import Point

#: Weights of samples at 0, 1, 2 and 3 units in the last place: a straight line gives 0 with either row, and
#: independent noise gives its own size.
CONTRASTS = np.array([[1, -1, -1, 1], [-1, 3, -3, 1]]) / np.sqrt([[4], [20]])

#: By so many units in the last place forward's inputs are moved in float64, and weights of its samples that
#: give 0 for a parabola. Moved by one, two and three, a product with a little less than a power of two, as
#: 1000 or 0.9, moves by as many of its own, and shows no rounding.
UNITS = 0, 11, 29, 41, 59
CONTRASTS_OF_UNITS = np.linalg.qr(np.vander(UNITS, 3), mode="complete")[0][:, 3:].T

#: Outputs are taken to be at least as noisy, relative to their size, as this quantile of them.
TYPICAL = 0.8

#: A gradient that moves by more than this fraction of what would matter when inputs move by an ulp may sit on
#: a tie: what counts as noise is then seen a step away too.
TIE = 1e-8

#: A gradient that scatters by more than one part in so many, as inputs hardly move, is nothing but rounding.
ROUNDING = 16.0

#: So many samples beside the point show the noise of a gradient there.
SAMPLES_BESIDE = 7

#: No more than this fraction of what would matter counts as noise.
LARGEST_NOISE = 1e-4

#: Noise beside the point, or a change of an output, counts from this many times the noise at the point.
BESIDE = 4.0

#: Noise of more than this part of an output may be a jump just here: an input that is compared equals its
#: limit. A jump lies on one side: on the other there is less than this part of it.
JUMP, ONE_SIDED = 1e-6, 1e-3

#: How far inputs are moved, relative to their size, to see how much the outputs vary: the first of these at
#: which forward has a value. Each entry moves by half to all of it.
FAR = (2.0, 0.5, 0.05, 0.005)

#: An output that varies by so many times itself, or as it does nearer by, varies beyond measure; so does one
#: whose rounding would be more than this part of what it varies by nearer by.
EXPLODES, DROWNS = 1e6, 1e-4


#: So far away, relative to their size, other points are whose outputs fit into float32 by no chance, and so
#: many are tried.
ELSEWHERE, POINTS_ELSEWHERE = 1e-3, 4

#: So many times nearer to zero, what is computed in a narrow type is not whole because its numbers are large.
NEAR_ZERO = 30.0, 70.0, 200.0


class Residual:
    """How far samples lie from a straight line, or as other contrasts say, without keeping the samples."""

    def __init__(self, first: FloatArray, contrasts: FloatArray = CONTRASTS) -> None:
        self._shape = np.shape(first)
        self._contrasts = contrasts
        self._samples = [np.ravel(first)]

    def add(self, sample: FloatArray) -> None:
        """Add the next sample."""
        self._samples.append(np.ravel(sample))

    def rms(self) -> FloatArray:
        """Return the distance, of a sample's shape, 0 where a sample was nan."""
        with np.errstate(all="ignore"):
            parts = [
                sum(w * sample for w, sample in zip(row, self._samples, strict=True))
                for row in self._contrasts
            ]
            distance = np.hypot(*parts) / np.sqrt(2)
        return np.where(np.isfinite(distance), distance, 0.0).reshape(self._shape)


def scatter(samples: Sequence[FloatArray]) -> tuple[FloatArray, FloatArray]:
    """Return the noise of equally spaced samples of a smooth function: the typical, and the largest.

    The typical one, the median of the second differences, leaves out a jump or two on the way.
    """
    with np.errstate(all="ignore"):
        second = np.abs(np.diff(np.stack(samples), n=2, axis=0)) / np.sqrt(6)
    second = np.sort(np.where(np.isfinite(second), second, 0.0), axis=0)
    return second[len(second) // 2], second[-1]


class GradientNoise:
    """The absolute rounding noise of each entry of each argument's gradient.

    It is measured when it is first asked for: most gradients are right without an allowance.
    """

    def __init__(self, point: Point, gradients: Sequence[FloatArray | None]) -> None:
        self._point = point
        self._gradients = gradients

    def of(self, argument: int, largest: float) -> FloatArray:
        """Return the noise of one argument's gradient, where gradients of the size `largest` would matter."""
        gradient = self._gradients[argument]
        if gradient is None:
            return np.zeros(0)
        own = self._here[argument]
        if own.max() > TIE * largest:
            own = np.minimum(own, self._beside[argument][0])
        own = np.maximum(own, self._point.epsilon * np.abs(gradient))
        return np.asarray(np.minimum(own, LARGEST_NOISE * largest))

    def says_nothing(self, argument: int) -> bool:
        """Whether a gradient is nothing but rounding: it changes by its own size when inputs hardly move."""
        gradient = self._gradients[argument]
        if gradient is None or not gradient.any():
            return True
        largest = float(np.abs(gradient).max())
        return largest <= ROUNDING * float(max(self._here[argument].max(), self._beside[argument][1].max()))

    @cached_property
    def _here(self) -> list[FloatArray]:
        nothing = np.zeros(0)
        residuals = [Residual(nothing if gradient is None else gradient) for gradient in self._gradients]
        for count in range(1, CONTRASTS.shape[1]):
            inputs = [x * (1 + count * self._point.epsilon) for x in self._point.inputs]
            probed = backward_at(self._point, inputs)
            for gradient, residual, sample in zip(self._gradients, residuals, probed, strict=True):
                residual.add(nothing if gradient is None else sample)
        return [residual.rms() for residual in residuals]

    @cached_property
    def _beside(self) -> list[tuple[FloatArray, FloatArray]]:
        samples: list[list[FloatArray]] = [[] if g is None else [g] for g in self._gradients]
        for inputs in _steps_away(self._point):
            for known, sample in zip(samples, backward_at(self._point, inputs), strict=True):
                if known:
                    known.append(sample)
        return [scatter(known) if known else (np.zeros(0), np.zeros(0)) for known in samples]


def measure(point: Point, seed: int) -> Point:
    """Return the point with forward's precision, each output's noise and its variation measured."""
    here, single = _probe_forward(point, point.inputs, point.out, DOUBLE)
    epsilon = min(precision_of(point.out), _precision_elsewhere(point)) if single else DOUBLE
    if epsilon > DOUBLE:
        here, _ = _probe_forward(point, point.inputs, point.out, epsilon)
    residual = here.rms()
    if (residual > JUMP * np.abs(point.out)).any():
        other, _ = _probe_forward(point, point.inputs, point.out, epsilon, side=-1)
        residual = np.where(other.rms() < ONE_SIDED * residual, other.rms(), residual)
    noise = _output_noise(point.out, residual, epsilon)
    point = replace(point, noise=noise, epsilon=epsilon)
    rng = np.random.default_rng(seed)
    return replace(point, noise_beside=_noise_beside(point, rng), variation=_variation(point, rng))


def _noise_beside(point: Point, rng: np.random.Generator) -> FloatArray:
    """Return the noise one first step away, where it is much larger than at the point itself.

    At a minimum, (x - 1)**2 at 1, the output is exact and so is its noise. A step away the rounding of x
    alone moves it by more.
    """
    moved = [_moved(x, point.epsilon ** (1 / 3), rng, both=True) for x in point.inputs]
    out = point.value(moved)
    residual, _ = _probe_forward(point, moved, out, point.epsilon)
    own = _output_noise(np.where(np.isfinite(out), out, 0.0), residual.rms(), point.epsilon)
    return np.where(own > BESIDE * point.noise, own, 0.0)


def _variation(point: Point, rng: np.random.Generator) -> FloatArray:
    """Return how much each output changes when all inputs change by about their own size.

    An exponential changes beyond measure: where outputs do, smaller changes of the inputs say more.
    """
    known: FloatArray | None = None
    beyond = min(EXPLODES, DROWNS / point.epsilon)
    for far in FAR:
        out = point.value([_moved(x, far, rng, both=False) for x in point.inputs])
        change = np.abs(out - point.out)
        if not np.isfinite(change).all():
            continue
        change = np.nan_to_num(np.where(change > BESIDE * point.noise, change / far, 0.0))
        before, known = known, change
        if before is not None:
            explodes = (change > 0) & (before > beyond * change)
            known = np.where(explodes, change, before)
            if not explodes.any():
                break
        if not (known > beyond * np.abs(point.out)).any():
            break
    return np.abs(point.out) if known is None else known


def _moved(x: FloatArray, far: float, rng: np.random.Generator, *, both: bool) -> FloatArray:
    """Move each entry by half to all of `far`, relative to its size: away from zero, or to both sides."""
    scale = np.where(x == 0, typical_size(x), np.abs(x))
    sign = rng.choice([-1.0, 1.0], x.shape) if both else np.where(x < 0, -1.0, 1.0)
    return np.asarray(x + sign * scale * far * rng.uniform(0.5, 1.0, x.shape))


def _probe_forward(
    point: Point, inputs: Sequence[FloatArray], out: FloatArray, ulp: float, side: int = 1
) -> tuple[Residual, bool]:
    """Evaluate forward a few ulps away: the output's residual, and whether all outputs fit into float32."""
    units, contrasts = (UNITS, CONTRASTS_OF_UNITS) if ulp == DOUBLE else (range(4), CONTRASTS)
    output = Residual(out, contrasts)
    single = representable_in_single(out)
    for sample in point.values([x + side * count * _spacing(x, ulp) for x in inputs] for count in units[1:]):
        output.add(sample)
        single = single and representable_in_single(sample)
    return output, single


def _precision_elsewhere(point: Point) -> float:
    """Return what outputs fit into at another point: 3.1 / 1.6 fits by chance, and at each ulp again.

    Points at which outputs have few digits, or forward no value, say nothing. Outputs that are whole numbers
    everywhere are steps, as of a floor, and no precision; nor is it that 1 - cos(1e-6) has few digits. Those
    of cos(1e-6) itself, which are 1 near by, have all their digits far away.
    """
    rng = np.random.default_rng(0)
    away = [
        point.value(
            [x + side * np.maximum(np.abs(x), 1) * rng.uniform(0.5, 1, x.shape) for x in point.inputs]
        )
        for side in (1, -1)  # on one of them 1 - erf(5) may have more digits
    ]
    away = [out for out in away if np.isfinite(out).all()]
    if not all(representable_in_single(out) for out in away):
        return DOUBLE
    away = [out for out in away if not np.array_equal(out, np.rint(out))]
    if (
        not away
        and np.array_equal(point.out, np.rint(point.out))
        and all(are_whole(point.value([x / near for x in point.inputs])) for near in NEAR_ZERO)
    ):
        return DOUBLE
    steps = True
    for _ in range(POINTS_ELSEWHERE):
        out = point.value([_moved(x, ELSEWHERE, rng, both=True) for x in point.inputs])
        steps &= are_whole(out)
        if not steps and np.isfinite(out).all() and not representable_in_single(out * (1 + 2**-20)):
            return precision_of(out)
    if computed_in_single(point.out) and not steps:
        return HALF
    return max((precision_of(out) for out in away if computed_in_single(out)), default=DOUBLE)


def _spacing(x: FloatArray, ulp: float) -> FloatArray:
    """Return the distance to the next number that has a rounding unit of `ulp`: a move by it is exact."""
    return np.where(x == 0, 0.0, np.spacing(x) * (ulp / DOUBLE))


def _steps_away(point: Point) -> Iterator[list[FloatArray]]:
    rng = np.random.default_rng(0)
    step = point.epsilon ** (1 / 3)
    directions = [_moved(x, step, rng, both=True) - x for x in point.inputs]
    for count in range(1, SAMPLES_BESIDE):
        yield [x + count * direction for x, direction in zip(point.inputs, directions, strict=True)]


def backward_at(point: Point, inputs: list[FloatArray]) -> list[FloatArray]:
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


def _output_noise(out: FloatArray, own: FloatArray, epsilon: float) -> FloatArray:
    """Return each output's noise: its own residual, but no less than most others show relative to size.

    None is taken to be noisier than the noisiest: an output that is a small difference of others has much
    noise for its size.
    """
    rounding = epsilon * np.abs(out)
    visible = rounding > 0
    amplification = float(np.quantile(own[visible] / rounding[visible], TYPICAL)) if visible.any() else 0.0
    like_others = np.minimum(rounding * amplification, own.max())
    return np.asarray(np.maximum(np.maximum(own, rounding), like_others))
