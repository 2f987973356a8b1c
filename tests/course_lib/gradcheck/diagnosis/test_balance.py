"""The true gradient is balanced, as it is after a softmax, a mean or a norm, and yours is not."""

import dataclasses

import numpy as np
import pytest
from views_under_test import view_of

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis import balance
from course_lib.gradcheck.diagnosis.balance import penalty_on_rows, piecewise_linear, sums_to_zero, vanishes
from course_lib.gradcheck.diagnosis.evidence import View

RNG = np.random.default_rng(11)
X = RNG.normal(size=(5, 4))
EITHER = Cause.DROPPED_PATH | Cause.SIGN_OF_ONE_TERM


def said(yours, right, x=X, forward=lambda x: x**2, **known):
    found = sums_to_zero(view_of(yours, right, x, forward=forward, **known))
    return found and (found.cause, found.sentence)


NOISE = RNG.normal(size=(5, 4))


@pytest.mark.parametrize("axis", [0, 1])
def test_a_sum_that_should_vanish_is_named_with_its_axis(axis):
    right = NOISE - NOISE.mean(axis=axis, keepdims=True)
    assert said(right + 1.0, right) == (
        EITHER | Cause.LOCAL_DERIVATIVE,
        f"the sum along axis {axis} should vanish and does not in yours: "
        f"what balances the rest is wrong, missing or in another place (an axis, an index, a transpose)",
    )
    assert said(2 * right, right) is None
    assert said(right + 1.0, right + 1.0) is None


def test_a_sum_weighed_with_the_argument_may_have_to_vanish():
    right = NOISE - X * (X * NOISE).sum(axis=1, keepdims=True) / (X * X).sum(axis=1, keepdims=True)
    start = "the sum of x0 times its gradient along axis 1 should vanish and does not in yours: "
    for multiple in (0, -1, 0.3):  # missing, reversed, of another size: which, no gradient tells
        assert said(NOISE + multiple * (right - NOISE), right) == (
            EITHER | Cause.LOCAL_DERIVATIVE,
            f"{start}what brings a multiple of x0, as a norm does, is missing or wrong",
        )
    cause, sentence = said(NOISE + RNG.normal(size=(5, 4)), right)
    assert (cause, sentence) == (
        EITHER | Cause.LOCAL_DERIVATIVE,
        f"{start}{balance.BALANCING}",
    )
    balanced = NOISE - NOISE.mean(axis=1, keepdims=True)  # in itself, which is not asked for
    assert said(balanced, right)[1].startswith(start)


def test_an_axis_of_two_or_a_number_is_no_balance():
    two = NOISE[:, :2]
    right = two - two.mean(axis=1, keepdims=True)
    assert said(right + 1.0, right, X[:, :2]) is None
    assert said(1.0, 0.0, 2.0) is None


def test_rows_that_were_not_looked_at_whole_are_left_out():
    right = NOISE - NOISE.mean(axis=1, keepdims=True)
    known = right.copy()
    known[2, 1] = np.nan
    assert said(right + 1.0, known)[1].startswith("the sum along axis 1")
    known[:, 0] = np.nan
    assert said(right + 1.0, known) is None
    assert said(right + 1.0, known, forward=np.sum) is None  # a loss, which may have a penalty


@pytest.mark.parametrize(("off", "found"), [(0.8e-6, True), (1.3e-6, False)])
def test_a_sum_vanishes_to_a_millionth_of_what_is_summed(off, found):
    right = NOISE - NOISE.mean(axis=1, keepdims=True)
    size = np.abs(right).sum(axis=1).max()
    nearly = right + off * size / 4
    assert (said(right + 1.0, nearly) is not None) is found
    assert said(nearly, right, allowed=1e-12) is None or not found


def test_in_float32_a_sum_vanishes_to_some_thousandths():
    right = NOISE - NOISE.mean(axis=1, keepdims=True)
    nearly = right + 4e-3 * np.abs(right).sum(axis=1).max() / 4
    here = view_of(right + 1.0, nearly, X, forward=lambda x: x**2)
    single = dataclasses.replace(here.evidence.point, epsilon=2.0**-23)
    assert sums_to_zero(here) is None
    assert sums_to_zero(View(dataclasses.replace(here.evidence, point=single), 0)) is not None


def test_a_penalty_is_the_multiple_without_which_all_rows_vanish():
    rows = NOISE - NOISE.mean(axis=1, keepdims=True)
    assert penalty_on_rows(X, rows + 0.3 * X, 1e-6) == pytest.approx(0.3 * X)
    assert penalty_on_rows(X, rows - 2 * X, 1e-6) == pytest.approx(-2 * X)
    assert penalty_on_rows(X, 0.3 * X, 1e-6) == pytest.approx(0.3 * X)
    assert penalty_on_rows(X, NOISE, 1e-6).tolist() == np.zeros((5, 4)).tolist()
    assert (
        penalty_on_rows(X - X.mean(axis=1, keepdims=True), NOISE, 1e-6).tolist() == np.zeros((5, 4)).tolist()
    )
    assert penalty_on_rows(0 * X, rows, 1e-6).tolist() == np.zeros((5, 4)).tolist()


@pytest.mark.parametrize(
    ("values", "axis", "vanish"),
    [
        ([[1.0, -1.0], [2.0, -2.0]], 1, True),
        ([[1.0, -1.0], [2.0, -2.0]], 0, False),
        ([[1.0, -1.0], [-1.0, 1.0]], 0, True),
        ([[0.0, 0.0]], 1, False),
        ([[1.0, -1.0 + 1.9e-3], [0.0, 0.0]], 1, True),
        ([[1.0, -1.0 + 2.1e-3], [0.0, 0.0]], 1, False),
        ([[1.0, -1.0 - 2.1e-3], [0.0, 0.0]], 1, False),
        ([[1e3, -1e3], [1.0, 0.5]], 1, True),
    ],
)
def test_sums_vanish_beside_the_largest_of_what_is_summed(values, axis, vanish):
    assert vanishes(np.array(values), axis, 1e-3) is vanish


@pytest.mark.parametrize(("off", "brings"), [(0.8e-5, True), (1.3e-5, False)])
def test_the_error_is_a_multiple_of_each_row_to_a_hundred_thousandth(off, brings):
    right = NOISE - NOISE.mean(axis=1, keepdims=True)
    error = X * np.arange(1.0, 6.0)[:, None]
    across = np.array([X[0, 1], -X[0, 0], 0.0, 0.0])  # at right angles to the first row
    stray = np.zeros((5, 4))
    stray[0] = off * np.abs(error).max() * across / np.abs(across).max()
    assert ("as a norm does" in said(right + error + stray, right)[1]) is brings
    two = NOISE[:, :2] - NOISE[:, :2].mean(axis=0)
    assert "as a norm does" not in said(two + X[:, :2], two, X[:, :2])[1]


@pytest.mark.parametrize("unit", [1e-2, 1.0, 1e2])
@pytest.mark.parametrize(("kinks", "linear"), [(14, True), (60, False)])
def test_a_line_as_long_as_the_argument_is_large_has_more_smooth_stretches_than_kinks(kinks, linear, unit):
    x = unit * X
    along = float((np.random.default_rng(0).normal(size=x.shape) * np.sqrt(np.mean(x**2))).sum())
    places = x.sum() + along * np.linspace(-0.48, 0.48, kinks)
    assert piecewise_linear(view_of(x, x + 1, x, forward=lambda x: np.abs(x.sum() - places).sum())) is linear


def test_a_multiple_of_each_row_is_seen_beside_a_penalty_and_in_rows_of_three():
    right = NOISE - NOISE.mean(axis=1, keepdims=True) + 0.3 * X
    error = X * np.arange(1.0, 6.0)[:, None]
    assert "as a norm does" in said(right + error, right, forward=lambda x: np.sum(np.sin(x)))[1]
    three = NOISE[:, :3] - NOISE[:, :3].mean(axis=1, keepdims=True)
    assert "as a norm does" in said(three + error[:, :3], three, X[:, :3])[1]


def test_of_three_axes_the_one_along_which_a_sum_vanishes_is_named():
    cube = RNG.normal(size=(3, 4, 5))
    for axis in range(3):
        right = cube - cube.mean(axis=axis, keepdims=True)
        assert said(right + cube, right, cube + 1)[1].startswith(f"the sum along axis {axis} should vanish")
    with_x = vanishes(cube - cube.mean(axis=1, keepdims=True), 1, 1e-9)
    assert with_x is True


@pytest.mark.parametrize(
    ("elsewhere", "cause"), [(True, Cause.LOCAL_DERIVATIVE), (False, EITHER | Cause.LOCAL_DERIVATIVE)]
)
def test_what_no_other_point_shows_may_be_a_constant_term(elsewhere, cause):
    right = NOISE - NOISE.mean(axis=1, keepdims=True)
    view = view_of(right + NOISE**2, right, X, forward=lambda x: np.sum(np.sin(x)))
    if not elsewhere:
        view.evidence.elsewhere = [None]
    assert sums_to_zero(view).cause == cause
