"""The rules by which the right numbers are found in the wrong places, one at a time."""

import numpy as np
import pytest
from views_under_test import linear, said, view_of

from course_lib import check_vjp
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis import places

RNG = np.random.default_rng(13)
G = RNG.normal(size=(5, 4))
SQUARE = RNG.normal(size=(4, 4))


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
        "yours is the gradient of x1, and that of x1 is yours: swapped where they are returned, or where "
        "they are made"
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


@pytest.mark.parametrize(("axis", "where"), [(0, "an axis of the output"), (1, "axis 0 of x0")])
def test_a_jacobian_of_the_neighbouring_index_is_off_by_one_whatever_comes_in_at_the_border(axis, where):
    right = RNG.normal(size=(5, 4))
    expected = (
        Cause.OFF_BY_ONE,
        f"yours belongs to the neighbouring index along {where}: an index is off by one",
    )
    for by in (1, -1):
        moved = np.roll(right, by, axis)
        assert linear(places.shifted, moved, right, (5,), (4,)) == expected
        border = [slice(None), slice(None)]
        border[axis] = 0 if by == 1 else -1
        moved[tuple(border)] = 0.0
        assert linear(places.shifted, moved, right, (5,), (4,)) == expected
    assert linear(places.shifted, right + 1, right, (5,), (4,)) is None


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


def test_only_a_matrix_is_transposed_and_reshaped():
    cube = RNG.normal(size=(2, 3, 4))
    assert said(places.transposed, cube.T.reshape(2, 3, 4), cube) is None
    assert said(places.transposed, cube.transpose(0, 2, 1).reshape(2, 3, 4), cube) is None


def test_a_jacobian_of_one_row_may_be_that_of_its_neighbour():
    for row, found in ((1, True), (2, True), (3, True), (0, False), (4, False)):
        right = np.zeros((5, 4))
        right[row] = RNG.uniform(1.0, 2.0, 4)
        yours = np.roll(right, 1 if row < 4 else -1, 0)
        assert (linear(places.shifted, yours, right, (5,), (4,)) is not None) is found


def test_a_neighbour_is_told_to_a_hundred_thousandth():
    right = RNG.normal(size=(5, 4))
    for off, found in ((0.9e-5, True), (1.3e-5, False)):
        for by, border in ((1, 0), (-1, -1)):
            moved = np.roll(right, by, 0)
            moved[border] = 0.0
            moved[2] += off * np.abs(moved).max()
            assert (linear(places.shifted, moved, right, (5,), (4,)) is not None) is found


def test_a_jacobian_that_is_the_same_in_every_row_has_no_neighbours():
    right = np.tile(RNG.normal(size=4), (5, 1))
    yours = right.copy()
    yours[0] = 0.0
    assert linear(places.shifted, yours, right, (5,), (4,)) is None


def test_a_neighbour_of_three_is_one():
    three = G[:3]
    assert said(places.shifted, np.roll(three, 1, 0), three, forward=total)[0] == Cause.OFF_BY_ONE


def test_of_three_entries_one_may_be_wrong():
    view = view_of([1.0, 2.0, 5.0], [1.0, 2.0, 3.0])
    view.evidence.elsewhere = [None]
    assert places.one_entry(view).cause == Cause.ONE_ENTRY


def test_of_three_outputs_each_has_a_neighbour():
    right = RNG.normal(size=(3, 4))
    moved = np.roll(right, 1, 0)
    moved[0] = 0.0
    assert linear(places.shifted, moved, right, (3,), (4,))[0] == Cause.OFF_BY_ONE


@pytest.mark.parametrize(("off", "constant"), [(0.8e-6, True), (1.5e-6, False)])
def test_what_is_constant_along_an_axis_is_so_to_a_millionth(off, constant):
    right = np.array(np.broadcast_to(SQUARE[0], (4, 4)))
    right[2, np.argmax(np.abs(SQUARE[0]))] *= 1 + off * 4 / 3
    found = said(places.transposed, right.T, right)
    assert (found[0] == Cause.WRONG_AXIS) is constant
