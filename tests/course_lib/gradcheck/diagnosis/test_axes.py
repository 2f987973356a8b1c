"""Sums, broadcasts and indices along another axis, one rule at a time."""

import numpy as np
import pytest
from views_under_test import linear, said, view_of_jacobians

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis import axes

RNG = np.random.default_rng(13)
G = RNG.normal(size=(5, 4))


def total(*xs):
    return np.sum(np.sin(xs[0]))


ALONG = "the gradient of x0 runs along another axis than forward did: check every axis="


def test_an_axis_of_the_output_that_is_exchanged_is_another_axis():
    right = RNG.normal(size=(3, 3, 2))
    assert linear(axes.wrong_axis, np.swapaxes(right, 0, 1), right, (3, 3), (2,)) == (
        Cause.WRONG_AXIS,
        ALONG,
    )
    assert linear(axes.wrong_axis, right + 1, right, (3, 3), (2,)) is None


def test_an_axis_that_follows_another_one_is_another_axis():
    rows, columns = np.zeros((3, 3, 3)), np.zeros((3, 3, 3))
    for i in range(3):
        for j in range(3):
            rows[i, j, i] = columns[i, j, j] = 1.0 + i + 5 * j
    assert linear(axes.wrong_axis, columns, rows, (3, 3), (3,)) == (Cause.WRONG_AXIS, ALONG)
    assert linear(axes.wrong_axis, 2 * rows, rows, (3, 3), (3,)) is None


def test_entries_that_forward_keeps_apart_and_yours_mixes_are_summed():
    blocks = np.zeros((3, 2, 3, 4))
    for i in range(3):
        blocks[i, :, i] = RNG.normal(size=(2, 4))
    blocks[2, 1, 2, 1:] = 0.0  # one output has but one entry
    mixed = blocks + 0.0
    mixed[0, :, 1] = 0.7
    expected = "entries of x0 that forward keeps apart mix in yours: an axis is summed over"
    assert linear(axes.wrong_axis, mixed, blocks, (3, 2), (3, 4)) == (Cause.WRONG_SUM, expected)
    masked = blocks * (np.arange(3) < 2)[:, None, None, None]  # of few entries axes agree by chance
    assert linear(axes.wrong_axis, np.where(mixed == 0.7, 0.7, masked), masked, (3, 2), (3, 4)) is None
    also_wrong = 2 * mixed
    assert linear(axes.wrong_axis, also_wrong, blocks, (3, 2), (3, 4)) is None


def test_of_a_vector_the_total_may_be_right():
    v = np.array([1.0, 2.0, 3.0, 5.0])
    other = np.array([2.5, 4.0, 1.5, 3.0])  # of the same sum
    told = "the total over all entries of x0 is right, and what each of them gets is not: check every "
    either = Cause.OFF_BY_ONE | Cause.LOCAL_DERIVATIVE
    nothing = "and what adds nothing to a total, as what comes through a variance"
    assert said(axes.wrong_axis, other, v, forward=total) == (either, f"{told}index, {nothing}")
    matrix = said(axes.wrong_axis, other, v, v, np.ones((2, 2)), forward=total)
    assert matrix == (Cause.WRONG_AXIS | either, f"{told}axis= and every index, {nothing}")
    assert said(axes.wrong_axis, other + np.array([1e-3, 0, 0, 0]), v, forward=total) is None
    assert said(axes.wrong_axis, other - v.mean(), v - v.mean(), forward=total) is None
    assert said(axes.wrong_axis, other.reshape(2, 2), v.reshape(2, 2), forward=total) is None
    assert said(axes.wrong_axis, other, [np.nan, 2.0, 3.0, 5.0], forward=total) is None


def test_of_a_vector_the_right_numbers_in_another_order_run_along_no_other_axis():
    v = np.array([1.0, 2.0, 3.0, 5.0])
    sentence = "yours holds the right numbers of x0 in another order: look at each index"
    expected = (Cause.OFF_BY_ONE | Cause.LOCAL_DERIVATIVE, sentence)
    assert said(axes.wrong_axis, v[[1, 3, 0, 2]], v, forward=total) == expected
    assert said(axes.wrong_axis, v, v[[1, 3, 0, 2]], forward=total) == expected
    assert said(axes.wrong_axis, v[[1, 0]], v[:2], forward=total) == expected
    assert said(axes.wrong_axis, v[[1, 3, 0, 2]] + [1e-3, 0, 0, 0], v, forward=total) is None


@pytest.mark.parametrize("axis", [0, 1])
def test_a_sum_over_an_axis_that_is_to_be_kept_is_named(axis):
    yours = np.broadcast_to(G.sum(axis=axis, keepdims=True), G.shape)
    expected = (
        f"every entry along axis {axis} holds the sum over that axis: is it summed there, or does each of "
        f"them lack a factor of its own?"
    )
    assert said(axes.wrong_sum, yours, G) == (Cause.WRONG_SUM, expected)
    unknown = G.copy()
    unknown[0, 0] = np.nan
    assert said(axes.wrong_sum, yours, unknown) is None
    assert said(axes.wrong_sum, yours + 1, G) is None


def test_of_three_axes_the_one_in_the_middle_is_named():
    right = RNG.normal(size=(2, 3, 4))
    yours = np.broadcast_to(right.sum(axis=1, keepdims=True), right.shape)
    assert "along axis 1 holds" in said(axes.wrong_sum, yours, right)[1]


def test_sums_of_few_equal_numbers_are_such_numbers_by_chance():
    right = np.array([[1.0, -2.0, 1.0, 0.0], [2.0, -1.0, 0.0, 2.0]])
    assert said(axes.wrong_sum, np.broadcast_to(right.sum(axis=0), (2, 4)), right) is not None
    right = np.array([[1.0, -1.0, 1.0, 2.0], [2.0, -1.0, 1.0, 2.0]])
    for rounding in (0.0, 1e-12 * np.arange(4)):
        nearly = right + rounding
        assert said(axes.wrong_sum, np.broadcast_to(nearly.sum(axis=0), (2, 4)), nearly) is None


@pytest.mark.parametrize(("entries", "found"), [(1, False), (2, True)])
def test_of_entries_that_mix_each_output_needs_more_than_one(entries, found):
    blocks = np.zeros((3, 3, entries))
    for i in range(3):
        blocks[i, i] = RNG.uniform(1.0, 2.0, entries)
    mixed = blocks.copy()
    mixed[0, 1] = 0.7
    told = linear(axes.wrong_axis, mixed, blocks, (3,), (3, entries))
    assert (told is not None and told[0] == Cause.WRONG_SUM) is found


@pytest.mark.parametrize(("off", "found"), [(0.9e-5, True), (1.2e-5, False)])
def test_what_is_kept_apart_is_right_to_a_hundred_thousandth(off, found):
    blocks = np.zeros((3, 2, 3, 4))
    for i in range(3):
        blocks[i, :, i] = RNG.uniform(1.0, 2.0, (2, 4))
    mixed = blocks.copy()
    mixed[0, :, 1] = 0.7
    mixed[0, 0, 0, 0] += off * blocks.max()
    told = linear(axes.wrong_axis, mixed, blocks, (3, 2), (3, 4))
    assert (told is not None and told[0] == Cause.WRONG_SUM) is found


@pytest.mark.parametrize(("total_of", "found"), [(1.2e-3, True), (0.9e-3, False)])
def test_a_total_that_nearly_vanishes_shows_nothing(total_of, found):
    v = np.array([1.0, 0.5, -0.7, -0.8 + total_of])
    near = v + np.array([0.1, -0.1, 0.2, -0.2])
    assert (said(axes.wrong_axis, near, v, forward=total) is not None) is found


def test_a_jacobian_that_keeps_one_alignment_more_is_along_no_other_axis():
    right, yours = np.zeros((3, 3, 3)), np.zeros((3, 3, 3))
    for i in range(3):
        right[i, :, i] = 1.0 + np.arange(3)
        yours[i, i, i] = 5.0
    assert linear(axes.wrong_axis, yours, right, (3, 3), (3,)) is None


def test_entries_that_are_kept_apart_in_yours_too_do_not_mix():
    blocks = np.zeros((3, 2, 3, 4))
    for i in range(3):
        blocks[i, :, i, 1:] = RNG.normal(size=(2, 3))
    more = blocks.copy()
    more[0, :, 0, 0] = 0.7
    assert linear(axes.wrong_axis, more, blocks, (3, 2), (3, 4)) is None


def test_two_entries_of_an_axis_may_be_kept_apart():
    blocks = np.zeros((2, 3, 2, 4))
    for i in range(2):
        blocks[i, :, i] = RNG.normal(size=(3, 4))
    mixed = blocks.copy()
    mixed[0, :, 1] = 0.7
    assert linear(axes.wrong_axis, mixed, blocks, (2, 3), (2, 4))[0] == Cause.WRONG_SUM


@pytest.mark.parametrize("share", [-2.0, 0.5, 7.0])
def test_a_difference_that_is_centred_comes_through_a_variance(share):
    x = np.array([0.5, -1.0, 2.0, 3.0])
    right = np.array([1.0, 2.0, 3.0, 5.0])
    yours = right + share * (x - x.mean())
    cause, sentence = said(axes.wrong_axis, yours, right, x, forward=total)
    assert cause == Cause.DROPPED_PATH | Cause.SIGN_OF_ONE_TERM | Cause.LOCAL_DERIVATIVE
    assert sentence == (
        "yours differs from the numerical gradient by a multiple of x0 less its mean: what a variance or a "
        "standard deviation brings is missing, reversed or has another factor"
    )
    other = yours + np.array([1e-2, -1e-2, 0, 0])
    assert "less its mean" not in said(axes.wrong_axis, other, right, x, forward=total)[1]


def test_what_is_off_by_rounding_alone_is_no_sum():
    v = np.arange(1.0, 5.0)
    assert said(axes.wrong_sum, (v * (1 + 1e-8))[None], v[None], allowed=1e-9) is None


@pytest.mark.parametrize("unit", [1e-10, 1e10])
def test_sums_are_told_whatever_the_unit(unit):
    yours = np.broadcast_to(G.sum(axis=0), G.shape)
    assert said(axes.wrong_sum, unit * yours, unit * G, allowed=unit * 1e-9)[0] == Cause.WRONG_SUM


def test_axes_are_aligned_that_are_as_long_and_whose_indices_agree():
    for jacobian, pairs in (
        (np.eye(3), {(0, 0)}),
        (np.eye(3, 4), set()),
        (np.zeros((3, 3)), set()),
        (np.eye(3).reshape(1, 3, 1, 3), {(1, 1)}),
        (np.eye(3)[[1, 0, 2]], set()),
    ):
        out_shape, x_shape = np.split(np.array(jacobian.shape), 2)
        view = view_of_jacobians(jacobian, jacobian, tuple(out_shape), np.ones(x_shape))
        assert axes.alignments(view, jacobian) == pairs


def test_what_is_entry_by_entry_in_yours_mixes_nothing_where_forward_has_few_entries():
    right, yours = np.zeros((2, 2, 2, 2)), np.zeros((2, 2, 2, 2))
    for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)):
        right[i, j, i, j], yours[i, j, i, j] = 1.0 + 2 * i if i == j else 0.0, 0.7
    assert linear(axes.mixed_entries, yours, right, (2, 2), (2, 2)) is None


def test_an_axis_that_is_kept_apart_and_mixed_is_named_whatever_else_is_wrong():
    blocks = np.zeros((3, 2, 4, 3))  # axis 0 of the output is axis 1 of the argument
    for i in range(3):
        blocks[i, :, :, i] = RNG.normal(size=(2, 4))
    mixed = 2 * blocks
    mixed[0, :, :, 1] = 0.7
    sentence = (
        "along axis 1 of x0, forward keeps entries apart, and yours mixes them: check every axis=, every "
        "transpose and every index"
    )
    expected = (Cause.WRONG_AXIS | Cause.WRONG_SUM | Cause.LOCAL_DERIVATIVE, sentence)
    assert linear(axes.mixed_entries, mixed, blocks, (3, 2), (4, 3)) == expected
    for yours in (2 * blocks, 0 * blocks):
        assert linear(axes.mixed_entries, yours, blocks, (3, 2), (4, 3)) is None
    assert said(axes.mixed_entries, G, 2 * G) is None
