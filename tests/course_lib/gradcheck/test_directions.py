import tracemalloc

import numpy as np
import pytest

from course_lib import Cause, check_vjp


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
