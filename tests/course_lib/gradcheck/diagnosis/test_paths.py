"""What is said where an error disappears without another argument."""

import numpy as np
import pytest
from views_under_test import look

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis import paths

RNG = np.random.default_rng(21)
PART = "the part that involves x1"


X = RNG.normal(size=(4, 3))
RNG.normal(size=15), RNG.uniform(size=12)  # of others beside it
Y = RNG.normal(size=(4, 3))


def through(share, own=1.0):
    """A path through another argument so many times, and a term without it."""
    return look(
        paths.path_through_another,
        lambda x, y: np.sin(x) + np.exp(x) * y,
        lambda d, x, y: d * (own * np.cos(x) + share * np.exp(x) * y),
        X,
        Y,
    )


FOUR = (
    " times what it should be in yours, and N = 4 is the length of axis 0 of the output, "
    "or it is a constant factor"
)


EITHER = Cause.SCALE_N | Cause.CONSTANT_FACTOR


@pytest.mark.parametrize(
    ("share", "own", "cause", "said"),
    [
        (0, 1, Cause.DROPPED_PATH, "the part that involves x1 is missing in yours"),
        (-1, 1, Cause.SIGN_OF_ONE_TERM, "the part that involves x1 has the opposite sign in yours"),
        (
            4,
            1,
            EITHER,
            f"the part that involves x1 is 4{FOUR}",
        ),
        (
            1 / 4,
            1,
            EITHER,
            f"the part that involves x1 is 0.25{FOUR}",
        ),
        (1, -1, Cause.SIGN_OF_ONE_TERM, "the part that does not involve x1 has the opposite sign in yours"),
        (
            1,
            4,
            EITHER,
            f"the part that does not involve x1 is 4{FOUR}",
        ),
        (1, 1e-5, Cause.DROPPED_PATH, "the part that does not involve x1 is missing in yours"),
        (9e-3, 1, Cause.DROPPED_PATH, "the part that involves x1 is missing in yours"),
        (-1.009, 1, Cause.SIGN_OF_ONE_TERM, "the part that involves x1 has the opposite sign in yours"),
        (
            4 * 0.9802,
            1,
            EITHER,
            f"{PART} is 3.92{FOUR}",
        ),
        (
            4 * 1.015,
            1,
            EITHER,
            f"{PART} is 4.06{FOUR}",
        ),
    ],
)
def test_what_became_of_a_path_through_another_argument_is_told(share, own, cause, said):
    assert through(share, own) == (cause, said)


@pytest.mark.parametrize(
    ("share", "own"),
    [(1, 1), (2, 1), (2, 2), (0.02, 1), (-1.02, 1), (1, 2e-2), (4 * 1.03, 1), (1.1, -1), (0, 2)],
)
def test_other_shares_of_a_path_are_not_named(share, own):
    assert through(share, own) is None


def test_without_an_argument_only_yours_may_vanish():
    cause, said = through(1, 0)
    assert cause == Cause.DROPPED_PATH | Cause.OVERWRITTEN | Cause.LOCAL_DERIVATIVE
    assert said == (
        "when x1 is zero, yours is zero and should not be: what does not pass through x1 is lost, or "
        "cancels, or x1 enters yours where it should not"
    )


def test_an_argument_that_hardly_matters_tells_nothing():
    for weight, found in ((1e-1, True), (1e-5, False)):
        said = look(
            paths.path_through_another,
            lambda x, y, w=weight: np.sin(x) + w * np.exp(x) * y,
            lambda d, x, y: d * np.cos(x),
            X,
            Y,
        )
        assert (said is not None) is found


def test_where_backward_fails_without_an_argument_or_here_nothing_is_told_of_it():
    def fails_where(there):
        def backward(d, x, y, z):
            if there(y) and asked:
                raise ValueError("not there")
            asked.append(1)
            return d * np.cos(x) * z

        return backward

    forward = lambda x, y, z: (np.sin(x) + y) * z  # noqa: E731
    for there in (lambda y: not y.any(), lambda y: True):
        for told in (paths.path_through_another, paths.fault_behind_another):
            asked = []
            assert look(told, forward, fails_where(there), X, Y, 2 + Y**2) is None


def behind(backward, forward=lambda x, y: np.sin(x + y * x**2)):
    return look(paths.fault_behind_another, forward, backward, X, Y)


def test_an_error_that_disappears_with_another_argument_lies_behind_it():
    expected = (
        Cause.DROPPED_PATH | Cause.LOCAL_DERIVATIVE,
        "yours is right when x1 is zero: the slip is in a term that x1 enters",
    )
    assert behind(lambda d, x, y: d * np.cos(x + y * x**2) * (1 + y * x)) == expected
    assert behind(lambda d, x, y: d * np.cos(x + y * x**2) * (2 + y * x)) is None
    assert behind(lambda d, x, y: d * np.cos(x + y * x**2) * (1 + 2 * y * x)) is None


def test_entries_that_are_nothing_without_another_argument_do_not_tell_that_the_slip_is_behind_it():
    first = np.array([[1.0, 0, 0]])

    def backward(d, x, y):
        return d * (first + y * np.exp(x) * (1 + first[:, ::-1]))  # the last column alone is wrong

    right = first + Y * np.exp(X)
    for wrong, found in ((right, False), (right + 1, True)):  # in that column, and in all
        said = look(
            paths.fault_behind_another, lambda x, y: first * x + y * np.exp(x), backward, X, Y, wrong=wrong
        )
        assert (said is not None) is found


def test_how_much_is_left_without_another_argument_is_measured_by_the_wrong_entries_alone():
    large = np.array([[1e4, 0, 0]])
    last = np.array([[0, 0, 1.0]])

    def backward(d, x, y):
        return d * (large + last * (1 + 2 * y * np.exp(x)))

    found = look(
        paths.fault_behind_another,
        lambda x, y: large * x + last * (x + y * np.exp(x)),
        backward,
        X,
        Y,
        wrong=large + last * (1 + Y * np.exp(X)),
    )
    assert found[1].startswith("yours is right when x1 is zero")


@pytest.mark.parametrize(("left", "found"), [(0.03, True), (0.003, False)])
def test_what_is_left_without_the_other_argument_has_to_be_seen(left, found):
    def forward(x, y):
        return left * x + np.exp(y**2) * x * y

    def backward(d, x, y):
        return d * (left + np.exp(y**2) * y * (1 + y))

    here = np.abs(left + np.exp(Y**2) * Y).sum()
    assert here > 0
    assert (behind(backward, forward) is not None) is found


def test_a_path_is_asked_for_near_the_zero_of_the_other_argument():
    found = look(
        paths.path_through_another,
        lambda x, y: np.sin(x) + np.exp(x) * np.sin(30 * y),
        lambda d, x, y: d * (np.cos(x) - np.exp(x) * np.sin(30 * y)),
        X,
        np.full((4, 3), 0.9),
    )
    assert found[1] == "the part that involves x1 has the opposite sign in yours"


def test_what_balances_near_the_zero_of_the_other_argument_is_not_called_missing():
    def sigmoid(a):
        return 1 / (1 + np.exp(-a))

    def backward(d, x, y):
        s = sigmoid(x * y)
        return d * (s - x * y * s * (1 - s))  # next to 0, both balance

    assert look(paths.path_through_another, lambda x, y: x * sigmoid(x * y), backward, X, Y) is None


def test_of_three_arguments_the_one_on_the_path_is_named():
    z = RNG.normal(size=(4, 3))

    def forward(x, y, z):
        return np.sin(x) * z + np.exp(x) * y

    lost = look(paths.path_through_another, forward, lambda d, x, y, z: d * np.cos(x) * z, X, Y, z)
    assert lost[1] == "the part that involves x1 is missing in yours"

    def right_without_y(d, x, y, z):
        return d * (np.cos(x) * z + np.exp(x) * y * (1 + y))

    behind_y = look(paths.fault_behind_another, forward, right_without_y, X, Y, z)
    assert behind_y[1].startswith("yours is right when x1 is zero")


def test_of_three_arguments_the_one_without_which_only_yours_vanishes_is_named():
    def forward(x, y, z):
        return np.sin(x) * z + np.exp(x) * y

    found = look(paths.path_through_another, forward, lambda d, x, y, z: d * np.exp(x) * y, X, Y, 2 + Y**2)
    assert found[1].startswith("when x1 is zero, yours is zero and should not be")


def test_an_argument_is_no_path_to_itself():
    wrong = [lambda d, x: d * 1.0, lambda d, x: d * 3 * x]
    for told in (paths.path_through_another, paths.fault_behind_another):
        assert [look(told, lambda x: x + 1.5 * x**2, backward, X) for backward in wrong] == [None, None]


def test_where_there_is_no_value_near_the_zero_of_another_argument_no_path_is_named():
    def forward(x, y):
        return np.sin(x) + np.exp(x) * y * (np.nan if 0 < np.abs(y).max() < 0.1 else 1.0)

    assert look(paths.path_through_another, forward, lambda d, x, y: d * np.cos(x), X, Y) is None


@pytest.mark.parametrize(("share", "named"), [(1.04, True), (1.06, False)])
def test_the_part_beside_a_path_is_at_fault_if_the_path_is_right_to_a_twentieth(share, named):
    assert (through(share, -1) is not None) is named


@pytest.mark.parametrize("at", [0.1, 0.01, -0.01])
def test_the_slopes_near_the_zero_of_another_argument_are_looked_at_on_its_own_side(at):
    """Where forward has no value but there, a path is not named."""

    def forward(x, y):
        there = np.abs(y / Y - at).max() < 1e-9
        return np.sin(x) + np.exp(x) * y * (np.nan if there else 1.0)

    found = look(paths.path_through_another, forward, lambda d, x, y: d * np.cos(x), X, Y)
    assert (found is None) is (at > 0)
