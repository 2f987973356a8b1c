"""Rules by which noise is measured, one at a time."""

from dataclasses import replace

import numpy as np
import pytest
from points_under_test import digits_of, point_of

from course_lib import check_gradient
from course_lib.gradcheck.arrays import DOUBLE, HALF, LARGEST, SINGLE
from course_lib.gradcheck.noise import (
    ELSEWHERE,
    POINTS_ELSEWHERE,
    GradientNoise,
    Residual,
    _moved,
    _precision_elsewhere,
    _spacing,
    _steps_away,
    measure,
    scatter,
)


def test_samples_that_overflow_leave_no_residual_and_no_warning():
    residual = Residual(np.array([np.inf, 1.0]))
    for sample in ([np.inf, 1.0], [-np.inf, 1.0], [0.0, 1.0]):
        residual.add(np.array(sample))
    assert residual.rms() == pytest.approx(np.zeros(2), abs=1e-15)
    typical, largest = scatter([np.array([each]) for each in (np.inf, 1e308, -1e308, 1.0, 1.0)])
    assert (np.isfinite(typical).all(), np.isfinite(largest).all()) == (True, True)


def test_each_argument_has_its_own_noise():
    def backward(dout, cache):
        rng = np.random.default_rng(cache[0].view(np.uint32))  # other noise at each point
        return tuple(1.0 + size * rng.normal(size=2) for size in (0.0, 1e-9, 0.0))

    point = point_of(lambda x, y, z: x + y + z, np.ones(2), np.ones(2), np.ones(2), backward=backward)
    noise = GradientNoise(point, [np.ones(2), np.ones(2), np.full(2, 5.0)])
    found = [float(noise.of(argument, 1.0).max()) for argument in range(3)]
    assert (found[0], found[2]) == (DOUBLE, 5 * DOUBLE)
    assert 1e-10 < found[1] < 1e-8
    loud = GradientNoise(point, [np.ones(2), np.full(2, 1e-9), np.ones(2)])
    assert [loud.says_nothing(argument) for argument in range(3)] == [False, True, False]


class Elsewhere:
    """A function that computes in single precision near the point, and elsewhere as it is told to."""

    def __init__(self, *elsewhere):
        self.elsewhere, self.seen = list(elsewhere), 0

    def __call__(self, x):
        if not 1e-9 < abs(float(x[0]) - 0.7) < 0.3:  # at the point, and far from it
            return np.float32(x) * np.float32(1 / 3)
        self.seen += 1
        how = self.elsewhere.pop(0) if self.elsewhere else "single"
        return {
            "single": np.float32(x) * np.float32(1 / 3),
            "double": x / 3,
            "none": x * np.nan,
            "few": x * 0 + 15 / 8,
        }[how]

    def epsilon(self):
        return measure(point_of(self, np.array([0.7])), 0).epsilon


@pytest.mark.parametrize(
    ("elsewhere", "epsilon"),
    [
        ([], SINGLE),
        (["double"], DOUBLE),
        (["single", "double"], SINGLE),  # the first point that tells anything decides
        (["none", "single", "double"], SINGLE),
        (["none", "double"], DOUBLE),
        (["few", "few", "double"], DOUBLE),
        (["few"] * POINTS_ELSEWHERE + ["double"], SINGLE),
        (["none"] * POINTS_ELSEWHERE, SINGLE),
    ],
)
def test_outputs_that_fit_into_float32_have_to_do_so_at_another_point(elsewhere, epsilon):
    assert POINTS_ELSEWHERE == 4
    assert Elsewhere(*elsewhere).epsilon() == epsilon


def test_inputs_are_moved_by_half_to_all_of_their_size():
    x = np.array([2.0, -3.0, 0.0] * 50)
    for far in (1.0, 0.01):
        for both in (True, False):
            moved = (_moved(x, far, np.random.default_rng(0), both=both) - x) / far
            share = np.abs(moved) / np.where(x == 0, np.sqrt(np.mean(x**2)), np.abs(x))
            assert 0.5 <= share[x != 0].min() < 0.52
            assert 0.98 < share[x != 0].max() <= 1.0
            assert 0.5 <= share[x == 0].min() < share[x == 0].max() <= 1.0
            assert ((moved[x < 0] > 0).any(), (moved[x > 0] < 0).any()) == (both, both)


def test_a_gradient_is_as_noisy_as_its_own_rounding_at_least():
    point = point_of(np.sum, np.ones(2), backward=lambda dout, cache: np.array([3.0, -5.0]))
    assert GradientNoise(point, [np.array([3.0, -5.0])]).of(0, 1.0).tolist() == [3 * DOUBLE, 5 * DOUBLE]
    single = replace(point, epsilon=SINGLE)
    assert GradientNoise(single, [np.array([3.0, -5.0])]).of(0, 1.0).tolist() == [3 * SINGLE, 5 * SINGLE]


def test_every_probe_has_to_fit_into_float32_and_a_point_elsewhere_is_on_the_same_side():
    def beside(x):
        near = 0 < abs(float(x[0]) - 0.7) < 1e-9
        return x / 3 if near else np.float32(x) * np.float32(1 / 3)

    assert measure(point_of(beside, np.array([0.7])), 0).epsilon == DOUBLE

    def positive(x):
        there = np.float32(x) * np.float32(1 / 3) if abs(float(x[0]) - 0.7) < 1e-9 else x / 3
        return there if x[0] > 0 else x * np.nan

    assert measure(point_of(positive, np.array([0.7])), 0).epsilon == DOUBLE


def test_the_next_number_is_as_far_away_as_its_rounding_unit_says():
    x = np.array([1.0, -3.0, 0.0])
    assert _spacing(x, DOUBLE).tolist() == [DOUBLE, -2 * DOUBLE, 0.0]
    assert _spacing(x, SINGLE).tolist() == [SINGLE, -2 * SINGLE, 0.0]


@pytest.mark.parametrize(
    "x", [[60.77, 15.1], [-3.3], [70.9, 0.2, 400.3], [600.4], [1530.2, 7.7], [-20000.3, 41.3]]
)
def test_outputs_in_whole_steps_are_no_sign_of_a_narrower_type(x):
    x = np.array(x)
    for gradient, passed in ((0.0, True), (1.0, False)):
        check = check_gradient(lambda x: np.sum(np.floor(x)), x, lambda x, g=gradient: g + 0 * x)
        assert (check.passed, check.notes) == (passed, ())


@pytest.mark.parametrize(("dtype", "epsilon"), [(np.float16, HALF), (np.float32, SINGLE)])
def test_a_narrower_type_is_told_where_its_outputs_happen_to_be_whole(dtype, epsilon):
    point = point_of(lambda x: x.astype(dtype) * dtype(2), np.array([3.0, 4.0, 700.0]))
    assert measure(point, 0).epsilon == epsilon


def test_the_largest_scatter_is_that_of_a_single_sample_and_samples_without_a_value_scatter_by_nothing():
    typical, largest = scatter([np.array([float(t > 5)]) for t in range(7)])
    assert (typical[0], largest[0]) == pytest.approx((0, 1 / np.sqrt(6)))
    typical, largest = scatter([np.array([np.nan])] * 7)
    assert (typical[0], largest[0]) == (0.0, 0.0)


def test_an_argument_without_a_gradient_has_no_noise_and_takes_none_from_the_others():
    def backward(dout, cache):
        rng = np.random.default_rng(cache[1].view(np.uint32))
        return np.ones(3), 1.0 + 1e-6 * rng.normal(size=2)

    point = point_of(lambda x, y: x.sum() + y.sum(), np.ones(3), np.ones(2), backward=backward)
    noise = GradientNoise(point, [None, np.ones(2)])
    assert noise.of(0, 1.0).size == 0
    assert noise.says_nothing(0)
    assert not noise.says_nothing(1)
    assert 1e-8 < noise.of(1, 1.0).max() < 1e-5


def test_what_is_computed_exactly_is_as_noisy_as_one_rounding_unit():
    point = measure(point_of(lambda x: 2 * x, np.array([0.3, -0.7])), 0)
    assert point.noise.tolist() == [0.6 * DOUBLE, 1.4 * DOUBLE]


def test_noise_of_single_precision_is_measured_in_its_own_units():
    def forward(x):
        return np.float32(x) * np.float32(1 / 3) - np.float32(0.33)

    point = measure(point_of(forward, np.array([1.0123, 1.0234])), 0)
    assert point.epsilon == SINGLE
    assert (point.noise > 3 * SINGLE * np.abs(point.out)).all()


def test_noise_of_double_precision_is_measured_once():
    calls = []

    def forward(x):
        calls.append(1)
        return x / 3

    point = point_of(forward, np.array([0.7]))
    calls.clear()
    measure(point, 0)
    assert len(calls) == 4 + 5 + 1  # at the point, beside it, and far away


@pytest.mark.parametrize("scale", [1e-10, 1.0, 1e10])
def test_an_output_that_varies_by_a_million_times_itself_is_looked_at_nearer_by_whatever_its_size(scale):
    point = measure(point_of(lambda x: scale * np.where(x > 1.9, 1e10, x), np.ones(1)), 0)
    assert point.variation[0] == digits_of(0.75 * scale, rel=0.4)


def test_outputs_are_tried_elsewhere_a_thousandth_away_to_both_sides():
    seen = []

    def forward(x):
        seen.append(x)
        return x * np.nan

    x = np.where(np.arange(40) % 2, 2.0, -3.0)
    assert _precision_elsewhere(point_of(forward, x)) == DOUBLE
    shares = np.array([(each - x) / x for each in seen[3:]])  # two are farther away, one on each side
    assert ELSEWHERE == 1e-3
    assert len(shares) == POINTS_ELSEWHERE
    assert 0.5e-3 <= np.abs(shares).min() < 0.52e-3
    assert 0.98e-3 < np.abs(shares).max() <= 1e-3
    assert {*np.sign(shares).ravel()} == {-1.0, 1.0}


def test_a_few_digits_at_one_point_alone_are_no_narrower_type():
    def forward(x):
        return x * 0 + 15 / 8 if abs(float(x[0]) - 0.7) < 1e-9 else x * np.nan

    assert measure(point_of(forward, np.array([0.7])), 0).epsilon == DOUBLE


def test_the_same_steps_are_taken_each_time():
    point = point_of(np.sum, np.arange(9.0))
    first, again = ([x.tolist() for (x,) in _steps_away(point)] for _ in range(2))
    assert first == again


@pytest.mark.parametrize(("dtype", "epsilon"), [(np.float16, HALF), (np.float32, SINGLE), (float, DOUBLE)])
def test_outputs_that_are_one_near_by_show_their_type_far_away(dtype, epsilon):
    point = point_of(lambda x: np.cos(x.astype(dtype)), np.array([1e-6, 3e-7]))
    assert measure(point, 0).epsilon == epsilon


def test_a_variation_that_overflows_is_the_largest_number():
    with np.errstate(over="ignore"):
        assert measure(point_of(np.exp, np.array([705.0])), 0).variation.tolist() == [LARGEST]


@pytest.mark.parametrize("power", [6, 12, 18])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_a_high_power_is_far_away_makes_no_slope_here_a_trifle(power, dtype):
    x = np.array([0.95, 1.4, 0.36, 0.9], dtype=dtype)

    def loss(x):
        return np.sum(x.astype(dtype) ** power)

    for seed in range(3):
        for factor in (0.0, -1.0, 1.05, 1.0):
            check = check_gradient(
                loss, x, lambda x, f=factor: dtype(f * power) * x ** (power - 1), seed=seed
            )
            assert check.passed is (factor == 1.0)
