"""The rules by which a difference is named as one term, one at a time."""

import numpy as np
import pytest
from views_under_test import view_of

from course_lib import Cause, check_gradient
from course_lib.gradcheck.diagnosis.differences import (
    constant_difference,
    constant_term,
    spread_alike,
    turns_with_the_signs,
)

RNG = np.random.default_rng(1)
SCORES, LABELS, ROWS = RNG.normal(size=(5, 4)), np.array([0, 2, 1, 3, 0]), np.arange(5)
G, DOUT = RNG.normal(size=(3, 4)), RNG.normal(size=(3, 4))


def offset(difference, x=G, gradient=np.cos, forward=np.sin, **known):
    """Return the view of a gradient that is off by the same numbers everywhere."""

    def backward(dout, cache):
        return dout * gradient(cache[0]) + difference

    dout = known.get("dout")
    right = gradient(x) * (1.0 if dout is None else np.reshape(dout, np.shape(forward(x))))
    return view_of(right + difference, right, x, forward=forward, backward=backward, **known)


SAME = "yours differs from the numerical gradient by numbers that are the same at another point"
ELSEWHERE = (
    f"{SAME}: a term that depends on no argument, as one from a label or a target, is missing, too many, "
    f"reversed or in another place"
)
EITHER = Cause.DROPPED_PATH | Cause.SIGN_OF_ONE_TERM


def constant(difference, **known):
    found = constant_term(offset(np.array(difference), **known))
    return found and (found.cause, found.sentence)


def test_numbers_that_are_the_same_elsewhere_are_a_constant_term():
    assert constant(np.full((3, 4), 0.1)) == (EITHER, ELSEWHERE)
    assert constant(np.full((3, 4), -0.1)) == (EITHER, ELSEWHERE)


def test_numbers_that_add_up_to_zero_are_a_term_at_another_index():
    difference = np.zeros((3, 4))
    difference[:, 0], difference[:, 2] = 0.1, -0.1
    cause = Cause.OFF_BY_ONE | Cause.LOCAL_DERIVATIVE
    expected = f"{SAME}, and add up to zero: a term from a label or a target stands at another index"
    assert constant(difference) == (cause, expected)
    nearly = difference.copy()
    nearly[0, 1] = 0.9e-6 * np.abs(difference).sum()
    assert constant(nearly) == (cause, expected)
    nearly[0, 1] = 1.3e-6 * np.abs(difference).sum()
    assert constant(nearly) == (EITHER, ELSEWHERE)


def test_targets_that_are_smoothed_on_one_side_only_are_no_index_that_is_off():
    targets = np.eye(4)[[0, 2, 1]]
    smooth = 0.9 * targets + 0.1 / 4
    expected = f"{SAME}: what one column of each row loses, all others gain alike: "
    expected += "are the targets smoothed in only one of forward and backward?"
    for difference in (targets - smooth, smooth - targets):
        assert constant(difference) == (Cause.LOCAL_DERIVATIVE, expected)

    def loss(z):
        return np.sum(np.log(np.exp(z).sum(axis=1)) - (smooth * z).sum(axis=1))

    def gradient(z):
        return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True) - targets

    assert check_gradient(loss, G, gradient).arguments[0].explanation == expected


def test_a_difference_that_is_another_one_elsewhere_is_no_constant_term():
    assert (
        constant_difference(
            view_of(2 * np.cos(G), np.cos(G), G, forward=np.sin, backward=lambda d, c: 2 * d * np.cos(c[0]))
        )
        is None
    )
    assert constant_difference(offset(np.full((3, 4), 0.1))).tolist() == pytest.approx(np.full((3, 4), 0.1))


def test_a_gradient_that_hardly_changes_says_nothing_elsewhere():
    def slowly(share, unit):
        return offset(
            np.full((3, 4), 0.1 * unit),
            gradient=lambda x: unit * (1.0 + share * x),
            forward=lambda x: unit * (x + share * x**2 / 2),
        )

    for unit in (1.0, 1e3):
        assert constant_difference(slowly(1e-3, unit)) is None
        assert constant_difference(slowly(1e-1, unit)) is not None


def test_a_difference_has_to_be_well_above_rounding():
    assert constant_difference(offset(np.full((3, 4), 1.0e-4))) is None  # a hundred times what is the same
    assert constant_difference(offset(np.full((3, 4), 3.0e-4))) is not None
    assert constant_difference(offset(np.full((3, 4), 3.0e-4), allowed=1e-6)) is None


def test_one_entry_is_too_few():
    assert constant_difference(offset(np.array([0.1]), x=np.array([0.5]))) is None
    assert constant_difference(offset(np.array([0.1, 0.1]), x=np.array([0.5, 0.7]))) is not None


def scores(difference, x=G, scale=1.0):
    """A scalar loss of scores, and a difference for each row."""

    return constant(difference, x=x, forward=lambda x: np.sum(np.sin(x)), dout=scale)[0]


def at_label(size, labels=(1, 3, 0)):
    difference = np.zeros((3, 4))
    difference[np.arange(3), labels] = size
    return difference


@pytest.mark.parametrize(
    ("size", "cause"),
    [
        (1 / 3, Cause.DROPPED_PATH),
        (2 / 3, Cause.SIGN_OF_ONE_TERM),
        (1.0, Cause.DROPPED_PATH),
        (2.0, Cause.SIGN_OF_ONE_TERM),
        (0.5, EITHER | Cause.LOCAL_DERIVATIVE),
        (-1 / 3, EITHER | Cause.LOCAL_DERIVATIVE),
        ((1 + 0.8e-4) / 3, Cause.DROPPED_PATH),
        ((1 + 1.3e-4) / 3, EITHER | Cause.LOCAL_DERIVATIVE),
    ],
)
def test_one_number_in_each_row_of_scores_is_the_term_of_the_label_missing_or_reversed(size, cause):
    assert scores(at_label(size)) == cause
    assert scores(5 * at_label(size), scale=5.0) == cause
    assert scores(-5 * at_label(size), scale=-5.0) == cause


def test_other_differences_of_scores_are_neither_for_sure():
    unsure = EITHER | Cause.LOCAL_DERIVATIVE
    assert scores(at_label(np.array([1.0, 1.0, 1.1]) / 3)) == unsure
    twice = at_label(1 / 3)
    twice[0] = 1 / 3
    assert scores(twice) == unsure
    assert scores(np.array([0.5, 0.5, 0.5]), x=G[:, 0]) == unsure
    assert scores(np.full((3, 1), 1 / 3), x=G[:, :1]) == EITHER
    assert scores(np.full((3, 2, 2), 1 / 3), x=RNG.normal(size=(3, 2, 2))) == EITHER


def test_a_difference_is_compared_with_twenty_times_the_noise():
    assert constant_difference(offset(np.full((3, 4), 0.1), allowed=4.9e-5)) is not None
    assert constant_difference(offset(np.full((3, 4), 0.1), allowed=5.1e-5)) is None


def test_of_two_examples_the_term_that_is_averaged_is_the_likelier():
    assert scores(at_label(1.0, (1, 3, 0))[:2], x=G[:2]) == Cause.SIGN_OF_ONE_TERM
    assert scores(at_label(0.5, (1, 3, 0))[:2], x=G[:2]) == Cause.DROPPED_PATH


def test_what_is_a_millionth_of_the_largest_difference_is_none():
    difference = at_label(1 / 3)
    difference[0, 0] = 0.9e-6 / 3
    assert scores(difference) == Cause.DROPPED_PATH
    difference[0, 0] = 1.2e-6 / 3
    assert scores(difference) == EITHER | Cause.LOCAL_DERIVATIVE


@pytest.mark.parametrize(("share", "known"), [(0.02, False), (0.5, True)])
def test_a_gradient_has_to_change_where_it_is_compared(share, known):
    def gradient(x):
        return np.where(np.arange(4) < 2, 1.0 + share * x, 1.0)

    view = offset(np.full((3, 4), 0.1), gradient=gradient, forward=lambda x: x * 1.0)
    elsewhere = view_of(gradient(G + 0.3) + 0.1, gradient(G + 0.3), G + 0.3)
    view.evidence.elsewhere = [elsewhere.evidence]
    assert (constant_difference(view) is not None) is known


def test_entries_on_a_kink_at_either_point_are_left_out():
    kink = np.zeros((3, 4), dtype=bool)
    kink[0, 0] = True
    right = np.cos(G)
    for here, there in ((kink, None), (None, kink)):
        yours, other = right + 0.1, np.cos(G + 1) + 0.1
        (yours if there is None else other)[0, 0] += 5.0
        known = [{} if mask is None else {"kink": mask} for mask in (here, there)]
        view = view_of(yours, right, G, forward=np.sin, **known[0])
        view.evidence.elsewhere = [view_of(other, np.cos(G + 1), G + 1, **known[1]).evidence]
        found = constant_difference(view)
        assert np.allclose(found[~kink], 0.1)


def test_two_classes_are_enough_for_a_label():
    assert scores(np.eye(2)[[0, 1, 1]] / 3, x=G[:, :2]) == Cause.DROPPED_PATH
    assert scores(at_label(1.0)[:1], x=G[:1]) == Cause.DROPPED_PATH  # and one example
    assert constant_term(view_of(2 * np.cos(G), np.cos(G), G, forward=np.sin)) is None


@pytest.mark.parametrize("strength", [0.0, 0.4])
def test_what_absolute_values_bring_is_no_term_of_a_label(strength):
    x = RNG.normal(size=(5, 3))
    fit = lambda w: np.mean((x @ w - LABELS) ** 2) + 0.2 * np.sum(np.abs(w))  # noqa: E731
    check = check_gradient(
        fit,
        np.array([0.3, -1.2, 0.7]),
        lambda w: 2 * x.T @ (x @ w - LABELS) / 5 + strength * np.sign(w),
    )
    assert Cause.REGULARIZATION in check.arguments[0].diagnosis
    assert "absolute values" in check.arguments[0].explanation


def test_where_the_signs_cannot_be_turned_a_constant_term_belongs_to_no_absolute_values():
    def positive_only(x):
        return np.log(x) if (x > 0).all() else np.full(x.shape, np.nan)

    found = constant(np.full((3, 4), 0.1), x=1 + np.abs(G), forward=positive_only, gradient=lambda x: 1 / x)
    assert found == (EITHER, ELSEWHERE)


def test_each_row_has_to_be_balanced_and_even_for_smoothed_targets():
    row = np.array([-0.3, 0.1, 0.1, 0.1])
    assert spread_alike(np.stack([row, 2 * row, row[::-1]])) is True
    assert spread_alike(np.stack([row, -row])) is True
    assert spread_alike(np.stack([row, [-0.3, 0.2, 0.0, 0.1]])) is False
    assert spread_alike(np.stack([row, row + 0.1 * np.eye(4)[0], row - 0.1 * np.eye(4)[0]])) is False
    assert spread_alike(np.stack([row, 0 * row])) is False
    assert spread_alike(np.array([[-0.3, 0.05, 0.125, 0.125]])) is False
    assert spread_alike(row[:3] + 0.1 * np.eye(3)[0]) is False
    assert spread_alike(np.array([[-0.2, 0.1, 0.1]])) is True
    assert spread_alike(np.array([[-0.1, 0.1]])) is False


@pytest.mark.parametrize(("off", "found"), [(0.9e-5, True), (1.1e-5, False)])
def test_targets_are_smoothed_alike_to_a_hundred_thousandth_of_the_largest(off, found):
    for unit in (1e-3, 1e3):
        row = np.array([-0.3, 0.1 + 0.3 * off / 2, 0.1 - 0.3 * off / 2, 0.1])
        assert spread_alike(unit * np.stack([row, [-0.3, 0.1, 0.1, 0.1]])) is found


@pytest.mark.parametrize(("off", "found"), [(0.9e-6, True), (1.1e-6, False)])
def test_rows_balance_to_a_millionth_of_the_largest(off, found):
    for sign in (1, -1):
        assert spread_alike(np.array([[-0.3 + sign * 0.3 * off, 0.1, 0.1, 0.1]])) is found


def test_a_gradient_that_changes_only_on_a_kink_says_nothing_elsewhere():
    kink, there = np.eye(3, 4) > 0, np.cos(G) + np.eye(3, 4)
    for mask, known in ((kink, False), (0 * kink, True)):
        view = view_of(np.cos(G) + 0.1, np.cos(G), G, forward=np.sin, kink=mask)
        view.evidence.elsewhere = [view_of(there + 0.1, there, G + 1).evidence]
        assert (constant_difference(view) is not None) is known


def test_a_difference_is_compared_with_rounding_in_the_unit_of_the_gradient():
    for unit in (1e3, 1e6):
        known = {"forward": lambda x, unit=unit: unit * np.sin(x), "allowed": 1e-9 * unit}
        known["gradient"] = lambda x, unit=unit: unit * np.cos(x)
        assert constant_difference(offset(np.full((3, 4), 1.0e-4 * unit), **known)) is None
        assert constant_difference(offset(np.full((3, 4), 3.0e-4 * unit), **known)) is not None


def test_the_signs_are_turned_and_nothing_else():
    for turned, found in ((0.1, True), (0.0, False)):

        def difference(x, turned=turned):
            return np.where(np.isclose(np.abs(x), np.abs(G)), turned * np.sign(x), 0.3) + 0.1 - turned

        view = view_of(
            np.cos(G) + difference(G),
            np.cos(G),
            G,
            forward=np.sin,
            backward=lambda d, c: d * np.cos(c[0]) + difference(c[0]),
        )
        assert turns_with_the_signs(view) is found


@pytest.mark.parametrize(
    ("moved", "off", "known"), [(0.011, 0.9e-6, True), (0.009, 0, False), (0.1, 1.2e-6, False)]
)
def test_a_difference_is_the_same_to_a_millionth_where_the_gradient_moved_by_a_hundredth(moved, off, known):
    for unit in (1e-3, 1.0, 1e3):
        here, there = np.ones((3, 4)) * unit, np.ones((3, 4)) * unit * (1 - moved)
        view = view_of(0.9 * here, here, G, allowed=1e-12)
        other = view_of(there - (0.1 + off) * unit, there, G + 1, allowed=1e-12)
        view.evidence.elsewhere = [other.evidence]
        assert (constant_difference(view) is not None) is known
