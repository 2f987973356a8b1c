"""One term that is missing, reversed or elsewhere, seen in the difference of the two gradients."""

import numpy as np
import pytest
from views_under_test import view_of

from course_lib import Cause, check_gradient, check_vjp
from course_lib.gradcheck.diagnosis.differences import (
    path_that_hands_on,
)

RNG = np.random.default_rng(1)
SCORES, LABELS, ROWS = RNG.normal(size=(5, 4)), np.array([0, 2, 1, 3, 0]), np.arange(5)


def loss(x):
    return float((np.log(np.exp(x).sum(axis=1)) - x[ROWS, LABELS]).mean())


def gradient_with(change):
    def gradient(x):
        p = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
        change(p)
        return p / len(x)

    return gradient


def nothing(p):
    pass


def plus(p):
    p[ROWS, LABELS] += 1


def next_class(p):
    p[ROWS, LABELS - 1] -= 1


def two_classes(p):
    p[ROWS, LABELS] -= 1
    p[ROWS, LABELS - 1] -= 1


@pytest.mark.parametrize(
    ("change", "cause"),
    [(nothing, Cause.DROPPED_PATH), (plus, Cause.SIGN_OF_ONE_TERM), (next_class, Cause.OFF_BY_ONE)],
)
def test_what_is_wrong_with_the_true_class_is_told_apart(change, cause):
    (argument,) = check_gradient(loss, SCORES, gradient_with(change)).arguments
    assert argument.diagnosis is cause, argument.explanation


def test_a_constant_term_that_is_one_too_many_is_not_called_missing():
    (argument,) = check_gradient(loss, SCORES, gradient_with(two_classes)).arguments
    assert "the same at another point" in argument.explanation
    assert Cause.LOCAL_DERIVATIVE in argument.diagnosis


@pytest.mark.parametrize(
    ("share", "cause", "what"),
    [
        (0, Cause.DROPPED_PATH, "is missing"),
        (2, Cause.DROPPED_PATH, "twice"),
        (-1, Cause.SIGN_OF_ONE_TERM, "sign"),
    ],
)
def test_a_skip_connection(share, cause, what):
    W = RNG.normal(size=(4, 4))

    def forward(x):
        return x + np.tanh(x @ W), x

    def backward(dout, x):
        return share * dout + (dout * (1 - np.tanh(x @ W) ** 2)) @ W.T

    (argument,) = check_vjp(forward, backward, SCORES).arguments
    assert argument.diagnosis is cause
    assert what in argument.explanation


def test_a_hinge_whose_mask_is_missing():
    def hinge(x):
        margins = np.maximum(0, x - x[ROWS, LABELS][:, None] + 1)
        margins[ROWS, LABELS] = 0
        return float(margins.sum() / len(x))

    def no_mask(x):
        dx = np.ones_like(x)
        dx[ROWS, LABELS] = 1 - x.shape[1]
        return dx / len(x)

    (argument,) = check_gradient(hinge, 2 * SCORES, no_mask).arguments
    assert argument.diagnosis is Cause.MISSING_MASK


G, DOUT = RNG.normal(size=(3, 4)), RNG.normal(size=(3, 4))


def handed_on(yours, right, **known):
    found = path_that_hands_on(view_of(yours, right, dout=DOUT, **known))
    return found and (found.cause, found.sentence)


@pytest.mark.parametrize(
    ("times", "cause", "by", "what"),
    [
        (0, Cause.DROPPED_PATH, "", "is missing, or one that negates it is counted twice"),
        (2, Cause.DROPPED_PATH, "", "is counted twice, or one that negates it is missing"),
        (-1, Cause.SIGN_OF_ONE_TERM, "twice ", "has the opposite sign"),
    ],
)
def test_a_path_that_hands_dout_on_is_named_with_what_became_of_it(times, cause, by, what):
    expected = (
        f"yours and the numerical gradient differ by {by}dout itself: "
        f"the path that hands it on unchanged to x0 {what}"
    )
    assert handed_on(G + times * DOUT, G + DOUT) == (cause, expected)


def test_where_there_is_no_other_path_or_no_such_difference_nothing_is_said():
    assert handed_on(0 * DOUT, DOUT) is None
    assert handed_on(0 * DOUT, 1.00002 * DOUT) is None
    assert handed_on(0 * DOUT, -DOUT) is None
    assert handed_on(0 * DOUT, 2 * DOUT) is None
    assert handed_on(G, G + 1.5 * DOUT) is None
    assert handed_on(G, G) is None
    assert handed_on(DOUT, 0 * DOUT) is None
    assert handed_on(G, G + DOUT, forward=lambda x: x[:, :, None]) is None
    assert path_that_hands_on(view_of(1.0, 2.0)) is None
