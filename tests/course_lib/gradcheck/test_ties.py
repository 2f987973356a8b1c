import numpy as np
import pytest

from course_lib import Cause, check_vjp


def row_maximum(x):
    return x.max(axis=1), x


def to_shares(shares):
    def backward(dout, x):
        ties = (x == x.max(axis=1, keepdims=True)) * 1.0
        return dout[:, None] * shares(ties)

    return backward


TIED = np.array([[1.0, 1.0, 0.0, -1.0], [2.0, 0.5, 2.0, 2.0], [3.0, 1.0, 0.0, 2.0]])


def test_every_tie_in_full_is_named():
    check = check_vjp(row_maximum, to_shares(lambda ties: ties), TIED)
    assert check.arguments[0].diagnosis == Cause.TIE_COUNTED_TWICE
    assert check.arguments[0].wrong == 5


@pytest.mark.parametrize(
    "shares",
    [
        lambda ties: ties / ties.sum(axis=1, keepdims=True),
        lambda ties: ties * (np.cumsum(ties, axis=1) == 1),
        lambda ties: ties * (np.cumsum(ties[:, ::-1], axis=1)[:, ::-1] == 1),
    ],
)
def test_shares_that_sum_to_one_pass(shares):
    check = check_vjp(row_maximum, to_shares(shares), TIED)
    assert check.passed is True
    assert check.arguments[0].kinks == 5


def test_kinks_that_do_not_interact_may_be_chosen_freely():
    x = np.zeros(40)
    signs = np.random.default_rng(0).choice([-1.0, 0.0, 1.0], 40)
    weights = np.random.default_rng(1).normal(size=40)
    check = check_vjp(lambda x: np.sum(weights * np.abs(x)), lambda dout, c: dout * weights * signs, x)
    assert check.passed is True


def test_ties_between_two_arguments_are_tested_together():
    def largest_distance(x, y):
        return np.maximum(x, y).sum(), (x, y)

    def both(dout, cache):
        x, y = cache
        return dout * (x >= y), dout * (y >= x)

    x = np.array([1.0, 2.0, 3.0])
    check = check_vjp(largest_distance, both, x, np.array([1.0, 5.0, 3.0]))
    assert [argument.diagnosis for argument in check.arguments] == [Cause.TIE_COUNTED_TWICE] * 2
