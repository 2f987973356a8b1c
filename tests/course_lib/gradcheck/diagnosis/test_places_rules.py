"""The rules by which the right numbers are found in the wrong places, one at a time."""

import dataclasses

import numpy as np
import pytest
from views_under_test import view_of

from course_lib import check_vjp
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis import places
from course_lib.gradcheck.diagnosis.evidence import View

RNG = np.random.default_rng(13)
G = RNG.normal(size=(5, 4))
SQUARE = RNG.normal(size=(4, 4))


def said(hypothesis, yours, right, *inputs, **known):
    with np.errstate(all="ignore"):  # as `ranking` has it
        found = hypothesis(view_of(yours, right, *inputs, **known))
    return found and (found.cause, found.sentence)


def total(*xs):
    return np.sum(np.sin(xs[0]))


def test_what_is_wrong_on_kinks_alone_lies_outside_of_both_slopes():
    kink = np.zeros((5, 4), dtype=bool)
    kink[0, :2] = True
    yours = G + kink
    expected = "on a kink any slope between those of its two sides is right, and yours lies outside of them"
    assert said(places.outside_of_kinks, yours, G, kink=kink) == (Cause.LOCAL_DERIVATIVE, expected)
    assert said(places.outside_of_kinks, yours, G, kink=kink & (np.arange(4) == 0)) is None
    assert said(places.outside_of_kinks, G, G, kink=kink) is None


def one(value, right=G, index=(2, 1), **known):
    yours = np.array(right, dtype=float)
    yours[index] = value
    return said(places.one_entry, yours, right, **known)


def test_one_entry_that_is_wrong_is_named_by_its_index():
    assert one(7.0) == (
        Cause.ONE_ENTRY,
        "only the entry at [2, 1] is wrong; look for what is special about it",
    )
    assert one(7.0, index=(4, 3))[1].startswith("only the entry at [4, 3] is wrong;")
    assert one(0.0) == (
        Cause.ONE_ENTRY | Cause.ZERO_IN_PART,
        "only the entry at [2, 1] is wrong: it is zero and should not be",
    )
    right = G.copy()
    right[2, 1] = 0.0
    assert one(7.0, right) == (
        Cause.ONE_ENTRY | Cause.MISSING_MASK,
        "only the entry at [2, 1] is wrong: it should be zero, as where a mask stops the gradient",
    )


def test_one_entry_that_is_off_by_next_to_nothing_may_not_have_been_measured():
    largest = np.abs(G).max()
    found = one(G[2, 1] + 0.9e-7 * largest)
    assert found == (
        Cause.ONE_ENTRY | Cause.NUMERICAL_DIFFERENTIATION,
        "only the entry at [2, 1] is off by more than is allowed, and by little: was it measured?",
    )
    assert one(G[2, 1] - 0.9e-7 * largest) == found
    assert one(G[2, 1] + 1.1e-7 * largest)[0] == Cause.ONE_ENTRY
    small = G.copy()
    small[2, 1] = -1e-7 * largest
    assert one(small[2, 1] * 1.02, small, allowed=1e-12)[0] == Cause.ONE_ENTRY
    assert one(small[2, 1] * 1.009, small, allowed=1e-12) == found


@pytest.mark.parametrize(("beside", "alone"), [(0.7e-3, True), (1.4e-3, False)])
def test_one_entry_is_not_said_to_be_special_where_others_are_off_as_well(beside, alone):
    off, right = 1e-5 * np.abs(G).max(), G.copy()
    right[2, 1] = np.abs(G).max()
    yours = right.copy()
    yours[2, 1] += off
    yours[0, 3] -= beside * off  # within what is allowed
    cause, sentence = said(places.one_entry, yours, right, allowed=2e-3 * off)
    assert (cause == Cause.ONE_ENTRY) == alone
    assert ("is wrong" in sentence) == alone


def test_two_entries_or_one_of_two_are_no_single_entry():
    yours = G.copy()
    yours[0, 0] = yours[1, 1] = 7.0
    assert said(places.one_entry, yours, G) is None
    assert said(places.one_entry, G, G) is None
    assert said(places.one_entry, [1.0, 2.0], [1.0, 3.0]) is None


def test_a_transpose_is_named_with_its_axes_where_there_are_more_than_two():
    expected = "yours is the transpose of the numerical gradient"
    assert said(places.transposed, SQUARE.T, SQUARE) == (Cause.TRANSPOSED, expected)
    cube = RNG.normal(size=(3, 4, 3))
    assert said(places.transposed, cube.T, cube)[1] == f"{expected} (axes 0 and 2)"

    assert said(places.transposed, G.T.reshape(5, 4), G) == (Cause.TRANSPOSED, f"{expected}, reshaped")
    assert said(places.transposed, SQUARE.T + 1, SQUARE) is None
    unknown = SQUARE.copy()
    unknown[0, 0] = np.nan
    assert said(places.transposed, SQUARE.T, unknown) is None


@pytest.mark.parametrize("axis", [0, 1])
def test_a_transpose_of_what_is_constant_along_an_axis_is_a_broadcast_along_another(axis):
    right = np.broadcast_to(np.expand_dims(SQUARE[0], axis), (4, 4))
    expected = "yours is broadcast along another axis than the one forward summed over"
    assert said(places.transposed, right.T, right) == (Cause.WRONG_AXIS, expected)


def swapped(yours, right, other, others=None, names=None):
    view = view_of(yours, right, G, G, others={1: other})
    view.evidence.judged[1].analytic = np.ravel(other if others is None else others)
    view.evidence.judged[1].state[:] = 0 if others is None else 1
    if names:
        view.evidence.point.problem.names = names
        view.name = names[0]
    found = places.swapped_arguments(view)
    return found and (found.cause, found.sentence)


OTHER = RNG.normal(size=(5, 4))


def test_the_gradient_of_another_argument_that_is_wrong_as_well_is_told():
    assert swapped(OTHER, G, OTHER, 0 * G) == (Cause.SWAPPED_ARGUMENTS, "yours is the gradient of x1")
    assert swapped(OTHER, G, OTHER, G)[1] == (
        "yours is the gradient of x1, and that of x1 is yours: the order of the returned gradients is swapped"
    )
    assert swapped(OTHER, G, OTHER) is None
    assert swapped(0 * G, G, 0 * G, G) is None
    assert swapped(G + 1, G, OTHER, G) is None


def test_parameters_of_two_layers_are_exchanged_in_the_order_of_the_layers():
    said_of = swapped(OTHER, G, OTHER, 0 * G, ("first.w", "second.w"))[1]
    assert said_of == "yours is the gradient of second.w: do the layers run in reverse order on the way back?"
    assert swapped(OTHER, G, OTHER, 0 * G, ("first.w", "second.b"))[1] == "yours is the gradient of second.b"
    assert swapped(OTHER, G, OTHER, 0 * G, ("w", "w2"))[1] == "yours is the gradient of w2"


def test_an_argument_of_another_shape_is_not_exchanged():
    view = view_of(G, G + 1, G, G.T, others={1: G.T})
    view.evidence.judged[1].state[:] = 1
    assert places.swapped_arguments(view) is None


@pytest.mark.parametrize("by", [1, -1])
@pytest.mark.parametrize("axis", [0, 1])
def test_a_gradient_of_the_neighbouring_index_is_off_by_one(axis, by):
    expected = f"yours belongs to the neighbouring index along axis {axis} of x0: an index is off by one"
    assert said(places.shifted, np.roll(G, by, axis), G, forward=total) == (Cause.OFF_BY_ONE, expected)
    assert said(places.shifted, np.roll(G, 2 * by, axis), G, forward=total) is None


def test_one_of_two_has_no_neighbour_and_what_is_unknown_is_not_moved():
    two = G[:, :2]
    assert said(places.shifted, two[:, ::-1], two, forward=total) is None
    unknown = G.copy()
    unknown[0, 0] = np.nan
    assert said(places.shifted, np.roll(G, 1, 0), unknown, forward=total) is None


def jacobians(hypothesis, yours, right, out_shape, x_shape):
    """Look at a linear function with these Jacobians, of shape (*out, *x)."""
    yours, right = np.array(yours, dtype=float), np.array(right, dtype=float)
    outputs, entries = int(np.prod(out_shape)), int(np.prod(x_shape))
    flat = [j.reshape(outputs, entries) for j in (yours, right)]
    dout = RNG.normal(size=outputs)
    view = view_of(
        (dout @ flat[0]).reshape(x_shape),
        (dout @ flat[1]).reshape(x_shape),
        np.ones(x_shape),
        forward=lambda x: (flat[1] @ x.ravel()).reshape(out_shape),
        backward=lambda dout, cache: (np.ravel(dout) @ flat[0]).reshape(x_shape),
        jacobian=flat[1],
        dout=dout,
    )
    with np.errstate(all="ignore"):
        found = hypothesis(view)
    return found and (found.cause, found.sentence)


@pytest.mark.parametrize(("axis", "where"), [(0, "an axis of the output"), (1, "axis 0 of x0")])
def test_a_jacobian_of_the_neighbouring_index_is_off_by_one_whatever_comes_in_at_the_border(axis, where):
    right = RNG.normal(size=(5, 4))
    expected = (
        Cause.OFF_BY_ONE,
        f"yours belongs to the neighbouring index along {where}: an index is off by one",
    )
    for by in (1, -1):
        moved = np.roll(right, by, axis)
        assert jacobians(places.shifted, moved, right, (5,), (4,)) == expected
        border = [slice(None), slice(None)]
        border[axis] = 0 if by == 1 else -1
        moved[tuple(border)] = 0.0
        assert jacobians(places.shifted, moved, right, (5,), (4,)) == expected
    assert jacobians(places.shifted, right + 1, right, (5,), (4,)) is None


def label_loss(z, labels=(0, 2, 1, 3, 0)):
    return float(np.sum(np.log(np.exp(z).sum(axis=1)) - z[np.arange(5), list(labels)]))


def softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def labels_at(columns):
    return np.eye(4)[list(columns)]


CLASS = (
    Cause.OFF_BY_ONE,
    "gradient moved from one column to another while every row's sum is right: a class index is off",
)


def label(yours, right, x=G, forward=label_loss, **known):
    return said(places.label_off_by_one, yours, right, x, forward=forward, **known)


def test_a_label_at_another_class_moves_gradient_between_columns():
    p, t, other = softmax(G), labels_at((0, 2, 1, 3, 0)), labels_at((1, 3, 2, 0, 1))
    assert label(p - other, p - t) == CLASS
    assert label(p - other + 0.3 * G, p - t + 0.3 * G) == CLASS
    assert label(p - t, p - t) is None
    assert label(p - 2 * other, p - t) is None
    assert label(p - t + 0.9e-4 * np.abs(p - t).max() * (t - other), p - t) is None
    assert label(p - t + 1.1e-4 * np.abs(p - t).max() * (t - other), p - t) == CLASS
    assert label((p - other)[:, :2], (p - t)[:, :2], G[:, :2], total) is None
    assert label(p - other, p - t, forward=lambda z: z[:, 0]) is None


def test_rows_that_change_in_three_columns_are_no_class_alone():
    p, t = softmax(G), labels_at((0, 2, 1, 3, 0))
    three = np.array([1.0, -0.5, -0.5, 0.0])
    assert label(p - t + three, p - t) is None


def test_margins_that_all_count_lack_their_mask():
    right = np.array([[0.0, 1, 0, -1], [1, 0, -2, 1], [-1, 1, 0, 0], [0, 0, 0, 0], [1, -3, 1, 1]])
    yours = np.array([[1.0, 1, 1, -3], [1, 1, -3, 1], [-3, 1, 1, 1], [-3, 1, 1, 1], [1, -3, 1, 1]])
    expected = "gradient also flows to classes whose margin is not violated: the margin's mask is missing"
    for unit in (1e-3, 1.0, 1e3):
        assert label(unit * yours, unit * right) == (Cause.MISSING_MASK, expected)
    half = yours.copy()
    half[0] = [1, 0.5, 1, -2.5]
    assert (label(half, right) or (None,))[0] != Cause.MISSING_MASK


ALONG = "the gradient of x0 runs along another axis than forward did: check every axis="


def test_an_axis_of_the_output_that_is_exchanged_is_another_axis():
    right = RNG.normal(size=(3, 3, 2))
    assert jacobians(places.wrong_axis, np.swapaxes(right, 0, 1), right, (3, 3), (2,)) == (
        Cause.WRONG_AXIS,
        ALONG,
    )
    assert jacobians(places.wrong_axis, right + 1, right, (3, 3), (2,)) is None


def test_an_axis_that_follows_another_one_is_another_axis():
    rows, columns = np.zeros((3, 3, 3)), np.zeros((3, 3, 3))
    for i in range(3):
        for j in range(3):
            rows[i, j, i] = columns[i, j, j] = 1.0 + i + 5 * j
    assert jacobians(places.wrong_axis, columns, rows, (3, 3), (3,)) == (Cause.WRONG_AXIS, ALONG)
    assert jacobians(places.wrong_axis, 2 * rows, rows, (3, 3), (3,)) is None


def test_entries_that_forward_keeps_apart_and_yours_mixes_are_summed():
    blocks = np.zeros((3, 2, 3, 4))
    for i in range(3):
        blocks[i, :, i] = RNG.normal(size=(2, 4))
    mixed = blocks + 0.0
    mixed[0, :, 1] = 0.7
    expected = "entries of x0 that forward keeps apart mix in yours: an axis is summed over"
    assert jacobians(places.wrong_axis, mixed, blocks, (3, 2), (3, 4)) == (Cause.WRONG_SUM, expected)
    also_wrong = 2 * mixed
    assert jacobians(places.wrong_axis, also_wrong, blocks, (3, 2), (3, 4)) is None


def test_of_a_vector_the_total_may_be_right():
    v = np.array([1.0, 2.0, 3.0, 5.0])
    other = np.array([2.5, 4.0, 1.5, 3.0])  # of the same sum
    told = "the total over all entries of x0 is right, and what each of them gets is not: check every "
    either = Cause.OFF_BY_ONE | Cause.LOCAL_DERIVATIVE
    nothing = "and what adds nothing to a total, as what comes through a variance"
    assert said(places.wrong_axis, other, v, forward=total) == (either, f"{told}index, {nothing}")
    matrix = said(places.wrong_axis, other, v, v, np.ones((2, 2)), forward=total)
    assert matrix == (Cause.WRONG_AXIS | either, f"{told}axis= and every index, {nothing}")
    assert said(places.wrong_axis, other + np.array([1e-3, 0, 0, 0]), v, forward=total) is None
    assert said(places.wrong_axis, other - v.mean(), v - v.mean(), forward=total) is None
    assert said(places.wrong_axis, other.reshape(2, 2), v.reshape(2, 2), forward=total) is None
    assert said(places.wrong_axis, other, [np.nan, 2.0, 3.0, 5.0], forward=total) is None


def test_of_a_vector_the_right_numbers_in_another_order_run_along_no_other_axis():
    v = np.array([1.0, 2.0, 3.0, 5.0])
    sentence = "yours holds the right numbers of x0 in another order: look at each index"
    expected = (Cause.OFF_BY_ONE | Cause.LOCAL_DERIVATIVE, sentence)
    assert said(places.wrong_axis, v[[1, 3, 0, 2]], v, forward=total) == expected
    assert said(places.wrong_axis, v[[1, 3, 0, 2]] + [1e-3, 0, 0, 0], v, forward=total) is None


@pytest.mark.parametrize("axis", [0, 1])
def test_a_sum_over_an_axis_that_is_to_be_kept_is_named(axis):
    yours = np.broadcast_to(G.sum(axis=axis, keepdims=True), G.shape)
    expected = (
        f"every entry along axis {axis} holds the sum over that axis: is it summed there, or does each of "
        f"them lack a factor of its own?"
    )
    assert said(places.wrong_sum, yours, G) == (Cause.WRONG_SUM, expected)
    unknown = G.copy()
    unknown[0, 0] = np.nan
    assert said(places.wrong_sum, yours, unknown) is None
    assert said(places.wrong_sum, yours + 1, G) is None


def test_sums_of_few_equal_numbers_are_such_numbers_by_chance():
    right = np.array([[1.0, -2.0, 1.0, 0.0], [2.0, -1.0, 0.0, 2.0]])
    assert said(places.wrong_sum, np.broadcast_to(right.sum(axis=0), (2, 4)), right) is not None
    right = np.array([[1.0, -1.0, 1.0, 2.0], [2.0, -1.0, 1.0, 2.0]])
    assert said(places.wrong_sum, np.broadcast_to(right.sum(axis=0), (2, 4)), right) is None


def test_arguments_that_change_places_while_another_is_wrong_are_not_an_order():
    def forward(x, w, v):
        return np.maximum(x @ w, x @ v)

    def backward(dout, cache):
        x, w, v = cache
        first = x @ w < x @ v  # the one that loses
        dw, dv = dout * first, dout * ~first
        return dw @ w.T + dv @ v.T, x.T @ dw, x.T @ dv

    rng = np.random.default_rng(0)
    check = check_vjp(forward, backward, rng.normal(size=(5, 4)), *rng.normal(size=(2, 4, 3)))
    for argument in check.arguments[1:]:
        assert argument.diagnosis == Cause.SWAPPED_ARGUMENTS | Cause.INVERTED_MASK
        assert "is what goes to the one sent to the other?" in argument.explanation


def test_few_entries_that_tell_anything_are_looked_at_at_another_point_too():
    right = np.zeros((5, 4))
    right[0, :3] = 1.0, 2.0, 3.0
    yours = right.copy()
    yours[0, 0] = 7.0
    view = view_of(yours, right)
    for elsewhere in (None, view_of(yours, right).evidence, view_of(right, right).evidence):
        view.evidence.elsewhere = [elsewhere]
        assert places.one_entry(view).cause == Cause.ONE_ENTRY
    view.evidence.elsewhere = [view_of(right + np.eye(5, 4), right).evidence]
    assert places.one_entry(view) is None
    right[0, 3] = 4.0  # four tell enough
    yours[0, 3] = 4.0
    many = view_of(yours, right)
    many.evidence.elsewhere = view.evidence.elsewhere
    assert places.one_entry(many).cause == Cause.ONE_ENTRY


def test_what_is_off_by_rounding_alone_is_in_no_wrong_place():
    v = np.arange(1.0, 5.0)
    assert said(places.transposed, v * (1 + 1e-8), v, allowed=1e-9) is None
    assert said(places.wrong_sum, (v * (1 + 1e-8))[None], v[None], allowed=1e-9) is None


def test_only_a_matrix_is_transposed_and_reshaped():
    cube = RNG.normal(size=(2, 3, 4))
    assert said(places.transposed, cube.T.reshape(2, 3, 4), cube) is None
    assert said(places.transposed, cube.transpose(0, 2, 1).reshape(2, 3, 4), cube) is None


def test_a_jacobian_of_one_row_may_be_that_of_its_neighbour():
    for row, found in ((1, True), (2, True), (3, True), (0, False), (4, False)):
        right = np.zeros((5, 4))
        right[row] = RNG.uniform(1.0, 2.0, 4)
        yours = np.roll(right, 1 if row < 4 else -1, 0)
        assert (jacobians(places.shifted, yours, right, (5,), (4,)) is not None) is found


def test_a_neighbour_is_told_to_a_hundred_thousandth():
    right = RNG.normal(size=(5, 4))
    for off, found in ((0.9e-5, True), (1.3e-5, False)):
        for by, border in ((1, 0), (-1, -1)):
            moved = np.roll(right, by, 0)
            moved[border] = 0.0
            moved[2] += off * np.abs(moved).max()
            assert (jacobians(places.shifted, moved, right, (5,), (4,)) is not None) is found


@pytest.mark.parametrize(("entries", "found"), [(1, False), (2, True)])
def test_of_entries_that_mix_each_output_needs_more_than_one(entries, found):
    blocks = np.zeros((3, 3, entries))
    for i in range(3):
        blocks[i, i] = RNG.uniform(1.0, 2.0, entries)
    mixed = blocks.copy()
    mixed[0, 1] = 0.7
    told = jacobians(places.wrong_axis, mixed, blocks, (3,), (3, entries))
    assert (told is not None and told[0] == Cause.WRONG_SUM) is found


@pytest.mark.parametrize(("off", "found"), [(0.9e-5, True), (1.2e-5, False)])
def test_what_is_kept_apart_is_right_to_a_hundred_thousandth(off, found):
    blocks = np.zeros((3, 2, 3, 4))
    for i in range(3):
        blocks[i, :, i] = RNG.uniform(1.0, 2.0, (2, 4))
    mixed = blocks.copy()
    mixed[0, :, 1] = 0.7
    mixed[0, 0, 0, 0] += off * blocks.max()
    told = jacobians(places.wrong_axis, mixed, blocks, (3, 2), (3, 4))
    assert (told is not None and told[0] == Cause.WRONG_SUM) is found


@pytest.mark.parametrize("unit", [1e-4, 1e4])
def test_a_label_at_another_class_is_told_whatever_the_unit(unit):
    p, t, other = softmax(G), labels_at((0, 2, 1, 3, 0)), labels_at((1, 3, 2, 0, 1))
    assert label(unit * (p - other), unit * (p - t)) == CLASS
    three = np.array([1.0, -0.5, -0.5, 0.0])
    assert label(unit * (p - t + three), unit * (p - t)) is None


def test_in_float32_rows_vanish_to_some_thousandths():
    p, t, other = softmax(G), labels_at((0, 2, 1, 3, 0)), labels_at((1, 3, 2, 0, 1))
    view = view_of(p - 1.008 * other, p - t, G, forward=label_loss)
    single = dataclasses.replace(view.evidence.point, epsilon=2.0**-23)
    assert places.label_off_by_one(view) is None
    assert (
        places.label_off_by_one(View(dataclasses.replace(view.evidence, point=single), 0)).cause == CLASS[0]
    )


def test_margins_that_count_in_part_are_none_that_lack_their_mask():
    right = np.array([[0.0, 1, 0.5, -1.5]] + [[1, 0, -2, 1]] * 4)
    yours = np.array([[1.0, 1, 1, -3]] + [[1, 1, -3, 1]] * 4)
    assert (label(yours, right) or (None,))[0] != Cause.MISSING_MASK


ROWS, TRUE = RNG.normal(size=(30, 5)), np.arange(30) % 4


def margins(w):
    scores = ROWS @ w
    return scores - scores[np.arange(30), TRUE][:, None] + 1.0


def of_margins(w, counts):
    """The gradient of a sum of hinges, where these margins count."""
    d = counts(margins(w)) * (np.arange(4) != TRUE[:, None])
    d[np.arange(30), TRUE] = -d.sum(axis=1)
    return ROWS.T @ d


def hinges(w):
    return float((np.maximum(margins(w), 0) * (np.arange(4) != TRUE[:, None])).sum())


def test_of_weights_a_margin_s_mask_may_be_wrong_as_well():
    w = RNG.normal(size=(5, 4))
    right, yours = (of_margins(w, lambda m, level=level: (m > level) * 1.0) for level in (0.0, 1.0))
    assert label(yours, right, w, hinges) == (
        Cause.OFF_BY_ONE | Cause.MISSING_MASK | Cause.LOCAL_DERIVATIVE,
        f"{CLASS[1]}, or a margin's mask is missing or wrong",
    )
    assert label(yours, right, w, lambda w: float(np.log(np.exp(margins(w)).sum(axis=1)).sum())) is None


@pytest.mark.parametrize(("total_of", "found"), [(1.2e-3, True), (0.9e-3, False)])
def test_a_total_that_nearly_vanishes_shows_nothing(total_of, found):
    v = np.array([1.0, 0.5, -0.7, -0.8 + total_of])
    near = v + np.array([0.1, -0.1, 0.2, -0.2])
    assert (said(places.wrong_axis, near, v, forward=total) is not None) is found


def test_a_jacobian_that_keeps_one_alignment_more_is_along_no_other_axis():
    right, yours = np.zeros((3, 3, 3)), np.zeros((3, 3, 3))
    for i in range(3):
        right[i, :, i] = 1.0 + np.arange(3)
        yours[i, i, i] = 5.0
    assert jacobians(places.wrong_axis, yours, right, (3, 3), (3,)) is None


def test_a_jacobian_that_is_the_same_in_every_row_has_no_neighbours():
    right = np.tile(RNG.normal(size=4), (5, 1))
    yours = right.copy()
    yours[0] = 0.0
    assert jacobians(places.shifted, yours, right, (5,), (4,)) is None


def test_scores_of_two_classes_or_of_one_example_are_no_index():
    p, t = softmax(G[:, :2]), np.eye(2)[[0, 1, 1, 0, 1]]
    assert label(p - t[:, ::-1], p - t, G[:, :2], total) is None
    assert (
        label(
            (softmax(G) - labels_at((1, 3, 2, 0, 1)))[0],
            (softmax(G) - labels_at((0, 2, 1, 3, 0)))[0],
            G[0],
            total,
        )
        is None
    )


def test_rows_that_need_not_vanish_show_no_index():
    p, t, other = softmax(G), labels_at((0, 2, 1, 3, 0)), labels_at((1, 3, 2, 0, 1))
    assert label(p - other + 0.1, p - t + 0.1) is None


def test_a_neighbour_of_three_is_one_and_sums_are_told_whatever_the_unit():
    three = G[:3]
    assert said(places.shifted, np.roll(three, 1, 0), three, forward=total)[0] == Cause.OFF_BY_ONE
    yours = np.broadcast_to(G.sum(axis=0), G.shape)
    for unit in (1e-10, 1e10):
        assert said(places.wrong_sum, unit * yours, unit * G, allowed=unit * 1e-9)[0] == Cause.WRONG_SUM


def test_of_three_entries_one_may_be_wrong():
    view = view_of([1.0, 2.0, 5.0], [1.0, 2.0, 3.0])
    view.evidence.elsewhere = [None]
    assert places.one_entry(view).cause == Cause.ONE_ENTRY


def test_of_three_outputs_each_has_a_neighbour():
    right = RNG.normal(size=(3, 4))
    moved = np.roll(right, 1, 0)
    moved[0] = 0.0
    assert jacobians(places.shifted, moved, right, (3,), (4,))[0] == Cause.OFF_BY_ONE


def test_entries_that_are_kept_apart_in_yours_too_do_not_mix():
    blocks = np.zeros((3, 2, 3, 4))
    for i in range(3):
        blocks[i, :, i, 1:] = RNG.normal(size=(2, 3))
    more = blocks.copy()
    more[0, :, 0, 0] = 0.7
    assert jacobians(places.wrong_axis, more, blocks, (3, 2), (3, 4)) is None


def test_a_label_may_be_at_another_class_in_some_rows_alone():
    p, t, other = softmax(G), labels_at((0, 2, 1, 3, 0)), labels_at((1, 2, 1, 3, 1))
    assert label(p - other, p - t) == CLASS


@pytest.mark.parametrize(("off", "constant"), [(0.8e-6, True), (1.5e-6, False)])
def test_what_is_constant_along_an_axis_is_so_to_a_millionth(off, constant):
    right = np.array(np.broadcast_to(SQUARE[0], (4, 4)))
    right[2, np.argmax(np.abs(SQUARE[0]))] *= 1 + off * 4 / 3
    found = said(places.transposed, right.T, right)
    assert (found[0] == Cause.WRONG_AXIS) is constant


def test_two_entries_of_an_axis_may_be_kept_apart():
    blocks = np.zeros((2, 3, 2, 4))
    for i in range(2):
        blocks[i, :, i] = RNG.normal(size=(3, 4))
    mixed = blocks.copy()
    mixed[0, :, 1] = 0.7
    assert jacobians(places.wrong_axis, mixed, blocks, (2, 3), (2, 4))[0] == Cause.WRONG_SUM


@pytest.mark.parametrize("share", [-2.0, 0.5, 7.0])
def test_a_difference_that_is_centred_comes_through_a_variance(share):
    x = np.array([0.5, -1.0, 2.0, 3.0])
    right = np.array([1.0, 2.0, 3.0, 5.0])
    yours = right + share * (x - x.mean())
    cause, sentence = said(places.wrong_axis, yours, right, x, forward=total)
    assert cause == Cause.DROPPED_PATH | Cause.SIGN_OF_ONE_TERM | Cause.LOCAL_DERIVATIVE
    assert sentence == (
        "yours differs from the numerical gradient by a multiple of x0 less its mean: what a variance or a "
        "standard deviation brings is missing, reversed or has another factor"
    )
    other = yours + np.array([1e-2, -1e-2, 0, 0])
    assert "less its mean" not in said(places.wrong_axis, other, right, x, forward=total)[1]
