import numpy as np
import pytest

from course_lib import Cause, check_vjp

RNG = np.random.default_rng(0)
X = RNG.normal(size=(4, 6))


def cause_of(forward, backward, *inputs):
    return check_vjp(forward, backward, *inputs).arguments[0].diagnosis


@pytest.mark.parametrize(
    ("mask", "cause"),
    [
        (lambda x: np.ones_like(x), Cause.MISSING_MASK),
        (lambda x: x < 0, Cause.INVERTED_MASK),
        (lambda x: x > 0.8, Cause.ZERO_IN_PART),
        (lambda x: np.roll(x, 2) > 0, Cause.MASK_FROM_WRONG_TENSOR),
    ],
)
def test_a_wrong_mask_of_relu_is_named(mask, cause):
    assert cause_of(lambda x: np.maximum(x, 0), lambda dout, cache: dout * mask(cache[0]), X) == cause


def test_a_mask_that_is_missing_deep_inside_a_loss_is_found_by_switching_every_unit_on():
    Y, T = RNG.normal(size=(9, 4)), RNG.normal(size=(9, 2))
    V = RNG.normal(size=(5, 2))

    def forward(W, b):
        return np.mean((np.maximum(Y @ W + b, 0) @ V - T) ** 2)

    def backward(dout, cache):
        W, b = cache
        d = 2 * dout * (np.maximum(Y @ W + b, 0) @ V - T) / T.size @ V.T
        return Y.T @ d, d.sum(axis=0)

    check = check_vjp(forward, backward, RNG.normal(size=(4, 5)), RNG.normal(size=5))
    assert [argument.diagnosis for argument in check.arguments] == [Cause.MISSING_MASK] * 2


@pytest.mark.parametrize(
    ("product", "sine", "cause"),
    [
        (1, 0, Cause.DROPPED_PATH),
        (0, 1, Cause.OVERWRITTEN),
        (1, -1, Cause.SIGN_OF_ONE_TERM),
        (1, 2, Cause.FACTOR_2),
    ],
)
def test_one_of_two_paths_is_dropped_reversed_or_scaled(product, sine, cause):
    def backward(dout, cache):
        x, y = cache
        return dout * (product * y + sine * np.cos(x)), dout * x

    found = cause_of(lambda x, y: x * y + np.sin(x), backward, X, RNG.normal(size=X.shape))
    assert found is not None
    assert cause in found


@pytest.mark.parametrize(
    ("mean", "variance", "cause"),
    [
        (0, 1, Cause.DROPPED_PATH),
        (1, 0, Cause.DROPPED_PATH),
        (0, 0, Cause.DROPPED_PATH),
        (1, -1, Cause.SIGN_OF_ONE_TERM),
        (7, 1, Cause.SCALE_N),
    ],
)
def test_the_paths_through_the_statistics_of_a_batch_are_told_apart(mean, variance, cause):
    def parts(x):
        deviation = np.sqrt(x.var(axis=0) + 1e-5)
        return (x - x.mean(axis=0)) / deviation, deviation

    def backward(dout, cache):
        normal, deviation = parts(*cache)
        return (
            dout - mean * dout.mean(axis=0) - variance * normal * (dout * normal).mean(axis=0)
        ) / deviation

    assert cause_of(lambda x: parts(x)[0], backward, RNG.normal(size=(7, 4))) == cause


def test_overlapping_windows_that_overwrite_are_named():
    def forward(x):
        return x[:-1] + x[1:]

    def backward(dout, cache):
        gradient = np.zeros_like(cache[0])
        gradient[:-1] = dout
        gradient[1:] = dout
        return gradient

    cause = cause_of(forward, backward, RNG.normal(size=8))
    assert cause == Cause.OVERWRITTEN | Cause.DROPPED_PATH


def test_a_use_of_an_argument_that_is_forgotten_is_named():
    found = cause_of(lambda x: x @ x.T, lambda dout, cache: dout @ cache[0], RNG.normal(size=(4, 3)))
    assert found == Cause.DROPPED_PATH | Cause.OVERWRITTEN


def test_a_term_that_balances_the_others_is_missed():
    y = RNG.integers(0, 5, 6)

    def backward(dout, cache):
        e = np.exp(cache[0])
        return dout * e / e.sum(axis=1, keepdims=True) / 6

    def loss(z):
        return np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(6), y])

    found = cause_of(loss, backward, RNG.normal(size=(6, 5)))
    assert found is not None
    assert Cause.DROPPED_PATH in found


def test_a_formula_that_is_simply_wrong_is_called_that():
    assert cause_of(np.tanh, lambda dout, cache: dout * (1 - cache[0] ** 2), X) == Cause.LOCAL_DERIVATIVE


def test_a_difference_quotient_is_suspected():
    def backward(dout, cache):
        return dout * (np.exp(cache[0] + 1e-5) - np.exp(cache[0])) / 1e-5

    assert cause_of(np.exp, backward, X) == Cause.NUMERICAL_DIFFERENTIATION | Cause.LOCAL_DERIVATIVE
