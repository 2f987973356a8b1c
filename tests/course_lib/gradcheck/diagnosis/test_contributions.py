"""Of the contributions of several outputs, some are missing, reversed, doubled or overwritten."""

import numpy as np
import pytest
from views_under_test import view_of

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis import contributions

RNG = np.random.default_rng(8)


def look(hypothesis, yours, right, out_shape=None, entries=None):
    """Look at a linear function of these Jacobians, (outputs, entries), whose output has a shape."""
    yours, right = np.array(yours, dtype=float), np.array(right, dtype=float)
    shape = out_shape or (len(right),)
    found = hypothesis(
        view_of(
            yours.sum(axis=0),
            right.sum(axis=0),
            np.ones(right.shape[1]),
            forward=lambda x: (right @ x).reshape(shape),
            backward=lambda dout, cache: np.ravel(dout) @ yours,
            jacobian=right,
            dout=np.ones(len(right)),
        )
    )
    return found and (found.cause, found.sentence)


ADDED = (
    Cause.OVERWRITTEN,
    "where an index repeats, contributions are lost: each has to be added, with +=; an array of indices "
    "takes np.add.at(g, rows, d), for g[rows] += d adds to each row once",
)
ONE_KEPT = (
    Cause.OVERWRITTEN | Cause.DROPPED_PATH,
    "of several contributions one is kept: the others are overwritten or not summed (use += or sum), come on "
    "a path that is dropped, or a loop ends before them",
)
MISSING = (
    Cause.OVERWRITTEN | Cause.DROPPED_PATH,
    "some contributions are missing, all others are right: a path is dropped, or overwritten later, or "
    "stopped by a mask or the end of a loop",
)


def kept(yours, right, out_shape=None):
    return look(contributions.kept_one_contribution, yours, right, out_shape)


LOOKUP = np.eye(3)[[0, 2, 2, 1, 2]]


@pytest.mark.parametrize("one", [1, 2, 4])
def test_where_an_index_repeats_one_contribution_of_each_is_kept(one):
    yours = LOOKUP.copy()
    yours[[row for row in (1, 2, 4) if row != one]] = 0.0
    assert kept(yours, LOOKUP) == ADDED
    assert kept(2 * yours, 2 * LOOKUP) == ADDED


def test_a_lookup_that_loses_another_number_of_contributions_is_no_repeated_index():
    yours = LOOKUP.copy()
    yours[2] = 0.0
    assert kept(yours, LOOKUP) == MISSING
    equally_often = np.eye(2)[[0, 1, 0, 1]]
    yours = equally_often.copy()
    yours[:2] = 0.0
    assert kept(yours, equally_often) == ONE_KEPT


FULL = RNG.uniform(1.0, 2.0, (6, 2))


def rows(*those):
    yours = np.zeros_like(FULL)
    yours[list(those)] = FULL[list(those)]
    return yours


@pytest.mark.parametrize(
    ("shape", "those"),
    [((6,), (5,)), ((6,), (0,)), ((2, 3), (2, 5)), ((2, 3), (0, 1, 2)), ((1, 2, 3), (5,)), ((2, 3), (5,))],
)
def test_the_last_or_first_of_a_loop_over_some_axes_is_kept(shape, those):
    assert kept(rows(*those), FULL, shape) == ONE_KEPT


@pytest.mark.parametrize(
    ("shape", "those"), [((6,), (2,)), ((2, 3), (1, 4)), ((6,), (0, 5)), ((2, 3), (0, 4))]
)
def test_contributions_from_the_middle_are_just_missing(shape, those):
    assert kept(rows(*those), FULL, shape) == MISSING


def test_each_entry_may_keep_the_last_that_it_has():
    windows = np.array([[1.0, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1]])
    last = np.array([[1.0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 1]])
    assert kept(last, windows) == ONE_KEPT
    first = np.array([[1.0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    assert kept(first, windows) == ONE_KEPT
    assert kept(np.array([[1.0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 1, 1]]), windows) == MISSING


def test_where_something_else_is_wrong_nothing_is_said_of_contributions():
    assert kept(FULL, FULL) is None
    assert kept(0 * FULL, FULL) is None
    assert kept(2 * rows(5), FULL) is None
    extra = rows(0, 1, 2) + 0.0
    zeroed = FULL.copy()
    zeroed[0, 0] = 0.0
    assert kept(extra, zeroed) is None
    single = np.diag([1.0, 2.0, 3.0])
    lost = single.copy()
    lost[1] = 0.0
    assert kept(lost, single) is None


SOME_MISSING = (MISSING[0], f"{MISSING[1].replace('all others', 'others')}, or goes to another index")


@pytest.mark.parametrize(("wrong", "found"), [(2, SOME_MISSING), (3, None)])
def test_a_third_of_the_contributions_may_be_neither_right_nor_missing(wrong, found):
    right = np.ones((4, 2))
    yours = right.copy()
    yours[0, 0] = 0.0
    yours[1:, 0][:wrong] = 0.5
    assert kept(yours, right) == found


def test_contributions_that_are_all_neither_right_nor_missing_say_nothing():
    right = np.ones((4, 2))
    yours = np.zeros((4, 2))
    yours[0] = 0.5
    assert kept(yours, right) is None
    yours[1, 0] = 1.0
    assert kept(yours, right) == SOME_MISSING
    yours[0, 0] = -1.0
    assert kept(yours, right) is None  # what is reversed is not missing


REVERSED = (Cause.SIGN_OF_ONE_TERM, "some contributions have the opposite sign, all others are right")
SOME_REVERSED = (Cause.SIGN_OF_ONE_TERM, "some contributions have the opposite sign, others are right")


def test_contributions_of_the_opposite_sign_are_told_where_others_are_right():
    yours = FULL.copy()
    yours[2, 0] *= -1
    look_at = contributions.reversed_contributions
    assert look(look_at, yours, FULL) == REVERSED
    assert look(look_at, -yours, -FULL) == REVERSED
    assert look(look_at, FULL, FULL) is None
    with_zeros = np.eye(4)
    assert look(look_at, with_zeros * [0.5, 1, 1, 1], with_zeros) is None
    yours[3:, 0] *= 0.5
    assert look(look_at, yours, FULL) == SOME_REVERSED  # where two uses meet
    yours[3, 0] = -0.5
    assert look(look_at, yours, FULL) == SOME_REVERSED
    yours[3, 0] = 2.5
    assert look(look_at, yours, FULL) is None  # more than all of it
    yours[3, 0] = -2.5
    assert look(look_at, yours, FULL) is None


@pytest.mark.parametrize(("mixed", "found"), [(7, SOME_REVERSED), (8, None)])
def test_a_third_of_what_contributes_may_be_mixed(mixed, found):
    right = np.zeros((12, 2))
    right[:10] = 1.0
    yours = right.copy()
    yours[0, 0] = -1.0
    yours[1:, 0][:mixed] = 0.5
    assert look(contributions.reversed_contributions, yours, right) == found


def test_contributions_are_compared_to_a_hundred_thousandth_of_the_largest():
    right = np.ones((4, 2))
    right[3, 1] = 1e-3
    yours = right.copy()
    yours[0, 0] = -1
    largest = np.zeros((4, 2))
    largest[0, 0] = 1.0
    assert look(contributions.reversed_contributions, yours + 0.9e-5 * largest, right) == REVERSED
    assert look(contributions.reversed_contributions, yours + 1.1e-5 * largest, right) is None
    assert look(contributions.reversed_contributions, yours + 0.9e-5, right) == REVERSED


def test_a_scalar_has_no_contributions_to_tell_apart():
    view = view_of([1.0, 2.0], [1.0, 3.0], forward=np.sum, jacobian=[[1.0, 3.0]])
    assert contributions.kept_one_contribution(view) is None
    assert contributions.reversed_contributions(view) is None


def test_a_column_that_loses_all_says_nothing_of_overwriting_though_others_are_whole():
    yours = LOOKUP.copy()
    yours[:, 2] = 0.0
    assert kept(yours, LOOKUP) is None


def test_the_last_turn_of_a_loop_may_be_kept_for_what_it_reaches():
    windows = np.array([[1.0, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1]])
    for row in (0, 2):
        assert kept(windows * (np.arange(3) == row)[:, None], windows) == ONE_KEPT


@pytest.mark.parametrize(("off", "found"), [(0.9e-5, MISSING), (1.2e-5, None)])
def test_what_is_kept_is_right_to_a_hundred_thousandth(off, found):
    right = np.ones((4, 2))
    yours = right.copy()
    yours[0, 0] = 0.0
    yours[1:, :] += off
    assert kept(1e3 * yours, 1e3 * right) == found
