"""A penalty that overwrote the gradient of the data, or stands alone."""

import numpy as np
import pytest
from views_under_test import view_of

from course_lib import check_vjp
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis import penalties

RNG = np.random.default_rng(12)
X = RNG.normal(size=(7, 3))
G = RNG.normal(size=(7, 3))
DATA = penalties.factor_on_the_data_term


def ridge(x, strength=0.3):
    return np.sum(np.sin(x)) + strength * np.sum(x**2)


def only_penalty(multiple, strength=0.3, forward=None, backward=None):
    view = view_of(
        multiple * X,
        np.cos(X) + 2 * strength * X,
        X,
        forward=forward or (lambda x: ridge(x, strength)),
        backward=backward or (lambda dout, cache: dout * multiple * cache[0]),
    )
    found = DATA(view)
    return found and (found.cause, found.sentence)


def test_a_penalty_that_overwrote_the_gradient_of_the_data_is_named():
    expected = (
        Cause.OVERWRITTEN,
        "yours is only a multiple of x0: the data's gradient is missing, or the regularization overwrote it "
        "(use +=)",
    )
    assert only_penalty(0.6) == expected
    assert only_penalty(0.3) == expected  # without the 2 of the square
    assert only_penalty(0.7) is None  # more than the loss has of it
    assert only_penalty(-0.6) is None


def test_what_does_not_grow_like_a_penalty_in_all_directions_is_none():
    def of_some(x):
        return np.sum(np.sin(x)) + 0.3 * np.sum(x[1:] ** 2)

    assert only_penalty(0.6, forward=of_some) is None
    assert only_penalty(0.6, forward=lambda x: np.sum(np.sin(x))) is None
    assert only_penalty(0.6, forward=lambda x: ridge(x) + np.sum(np.abs(x) ** 2.5)) is None


@pytest.mark.parametrize(("entries", "found"), [(12, True), (11, False)])
def test_of_a_large_argument_twelve_directions_are_looked_at(entries, found):
    def of_the_first(x):
        return np.sum(np.sin(x)) + 0.3 * np.sum(x.ravel()[:entries] ** 2)

    assert (only_penalty(0.2, forward=of_the_first) is not None) is found


def test_a_multiple_that_is_another_one_elsewhere_is_no_penalty():
    assert only_penalty(0.6, backward=lambda dout, cache: 0.6 * dout * cache[0] * (1 + 0.9e-3)) is not None
    assert only_penalty(0.6, backward=lambda dout, cache: 0.6 * dout * cache[0] * (1 + 1.2e-3)) is None


def test_a_gradient_that_is_given_as_numbers_is_not_asked_for_elsewhere():
    numbers = 0.6 * X
    view = view_of(numbers, np.cos(X) + 0.6 * X, X, forward=ridge, backward=lambda dout, cache: numbers)
    assert DATA(view) is None
    view.evidence.point.pair.given = True
    assert DATA(view).cause == Cause.OVERWRITTEN


@pytest.mark.parametrize(("share", "found"), [(0.8e-5, True), (1.2e-5, False)])
def test_the_gradient_of_the_data_is_lost_where_less_than_a_hundred_thousandth_of_it_is_left(share, found):
    def gradient(x):
        return 0.6 * x + share * (np.cos(x) + 0.6 * x)

    right = np.cos(X) + 0.6 * X
    view = view_of(gradient(X), right, X, forward=ridge, backward=lambda d, c: d * 0.6 * c[0])
    assert (getattr(DATA(view), "cause", None) == Cause.OVERWRITTEN) is found


def test_a_loss_that_is_looked_at_farther_out_has_left_the_data_behind():
    def late(x):
        return np.sum(np.sin(x)) + 0.3 * np.sum(x**2) * (np.linalg.norm(x) > 7e3)

    assert only_penalty(0.6, forward=late) is not None
    assert only_penalty(0.6, forward=lambda x: late(x / 2) * 4) is None
    assert only_penalty(0.6, forward=lambda x: ridge(x) if np.linalg.norm(x) < 7e4 else 0.0) is None


@pytest.mark.parametrize(("apart", "found"), [(0.04, True), (0.07, False)])
def test_a_penalty_grows_with_the_square_to_a_twentieth(apart, found):
    def forward(x):
        return np.sum(np.sin(x)) + 0.3 * np.sum(x**2) * (1 + apart * (np.linalg.norm(x) > 5e4))

    assert (only_penalty(0.6, forward=forward) is not None) is found


def test_what_overwrote_the_data_is_told_whatever_the_upstream_gradient_is():
    data = np.random.default_rng(11).normal(size=(5, 4))

    def hinges(w):
        return np.sum(np.maximum(0, data @ w)) + 0.3 * np.sum(w**2), w

    for upstream in (-1.3, 0.2, 4.0):
        check = check_vjp(hinges, lambda dout, w: dout * 0.6 * w, G[:4], dout=np.array(upstream))
        assert Cause.OVERWRITTEN in check.arguments[0].diagnosis


def alone(forward, x=X):
    return penalties.square_alone(view_of(X, X, x, forward=forward))


@pytest.mark.parametrize("unit", [1e-9, 1.0, 1e9])
def test_a_square_is_alone_where_the_curvature_is_the_same_in_all_directions(unit):
    for x in (X, 100 * X, 0 * X):
        assert alone(lambda x: unit * np.sum((x - 1) ** 2), x) is True
        assert alone(lambda x: unit * np.sum((x - 1) ** 2 + x**4), x) is False
    assert alone(lambda x: unit * np.sum(x[0] ** 2)) is False
    assert alone(lambda x: unit * (np.sum(x**2) + np.sum(np.sin(x)))) is False


@pytest.mark.parametrize(("share", "found"), [(2.2e-7, True), (2.5e-7, False)])
def test_curvatures_are_the_same_to_a_millionth(share, found):
    # The curvatures of the sum of cubes are as far apart, here, as 4.3 times that of the sum of squares.
    assert alone(lambda x: np.sum(x**2) + share * np.sum(x**3)) is found


def test_a_square_is_looked_for_in_twelve_directions_as_far_as_the_argument_is_large():
    for x, size in ((X, np.sqrt(np.mean(X**2))), (0 * X, 1.0)):
        asked = []
        alone(lambda x, asked=asked: asked.append(x) or np.sum(x**2), x)
        rng, asked = np.random.default_rng(0), asked[1:]
        for before, here, behind in zip(asked[::3], asked[1::3], asked[2::3], strict=True):
            assert here == pytest.approx(x)
            assert behind - x == pytest.approx(size * rng.normal(size=X.shape))
            assert before - x == pytest.approx(x - behind)
        assert len(asked) == 3 * 12
