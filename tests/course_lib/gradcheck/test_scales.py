"""Entries far smaller than others, or than the numbers that forward works with, judged by themselves."""

import math

import numpy as np
import pytest
from points_under_test import point_of

from course_lib import check_gradient, check_vjp
from course_lib.gradcheck.arrays import SINGLE
from course_lib.gradcheck.noise import measure

POWERS = {
    "square": (lambda x: x**2, lambda x: 2 * x),
    "cube": (lambda x: x**3, lambda x: 3 * x**2),
    "square and cube": (lambda x: x**2 + x**3, lambda x: 2 * x + 3 * x**2),
}


@pytest.mark.parametrize("name", POWERS)
@pytest.mark.parametrize("smallest", [1e-12, 1e-6])
def test_a_sign_is_seen_at_an_entry_far_smaller_than_the_others(name, smallest):
    f, slope = POWERS[name]
    x = np.array([smallest, 1 / smallest, 0.3, 20.0])

    def backward(sign):
        return lambda dout, x: dout * slope(x) * np.array([sign, 1.0, 1.0, 1.0])

    assert check_vjp(lambda x: (f(x), x), backward(1.0), x).passed is True
    assert check_vjp(lambda x: (f(x), x), backward(-1.0), x).passed is False


def test_a_sign_is_seen_far_out_in_a_tail_that_is_not_the_rest_of_large_numbers():
    def forward(x):
        return np.vectorize(math.erfc)(x), x

    def backward(sign):
        return lambda dout, x: dout * -2 / np.sqrt(np.pi) * np.exp(-(x**2)) * np.array([1.0, sign])

    for tail in (4.6, 5.0, 5.3):
        x = np.array([0.5, tail])
        assert check_vjp(forward, backward(1.0), x).passed is True
        assert check_vjp(forward, backward(-1.0), x).passed is False


MOVES_IN_STEPS = {
    "pseudo-Huber": (lambda x: np.sqrt(1 + x**2) - 1, lambda x: x / np.sqrt(1 + x**2)),
    "cosine": (lambda x: 1 - np.cos(x), np.sin),
    "log cosh": (lambda x: np.log(np.cosh(x)), np.tanh),
    "Cauchy": (lambda x: np.log(1 + x**2), lambda x: 2 * x / (1 + x**2)),
    "Welsch": (lambda x: 1 - np.exp(-(x**2)), lambda x: 2 * x * np.exp(-(x**2))),
}


@pytest.mark.parametrize("name", MOVES_IN_STEPS)
@pytest.mark.parametrize("x", [[6.52e-7, -1.24e-7, -3.98e-7], [1.2, 0.4, 8e-8], [2.1e-6, -6.1e-6, -7.4e-6]])
def test_an_output_that_moves_in_steps_is_looked_at_with_larger_ones(name, x):
    f, slope = MOVES_IN_STEPS[name]
    assert check_vjp(lambda x: (f(x), x), lambda d, x: d * slope(x), np.array(x)).passed is True
    assert check_vjp(lambda x: (f(x), x), lambda d, x: d * -slope(x), np.array(x)).passed is False


@pytest.mark.parametrize("name", MOVES_IN_STEPS)
def test_a_right_gradient_is_not_wrong_where_no_step_of_the_size_of_the_inputs_moves_an_output(name):
    f, slope = MOVES_IN_STEPS[name]
    check = check_vjp(lambda x: (f(x), x), lambda d, x: d * slope(x), np.array([1e-9, 2e-9, -3e-9]))
    assert check.passed is not False


def test_tiny_inputs_of_a_function_that_varies_on_the_scale_of_one():
    for x in (np.array([1e-12, 3e-12]), np.array([1e-10, 3e-9]), np.array([5e-15, 1e-13])):
        assert check_gradient(lambda x: np.sum(np.log(1 + x)), x, lambda x: 1 / (1 + x)).passed is True
        assert check_gradient(lambda x: np.sum(np.log(1 + x)), x, lambda x: -1 / (1 + x)).passed is False
        assert check_gradient(lambda x: np.sum(np.log(1 + x)), x, lambda x: 1.01 / (1 + x)).passed is False


@pytest.mark.parametrize("name", MOVES_IN_STEPS)
@pytest.mark.parametrize("x", [[6.52e-7, -1.24e-7, -3.98e-7], [2e-8, -7e-8, 5e-8]])
def test_zero_is_not_right_because_a_first_step_moves_nothing(name, x):
    f = MOVES_IN_STEPS[name][0]
    assert check_vjp(lambda x: (f(x), x), lambda d, x: 0 * x, np.array(x)).passed is False


def test_zero_is_not_right_where_the_smallest_steps_that_move_anything_are_far_larger_than_the_first():
    for x in ([4.3e-12, 1.9e-12, 1.1e-12], [6.4e-12, 6.4e-12, 3.3e-12]):
        check = check_vjp(lambda x: (np.log(1 + x), x), lambda d, x: 0 * x, np.array(x))
        assert check.passed is False


def test_zero_is_right_where_tiny_inputs_move_nothing_before_a_kink_far_away():
    x = np.array([1e-9, 2e-9, -3e-9])
    for f in (lambda x: np.maximum(x - 1e-7, 0), lambda x: np.maximum(np.abs(x) - 1e-6, 0), lambda x: 0 * x):
        assert check_vjp(lambda x, f=f: (f(x), x), lambda d, x: 0 * x, x).passed is True
        assert check_vjp(lambda x, f=f: (f(x), x), lambda d, x: d, x).passed is False


def test_tiny_inputs_in_a_unit_of_their_own_are_judged_in_it():
    x = np.array([1e-9, -2e-9, 3e-9])
    for name, (f, slope) in {
        "sine": (np.sin, np.cos),
        "relu": (lambda x: np.maximum(x, 0), lambda x: x > 0),
    }.items():
        for factor, passed in ((1.0, True), (-1.0, False), (1.01, False)):
            check = check_vjp(
                lambda x, f=f: (f(1e9 * x), x), lambda d, x, s=slope, k=factor: k * 1e9 * d * s(1e9 * x), x
            )
            assert check.passed is passed, name


def test_a_difference_of_few_digits_is_not_computed_in_float32():
    few = point_of(lambda x: 1 - np.cos(x), np.array([6.52e-7, -1.24e-7, -3.98e-7]))
    assert not measure(few, 0).single
    narrow = point_of(lambda x: np.float32(1) - np.cos(x.astype(np.float32)), np.array([0.3, 1e-2]))
    assert measure(narrow, 0).epsilon == SINGLE


def rectified_net(W, b, V):
    rng = np.random.default_rng(5)
    x, labels = rng.normal(size=(5, 3)), np.array([0, 1, 2, 0, 1])
    h = np.maximum(x @ W + b, 0)
    p = np.exp(h @ V)
    p /= p.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(5), labels]).mean(), (x, labels, h, p, V)


def of_rectified_net(dout, cache):
    x, labels, h, p, V = cache
    dz = dout * (p - np.eye(3)[labels]) / 5
    da = dz @ V.T * (h > 0)
    return x.T @ da, da.sum(axis=0), h.T @ dz


@pytest.mark.parametrize("seed", range(1, 5))
def test_beyond_the_kinks_of_tiny_weights_nothing_is_seen_of_them(seed):
    rng = np.random.default_rng(seed)
    weights = 1e-7 * rng.normal(size=(3, 4)), 1e-8 * rng.normal(size=4), 1e-7 * rng.normal(size=(4, 3))
    assert check_vjp(rectified_net, of_rectified_net, *weights).passed is not False


@pytest.mark.parametrize("size", [1e-9, 1e-20, 1e-150])
def test_a_slope_that_only_steps_of_one_see_lets_no_other_gradient_pass(size):
    x = size * np.array([1.0, -2.0, 0.5])
    for factor in (1.0, 2.0, -1.0, 0.0, 1.01):
        check = check_gradient(lambda x: np.exp(x).sum(), x, lambda x, k=factor: k * np.exp(x))
        assert check.passed is True if factor == 1.0 else not check.passed


def test_steps_of_one_do_not_doubt_what_smaller_ones_would_have_shown():
    x = np.array([1e-8, 3e-8])  # a slope of 1 from 1e-7 on
    assert check_gradient(lambda x: np.maximum(x, 1e-7).sum(), x, lambda x: 0 * x).passed


def test_what_is_flat_at_one_too_is_known_well_enough():
    x = np.array([1e-20, -2e-20])
    assert check_gradient(lambda x: np.cos(x).sum(), x, lambda x: -np.sin(x)).passed


@pytest.mark.parametrize("error", [1e-1, 1e-3, 1e-5])
def test_steps_of_a_small_entry_do_not_hide_what_larger_ones_show(error):
    v = np.array([0.0284, -7.4e-9, 1.4e-7])  # scaled to the length 0.58, of which its own steps move nothing

    def backward(dout, v):
        length = np.sqrt(v @ v)
        return 0.58 * (dout - v * (dout @ v) / length**2) / length

    def one_wrong(dout, v):
        dv = backward(dout, v)
        dv[1] *= 1 + error
        return dv

    scaled = lambda v: (0.58 * v / np.sqrt(v @ v), v)  # noqa: E731
    assert check_vjp(scaled, backward, v).passed
    assert check_vjp(scaled, one_wrong, v).passed is False
