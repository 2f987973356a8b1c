"""Outputs that jump beyond the reach of small steps: by rounding, or because they are a floor."""

import numpy as np
import pytest
from points_under_test import point_of

from course_lib import check_gradient, check_vjp
from course_lib.gradcheck.jumps import _jump, _roughness, jumps_of_rounding
from course_lib.gradcheck.stepping import Prober


def probability(z):
    return 1 / (1 + np.exp(-z))


@pytest.mark.parametrize("logit", [30.3, 33.1, 35.2])
def test_the_loss_of_a_saturated_probability_refuses_no_right_gradient(logit):
    z = np.array([logit, 0.5])
    losses = lambda z: np.log(1 - probability(z))  # noqa: E731
    assert check_gradient(lambda z: losses(z).mean(), z, lambda z: -probability(z) / 2).passed is not False
    right = check_vjp(lambda z: (losses(z), z), lambda dout, z: -dout * probability(z), z)
    assert right.passed is not False
    wrong = check_vjp(lambda z: (losses(z), z), lambda dout, z: dout * probability(z), z)
    assert wrong.passed is False


def point_at(forward, x):
    return point_of(lambda a, b, x: forward(x[1:2]), np.ones(3), np.ones(3), np.array([0.3, x, 0.4]))


@pytest.mark.parametrize(
    ("forward", "above", "below"),
    [
        (lambda x: 3 * x + 0.5 * (x > 8.2) + 9 * (x > 8.5), [0.5], [0.0]),
        (lambda x: -(x**2) - 0.5 * (x < 7.9), [0.0], [0.5]),
        (lambda x: np.where(x > 8.3, np.nan, x), None, [0.0]),
    ],
)
def test_a_jump_is_what_outputs_do_at_once_on_their_way(forward, above, below):
    point = point_at(forward, 8.01)
    assert _jump(point, 2, 1, 0.025, 0.4) == (above and pytest.approx(above, abs=1e-3))
    assert _jump(point, 2, 1, -0.025, -0.4) == pytest.approx(below, abs=1e-3)


def test_what_is_no_cubic_within_reach_is_rough():
    rough = lambda x: np.where(x > 1, np.round(20 * x) / 20, x**3)  # noqa: E731
    assert _roughness(point_at(rough, 3.0), 2, 1, 0.5) == pytest.approx([0.02], abs=0.01)
    assert _roughness(point_at(rough, -3.0), 2, 1, 0.5) == pytest.approx([0.0], abs=1e-9)
    assert _roughness(point_at(lambda x: np.where(x > 3.2, np.nan, x), 3.0), 2, 1, 0.5) == [np.inf]


def jumps(forward, x, claimed):
    point = point_at(forward, x)
    rungs = [Prober(point).along_entry(2, 1, 6.4 / 16**k) for k in range(3)]
    return jumps_of_rounding(point, 2, 1, rungs, rungs[-1], claimed).tolist()


def in_halves_above_6(x):
    return np.where(x > 6, np.round(2 * x) / 2, x)


def test_jumps_on_both_sides_that_are_not_there_nearer_to_zero_are_rounding():
    assert jumps(in_halves_above_6, 8.01, claimed=1.0) == pytest.approx([0.5], abs=1e-3)


def test_jumps_on_a_slope_are_what_is_left_without_it():
    assert jumps(lambda x: in_halves_above_6(x) + 30 * x, 8.01, claimed=31.0) == pytest.approx(
        [0.5], abs=0.02
    )


def test_what_is_rough_around_zero_is_not_looked_at():
    def rough_at_zero(x):
        return np.where(np.abs(x) < 1, np.round(20 * x) / 20, in_halves_above_6(x))

    assert jumps(rough_at_zero, 8.01, claimed=1.0) == pytest.approx([0.5], abs=1e-3)


@pytest.mark.parametrize(
    ("forward", "claimed"),
    [
        (lambda x: np.round(2 * x) / 2, 1.0),  # everywhere
        (lambda x: np.where(x > 8.2, 20 + 0 * x, 0 * x), 2.5),  # on one side
        (lambda x: np.maximum(x - 8.2, 0) + np.maximum(8 - x, 0), 0.01),  # kinks
        (in_halves_above_6, 0.0),  # no step sees what is claimed better than the smallest
    ],
)
def test_other_jumps_and_kinks_are_no_rounding(forward, claimed):
    assert jumps(forward, 8.01, claimed) == [0.0]


def test_a_floor_is_not_differentiated_as_if_it_were_none():
    x = np.array([0.3123, 1.7456])
    assert check_vjp(lambda x: (np.round(100 * x) / 100, x), lambda dout, x: dout, x).passed is False


def ratio(x):
    return (np.exp(x) - 1) / x  # 1 + x / 2, in steps of rounding as large as eps / x


@pytest.mark.parametrize(
    ("dtype", "x"), [(np.float64, 1.2573e-12), (np.float64, 1e-8), (np.float32, 1.2573e-3)]
)
def test_rounding_that_a_tiny_divisor_makes_large_refuses_no_right_gradient(dtype, x):
    x = np.array([x]).astype(dtype)
    check = check_vjp(lambda x: (ratio(x.astype(dtype)), x), lambda dout, x: dout * (0.5 + x / 3), x)
    assert check.passed is not False


def test_steps_that_are_there_where_an_entry_is_one_are_no_rounding():
    x = np.array([1.2573e-3, -1.321e-4])
    check = check_vjp(lambda x: (np.floor(1e6 * x) / 1e6 / x, x), lambda dout, x: dout / 2, x)
    assert check.passed is False


def test_jumps_as_small_as_the_rounding_of_what_outputs_reach_are_rounding():
    z = -np.array([24.18579415, 24.77585829, 33.02761185])
    losses = lambda z: (-np.log(1 - probability(z)).sum(), z)  # noqa: E731
    assert check_vjp(losses, lambda dout, z: dout * probability(z), z).passed is not False
    assert check_vjp(losses, lambda dout, z: -dout * probability(z), z).passed is False
