"""The share of a path that an error is: in every direction, and farther out."""

from types import SimpleNamespace

import numpy as np
import pytest
from views_under_test import look

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis import paths
from course_lib.gradcheck.diagnosis.experiments import DirectionalSlopes

RNG = np.random.default_rng(21)
X = RNG.normal(size=(4, 3))
Y = RNG.normal(size=(4, 3))


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
