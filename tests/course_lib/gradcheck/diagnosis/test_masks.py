"""Entries let through that should be stopped, and the reverse."""

import numpy as np
import pytest
from views_under_test import view_of, view_of_jacobians

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis import masks

RNG = np.random.default_rng(6)
G = RNG.normal(size=(4, 3))
ON = G > 0


def said(hypothesis, yours, right, *inputs, **known):
    found = hypothesis(view_of(yours, right, *inputs, **known))
    return found and (found.cause, found.sentence)


def summed(*xs):
    return np.sum(xs[0])


def test_entries_that_are_zero_in_vain_are_counted():
    yours = G.copy()
    yours[0, 1] = yours[2, 2] = 0.0
    expected = "2 entries are zero that should not be; the rest is right"
    assert said(masks.zero_in_part, yours, G) == (Cause.ZERO_IN_PART, expected)
    assert said(masks.zero_in_part, np.where(ON, yours, 0.0), np.where(ON, G, 0.0))[0] == Cause.ZERO_IN_PART


@pytest.mark.parametrize(("axis", "index"), [(0, (2,)), (0, (0,)), (1, (slice(None), 1))])
def test_a_slice_without_a_gradient_is_named_by_its_axis(axis, index):
    yours = G.copy()
    yours[index] = 0.0
    expected = f"one slice along axis {axis} gets no gradient at all; the rest is right"
    assert said(masks.zero_in_part, yours, G) == (Cause.ZERO_IN_PART | Cause.DROPPED_PATH, expected)


def test_one_entry_or_one_of_two_slices_is_no_slice():
    yours = G.copy()
    yours[1, 1] = 0.0
    assert said(masks.zero_in_part, yours, G)[1].startswith("1 entry is zero that should not be;")
    yours = G[:2].copy()
    yours[0] = 0.0
    assert said(masks.zero_in_part, yours, G[:2])[1].startswith("3 entries are zero")


def test_where_other_entries_are_wrong_or_all_are_zero_or_none_no_part_is_named():
    yours = G.copy()
    yours[0] = 0.0
    assert said(masks.zero_in_part, yours * 2, G) is None
    assert said(masks.zero_in_part, 0 * G, G) is None
    assert said(masks.zero_in_part, G, G) is None
    assert said(masks.zero_in_part, np.where(ON, 0.0, G), np.where(ON, 0.0, G)) is None


INVERTED = (Cause.INVERTED_MASK, "gradient flows exactly where it should not: the mask is inverted")


def test_a_mask_is_inverted_where_gradient_flows_exactly_elsewhere():
    yours, right = np.where(ON, 0.0, G), np.where(ON, G, 0.0)
    assert said(masks.inverted_mask, yours, right) == INVERTED
    yours[np.unravel_index(np.argmin(G), G.shape)] = 0.0
    assert said(masks.inverted_mask, yours, right) is None  # not everywhere else
    assert said(masks.inverted_mask, yours, right, forward=summed) == INVERTED
    assert said(masks.inverted_mask, G, right) is None
    assert said(masks.inverted_mask, 0 * G, right, forward=summed) is None
    assert said(masks.inverted_mask, G, 0 * G, forward=summed) is None
    assert said(masks.inverted_mask, 0 * G, G, forward=summed) is None


def test_the_slopes_of_a_leaky_function_are_inverted_too():
    dout = RNG.normal(size=(4, 3))
    for on, off in ((1.0, 0.1), (-2.0, 0.5)):
        right, yours = np.where(ON, on, off), np.where(ON, off, on)
        assert said(masks.inverted_mask, dout * yours, dout * right, dout=dout) == INVERTED
        assert said(masks.inverted_mask, dout * right, dout * right, dout=dout) is None
        assert said(masks.inverted_mask, dout * on, dout * right, dout=dout) is None
        assert said(masks.inverted_mask, dout * yours, dout * on, dout=dout) is None
    assert said(masks.inverted_mask, np.where(ON, 0.1, 1.0), np.where(ON, 1.0, 0.1), forward=summed) is None


MISSING = (Cause.MISSING_MASK, "gradient also flows where forward stopped it: the mask is missing")


def test_a_mask_is_missing_where_all_that_should_flow_does_and_more():
    dout = RNG.normal(size=(4, 3))
    assert said(masks.missing_mask, dout, dout * ON, dout=dout) == MISSING
    assert said(masks.missing_mask, G, G * ON, forward=summed) == MISSING
    assert said(masks.missing_mask, G, G) is None
    assert said(masks.missing_mask, 2 * G, G * ON, forward=summed) is None
    assert said(masks.missing_mask, G, 0 * G, forward=summed) is None
    assert said(masks.missing_mask, G * ON, G * ON, forward=summed) is None


def test_what_flows_in_vain_is_of_the_kind_of_what_flows_elsewhere():
    dout = RNG.normal(size=(4, 3))
    assert said(masks.missing_mask, dout * np.where(ON, 1.0, 0.3), dout * ON, dout=dout) is None
    some = np.where(ON, 1.0, 0.3)
    some[0, np.flatnonzero(~ON[0])[:1]] = 1.0
    expected = MISSING if not ON[0].all() else None
    assert said(masks.missing_mask, dout * some, dout * ON, dout=dout) == expected
    curved = np.exp(G)
    assert said(masks.missing_mask, curved, curved * ON) == MISSING


def test_a_leaky_mask_is_missing_where_all_slopes_are_the_steepest():
    dout = RNG.normal(size=(4, 3))
    for on in (1.0, -1.0):
        assert said(masks.missing_mask, on * dout, dout * np.where(ON, on, 0.1), dout=dout) == MISSING
        assert said(masks.missing_mask, on * dout, dout * np.where(ON, on, 1.5), dout=dout) is None
        assert said(masks.missing_mask, on * dout, dout * np.where(ON, on, -1.5), dout=dout) is None
    assert said(masks.missing_mask, dout, dout * np.where(ON, 0.9, 0.1), dout=dout) is None
    one = np.full((4, 3), 0.1)
    one[1, 1] = 1.0
    assert said(masks.missing_mask, dout, dout * one, dout=dout) is None


def jacobians(hypothesis, yours, right):
    """Look at a function of three numbers with these Jacobians, (outputs, entries)."""
    yours, right = np.array(yours, dtype=float), np.array(right, dtype=float)
    found = hypothesis(
        view_of(
            yours.sum(axis=0),
            right.sum(axis=0),
            np.ones(yours.shape[1]),
            forward=lambda x: right @ x,
            backward=lambda dout, cache: dout @ yours,
            jacobian=right,
        )
    )
    return found and (found.cause, found.sentence)


LET_THROUGH = (
    Cause.MISSING_MASK,
    "contributions that forward stopped are let through: a mask is missing, or a sum runs too far",
)


def test_contributions_that_are_let_through_are_told_in_the_jacobian():
    right = np.array([[1.0, 2.0, 0.0], [0.0, 3.0, 4.0], [5.0, 0.0, 6.0], [1.0, 0.0, 1.0]])
    extra = right + np.array([[0.0, 0.0, 7.0], [0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    assert jacobians(masks.missing_mask, extra, right) == LET_THROUGH
    assert jacobians(masks.missing_mask, right, right) is None
    assert jacobians(masks.missing_mask, extra, 0 * right) is None
    assert jacobians(masks.missing_mask, np.where(extra == 2.0, 0.0, extra), right) is None
    assert jacobians(masks.missing_mask, np.where(extra == 2.0, 2.001, extra), right) is None


@pytest.mark.parametrize(("outputs", "found"), [(4, LET_THROUGH), (5, None)])
def test_three_times_as_many_contributions_as_there_should_be_are_no_missing_mask(outputs, found):
    right = np.zeros((outputs, 2))
    right[0] = 1.0
    assert jacobians(masks.missing_mask, np.ones((outputs, 2)), right) == found


def test_one_wrong_slope_of_a_few_is_named_with_both():
    x = RNG.normal(size=(4, 3))
    dout = RNG.normal(size=(4, 3))
    right, yours = np.where(ON, 1.0, 0.01), np.where(ON, 1.0, 0.1)
    cause, sentence = said(masks.wrong_slope, dout * yours, dout * right, x, dout=dout)
    assert cause == Cause.LOCAL_DERIVATIVE
    assert sentence == "where the slope should be 0.01, it is 0.1 in yours; elsewhere yours is right"
    below = -np.abs(dout)
    sentence = said(masks.wrong_slope, below * yours, np.where(ON, below, 0.0), x, dout=below)[1]
    assert sentence == "where the slope should be 0, it is 0.1 in yours; elsewhere yours is right"
    curved = np.where(ON, 1.0, x)
    assert said(masks.wrong_slope, curved, right, x)[1] == (
        "where the slope should be 0.01, yours varies; elsewhere yours is right"
    )
    assert said(masks.wrong_slope, 2 * right, right, x) is None
    assert said(masks.wrong_slope, right, right, x) is None
    assert said(masks.wrong_slope, yours, right * 0 + 1, x) is None
    assert said(masks.wrong_slope, np.where(ON, x, 0.1), x, x) is None
    assert said(masks.wrong_slope, yours, right, x, forward=summed) is None
    running = view_of_jacobians([[0.5, 0], [1, 1]], np.tri(2), (2,), np.ones(2))
    assert masks.wrong_slope(running) is None  # of two sums nothing is a slope


def test_of_three_slopes_one_may_be_wrong_and_of_four_nothing_is_said():
    three = np.array([1.0, 2.0, 3.0, 1.0, 2.0, 3.0])
    assert said(masks.wrong_slope, np.where(three == 2, 5.0, three), three)[1].startswith(
        "where the slope should be 2,"
    )
    four = np.array([1.0, 2.0, 3.0, 4.0, 1.0, 2.0])
    assert said(masks.wrong_slope, np.where(four == 2, 5.0, four), four) is None


LINE = np.array([-3.0, -2.0, -1.0, 1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    ("x", "wrong", "side"),
    [
        (LINE, LINE > 0, "above 0"),
        (LINE, LINE < 0, "below 0"),
        (LINE + 5, LINE > 0, "above about 5"),
        (LINE + 5, LINE < 0, "below about 5"),
        (LINE - 5.5, LINE > 1, "above about -4"),
    ],
)
def test_a_branch_that_is_wrong_is_named_by_its_side(x, wrong, side):
    right = np.where(LINE > 0, 1.0, np.exp(LINE)) + RNG.normal(size=6)
    yours = right + wrong * RNG.uniform(1.0, 2.0, 6)
    cause, sentence = said(masks.one_branch, yours, right, x)
    assert cause == Cause.LOCAL_DERIVATIVE
    assert sentence == f"yours is wrong only where x0 is {side}: look at what it does there"


def test_one_formula_on_both_sides_is_a_missing_mask_as_well():
    right = np.where(LINE > 0, 1.0, np.exp(LINE))
    assert said(masks.one_branch, np.exp(LINE), right, LINE)[0] == Cause.MISSING_MASK | Cause.LOCAL_DERIVATIVE


def test_no_branch_is_named_where_right_and_wrong_are_mixed_or_one_of_them_is_single():
    right = np.where(LINE > 0, 1.0, np.exp(LINE))
    assert said(masks.one_branch, right + np.array([1, 0, 1, 0, 1, 0]), right, LINE) is None
    assert said(masks.one_branch, right + np.array([0, 0, 0, 0, 0, 1]), right, LINE) is None
    assert said(masks.one_branch, right + np.array([1, 1, 1, 1, 1, 0]), right, LINE) is None
    assert said(masks.one_branch, right, right, LINE) is None
    assert said(masks.one_branch, right + (LINE > 0), right, LINE, forward=summed) is None


def test_slopes_are_right_to_their_own_size():
    right = np.array([1e-4, 1.0, 1.0, 1.0])
    x = np.arange(4.0)
    assert said(masks.one_branch, right + np.array([2e-8, 0, 1, 1]), right, x) is None
    assert said(masks.one_branch, right + np.array([0.9e-8, 0.9e-5, 1, 1]), right, x) is not None


FROM_ANOTHER = (
    "gradient is let through at other entries than in forward: "
    "a mask is taken from the wrong array, or an index is off"
)


def test_a_mask_of_other_entries_is_taken_from_another_array():
    other = np.roll(ON, 1)
    assert said(masks.mask_from_wrong_tensor, G * other, G * ON) == (
        Cause.MASK_FROM_WRONG_TENSOR,
        FROM_ANOTHER,
    )
    assert said(masks.mask_from_wrong_tensor, 2 * G * other, G * ON) is None
    assert said(masks.mask_from_wrong_tensor, G, G * ON) is None
    assert said(masks.mask_from_wrong_tensor, G * ON, G) is None
    assert said(masks.mask_from_wrong_tensor, G * ~ON, G * ON) is None


def test_slopes_take_an_upstream_gradient_everywhere():
    dout = np.ones((4, 3))
    dout[0, 0] = 0.0
    assert masks._local_slopes(view_of(G, G + 1, dout=dout)) is None
    assert masks._local_slopes(view_of(1.0, 2.0)) is None
    a, n = masks._local_slopes(view_of(2 * G, 3 * G, dout=2 * dout + 1))
    assert a[1:] == pytest.approx(2 * G.ravel()[1:] / 3)
    assert n[1:] == pytest.approx(G.ravel()[1:])


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([1.0, 2.0, 1.0], [1.0, 2.0]),
        ([1.0, 1.0 + 0.9e-5, 1.0 - 0.9e-5], [1.0]),
        ([1.0, 1.0 + 1.1e-5], [1.0, 1.0 + 1.1e-5]),
        ([-2.0, -2.0 + 1.9e-5], [-2.0]),
        ([0.0, 0.9e-8, 1.1e-8], [0.0, 1.1e-8]),
        ([], []),
        ([1.0, 2.0, 3.0, 4.0, 5.0], [1.0, 2.0, 3.0, 4.0]),
    ],
)
def test_levels_are_the_values_that_differ_and_no_more_than_show_that_they_are_many(values, found):
    assert masks.levels(np.array(values)) == found
