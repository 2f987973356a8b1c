from dataclasses import replace

import numpy as np
import pytest
from points_under_test import digits_of, point_of, slopes_of

from course_lib import check_vjp
from course_lib.gradcheck.arrays import DOUBLE
from course_lib.gradcheck.hidden import (
    farthest_agreeing,
    hidden_slope,
    rounding_nearer_zero,
    slope_of_what_cancels,
    unsettled,
)
from course_lib.gradcheck.noise import measure


def beside(offset=40.0, **changes):
    """Outputs of which the second depends on x only where x is far away."""
    point = point_of(lambda x: np.array([x[0], 1 + np.exp(x[0] - offset)]), np.ones(1))
    return replace(measure(point, 0), noise=np.full(2, DOUBLE), **changes)


def rung(step, *moved):
    return slopes_of(step, [float(m) for m in moved], [float(m) for m in moved])


def test_an_output_that_has_not_moved_hides_its_noise_over_the_largest_such_step():
    ladder = [rung(1e-2, 1, 1), rung(1e-3, 1, 0), rung(1e-4, 1, 0)]
    assert hidden_slope(beside(), 0, 0, ladder, ladder[2]) == digits_of(6 * DOUBLE / 1e-3)
    assert hidden_slope(beside(), 0, 0, ladder, ladder[0]) == 0


def test_an_output_that_moves_nowhere_hides_something_only_if_it_depends_on_the_entry():
    ladder = [rung(1e-3, 1, 0)]
    assert hidden_slope(beside(), 0, 0, ladder, ladder[0]) == digits_of(6 * DOUBLE / 1e-3)
    apart = point_of(lambda x: np.array([x[0], x[1]]), np.ones(2))
    assert hidden_slope(apart, 0, 0, ladder, ladder[0]) == 0


def test_dependence_is_sought_up_to_64_times_the_size_to_both_sides():
    ladder = [rung(1e-3, 1, 0)]
    assert hidden_slope(beside(90.0), 0, 0, ladder, ladder[0]) > 0
    assert hidden_slope(beside(200.0), 0, 0, ladder, ladder[0]) == 0
    left = point_of(lambda x: np.array([x[0], 1 + np.exp(-x[0] - 50)]), np.ones(1))
    assert hidden_slope(left, 0, 0, ladder, ladder[0]) > 0


def test_what_has_no_upstream_gradient_hides_nothing():
    ladder = [rung(1e-3, 1, 0)]
    assert hidden_slope(beside(dout=np.array([1.0, 0.0])), 0, 0, ladder, ladder[0]) == 0


def softmax(z):
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    return p, p


def from_softmax(dout, p, factor=1.0):
    return factor * p * (dout - (dout * p).sum(axis=1, keepdims=True))


@pytest.mark.parametrize("size", [10, 30])
def test_saturated_outputs_are_right_and_errors_that_show_are_wrong(size):
    for seed in range(5):
        z = size * np.random.default_rng(seed).normal(size=(4, 5))
        z[0, 1] = z[0, 0] = z[0].max()
        assert check_vjp(softmax, from_softmax, z).passed is True
        assert check_vjp(softmax, lambda d, p: from_softmax(d, p, 1.001), z).passed is False


def test_a_large_argument_that_is_mostly_saturated_is_right():
    z = 30 * np.random.default_rng(0).normal(size=(400, 10))
    assert check_vjp(softmax, from_softmax, z).passed is True
    assert check_vjp(softmax, lambda d, p: from_softmax(d, p, -1.0), z).passed is False


def smooth(step, slope):
    return slopes_of(step, slope, slope)


def test_a_rung_that_leaves_what_two_larger_ones_agreed_on_is_rounding():
    def away(slope, between=1e-3):
        ladder = [smooth(1e-2, 1.0), smooth(1e-3, 1.0 + between), smooth(1e-6, slope)]
        return unsettled(ladder, ladder[-1])

    assert away(0.0) == pytest.approx(2.002)
    assert away(1.001 + 4.1e-3) == pytest.approx(8.2e-3)
    assert away(1.001 + 3.9e-3) == 0.0
    ladder = [smooth(1e-2, 1.0), smooth(1e-3, 1.0), slopes_of(1e-6, 0.0, 1.0)]
    assert unsettled(ladder, ladder[1]) == 0.0
    kinked = [slopes_of(1e-2, 0.0, 2.0), slopes_of(1e-3, 0.0, 2.0), smooth(1e-6, 0.0)]
    assert unsettled(kinked, kinked[-1]) == 0.0


def test_what_cancels_rounds_as_it_does_where_it_is_large():
    point = point_of(lambda x: 1 + np.tanh(x), np.full(1, -9.0))
    assert slope_of_what_cancels(point, 0, 0, smooth(1e-3, 0.0)) == digits_of(6 * DOUBLE * 2 / 1e-3, rel=1e-3)


def gelu(x):
    t = np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))
    return 0.5 * x * (1 + t), (x, t)


def from_gelu(dout, cache):
    x, t = cache
    inner = np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * x**2)
    return dout * (0.5 * (1 + t) + 0.5 * x * (1 - t**2) * inner)


def test_outputs_that_are_a_few_rounding_units_of_what_cancelled_are_right():
    for far in (-5.0, -5.4, -5.8, -6.2, -6.9, -7.5, -8.2):
        x = np.array([1.1, far, 0.3])
        assert check_vjp(gelu, from_gelu, x).passed is True
        wrong = np.array([1.0, 1.0, 1.001])
        assert check_vjp(gelu, lambda d, c, w=wrong: from_gelu(d, c) * w, x).passed is False


def test_what_grows_as_exp_far_away_is_nothing_that_cancels_here():
    for large in (20.0, 30.0, 40.0, 155.1):
        x = np.array([0.3, large, -2.0])
        for factor, verdict in ((1.0, True), (-1.0, False), (0.0, False)):
            factors = np.array([1.0, 1.0, factor])
            check = check_vjp(lambda x: (np.exp(x), np.exp(x)), lambda d, y, f=factors: d * y * f, x)
            assert check.passed is verdict


def test_what_powers_are_far_away_is_nothing_that_cancels_here():
    for power in (3, 5, 7):
        x = np.array([0.3, 1e3, -2.0])
        for factor, verdict in ((1.0, True), (-1.0, False), (0.0, False)):
            factors = np.array([1.0, 1.0, factor])
            check = check_vjp(
                lambda x, p=power: (x**p, x),
                lambda d, x, p=power, f=factors: d * p * x ** (p - 1) * f,
                x,
            )
            assert check.passed is verdict, (power, factor)


def test_what_cancels_farther_away_than_the_size_of_an_entry_is_seen_beside_large_ones():
    def forward(x):
        return x**2 * (1 + np.tanh(x - 9)), x

    def backward(dout, x):
        t = np.tanh(x - 9)
        return dout * (2 * x * (1 + t) + x**2 * (1 - t**2))

    for small in (0.05, 0.4, -1.7):
        assert check_vjp(forward, backward, np.array([600.0, small, 3.0])).passed is True


def test_another_entry_as_large_as_floats_are_is_looked_past():
    point = point_of(lambda x: 1 + np.tanh(x[:1]), np.array([-9.0, np.finfo(float).max]))
    assert np.isfinite(slope_of_what_cancels(point, 0, 0, rung(1e-6, 1)))


def test_rungs_up_to_which_all_see_a_slope_are_on_both_sides_of_it_no_farther():
    def rung(step, slope, **others):
        return slopes_of(step, slope, slope, **others)

    shown, second, third = rung(1e-6, -2.0), rung(1e-5, -2.0), rung(1e-4, -2.0)
    smaller = rung(1e-7, 9.0)
    assert farthest_agreeing([third, second, shown, smaller], shown, -2.0, 1e-9) is third
    assert farthest_agreeing([rung(1e-4, -2.1), second, shown], shown, -2.0, 1e-9) is second
    assert farthest_agreeing([rung(1e-5, 2.0), shown], shown, -2.0, 1e-9) is shown


def test_what_cancels_with_all_entries_nearer_to_zero_is_seen_and_what_a_floor_makes_is_not():
    def forward(x):
        p = np.exp(-np.abs(x).sum())
        return np.array([np.log(1 + p), np.log1p(p), np.floor(1e3 * x[0]) / 1e3, 1.0 + p])

    seen = rounding_nearer_zero(point_of(forward, np.array([40.0, 10.0])), 0)
    assert DOUBLE / 4 < seen[0] < 16 * DOUBLE
    assert seen[1:].tolist() == [0.0, 0.0, 0.0]
    alone = rounding_nearer_zero(point_of(lambda y, x: forward(x), np.ones(1), np.array([40.0, 10.0])), 1)
    assert alone[0] == seen[0]


@pytest.mark.parametrize(("factor", "right"), [(1, True), (-1, False), (2, False)])
def test_a_product_of_tiny_arguments_stands_still_beside_1(factor, right):
    def forward(x, y):
        return np.stack([x + x * y, np.log(1 + x * y)]), (x, y)

    def backward(dout, cache):
        x, y = cache
        beside = dout[1] / (1 + x * y)
        return dout[0] * (1 + y) + beside * y, factor * (dout[0] * x + beside * x)

    assert check_vjp(forward, backward, np.array([1.3e-6, -7e-7]), np.array([6e-7, 9e-7])).passed is right
