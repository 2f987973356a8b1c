"""Masks that are missing: whether the error ends where all masks are open, and how it goes on the way."""

import numpy as np
import pytest
from views_under_test import look, view_of

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis import experiments, paths
from course_lib.gradcheck.diagnosis.experiments import DirectionalSlopes

RNG = np.random.default_rng(21)
X, W, V = RNG.normal(size=(4, 3)), RNG.normal(size=(3, 3)), RNG.normal(size=(3, 2))
WEIGHTS = RNG.uniform(1.0, 2.0, (4, 3))
Y, SAME = RNG.normal(size=(4, 3)), np.array([1.0, 0.0, 0.0, 1.0])


def layer(x, w):
    return np.maximum(x @ w, 0.0)


def test_a_mask_that_is_missing_does_no_harm_where_nothing_is_switched_off():
    expected = (
        Cause.MISSING_MASK,
        "yours is right where nothing on the way changes its sign or is switched off, and only there: "
        "a mask (or the sign of an absolute value) is missing or wrong",
    )
    ask = experiments.all_masks_open
    positive = np.abs(V)
    right = (X @ positive > 0) @ positive.T

    def asked(backward, forward=layer):
        return look(ask, forward, backward, X, positive, wrong=right)

    assert asked(lambda d, x, w: d @ w.T) == expected
    for unit in (1e-4, 1e4):
        assert look(ask, layer, lambda d, x, w: d @ w.T, unit * X, positive, wrong=right) == expected
    assert asked(lambda d, x, w: (d * (x @ w > 0)) @ w.T) is None
    assert asked(lambda d, x, w: 2 * (d * (x @ w > 0)) @ w.T) is None
    mixed, held_on = (X @ V + 0.1 > 0) @ V.T, lambda x, w: np.maximum(x @ w + 0.1, 0.0)  # near zero
    assert look(ask, held_on, lambda d, x, w: d @ w.T, X, V, wrong=mixed) == expected
    apart = asked(lambda d, x, w: d @ w.T, lambda x, w: layer(x - x.mean(), w))
    assert apart is None  # some unit is switched off wherever the argument is


def test_masks_of_an_elementwise_function_show_by_themselves():
    right = (X > 0) * WEIGHTS
    ask, backward = experiments.all_masks_open, lambda d, x: d * WEIGHTS
    assert look(ask, lambda x: np.maximum(x, 0) * WEIGHTS, backward, X, wrong=right) is None
    assert look(ask, lambda x: np.sum(np.maximum(x, 0) * WEIGHTS), backward, X, wrong=right) is not None
    few = look(
        experiments.all_masks_open,
        lambda x: np.maximum(x, 0).sum(),
        lambda d, x: d * np.ones((4, 3)),
        X,
        wrong=(X > 0) * 1.0,
    )
    assert few is None


def test_what_saturates_far_out_is_no_mask():
    found = look(
        experiments.all_masks_open,
        lambda x, w: np.tanh(x @ w) + x @ w,
        lambda d, x, w: (d * (1 + 2 * (1 - np.tanh(x @ w) ** 2))) @ w.T,
        X,
        np.abs(V),
    )
    assert found is None


def test_a_branch_that_is_wrong_in_itself_is_no_mask():
    def two_slopes(x, w):
        a = x @ w
        return np.where(a > 0, a, a * np.sin(a))

    def backward(d, x, w):
        a = x @ w
        return (d * np.where(a > 0, 1.0, np.sin(a))) @ w.T

    assert look(experiments.all_masks_open, two_slopes, backward, X, np.abs(V)) is None


@pytest.mark.parametrize("factor", [-1.0, 0.5, 3.0])
def test_a_hinge_with_a_wrong_factor_that_is_switched_off_far_away_lacks_no_mask(factor):
    def contrastive(x, y):
        far = np.sqrt(((x - y) ** 2).sum(axis=1))
        return np.sum(SAME * far + (1 - SAME) * np.maximum(0, 3.0 - far))

    def backward(d, x, y, factor=factor):
        far = np.sqrt(((x - y) ** 2).sum(axis=1))
        slope = SAME - factor * (1 - SAME) * (far < 3.0)
        return d * (slope / far)[:, None] * (x - y)

    right = backward(1.0, X, Y, 1.0)
    assert not np.allclose(backward(1.0, X, Y), right)
    assert look(experiments.all_masks_open, contrastive, backward, X, Y, wrong=right) is None


def on_the_way(error, times=1.0):
    """The view of a gradient whose error depends on a second argument, which is 0.2 here."""

    def backward(dout, cache):
        x, s = cache
        return dout * (times * 2 * x + error(float(s)) * np.cos(x)), np.zeros(())

    return view_of(X, X + 1, X, np.array(0.2), forward=lambda x, s: np.sum(x**2), backward=backward)


def at_once(error):
    return experiments._becomes_right_at_once(on_the_way(error), 1, np.array(1.2))


def test_an_error_that_ends_at_once_is_told_from_one_that_dies_away():
    assert at_once(lambda s: 1.0 if 0 <= s < 0.7 else 0.0) is True
    assert at_once(lambda s: max(0.0, 0.7 - s)) is True
    assert at_once(lambda s: np.exp(-100 * s)) is False
    assert at_once(lambda s: 1.0 if s < 0.6 else np.nan if s < 0.65 else 0.0) is False


@pytest.mark.parametrize(("size", "ends"), [(1.2e-4, True), (0.8e-4, False)])
def test_an_error_of_less_than_a_ten_thousandth_died_away(size, ends):
    def backward(dout, cache):
        x, s = cache
        return dout * 2 * x * (1 + size * (s < 0.7)), np.zeros(())

    view = view_of(X, X + 1, X, np.array(0.2), forward=lambda x, s: np.sum(x**2), backward=backward)
    assert experiments._becomes_right_at_once(view, 1, np.array(1.2)) is ends


def test_on_the_other_side_a_factor_is_told_from_a_sum_of_other_things():
    def wrong(error, times=1.0):
        return experiments._no_mask_on_the_other_side(on_the_way(error, times), 1, np.array(-3.0))

    assert wrong(lambda s: 0.0) is True  # right on both sides
    assert wrong(lambda s: 0.0, times=-3.0) is False
    assert wrong(lambda s: 0.0, times=0.0) is False
    assert wrong(lambda s: float(s < -2.5)) is True
    assert wrong(lambda s: 1e-4) is True
    assert wrong(lambda s: np.nan) is False


@pytest.mark.parametrize(("power", "ends"), [(1, True), (2, True), (2.5, False), (4, False)])
def test_an_error_that_fades_with_a_high_power_of_what_is_left_has_no_end(power, ends):
    view = on_the_way(lambda s: 100 * max(0.0, 0.7 - s) ** power)
    assert experiments._becomes_right_at_once(view, 1, np.array(1.2)) is ends


@pytest.mark.parametrize("unit", [1e-5, 1e5])
def test_masks_and_paths_are_seen_whatever_the_unit_of_the_gradient(unit):
    w = unit * np.abs(V)
    right = (X @ w > 0) @ w.T
    assert look(experiments.all_masks_open, layer, lambda d, x, w: d @ w.T, X, w, wrong=right) is not None
    lost = look(
        paths.path_through_another,
        lambda x, y: unit * (np.sin(x) + np.exp(x) * y),
        lambda d, x, y: unit * d * np.cos(x),
        X,
        Y,
    )
    assert lost[1] == "the part that involves x1 is missing in yours"


def test_a_mask_that_is_missing_near_zero_is_found_wherever_everything_is_on_far_away():
    for sign in (1, -1):
        w = sign * np.abs(V)
        found = look(
            experiments.all_masks_open,
            lambda x, w: np.maximum(x @ w + 0.1, 0.0),
            lambda d, x, w: d @ w.T,
            X,
            w,
            wrong=(X @ w + 0.1 > 0) @ w.T,
        )
        assert found[0] == Cause.MISSING_MASK


@pytest.mark.parametrize(("jumps", "ends"), [(1.0, False), (0.0, True), (0.05, True), (0.25, False)])
def test_what_is_switched_as_in_forward_is_wrong_in_itself_however_both_grow_on_the_way(jumps, ends):
    def slope(s):
        return 1 + 5 * s + jumps * (s < 0.7)

    def backward(dout, cache):
        x, s, _ = cache
        return dout * 2 * x * (slope(s) + (s < 0.7)), np.zeros(()), np.zeros(())

    view = view_of(
        X,
        X + 1,
        X,
        np.array(0.2),
        np.array(0.3),
        forward=lambda x, s, other: np.sum(x**2) * slope(s),
        backward=backward,
    )
    assert experiments._becomes_right_at_once(view, 1, np.array(1.2)) is ends


def switched(yours, numerical):
    ends = [np.array([one, 0.0]) for one in yours], [np.array([one, 0.0]) for one in numerical]
    return experiments._switched_together([DirectionalSlopes(*each) for each in zip(*ends, strict=True)])


def test_both_gradients_jump_where_they_change_there_and_not_behind():
    assert switched([4, 1, 1], [3, 1, 1]) is True
    assert switched([1, 4, 4], [3, 1, 1]) is True
    assert switched([4, 1, 1], [1, 1, 1]) is False
    assert switched([1, 1, 1], [3, 1, 1]) is False
    assert switched([4, 1, 2.4], [3, 1, 1]) is True
    assert switched([4, 1, -0.6], [3, 1, 1]) is False
    assert switched([4, 1, 1], [3, 1, 2.1]) is False
    assert switched([4, 1, 1], [1.25, 1, 1]) is False
    assert switched([4, 1, 1], [1.3, 1, 1]) is True
    assert switched([4, 1], [3, 1]) is False


@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_on_the_other_side_slopes_are_compared_in_their_own_unit(unit):
    def wrong(times, error):
        def backward(dout, cache):
            return dout * unit * (times * 2 * cache[0] + error * np.cos(cache[0])), np.zeros(())

        view = view_of(
            X, X + 1, X, np.array(0.2), forward=lambda x, s: unit * np.sum(x**2), backward=backward
        )
        return experiments._no_mask_on_the_other_side(view, 1, np.array(-3.0))

    assert wrong(-3.0, 0.0) is False
    assert wrong(-3.0, 1e-2) is True


def test_of_three_arguments_the_one_that_opens_the_masks_is_followed_on_its_way():
    z, positive = RNG.normal(size=(4, 2)), np.abs(V)
    found = look(
        experiments.all_masks_open,
        lambda z, x, w: layer(x, w) + z**2,
        lambda d, z, x, w: d @ w.T,
        z,
        X,
        positive,
        k=1,
        wrong=(X @ positive > 0) @ positive.T,
    )
    assert found[0] == Cause.MISSING_MASK
