"""Rounding inside of forward that inputs moved by a few units in the last place do not show."""

import numpy as np
import pytest
from points_under_test import point_of

from course_lib import check_gradient, check_vjp
from course_lib.gradcheck.noise import measure
from course_lib.gradcheck.scatter import rounding_around

CANCELLING = {
    "(1 + x) - 1": (lambda x: (1 + x) - 1, lambda x: 1 + 0 * x),
    "a sigmoid less a half": (lambda x: 1 / (1 + np.exp(-x)) - 0.5, lambda x: 0.25 / np.cosh(x / 2) ** 2),
    "a root less 1": (lambda x: np.sqrt(1 + x) - 1, lambda x: 0.5 / np.sqrt(1 + x)),
    "two quotients": (
        lambda x: 1 / (1 - x) - 1 / (1 + x),
        lambda x: 1 / (1 - x) ** 2 + 1 / (1 + x) ** 2,
    ),
}


def naive(x):
    return (1 - np.cos(x)) / x**2


@pytest.mark.parametrize("x", [2.84625149e-8, 1.00635276e-8, 1.75304375e-8, 3.3e-7])
@pytest.mark.parametrize("function", CANCELLING)
def test_a_right_gradient_of_a_small_number_beside_1_is_not_wrong_and_a_wrong_one_not_right(function, x):
    forward, slope = CANCELLING[function]
    for factor, verdicts in ((1.0, (True, None)), (-1.0, (False, None)), (1.02, (False, None))):
        check = check_gradient(lambda x: float(forward(x)), x, lambda x, k=factor: k * slope(x))
        assert check.passed in verdicts


def test_seconds_after_a_large_time_are_judged_by_what_rounding_leaves_of_them():
    x = np.array([0.01681918, 0.4, 0.00689231])
    for factor, passed in ((1.0, True), (1.01, False)):
        check = check_vjp(lambda x: ((1e8 + x) - 1e8, x), lambda dout, x, k=factor: k * dout, x)
        assert check.passed is passed


@pytest.mark.parametrize("x", [2.01979656e-5, 1.00635276e-5, 5.31252751e-6, 2.84625149e-6])
def test_what_nothing_resolves_is_not_right_because_curvature_seemed_large(x):
    check = check_gradient(lambda x: float(naive(x)), x, lambda x: x / 12)  # the sign is lost
    assert check.passed is not True


@pytest.mark.parametrize("distance", [1e-5, 1e-4, 1e-3])
def test_kinks_side_by_side_are_no_rounding_that_a_wrong_gradient_could_hide_in(distance):
    offsets = np.array([1.0, 1.7, 2.9, -0.8, -2.1]) * distance
    for factor, passed in ((1.0, True), (2.0, False)):
        check = check_gradient(
            lambda x: float(np.maximum(0.3 * (x - 2 - offsets), -0.7 * (x - 2 - offsets)).sum()) - 3 * x,
            2.0,
            lambda x, k=factor: k * float(np.where(x > 2 + offsets, 0.3, -0.7).sum() - 3),
        )
        assert check.passed is passed


MINIMA = {
    "divergence of two normals": (lambda s: 0.5 * (np.exp(2 * s) - 1) - s, lambda s: np.exp(2 * s) - 1),
    "logistic loss less its tangent": (
        lambda x: np.log(1 + np.exp(x)) - np.log(2) - x / 2,
        lambda x: 1 / (1 + np.exp(-x)) - 0.5,
    ),
}


@pytest.mark.parametrize("function", MINIMA)
def test_at_a_minimum_of_zero_numbers_that_cancel_round_all_the_same(function):
    forward, slope = MINIMA[function]
    for error, passed in ((0.0, True), (1e-6, False)):
        check = check_vjp(forward, lambda dout, x, e=error: dout * (slope(x[0]) + e), np.zeros(3))
        assert check.passed is passed
        if passed:
            assert check.arguments[0].kinks == 0


STEPS = {
    "a tanh from its end": (lambda x: 1 - np.tanh(9 + x), lambda x: -1 / np.cosh(9 + x) ** 2, 0.7),
    "a logarithm of what is left of 1": (
        lambda x: np.log(1 - 1 / (1 + np.exp(-x - 20))),
        lambda x: -1 / (1 + np.exp(-x - 20)),
        1e-3,
    ),
    "a square beside a million": (lambda x: 1e6 + x * x - 1e6, lambda x: 2 * x, 2e-4),
    "a root less a hundred": (lambda x: np.sqrt(x * x + 1e4) - 100, lambda x: x / np.sqrt(x * x + 1e4), 3e-3),
    "a spread, from means of squares": (
        lambda x: ((50 + x) ** 2 + (50 - x) ** 2) / 2 - 2500,
        lambda x: 2 * x,
        7e-4,
    ),
}


@pytest.mark.parametrize("size", [50.0, 3e3, 2e4])
@pytest.mark.parametrize("step", [1.0, 0.1])
def test_what_a_floor_makes_is_no_rounding(size, step):
    x = np.random.default_rng(0).normal(size=4) * size
    for slope, passed in ((0.0, True), (1.0, False)):
        check = check_gradient(
            lambda x: np.sum(np.floor(x / step) * step), x, lambda x, k=slope: k * np.ones(4)
        )
        assert check.passed is passed


def test_an_output_that_is_nothing_but_rounding_does_not_make_its_small_gradient_wrong():
    x = np.array([-0.0026714152926528563, -0.00012489931154712538, -0.0016422836206205949])
    check = check_vjp(
        lambda x: (np.log(1 + x * x) - x * x, x), lambda dout, x: dout * -2 * x**3 / (1 + x * x), x, seed=11
    )
    assert check.passed is not False


def test_outputs_move_in_steps_wherever_these_are_to_be_found():
    function, x = lambda x: np.log(1 - 1 / (1 + np.exp(-x - 20))), -4.888557499726949e-05
    for factor, passed in ((1.0, (True, None)), (0.0, (False, None)), (-1.0, (False, None))):
        check = check_gradient(function, x, lambda x, k=factor: -k / (1 + np.exp(-x - 20)))
        assert check.passed in passed


@pytest.mark.parametrize("function", STEPS)
def test_zero_is_not_right_because_the_smallest_steps_move_nothing(function):
    forward, slope, x = STEPS[function]
    for factor, passed in ((1.0, True), (0.0, False)):
        check = check_gradient(lambda x: forward(x), x, lambda x, k=factor: k * slope(x))
        assert check.passed is passed


def test_rounding_that_grows_as_steps_shrink_is_not_taken_for_a_slope_that_does():
    def forward(x):
        u = np.exp(-x)
        return (1 - np.exp(-u)) / u  # the small u loses its digits

    def slope(x):
        u = np.exp(-x)
        return u / 2 - u**2 / 3 + u**3 / 8

    for factor, passed in ((1.0, True), (-1.0, False)):
        check = check_gradient(forward, 12.0, lambda x, k=factor: k * slope(x))
        assert check.passed is passed


def test_an_output_of_zero_shows_its_rounding_by_the_numbers_it_reaches():
    def divergence(x):  # of two normal distributions with one mean
        return 0.5 * (np.exp(2 * x) - 1) - x

    point = measure(point_of(divergence, np.array([3e-6])), 0)
    assert point.out[0] < 1e-10
    assert 1e-18 < rounding_around(point, 0, 0, 0.0)[0] < 1e-15
    x = np.array([0.1, 3e-6, 0.2])
    point = measure(point_of(lambda a, x: divergence(x[1]) + 0 * a[0], np.ones(1), x), 0)
    assert 1e-18 < rounding_around(point, 1, 1, 0.0)[0] < 1e-15
