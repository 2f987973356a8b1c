"""Gradients that are small differences of large numbers, as p - 1 is."""

import numpy as np
import pytest
from points_under_test import point_of

from course_lib import check_vjp
from course_lib.gradcheck.cancelled import _first_change, rounding_of_gradient

SATURATED = np.array([27.3, 33.1, 35.2, 24.9])


def losses(z):
    return np.logaddexp(0, -z), z


def difference(dout, z):
    return dout * (1 / (1 + np.exp(-z)) - 1)


def test_the_rounding_of_a_difference_is_no_mistake_and_a_factor_is_one():
    assert check_vjp(losses, difference, SATURATED).passed
    assert check_vjp(losses, difference, SATURATED + 20).passed  # 1 - 1 is 0
    for factor in (1.01, -1.0, 0.0):
        wrong = check_vjp(losses, lambda dout, z, k=factor: k * difference(dout, z), SATURATED)
        assert wrong.passed is False


@pytest.mark.parametrize("factor", [1.0, 1.001, 0.0])
def test_a_gradient_that_moves_in_no_steps_is_allowed_nothing(factor):
    backward = lambda dout, z: -factor * dout / (1 + np.exp(z))  # noqa: E731
    assert check_vjp(losses, backward, SATURATED + 20).passed is (factor == 1.0)


def rounding(z, mismatch, gradient=lambda z: difference(1.0, z)):
    def gradients(dout, cache):
        at = cache[1][1] if cache[1][0] == 0.5 else np.nan  # the other entry stays
        return np.zeros(1), np.array([0.0, gradient(at)])

    point = point_of(lambda a, x: losses(x[1])[0], np.ones(1), np.array([0.5, z]), backward=gradients)
    return rounding_of_gradient(point, 1, 1, mismatch)


@pytest.mark.parametrize("step", [2**-50, 2**-48])
def test_four_of_the_steps_in_which_a_gradient_moves_are_allowed(step):
    assert rounding(1.0, 1e-15, lambda z: np.round((z - 1) ** 3 / step) * step) == 4 * step


def test_a_mismatch_of_more_than_rounding_is_not_explained():
    most = 64 * 2**-52 * (1 - 1 / (1 + np.exp(30.0)))  # where z is -30, p - 1 is almost -1
    assert rounding(30.0, 0.9 * most) > 0
    assert rounding(30.0, 1.1 * most) == 0.0
    assert rounding(30.0, float("nan")) == 0.0


def test_where_backward_has_no_value_nothing_is_allowed():
    def fails(z):
        if z != 30.0:
            raise ValueError
        return 0.0

    assert rounding(30.0, 1e-16, fails) == 0.0


@pytest.mark.parametrize("factor", [1.0, 2.0, -1.0, 0.0, 1.001, 1 + 1e-6])
def test_a_loop_that_never_ends_below_zero_is_not_asked_there(factor):
    def grown(balance, rate):
        if rate <= 0:
            pytest.fail(f"it would go on for ever at a rate of {rate}")
        turns = 0
        while balance < 1500.0:
            balance, turns = balance + rate * balance, turns + 1
        return balance, (balance, rate, turns)

    def backward(dout, cache):
        balance, rate, turns = cache
        return dout * (1 + rate) ** turns, factor * dout * balance * turns / (1 + rate)

    check = check_vjp(grown, backward, 800.0, 0.1)
    assert check.passed is (factor == 1)


@pytest.mark.parametrize(("z", "size"), [(30.0, 30.0), (-3.0, 3.0), (0.0, np.sqrt(0.125))])
def test_a_gradient_is_asked_at_twice_the_size_of_its_entry_and_half_as_far_again_and_again(z, size):
    asked = []

    def gradient(at):
        asked.append(at)
        return at - z

    assert rounding(z, 1e-17, gradient) > 0
    away = (np.array(asked) - z) / size
    assert away[:2] == pytest.approx([2, -2])
    assert away[[2, 3, 4, 5, 6]] == pytest.approx([0, 2, 1, 0.5, 0.25])
    assert away[[48, 49, 50, 51]] == pytest.approx([0, -2, -1, -0.5])
    assert len(asked) == 2 * (1 + 2 + 44)


def test_the_first_change_is_that_of_the_first_step_and_nothing_where_there_is_no_number():
    assert _first_change(lambda away: 7.0 - 3 * np.floor(away / 0.3), 1.0) == 3.0
    assert _first_change(lambda away: 7.0 - 3 * np.floor(-away / 0.3), -1.0) == 3.0
    assert _first_change(lambda away: 7.0, 1.0) == rounding(1.0, 1e-16, lambda z: 7.0) == 0.0
    assert _first_change(lambda away: -3.0 * (away >= 1), 1.0) == 3.0
    asked = []
    _first_change(lambda away: asked.append(away) or np.floor(away / 0.3), 1.0)
    assert asked[:8] == [0.0, 1.0, 0.5, 0.25, 0.375, 0.3125, 0.28125, 0.296875]
    for nothing in (np.nan, np.inf):
        assert _first_change(lambda away, n=nothing: n if away > 0.1 else 0.0, 1.0) == 0.0
