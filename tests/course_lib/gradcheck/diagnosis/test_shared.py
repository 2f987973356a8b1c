"""A path through a value that entries share is missing, reversed or not averaged."""

import numpy as np
import pytest
from views_under_test import view_of

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.shared import MINORS, _minor_indices, _rank_one, shared_statistic

X = np.random.default_rng(9).normal(size=6)
N = 6
WHERE = "the path through a value that entries share (a mean, a variance, a norm, a softmax's sum, "
WHERE += "a matrix product)"
MISSING = (Cause.DROPPED_PATH, f"{WHERE} is missing")
LACKING = (Cause.DROPPED_PATH, f"{WHERE} is missing or lacks a factor")
REVERSED = (Cause.SIGN_OF_ONE_TERM, f"{WHERE} has the opposite sign")


def look(yours, right, x=X):
    """Look at a function of a vector with these Jacobians, (outputs, entries)."""
    found = shared_statistic(
        view_of(
            yours.sum(axis=0),
            right.sum(axis=0),
            x,
            backward=lambda dout, cache: dout @ yours,
            jacobian=right,
            dout=np.ones(x.size),
        )
    )
    return found and (found.cause, found.sentence)


def normalised(mean=1.0, variance=1.0, own=1.0):
    """The Jacobian of (x - mean) / deviation, with each path so many times."""
    deviation = X.std()
    z = (X - X.mean()) / deviation
    return (own * np.eye(N) - mean / N - variance * np.outer(z, z) / N) / deviation


def centred(mean=1.0):
    return np.eye(N) - mean / N


def test_the_only_path_through_a_mean_is_missing_or_reversed():
    assert look(centred(0.0), centred()) == MISSING
    assert look(centred(-1.0), centred()) == REVERSED


def test_of_two_paths_one_is_missing_or_reversed():
    for changed in ({"mean": 0.0}, {"variance": 0.0}):
        assert look(normalised(**changed), normalised()) == LACKING
    for changed in ({"mean": -1.0}, {"variance": -1.0}):
        assert look(normalised(**changed), normalised()) == REVERSED
    assert look(normalised(mean=0.0, variance=0.0), normalised()) == MISSING


@pytest.mark.parametrize(("share", "said"), [(6.0, "6"), (1 / 6, "0.167")])
def test_a_path_that_is_not_averaged_or_twice_is_off_by_a_length(share, said):
    expected = f"{WHERE} is off by a factor of {said}, and N = 6 is the length of axis 0 of the output"
    assert look(centred(share), centred()) == (Cause.SCALE_N, expected)
    assert look(normalised(mean=share), normalised()) == (Cause.SCALE_N, expected)
    assert look(normalised(variance=share), normalised()) == (Cause.SCALE_N, expected)


def test_another_share_is_not_named():
    assert look(centred(3.0), centred()) is None
    assert look(normalised(mean=2.5), normalised()) is None


def test_what_is_right_off_its_diagonal_or_wrong_everywhere_is_another_matter():
    assert look(centred() + np.diag(np.arange(6.0)), centred()) is None
    assert look(centred(), centred()) is None
    noise = np.random.default_rng(1).normal(size=(6, 6))
    assert look(normalised() + noise, normalised()) is None


def test_a_length_that_is_a_common_factor_as_well_is_said_to_be_either():
    cause, said = look(np.eye(4) - 1, np.eye(4) - 1 / 4, X[:4])
    assert cause == Cause.SCALE_N | Cause.CONSTANT_FACTOR
    assert said.endswith("and N = 4 is the length of axis 0 of the output, or it is a constant factor")


def of_two_rows(yours, right):
    """Look at a function of two rows of six that does the same to each."""
    yours, right = np.kron(np.eye(2), yours), np.kron(np.eye(2), right)
    found = shared_statistic(
        view_of(
            yours.sum(axis=0).reshape(2, 6),
            right.sum(axis=0).reshape(2, 6),
            np.concatenate([X, X]).reshape(2, 6),
            backward=lambda dout, cache: (np.ravel(dout) @ yours).reshape(2, 6),
            jacobian=right,
            dout=np.ones(12),
        )
    )
    return found.cause, found.sentence


def test_rows_that_share_nothing_with_each_other_are_looked_at_too():
    assert of_two_rows(normalised(mean=0.0), normalised()) == LACKING
    cause, said = of_two_rows(centred(2.0), centred())
    assert cause == Cause.SCALE_N | Cause.FACTOR_2
    assert said.endswith(
        "off by a factor of 2, and N = 2 is the length of axis 0 of the output, or it is a constant factor"
    )


def test_three_entries_and_another_shape_are_too_little():
    right = np.eye(3) - 1 / 3
    assert look(np.eye(3), right, X[:3]) is None
    view = view_of(np.ones(6), np.zeros(6), X, forward=lambda x: x[:4], jacobian=centred()[:4])
    assert shared_statistic(view) is None
    assert shared_statistic(view_of(np.ones(6), np.zeros(6), X, forward=np.sum)) is None


def test_minors_lie_inside_of_what_is_not_zero_and_off_the_diagonal():
    i, j, k, other = _minor_indices(np.ones((5, 5), dtype=bool))
    assert i.size == MINORS == 400
    assert all(len({*row}) == len(row) for row in zip(j, k, other, strict=True))
    assert not ((i == j) | (i == k) | (i == other)).any()
    assert set(i) == set(j) == set(k) == set(other) == set(range(5))
    blocks = np.kron(np.eye(2), np.ones((4, 4))) > 0
    i, j, k, other = _minor_indices(blocks)
    assert all(blocks[rows, columns].all() for rows in (i, k) for columns in (j, other))


def test_all_four_entries_of_a_minor_are_not_zero():
    support = np.random.default_rng(0).random((9, 9)) < 0.6
    i, j, k, other = _minor_indices(support)
    assert (support[i, j] & support[i, other] & support[k, j] & support[k, other]).all()


def test_the_largest_of_all_minors_is_compared_with_the_largest_of_all_entries():
    matrix = np.zeros((4, 8))
    for at, first in ((0, 1.0), (4, 0.0)):  # of the second, as much would be too much
        matrix[0, at + 1], matrix[2, at + 3], matrix[0, at + 3], matrix[2, at + 1] = (
            first,
            1.0,
            1.0,
            first - 0.9e-3,
        )
    assert _rank_one(matrix, np.array([[0, 0], [1, 5], [2, 2], [3, 7]]), 10.0)
    assert not _rank_one(matrix, np.array([[0], [5], [2], [7]]), 10.0)


def test_what_has_too_few_entries_in_a_row_has_no_minors():
    assert _minor_indices(np.ones((3, 3), dtype=bool)) is None
    assert _minor_indices(np.eye(6, dtype=bool)) is None
    assert _minor_indices(np.ones((4, 4), dtype=bool)) is not None


@pytest.mark.parametrize(
    ("first", "off", "zero"),
    [
        (1.0, 0.9e-3, True),
        (1.0, 1.1e-3, False),
        (1.0, -1.1e-3, False),
        (0.01, 0.9e-4, True),
        (0.01, 1.1e-4, False),
    ],
)
def test_a_minor_is_zero_beside_the_largest_entries(first, off, zero):
    matrix = np.zeros((4, 4))
    matrix[0, 1], matrix[2, 3], matrix[0, 3], matrix[2, 1] = first, 1.0, 1.0, first - off
    assert _rank_one(matrix, np.array([[0], [1], [2], [3]]), 10.0) is zero


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e6])
def test_paths_are_told_whatever_the_unit(unit):
    two_rows = unit * np.kron(np.eye(2), normalised()[:4, :4])
    lacking = unit * np.kron(np.eye(2), normalised(mean=0.0)[:4, :4])
    assert look(lacking, two_rows, np.tile(X[:4], 2)) == LACKING
    lacking[0, 7] += 1e-3 * unit  # rows that share nothing are mixed
    assert look(lacking, two_rows, np.tile(X[:4], 2)) is None
    for changed, found in (({"mean": 0.0}, LACKING), ({"variance": -1.0}, REVERSED), ({"mean": 2.5}, None)):
        assert look(unit * normalised(**changed), unit * normalised()) == found


def test_where_outputs_share_nothing_no_path_of_theirs_is_wrong():
    right = np.diag(np.arange(1.0, 7.0))
    assert look(right + np.diag([1.0, 0, 0, 0, 0, 0]), right) is None


@pytest.mark.parametrize(("off", "found"), [(0.9e-5, MISSING), (1.2e-5, None)])
def test_the_only_path_is_missing_up_to_a_hundred_thousandth(off, found):
    right = centred()
    yours = centred(0.0)
    yours[0, 1] = off / N
    assert look(yours, right) == found


@pytest.mark.parametrize(
    ("right_there", "off", "found"), [(0.8e-6, 0.9e-5, True), (0.8e-6, 1.1e-5, False), (1.2e-6, 1.1e-5, True)]
)
def test_what_is_zero_to_a_millionth_shares_nothing_and_may_be_off_by_no_more_than_10(
    right_there, off, found
):
    right, yours = centred(), centred(6.0)
    right[0, 1] = right_there / N
    yours[0, 1] = (right_there + off) / N
    assert (look(yours, right) is not None) is found


def test_an_entry_that_is_zero_on_the_diagonal_shares_all_the_same():
    assert look(np.eye(N) / N, (np.eye(N) - 1) / N) == MISSING


def test_as_many_paths_as_half_of_the_entries_may_be_wrong_and_no_more():
    pairs = np.kron(np.eye(3), np.eye(2) - 0.5)
    assert look(np.eye(6), pairs) == MISSING
    three = np.kron(np.eye(2), np.eye(3) - 1 / 3 - np.outer([1, 0.5, -1.5], [1, 0.5, -1.5]) / 6)
    assert look(np.eye(6), three) is None
    assert look(np.kron(np.eye(3), np.eye(2) - 1.25), pairs) is None  # too small for minors


def test_what_is_zero_nearly_everywhere_is_not_the_one_path_that_is_left():
    left, minors = np.outer(X, X), np.array([[0, 1, 2, 3], [1, 2, 3, 4], [4, 5, 5, 0], [2, 3, 4, 5]])
    assert _rank_one(left, minors, 1.0) is True
    assert _rank_one(np.where([[1], [1], [0], [0], [1], [1]], left, 0), minors, 1.0) is True
    assert _rank_one(np.where([[1], [0], [0], [0], [1], [1]], left, 0), minors, 1.0) is False
    assert _rank_one(1e-7 * left, minors, 1.0) is False
