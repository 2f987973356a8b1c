"""Gradients that follow from those of other arguments."""

import numpy as np
import pytest
from views_under_test import view_of

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.relatives import combination_of_others, others_gradients, part_of_a_sum

RNG = np.random.default_rng(5)
WHOLE = RNG.normal(size=(4, 3))
X, B = np.ones((4, 3)), np.ones(3)


def bias(yours, numerical, whole=WHOLE, b=None, x=X):
    """Look at the second argument, whose gradient may be a sum of that of the first."""
    b = np.ones(np.shape(yours)) if b is None else b
    return part_of_a_sum(view_of(yours, numerical, x, b, k=1, others={0: whole}))


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("index", "which"), [(-1, "last"), (0, "first")])
def test_a_slice_in_the_place_of_a_sum_is_named(index, which, sign):
    found = bias(sign * WHOLE[index], sign * WHOLE.sum(axis=0))
    assert found.cause == Cause.OVERWRITTEN
    assert found.sentence == f"yours is the {which} slice of a sum along axis 0 of x0: use += or a sum"
    along = bias(WHOLE[:, index], WHOLE.sum(axis=1))
    assert along.sentence == f"yours is the {which} slice of a sum along axis 1 of x0: use += or a sum"


def test_a_sum_along_another_axis_is_named_with_both():
    square = RNG.normal(size=(3, 3))
    found = bias(square.sum(axis=1), square.sum(axis=0), square, x=np.ones((3, 3)))
    assert found.cause == Cause.WRONG_AXIS
    assert found.sentence == "yours is summed along axis 1 of x0; it should be axis 0"
    other = bias(-square.sum(axis=0), -square.sum(axis=1), square, x=np.ones((3, 3)))
    assert other.sentence == "yours is summed along axis 0 of x0; it should be axis 1"


def test_a_slice_of_the_other_sign_or_from_the_middle_is_nothing():
    assert bias(-WHOLE[0], WHOLE.sum(axis=0)) is None
    assert bias(WHOLE[1], WHOLE.sum(axis=0)) is None
    assert bias(WHOLE[0], 2 * WHOLE.sum(axis=0)) is None


def test_a_sum_of_a_single_slice_is_no_sum():
    assert bias(-WHOLE[0], WHOLE[0], WHOLE[:1], x=np.ones((1, 3))) is None
    assert bias(WHOLE[0], WHOLE[0] + 1, WHOLE[:1], x=np.ones((1, 3))) is None


def test_gradients_are_related_to_a_millionth():
    total = WHOLE.sum(axis=0)
    largest = np.array([float(j == np.argmax(np.abs(total))) for j in range(3)]) * np.abs(total).max()
    assert bias(WHOLE[0], total + 0.9e-6 * largest) is not None
    assert bias(WHOLE[0], total + 1.2e-6 * largest) is None


def test_only_gradients_that_are_known_whole_and_not_zero_say_anything():
    assert bias(WHOLE[0], [np.nan, *WHOLE.sum(axis=0)[1:]]) is None
    part = WHOLE.copy()
    part[0, 0] = np.nan
    view = view_of(B, B, B, X, X, X, others={1: part, 2: np.zeros((4, 3)), 3: WHOLE})
    assert [(name, gradient.tolist()) for name, gradient in others_gradients(view)] == [
        ("x3", WHOLE.tolist())
    ]


SOME, OTHER = RNG.normal(size=8), RNG.normal(size=8)


def combined(yours, numerical, others=(SOME, OTHER)):
    arguments = [np.ones(np.shape(g)) for g in (yours, *others)]
    return combination_of_others(view_of(yours, numerical, *arguments, others=dict(enumerate(others, 1))))


def test_a_path_that_is_missing_or_reversed_is_named_by_the_other_argument_that_it_leads_to():
    right = 2 * SOME - 3 * OTHER
    lost = combined(2 * SOME, right)
    assert lost.cause == Cause.DROPPED_PATH
    assert lost.sentence == "the path that also leads to x2 is missing in yours"
    assert combined(-3 * OTHER, right).sentence == "the path that also leads to x1 is missing in yours"
    turned = combined(2 * SOME + 3 * OTHER, right)
    assert turned.cause == Cause.SIGN_OF_ONE_TERM
    assert turned.sentence == "the term that also goes to x2 has the opposite sign in yours"
    assert combined(-2 * SOME - 3 * OTHER, right).sentence.startswith("the term that also goes to x1")


@pytest.mark.parametrize(("share", "cause"), [(0.9e-4, Cause.DROPPED_PATH), (1.1e-4, None)])
def test_a_path_is_missing_up_to_a_ten_thousandth(share, cause):
    for sign in (1, -1):
        found = combined(2 * SOME + sign * share * OTHER, 2 * SOME + OTHER)
        assert (found and found.cause) == cause
    turned = combined(2 * SOME - (1 + share) * OTHER, 2 * SOME + OTHER)
    assert (turned and turned.cause) == (cause and Cause.SIGN_OF_ONE_TERM)


def test_what_is_no_combination_of_the_others_says_nothing():
    third = RNG.normal(size=8)
    assert combined(SOME, SOME + OTHER + third) is None
    assert combined(SOME + third, SOME + OTHER) is None
    assert combined(SOME, SOME + OTHER, (SOME, 2 * SOME)) is None
    assert combined(3 * SOME + 2 * OTHER, SOME + OTHER) is None
    assert combined(2 * SOME + 1.0 * OTHER, 2 * SOME + 0.9e-3 * OTHER) is None
    assert combined(2 * SOME, 2 * SOME + 0.9e-3 * OTHER) is None
    assert combined(2 * SOME, 2 * SOME + 1.1e-3 * OTHER) is not None


def test_others_that_do_not_meet_in_what_is_wrong_lead_to_no_path():
    a, b, c = RNG.normal(size=(3, 8))

    def forward(a, b, c):
        return np.sin(a - b) + (a - c) ** 3

    to_b, to_c = -np.cos(a - b), -3 * (a - c) ** 2
    to_a = -to_b - to_c

    def said(yours, right, k, **others):
        view = view_of(
            yours, right, a, b, c, k=k, forward=forward, others={int(o[1]): g for o, g in others.items()}
        )
        found = combination_of_others(view)
        return found and found.sentence

    assert said(-to_a, to_c, 2, x0=to_a, x1=to_b) is None  # its slope does not change with b
    assert said(-to_b, to_a, 0, x1=to_b, x2=to_c) == "the path that also leads to x2 is missing in yours"


def test_a_combination_takes_more_entries_than_it_could_fit_by_chance():
    few = slice(0, 6)
    assert combined(SOME[few], (SOME + OTHER)[few], (SOME[few], OTHER[few])) is not None
    few = slice(0, 5)
    assert combined(SOME[few], (SOME + OTHER)[few], (SOME[few], OTHER[few])) is None


def test_others_of_another_shape_take_no_part_and_one_alone_is_too_few():
    matrix = RNG.normal(size=(4, 2))
    assert combined(SOME, SOME + OTHER, (SOME, matrix)) is None
    assert combined(SOME, SOME + OTHER, (SOME, matrix, OTHER)).sentence.endswith(
        "leads to x3 is missing in yours"
    )
    unknown = SOME + OTHER
    unknown[0] = np.nan
    assert combined(SOME, unknown) is None


def test_an_argument_is_no_relative_of_itself():
    view = view_of(B, B, X, B, k=1, others={0: WHOLE})
    assert [name for name, _ in others_gradients(view)] == ["x0"]


@pytest.mark.parametrize("unit", [1e-8, 1e8])
def test_a_combination_is_seen_whatever_the_unit(unit):
    found = combined(2 * unit * SOME, unit * (2 * SOME - 3 * OTHER), (unit * SOME, unit * OTHER))
    assert found.sentence == "the path that also leads to x2 is missing in yours"


def test_others_that_nearly_depend_on_each_other_are_told_apart_beside_their_own_size():
    near = SOME + 1e-4 * OTHER
    found = combined(1e3 * SOME, 1e3 * SOME + 1e3 * near, (SOME, near))
    assert found.sentence == "the path that also leads to x2 is missing in yours"
    negative = -np.abs(SOME)
    assert combined(5 * np.abs(SOME), 5 * negative, (negative, 2 * negative)) is None


@pytest.mark.parametrize(("off", "found"), [(0.8e-5, True), (1.3e-5, False)])
def test_a_combination_is_exact_to_a_hundred_thousandth(off, found):
    right = 2 * SOME + OTHER
    basis = np.linalg.qr(np.stack([SOME, OTHER, *np.eye(8)[:6]], axis=1))[0][:, 2]  # no combination at all
    stray = off * np.abs(right).max() * basis / np.abs(basis).max()
    assert (combined(2 * SOME, right + stray) is not None) is found


def test_a_gradient_that_is_off_by_rounding_alone_is_no_other_sum():
    total = WHOLE.sum(axis=0)
    assert (
        part_of_a_sum(view_of(total * (1 + 1e-8), total, X, B, k=1, others={0: WHOLE}, allowed=1e-10)) is None
    )


def test_a_sum_over_an_axis_of_one_entry_is_no_sum():
    row = WHOLE[0]
    assert bias(row + 1e-7, row, row[None], x=X[:1]) is None


def test_matrices_are_combined_as_vectors_are():
    some, other = SOME.reshape(4, 2), OTHER.reshape(4, 2)
    assert combined(2 * some, 2 * some - 3 * other, (some, other)).cause == Cause.DROPPED_PATH


def test_others_that_depend_on_each_other_but_for_rounding_are_no_two():
    near = 2 * SOME + 1e-8 * OTHER
    assert combined(SOME, SOME + near, (SOME, near)) is None
