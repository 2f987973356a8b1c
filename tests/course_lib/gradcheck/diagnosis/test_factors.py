import numpy as np
import pytest

from course_lib import Cause, check_gradient, check_vjp


def diagnosis(change, loss=lambda x: np.sum(np.sin(x)), gradient=np.cos, shape=(6, 3)):
    x = np.random.default_rng(0).normal(size=shape)
    return check_gradient(loss, x, change(gradient(x), x)).arguments[0]


@pytest.mark.parametrize(
    ("factor", "cause", "words"),
    [
        (0.0, Cause.ZERO, "zero everywhere"),
        (-1.0, Cause.SIGN, "opposite sign"),
        (2.0, Cause.FACTOR_2 | Cause.CONSTANT_FACTOR, "a factor 2 is too many"),
        (0.5, Cause.FACTOR_2, "a 2 is missing"),
        (6.0, Cause.SCALE_N, "N = 6 is the length of axis 0 of x"),
        (1 / 3, Cause.SCALE_N | Cause.CONSTANT_FACTOR, "N = 3 is the length of axis 1 of x"),
        (18.0, Cause.SCALE_N | Cause.CONSTANT_FACTOR, "N = 18 is the number of entries of x"),
        (1.37, Cause.CONSTANT_FACTOR, "1.37 x the numerical gradient in every entry"),
        (-2.0, Cause.SIGN | Cause.FACTOR_2 | Cause.CONSTANT_FACTOR, "-2 x the numerical gradient"),
    ],
)
def test_a_factor_is_named_and_measured(factor, cause, words):
    found = diagnosis(lambda g, x: factor * g)
    assert found.diagnosis == cause
    assert words in found.explanation


def test_a_factor_that_is_2_and_a_length_is_named_as_both():
    found = diagnosis(lambda g, x: 2 * g, shape=(2, 5)).diagnosis
    assert found == Cause.FACTOR_2 | Cause.CONSTANT_FACTOR | Cause.SCALE_N


X = np.random.default_rng(1).normal(size=(9, 6))
T = np.random.default_rng(2).normal(size=(9, 3))


def ridge(W):
    return np.mean(((X @ W - T) ** 2).sum(axis=1)) + 0.3 * np.sum(W**2)


def data_gradient(W):
    return 2 * X.T @ (X @ W - T) / 9


@pytest.mark.parametrize(
    ("wrong", "cause"),
    [
        (lambda d, W: d, Cause.REGULARIZATION),
        (lambda d, W: d + 0.3 * W, Cause.REGULARIZATION),
        (lambda d, W: d + 0.6 * W / 9, Cause.REGULARIZATION),
        (lambda d, W: d + 0.6 * np.sign(W) + 0.6 * W, Cause.REGULARIZATION),
        (lambda d, W: 0.6 * W, Cause.OVERWRITTEN),
        (lambda d, W: 6 * d + 0.6 * W, Cause.SCALE_N),
        (lambda d, W: -d + 0.6 * W, Cause.SIGN),
        (lambda d, W: 2 * d + 0.6 * W, Cause.FACTOR_2),
    ],
)
def test_what_is_wrong_with_a_penalty_or_only_with_the_data_term_is_told_apart(wrong, cause):
    W = np.random.default_rng(0).normal(size=(6, 3))
    found = check_gradient(ridge, W, wrong(data_gradient(W), W)).arguments[0].diagnosis
    assert found is not None
    assert cause in found


def test_a_weak_penalty_is_not_taken_for_rounding():
    W = np.random.default_rng(0).normal(size=(6, 3)) * 1e-4
    found = check_gradient(ridge, W, data_gradient(W) + 0.3 * W).arguments[0]
    assert found.diagnosis == Cause.REGULARIZATION


def test_a_single_number_is_not_a_constant_factor():
    check = check_vjp(np.exp, lambda dout, cache: 1.234 * dout, 0.5)
    assert check.arguments[0].diagnosis == Cause.LOCAL_DERIVATIVE


def test_a_factor_near_1_is_as_near_as_a_difference_quotient_of_exp_is():
    quotient = check_vjp(np.exp, lambda d, c: d * (np.exp(c[0] + 1e-4) - np.exp(c[0])) / 1e-4, X)
    factor = diagnosis(lambda g, x: 1.0005 * g)
    assert (
        quotient.arguments[0].diagnosis
        == factor.diagnosis
        == Cause.NUMERICAL_DIFFERENTIATION | Cause.LOCAL_DERIVATIVE
    )
    assert "a factor near 1" in factor.explanation


def test_a_missing_factor_that_is_another_argument_is_named():
    check = check_vjp(
        lambda x, g: (g * np.sin(x), (x, g)),
        lambda d, c: (d * np.cos(c[0]), (d * np.sin(c[0])).sum(0)),
        X,
        np.array([0.3, -1.2, 2.1, 0.7, -0.4, 1.6]),
    )
    assert "another argument, g" in check.arguments[0].explanation


def test_a_sign_is_named_where_one_sample_sits_on_its_hinge():
    A, W, y = np.array([[1, 2.0], [0, -1], [2, 1], [-1, 1]]), np.array([1.0, 0.0]), np.array([1, -1, 1, -1.0])

    def gradient(w):
        return ((1 - y * (A @ w) > 0) * y) @ A / 4  # the minus is missing

    check = check_gradient(lambda w: np.mean(np.maximum(0, 1 - y * (A @ w))), W, gradient)
    assert check.arguments[0].diagnosis == Cause.SIGN


def test_a_mixture_of_penalties_is_told_without_multiples_that_are_rounding():
    W = np.array([[1.0, -2.0, 0.5], [3.0, -0.25, 4.0]])
    found = check_gradient(lambda W: 0.1 * np.sum(np.abs(W)), W, 0.2 * W).arguments[0]
    assert found.explanation == "yours is 0.2 W, and it should be 0.1 sign(W)"


def test_a_number_of_entries_along_some_axes_may_be_a_constant_as_well():
    x = np.random.default_rng(0).normal(size=(2, 3, 4))

    def running(x):
        return np.tanh(x).cumsum(axis=2), x

    def backward(dout, x):
        return 6 * dout[:, :, ::-1].cumsum(axis=2)[:, :, ::-1] * (1 - np.tanh(x) ** 2)

    explanation = check_vjp(running, backward, x).arguments[0].explanation
    assert "N = 6 is the number of entries of the output along 2 of its axes" in explanation
    assert "or a factor 6 is too many" in explanation
