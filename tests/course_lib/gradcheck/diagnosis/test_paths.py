"""What is said where an error disappears without another argument."""

from types import SimpleNamespace

import numpy as np
import pytest
from views_under_test import look

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis import paths
from course_lib.gradcheck.diagnosis.experiments import DirectionalSlopes

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


def test_where_there_is_no_value_near_the_zero_of_another_argument_no_path_is_named():
    def forward(x, y):
        return np.sin(x) + np.exp(x) * y * (np.nan if 0 < np.abs(y).max() < 0.1 else 1.0)

    assert look(paths.path_through_another, forward, lambda d, x, y: d * np.cos(x), X, Y) is None


def test_a_path_so_many_times_as_a_long_axis_is_lacks_an_average():
    x, y = RNG.normal(size=(2, 5, 3))
    found = look(
        paths.path_through_another,
        lambda x, y: np.sin(x) + np.exp(x) * y,
        lambda d, x, y: d * (np.cos(x) + 5 * np.exp(x) * y),
        x,
        y,
    )
    said = (
        "the part that involves x1 is 5 times what it should be in yours, and N = 5 is the length of axis 0"
    )
    assert found == (Cause.SCALE_N, f"{said} of the output")


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


@pytest.mark.parametrize(
    ("length", "cause"),
    [(2, Cause.SCALE_N | Cause.FACTOR_2), (4, Cause.SCALE_N | Cause.CONSTANT_FACTOR), (7, Cause.SCALE_N)],
)
def test_a_path_as_many_times_as_an_axis_is_long_may_also_be_off_by_a_common_factor(length, cause):
    x, y = RNG.normal(size=(2, length, 3))
    found = look(
        paths.path_through_another,
        lambda x, y: np.sin(x) + np.exp(x) * y,
        lambda d, x, y: d * (np.cos(x) + length * np.exp(x) * y),
        x,
        y,
    )
    assert found[0] == cause


def test_what_grows_along_one_direction_alone_is_looked_at_along_that():
    weights = np.zeros((4, 3))
    weights[0, 0] = 1.0
    found = look(
        paths.path_through_another,
        lambda x, y: np.sin(x) + weights * np.exp(x) * y,
        lambda d, x, y: d * np.cos(x),
        X,
        Y,
    )
    assert found == (Cause.DROPPED_PATH, "the part that involves x1 is missing in yours")


def shared(monkeypatch, without, little, more, scale=1.0):
    """What is said of the slopes without an argument, with little of it, and with ten times as much."""
    outcomes = iter(DirectionalSlopes(*map(np.array, slopes)) for slopes in (little, more))
    asked = []

    def outcome(view, inputs, directions):
        asked.append((float(inputs[1]), directions))
        return next(outcomes)

    monkeypatch.setattr(paths, "outcome_at", outcome)
    point = SimpleNamespace(
        names=("x", "y"), inputs=(np.ones(3), np.array(2.0)), moved=lambda j, x: [None, x]
    )
    view = SimpleNamespace(evidence=SimpleNamespace(point=point), scale=scale)
    monkeypatch.setattr(paths, "dimensions", lambda view: {5: "five"})
    found = paths._share_of_path(view, 1, DirectionalSlopes(*map(np.array, without)))
    assert asked == [(2.0 * paths.SMALL, 3), (20.0 * paths.SMALL, 3)]
    return found and (found.cause, found.sentence)


PATH = np.array([1.0, -2.0, 0.5])
BESIDE = np.array([3.0, 1.0, -2.0])


@pytest.mark.parametrize(
    ("share", "cause"),
    [
        ([0.0, 0.0, 0.0], Cause.DROPPED_PATH),
        ([0.0099, -0.0099, 0.0], Cause.DROPPED_PATH),
        ([0.0, 0.0, 0.0101], None),
        ([-1.0, -1.0, -1.0], Cause.SIGN_OF_ONE_TERM),
        ([-1.0, -1.0, -0.98], None),
        ([5.0, 5.0, 5.0], Cause.SCALE_N),
        ([0.2, 0.2, 0.2], Cause.SCALE_N),
        ([5.0, 5.0, 5.15], None),
    ],
)
def test_the_share_of_a_path_is_one_in_every_direction(share, cause, monkeypatch):
    right, yours = PATH * 0.1, PATH * 0.1 * share
    found = shared(
        monkeypatch,
        (BESIDE, BESIDE),
        (BESIDE + yours, BESIDE + right),
        (BESIDE + 10 * yours, BESIDE + 10 * right),
    )
    assert (found and found[0]) == cause


@pytest.mark.parametrize(
    ("size", "said"), [(0.98e-5, True), (-0.98e-5, True), (1.02e-5, False), (-1.02e-5, False)]
)
def test_ten_times_farther_the_share_of_a_path_stays_the_same(size, said, monkeypatch):
    for scale in (1.0, 1e4):
        more = 10 * PATH * 0.1 * scale
        off = np.array([0.0, size * np.abs(BESIDE * scale + more).max(), 0.0])
        found = shared(
            monkeypatch,
            (BESIDE * scale, BESIDE * scale),
            (BESIDE * scale, BESIDE * scale + PATH * 0.1 * scale),
            (BESIDE * scale + off, BESIDE * scale + more),
            scale=scale,
        )
        assert (found is not None) is said


@pytest.mark.parametrize(("grows", "said"), [(1.05e-4, True), (0.95e-4, False)])
def test_a_path_has_to_grow_by_a_ten_thousandth_and_in_every_direction(grows, said, monkeypatch):
    path = np.array([0.1, 1.0, -0.1]) * grows * 3
    slopes = (BESIDE, BESIDE), (BESIDE, BESIDE + path), (BESIDE, BESIDE + 10 * path)
    assert (shared(monkeypatch, *slopes) is not None) is said
    path = np.array([0.0, 1.0, -0.1])
    slopes = (BESIDE, BESIDE), (BESIDE, BESIDE + path), (BESIDE, BESIDE + 10 * path)
    assert shared(monkeypatch, *slopes) is None


@pytest.mark.parametrize(("scale", "said"), [(0.9e8, True), (1.1e8, False)])
def test_slopes_that_are_rounding_beside_the_gradient_say_nothing_of_a_path(scale, said, monkeypatch):
    path = np.array([1.0, 1.0, 1.0]) / 2
    slopes = (path, path), (path, 2 * path), (path, 11 * path)
    assert (shared(monkeypatch, *slopes, scale=scale) is not None) is said
