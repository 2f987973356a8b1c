"""Losses of classes, softmax or hinges: what balances the rows of their gradient."""

import numpy as np
import pytest
from views_under_test import view_of

from course_lib import check_gradient
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis import balance
from course_lib.gradcheck.diagnosis.balance import piecewise_linear, sums_to_zero

RNG = np.random.default_rng(11)
X = RNG.normal(size=(5, 4))
EITHER = Cause.DROPPED_PATH | Cause.SIGN_OF_ONE_TERM


def said(yours, right, x=X, forward=lambda x: x**2, **known):
    found = sums_to_zero(view_of(yours, right, x, forward=forward, **known))
    return found and (found.cause, found.sentence)


def cross_entropy(z, labels=(0, 1, 2, 3, 0)):
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    return p, np.eye(4)[list(labels)]


def loss(z):
    p, t = cross_entropy(z)
    return -np.sum(t * np.log(p))


def test_of_scores_only_the_entry_of_the_true_class_may_be_wrong():
    p, t = cross_entropy(X)
    start = "in every row only the entry of the true class is wrong: "
    assert said(p, p - t, forward=loss) == (
        Cause.LOCAL_DERIVATIVE | Cause.DROPPED_PATH,
        f"{start}look at what it collects",
    )
    reversed_ = np.where(t == 1, t - p, p)
    assert said(reversed_, p - t, forward=loss) == (
        Cause.SIGN_OF_ONE_TERM,
        f"{start}it has the opposite sign",
    )


def hinge(z, labels=(0, 1, 2, 3, 0)):
    """The gradient of a multiclass hinge loss with respect to the scores."""
    t = np.eye(4)[list(labels)]
    active = (z - (z * t).sum(axis=1, keepdims=True) + 1.0 > 0) * (1 - t)
    return active - active.sum(axis=1, keepdims=True) * t, t


def hinge_loss(z):
    t = np.eye(4)[[0, 1, 2, 3, 0]]
    return np.sum(np.maximum(0, z - (z * t).sum(axis=1, keepdims=True) + 1.0) * (1 - t))


def test_what_stands_in_another_column_is_an_index():
    right, t = hinge(X)
    yours = np.where(t == 1, 0.0, np.roll(right * t, 1, axis=1))
    expected = "what belongs to the true class stands in another column: a class index is off"
    assert said(yours, right, forward=hinge_loss) == (Cause.OFF_BY_ONE, expected)


def test_a_loss_of_hinges_lacks_what_balances_the_rest():
    right, _ = hinge(X)
    assert (
        said(np.abs(right), right, forward=hinge_loss)[1]
        == "in every row only the entry of the true class is wrong: it has the opposite sign"
    )
    shifted = right + 0.5 * RNG.normal(size=(5, 4))
    assert said(shifted, right, forward=hinge_loss) == (
        EITHER | Cause.LOCAL_DERIVATIVE,
        "the sum along axis 1 should vanish and does not in yours: "
        "what balances the rest, as the true class's term does, is wrong or missing",
    )


def test_a_balance_that_is_seen_elsewhere_too_lacks_no_constant():
    p, t = cross_entropy(X)
    yours = 2 * p**2 - t

    def backward(dout, cache):
        p, t = cross_entropy(cache[0])
        return 2 * p**2 - t

    expected = "what balances the rest is wrong, missing or in another place (an axis, an index, a transpose)"
    cause, sentence = said(yours, p - t, forward=loss, backward=backward)
    assert cause == Cause.LOCAL_DERIVATIVE
    assert sentence.endswith(expected)


def test_a_penalty_is_taken_away_before_rows_are_summed():
    p, t = cross_entropy(X)
    assert said(p + 0.3 * X, p - t + 0.3 * X, forward=loss)[1].startswith(
        "but for the regularization, the sum along axis 1 should vanish and does not in yours, unless that "
        "itself is wrong: "
    )
    matrix = view_of(p + 0.3 * X, p - t + 0.3 * X, X, forward=lambda x: x**2)
    assert sums_to_zero(matrix) is None


@pytest.mark.parametrize(
    ("forward", "linear"),
    [
        (hinge_loss, True),
        (lambda x: np.sum(np.abs(x)) + 0.3 * np.sum(x**2), True),
        (lambda x: np.sum(np.sin(x)), False),
        (lambda x: np.sum(np.log(x)), False),
    ],
)
def test_hinges_have_one_curvature_but_for_jumps_of_their_slope(forward, linear):
    x = np.abs(X) + 0.1
    with np.errstate(all="ignore"):
        assert piecewise_linear(view_of(X, X + 1, x, forward=forward)) is linear


SCORES, LABELS = RNG.normal(size=(7, 3)), RNG.integers(3, size=7)
ROWS = np.arange(len(SCORES))


def probabilities(b):
    scores = SCORES + b
    return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)


def softmax_loss(b):
    return -np.mean(np.log(probabilities(b)[ROWS, LABELS]))


def hinge_loss_of(b):
    scores = SCORES + b
    margins = np.maximum(0, scores - scores[ROWS, LABELS][:, np.newaxis] + 1)
    return (margins.sum() - len(SCORES)) / len(SCORES)


def above(b):
    scores = SCORES + b
    return (scores - scores[ROWS, LABELS][:, np.newaxis] + 1 > 0).astype(float)


def test_a_softmax_loss_is_no_hinge_though_one_step_for_all_scores_changes_nothing():
    b = np.full(3, 1.3)
    found = check_gradient(softmax_loss, b, probabilities(b).mean(axis=0) - [0.05, 0.05, 0.05]).arguments[0]
    assert "true class" not in found.explanation


def test_a_hinge_loss_that_forgets_the_true_class_is_told_what_balances_the_rest():
    b = np.full(3, 1.3)
    found = check_gradient(hinge_loss_of, b, above(b).mean(axis=0)).arguments[0]
    assert "what balances the rest, as the true class's term does" in found.explanation
    assert Cause.DROPPED_PATH & found.diagnosis


def test_a_gradient_that_is_balanced_but_for_its_penalty_is_balanced():
    p, t = cross_entropy(X)
    assert said(2 * (p - t) + 0.3 * X, p - t + 0.3 * X, forward=loss) is None


def test_of_scores_no_second_entry_of_a_row_is_negative():
    right = np.array([[1.0, -0.5, -0.75, 0.25]] * 5)
    yours = right + np.array([0.0, 0.0, 0.5, 0.0])
    assert "true class" not in said(yours, right, forward=loss)[1]


def test_a_loss_that_does_not_bend_is_no_hinge():
    for flat in (lambda x: 0.0 * np.sum(x), lambda x: np.sum(x)):
        assert piecewise_linear(view_of(X, X + 1, X, forward=flat)) is False


UNITS = pytest.mark.parametrize("unit", [1e-4, 1.0, 1e4])


@UNITS
def test_what_belongs_to_the_true_class_is_told_whatever_the_unit(unit):
    p, t = cross_entropy(X)
    start = "in every row only the entry of the true class is wrong: "
    right = unit * (p - t)
    for yours, said_of_it in (
        (p, "look at what it collects"),
        (np.where(t == 1, t - p, p), "it has the opposite"),
    ):
        assert said(unit * yours, right, forward=loss)[1].startswith(start + said_of_it)
    beside = unit * np.where(t == 1, t - p, p)
    for off, opposite in ((0.9e-5, True), (1.3e-5, False)):
        nearly = np.where(t == 1, beside * (1 + off), beside)
        assert ("opposite sign" in said(nearly, right, forward=loss)[1]) is opposite


ANOTHER_COLUMN = "what belongs to the true class stands in another column: a class index is off"


@UNITS
def test_only_the_whole_of_a_row_in_another_column_is_an_index(unit):
    right, t = hinge(X)
    right[0] = 0.0  # a row without a margin that counts
    right *= unit
    moved = np.where(t == 1, 0.0, np.roll(right * t, 1, axis=1))

    def found(yours):
        return said(yours, right, forward=hinge_loss)[1] == ANOTHER_COLUMN

    assert found(moved)
    assert found(moved * (1 + 0.9e-5))
    assert not found(moved * (1 + 1.2e-5))
    assert not found(moved * 0.5)
    assert not found(moved + right * t)
    assert found(moved + 0.9e-6 * np.abs(moved).max() * t)
    assert not found(moved + 1.2e-6 * np.abs(moved).max() * t)
    p, t = cross_entropy(X)
    assert said(p * (1 - t), p - t, forward=loss)[1] != ANOTHER_COLUMN


def test_a_loss_that_ends_on_the_line_is_no_hinge():
    with np.errstate(all="ignore"):
        for end in (np.inf, -np.inf, np.nan):
            at = view_of(
                X, X + 1, X, forward=lambda x, e=end: np.where(x.sum() > X.sum(), np.abs(x).sum(), e).sum()
            )
            assert piecewise_linear(at) is False


def test_one_kink_that_bends_downwards_is_a_hinge_too():
    for sign in (1, -1):
        kinked = view_of(X, X + 1, X, forward=lambda x, s=sign: s * np.abs(x.sum() - X.sum()))
        assert piecewise_linear(kinked) is True


@pytest.mark.parametrize(("off", "alone"), [(0.9e-5, True), (1.2e-5, False)])
def test_entries_beside_the_true_class_are_right_to_a_hundred_thousandth(off, alone):
    p, t = cross_entropy(X)
    beside = np.zeros((5, 4))
    beside[0, 3] = off * max(np.abs(p).max(), np.abs(p - t).max())
    assert ("only the entry of the true class" in said(p + beside, p - t, forward=loss)[1]) is alone


def test_a_square_is_no_loss_of_classes():
    u = np.array([0.3, -1.0, 2.0, 0.7])

    def slip(u):
        g = np.zeros_like(u)
        g[1:] += np.diff(u)
        return g

    check = check_gradient(lambda u: 0.5 * np.sum(np.diff(u) ** 2), u, slip)
    assert check.arguments[0].explanation.endswith(balance.BALANCING)
    assert not piecewise_linear(view_of(u, slip(u), u, forward=lambda u: np.sum(u**2)))
