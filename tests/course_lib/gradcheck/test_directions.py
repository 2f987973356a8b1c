import tracemalloc

import numpy as np
import pytest

from course_lib import Cause, check_gradient, check_vjp


def relu_net(width, samples=8, features=40, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(samples, features))

    def forward(W, v):
        hidden = np.maximum(X @ W, 0)
        return hidden @ v, (W, v, hidden)

    def backward(dout, cache):
        _, v, hidden = cache
        return X.T @ (np.outer(dout, v) * (hidden > 0)), hidden.T @ dout

    return forward, backward, rng.normal(size=(features, width)), rng.normal(size=width)


@pytest.mark.parametrize(("width", "most"), [(250, 60), (2500, 200)])
def test_a_large_right_gradient_passes_in_few_evaluations(width, most):
    forward, backward, *inputs = relu_net(width)
    check = check_vjp(forward, backward, *inputs)
    assert check.passed is True
    assert check.evaluations <= most


@pytest.mark.parametrize("factor", [-1.0, 0.0, 2.0, 1.01])
def test_one_wrong_entry_of_a_large_gradient_is_located(factor):
    forward, backward, *inputs = relu_net(250)

    def with_one_wrong(dout, cache):
        dW, dv = backward(dout, cache)
        dW[17, np.abs(dW[17]).argmax()] *= factor
        return dW, dv

    check = check_vjp(forward, with_one_wrong, *inputs)
    assert check.passed is False
    assert check.arguments[0].worst_index[0] == 17
    assert check.arguments[1].passed is True


def test_the_cause_of_a_large_wrong_gradient_is_named():
    forward, backward, *inputs = relu_net(250)
    check = check_vjp(forward, lambda dout, cache: tuple(-g for g in backward(dout, cache)), *inputs)
    assert [argument.diagnosis for argument in check.arguments] == [Cause.SIGN, Cause.SIGN]


def test_a_large_gradient_of_zeros_is_named():
    forward, backward, *inputs = relu_net(250)
    check = check_vjp(forward, lambda dout, cache: tuple(0 * g for g in backward(dout, cache)), *inputs)
    assert [argument.diagnosis for argument in check.arguments] == [Cause.ZERO, Cause.ZERO]


def test_many_entries_on_kinks_pass_with_any_valid_slope():
    x = np.random.default_rng(0).normal(size=20_000)
    x[::3] = 0.0
    for slope in (0.0, 1.0):
        check = check_vjp(
            lambda x: (np.maximum(x, 0), x), lambda dout, x, s=slope: dout * np.where(x == 0, s, x > 0), x
        )
        assert check.passed is True
    assert check_vjp(lambda x: (np.maximum(x, 0), x), lambda dout, x: dout * (x >= -0.1), x).passed is False


def test_memory_stays_within_a_few_copies_of_the_largest_argument():
    x = np.random.default_rng(0).normal(size=500_000)
    tracemalloc.start()
    check_vjp(lambda x: np.sum(x * x), lambda dout, cache: 2 * dout * cache[0], x)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak <= 3 * x.nbytes + 100e6


def test_many_kinks_around_a_point_are_not_taken_for_noise():
    for seed in range(6):
        rng = np.random.default_rng(seed)
        x, dout = rng.normal(size=(200, 100)), rng.normal(size=(200, 100))
        check = check_vjp(lambda x: np.maximum(x, 0), lambda d, x: d * (x[0] > 0), x, dout=dout)
        assert check.passed, seed


def mean_square_net(kinked):
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(6, 250)), rng.normal(size=(6, 400))

    def forward(W):
        Z = X @ W
        return np.mean((np.maximum(Z, 0) - Y) ** 2) if kinked else np.mean((Z - Y) ** 2)

    def backward(W):
        Z = X @ W
        d = 2 * (np.maximum(Z, 0) - Y) * (Z > 0) if kinked else 2 * (Z - Y)
        return X.T @ d / Y.size

    return forward, backward, rng.normal(size=(250, 400)) / 16


@pytest.mark.parametrize("kinked", [False, True])
def test_one_entry_off_by_a_hundredth_of_a_typical_one_is_found_and_located(kinked):
    forward, backward, W = mean_square_net(kinked)

    def one_off(W):
        gradient = backward(W)
        gradient[123, 45] += 1e-2 * np.sqrt(np.mean(gradient**2))
        return gradient

    right, wrong = check_gradient(forward, W, backward), check_gradient(forward, W, one_off)
    assert right.passed is True
    assert right.evaluations <= 60
    assert wrong.passed is False
    assert wrong.arguments[0].worst_index == (123, 45)
    assert wrong.evaluations <= 700


def test_a_direction_through_kinks_is_split_until_one_entry_shows():
    x = np.random.default_rng(0).normal(size=200_000)

    def one_off(x):
        gradient = np.sign(x)
        gradient[7777] += 1e-2
        return gradient

    assert check_gradient(lambda x: np.sum(np.abs(x)), x, np.sign).passed is True
    check = check_gradient(lambda x: np.sum(np.abs(x)), x, one_off)
    assert check.passed is False
    assert check.arguments[0].worst_index == (7777,)


def test_a_large_gradient_that_is_nothing_but_rounding_passes_and_a_small_constant_does_not():
    rng = np.random.default_rng(0)
    x, b = rng.normal(size=(3, 2000)), rng.normal(size=2000)

    def backward(dout, extra=0.0):
        d = dout - dout.mean(axis=0)
        return d, d.sum(axis=0) + extra * dout[0]

    def forward(x, b):
        return (x + b) - (x + b).mean(axis=0)

    assert check_vjp(forward, lambda dout, cache: backward(dout), x, b).passed is True
    check = check_vjp(forward, lambda dout, cache: backward(dout, 1e-6), x, b)
    assert [argument.passed for argument in check.arguments] == [True, False]


def test_a_large_argument_at_a_minimum_passes():
    a = np.random.default_rng(0).normal(size=4000)
    assert check_gradient(lambda x: np.sum((x - a) ** 2), a, lambda x: 2 * (x - a)).passed is True
    assert check_gradient(lambda x: np.sum((x - a) ** 2), a, lambda x: 2 * (x - a) + 1e-6).passed is False


def layer_in_single(seed):
    """A layer of more than 3,000 entries in float32, many of whose outputs have a kink near by."""
    rng = np.random.default_rng(seed)
    x, W, b = rng.normal(size=(60, 40)), rng.normal(size=(40, 30)), rng.normal(size=30)

    def forward(x, W, b):
        x, W, b = (array.astype(np.float32) for array in (x, W, b))
        return np.maximum(x @ W + b, 0), (x, W, x @ W + b > 0)

    def backward_times(factor):
        def backward(dout, cache):
            x, W, on = cache
            d = factor * np.float32(dout) * on
            return d @ W.T, x.T @ d, d.sum(0)

        return backward

    return forward, backward_times, (x, W, b)


@pytest.mark.parametrize(("seed", "factor", "right"), [(1, 1.0, True), (4, 1.01, False)])
def test_a_large_layer_in_float32_is_right_and_one_percent_off_it_is_wrong(seed, factor, right):
    forward, backward_times, inputs = layer_in_single(seed)
    assert check_vjp(forward, backward_times(np.float32(factor)), *inputs).passed is right


@pytest.mark.parametrize(
    ("slip", "right"),
    [
        (lambda g: g, True),
        (lambda g: 10 * g, True),
        (np.negative, False),
        (np.zeros_like, False),
        (lambda g: 1.01 * g, False),
    ],
)
def test_where_a_direction_meets_kinks_some_entries_are_looked_at_alone(slip, right):
    def backward(dout, x):
        return slip(np.where(x > 0, 1.0, 0.1) * dout)

    check = check_vjp(lambda x: (np.where(x > 0, x, 0.1 * x), x), backward, np.zeros((60, 60)))
    assert check.passed is right


def test_all_of_a_few_entries_are_looked_at_there():
    rng = np.random.default_rng(0)
    x, W, b = (rng.integers(-3, 4, shape) / 2 for shape in ((60, 40), (40, 30), 30))

    def backward(dout, cache, lost=0):
        x, W, on = cache
        d = dout * on
        db = d.sum(0)
        db[:lost] = 0
        return d @ W.T, x.T @ d, db

    def forward(x, W, b):
        return np.maximum(x @ W + b, 0), (x, W, x @ W + b > 0)

    assert check_vjp(forward, backward, x, W, b).passed is True
    check = check_vjp(forward, lambda dout, cache: backward(dout, cache, lost=1), x, W, b)
    assert [argument.passed for argument in check.arguments] == [True, True, False]
    assert check.arguments[2].worst_index == (0,)


def test_an_entry_that_ties_is_held_against_its_slope_where_the_others_have_moved():
    x = np.round(3 * np.random.default_rng(0).normal(size=(31, 100)))

    def backward(dout, x):
        gradient = np.zeros_like(x)
        np.put_along_axis(gradient, np.argsort(x, axis=1, kind="stable"), dout, axis=1)
        return gradient

    check = check_vjp(lambda x: (np.sort(x, axis=1), x), backward, x)
    assert check.passed is True
    assert "(3100 entries, along random directions)" in str(check)


@pytest.mark.parametrize(
    ("at_zero", "factor", "right"), [(0, 1, True), (1, 1, True), (-1, 1, False), (0, 1.01, False)]
)
def test_what_a_relu_lets_through_at_zero_is_right_among_many_entries_too(at_zero, factor, right):
    """A row of zeros and no bias yet: all units are at their kink, and one loss sees them all."""
    rng = np.random.default_rng(2)
    v, W, x = rng.normal(size=80), rng.normal(size=(40, 80)), np.stack([np.zeros(40), rng.normal(size=40)])

    def forward(x, W, b):
        a = x @ W + b
        return (np.maximum(a, 0) @ v).sum(), (x, W, a)

    def backward(dout, cache):
        x, W, a = cache
        da = dout * v * np.where(a == 0, at_zero, a > 0)
        return da @ W.T, factor * x.T @ da, da.sum(0)

    assert check_vjp(forward, backward, x, W, np.zeros(80)).passed is right
