"""Where does the error disappear? Asked by new evaluations of both functions."""

import dataclasses

import numpy as np
import pytest
from views_under_test import look, view_of

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis import experiments, paths
from course_lib.gradcheck.diagnosis.evidence import View
from course_lib.gradcheck.diagnosis.experiments import DirectionalSlopes, outcome_at

RNG = np.random.default_rng(21)


X, W, V = RNG.normal(size=(4, 3)), RNG.normal(size=(3, 3)), RNG.normal(size=(3, 2))


def slopes(yours, numerical):
    return DirectionalSlopes(np.array(yours), np.array(numerical))


@pytest.mark.parametrize("sign", [1, -1])
def test_slopes_are_right_or_zero_to_a_millionth_of_the_largest(sign):
    assert slopes([1.0, sign * (2 + 1.8e-6)], [1.0, sign * 2]).is_right() is True
    assert slopes([1.0, sign * (2 + 2.2e-6)], [1.0, sign * 2]).is_right() is False
    assert slopes([1.0 - 1.8e-6, sign * 2], [1.0, sign * 2]).is_right() is True
    assert slopes([0.0, 0.0], [0.0, 0.0]).is_right() is False
    assert slopes([sign * 1.8e-6, 0.0], [1.0, sign * 2]).is_zero() is True
    assert slopes([sign * 2.2e-6, 0.0], [1.0, sign * 2]).is_zero() is False
    assert slopes([0.0, 0.0], [0.0, 0.0]).is_zero() is False
    assert slopes([0.0, 0.0], [1.0, -3.0]).size() == 3.0


def sines(dout, cache):
    return dout * np.cos(cache[0])


@pytest.mark.parametrize("unit", [1e-3, 1.0, 1e3])
def test_both_gradients_are_asked_along_the_same_directions(unit):
    x = unit * X
    view = view_of(
        X,
        X,
        X,
        forward=lambda x: np.sum(np.sin(x / unit)),
        backward=lambda d, c: d * np.cos(c[0] / unit) / unit,
    )
    found = outcome_at(view, (x,), 3)
    rng = np.random.default_rng(0)
    directions = [rng.choice([-1.0, 1.0], X.shape) * rng.uniform(0.5, 1.5, X.shape) for _ in range(3)]
    expected = [float((np.cos(X) / unit * direction).sum()) for direction in directions]
    assert found.yours.tolist() == pytest.approx(expected)
    assert found.numerical.tolist() == pytest.approx(expected, rel=1e-7)
    assert outcome_at(view, (x,)).yours.tolist() == pytest.approx(expected[:2])


@pytest.mark.parametrize("entries", [2, 3, 4])
def test_what_balances_in_few_entries_is_seen_all_the_same(entries):
    x = X.ravel()[:entries]
    error = np.eye(entries)[0] - np.eye(entries)[1]
    view = view_of(
        x, x, x, forward=lambda x: np.sum(np.sin(x)), backward=lambda d, c: d * (np.cos(c[0]) + error)
    )
    assert outcome_at(view, (x,)).is_right() is False


def steps_of(x, **changes):
    seen = []

    def forward(x):
        seen.append(np.array(x))
        return np.sum(np.sin(x))

    view = view_of(X, X, X, forward=forward, backward=sines)
    point = dataclasses.replace(view.evidence.point, **changes)
    view = View(dataclasses.replace(view.evidence, point=point), 0)
    seen.clear()
    outcome_at(view, (x,))
    rng, largest = np.random.default_rng(0), []
    for _ in range(2):
        rng.choice([-1.0, 1.0], X.shape)
        largest += [rng.uniform(0.5, 1.5, X.shape).max()] * 2
    return [float(np.abs(moved - x).max()) / size for moved, size in zip(seen[1:], largest, strict=True)]


def test_steps_are_a_millionth_of_the_argument_and_in_float32_a_hundredth():
    assert steps_of(X) == pytest.approx([1e-6 * np.sqrt(np.mean(X**2))] * 4, rel=1e-6)
    assert steps_of(X, epsilon=2.0**-23) == pytest.approx([1e-2 * np.sqrt(np.mean(X**2))] * 4)
    assert steps_of(0 * X) == pytest.approx([1e-6] * 4)


def test_a_point_without_a_value_a_gradient_or_a_backward_is_of_no_use():
    def failing(dout, cache):
        raise ValueError

    assert outcome_at(view_of(X, X, X, forward=np.sum, backward=failing), (X,)) is None
    for nowhere in (np.nan, np.inf):
        view = view_of(X, X, X, forward=np.sum, backward=lambda d, c, n=nowhere: d * n * np.ones((4, 3)))
        with np.errstate(all="ignore"):  # as `ranking` has it
            assert outcome_at(view, (X,)) is None
    view = view_of(X, X, X, forward=lambda x: np.sum(x) if x[0, 0] == X[0, 0] else np.nan)
    assert outcome_at(view, (X + 1,)) is None
    given = view_of(X, X, X, forward=np.sum)
    given.evidence.point.pair.given = True
    assert outcome_at(given, (X,)) is None
    for size, useful in ((100_000, True), (100_001, False)):
        x = np.ones(size)
        view = view_of(x, x, x, forward=np.sum, backward=lambda d, c: d * np.ones(c[0].shape))
        assert (outcome_at(view, (x,)) is not None) is useful


KINKED = np.where(np.arange(12).reshape(4, 3) % 4 == 0, 0.0, X)


WEIGHTS = RNG.uniform(1.0, 2.0, (4, 3))


def beside(factor, kink=True, of=lambda x: 0.0, weights=WEIGHTS, **known):
    known = known or {"kink": np.full((4, 3), kink)}
    return look(
        experiments.factor_away_from_kinks,
        lambda x: np.sum(weights * np.abs(x)),
        lambda d, x: d * factor * weights * np.sign(x) + of(x),
        KINKED,
        **known,
    )


def test_a_factor_is_found_beside_the_kinks():
    assert beside(2) == (
        Cause.FACTOR_2 | Cause.CONSTANT_FACTOR,
        "beside the kink, yours is 2 x the numerical gradient, and a factor 2 is too many",
    )
    assert beside(-1)[0] == Cause.SIGN
    assert beside(2, rough=np.eye(4, 3) > 0) == beside(2)
    assert beside(2, kink=False) is None
    assert beside(1.37) is None
    assert beside(0) is None
    assert beside(2, of=lambda x: 0.9e-6 * WEIGHTS) is not None
    assert beside(2, of=lambda x: 1e-4 * np.cos(x)) is None


def test_slopes_of_one_size_show_no_factor():
    found = look(
        experiments.factor_away_from_kinks,
        np.abs,
        lambda d, x: 2 * d * np.sign(x),
        np.array([0.0]),
        kink=[True],
    )
    assert found is None


def test_a_point_beside_the_kink_that_is_of_no_use_leaves_too_few():
    moves = np.random.default_rng(1).uniform(-0.1, 0.1, (3, 4, 3))
    spot = tuple(np.argwhere((moves > 0).sum(axis=0) == 1)[0])  # where one of three moves leads up

    def forward(x):
        return np.sum(WEIGHTS * np.abs(x)) if x[spot] < KINKED[spot] + 1e-4 else np.nan

    found = look(
        experiments.factor_away_from_kinks,
        forward,
        lambda d, x: 2 * d * WEIGHTS * np.sign(x),
        KINKED,
        kink=np.ones((4, 3), dtype=bool),
    )
    assert found is None


def product(x, w):
    return x @ w


def test_an_operand_that_was_used_transposed_does_no_harm_where_it_is_symmetric():
    expected = (
        Cause.TRANSPOSED_OPERAND,
        "yours is right whenever x1 is symmetric: a product uses x1 where x1.T belongs, or both do",
    )
    assert look(experiments.symmetric_operand, product, lambda d, x, w: d @ w, X, W) == expected
    assert look(experiments.symmetric_operand, product, lambda d, x, w: d @ w.T + 1, X, W) is None
    stack = RNG.normal(size=(2, 3, 3))
    of_stack = look(experiments.symmetric_operand, product, lambda d, x, w: (d @ w).sum(axis=0), X, stack)
    assert of_stack == expected


def test_only_another_argument_of_square_matrices_is_made_symmetric():
    ask = experiments.symmetric_operand
    assert look(ask, lambda x: x @ x, lambda d, x: d @ x + x @ d, W) is None
    assert look(ask, lambda x, w: x * w, lambda d, x, w: d * w, X[:, :1], np.array([[2.0]])) is None
    assert look(ask, lambda x, w: x * w, lambda d, x, w: d * w, X[0], W[0]) is None
    assert look(ask, product, lambda d, x, w: d @ w.T, X, V) is None
    assert look(ask, product, lambda d, x, w: x.T @ d + w - w.T, X, W, k=1) is None


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


def test_two_sizes_of_slopes_are_enough_for_a_factor():
    weights = np.array([1.0, 2.0])
    found = look(
        experiments.factor_away_from_kinks,
        lambda x: np.sum(weights * np.abs(x)),
        lambda d, x: 2 * d * weights * np.sign(x),
        np.array([0.0, 5.0]),
        kink=[True, False],
    )
    assert found[1].startswith("beside the kink, yours is 2 x")


Y, SAME = RNG.normal(size=(4, 3)), np.array([1.0, 0.0, 0.0, 1.0])


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


def test_where_a_symmetric_operand_has_no_value_nothing_is_said():
    def forward(x, w):
        return x @ w if abs(w - w.T).max() > 0 else np.full(x.shape, np.nan)

    assert look(experiments.symmetric_operand, forward, lambda d, x, w: d @ w, X, W) is None


@pytest.mark.parametrize("unit", [1e-3, 1.0, 1e3, 0.0])
def test_three_points_beside_a_kink_lie_within_a_tenth_of_the_size_of_the_argument(unit):
    asked, x = [], unit * KINKED

    def backward(dout, cache):
        asked.append(cache[0])
        return 2 * dout * WEIGHTS * np.sign(cache[0])

    view = view_of(
        x + 1,
        x,
        x,
        forward=lambda x: np.sum(WEIGHTS * np.abs(x)),
        backward=backward,
        kink=np.ones((4, 3), dtype=bool),
    )
    assert experiments.factor_away_from_kinks(view).cause == Cause.FACTOR_2 | Cause.CONSTANT_FACTOR
    size = unit * np.sqrt(np.mean(KINKED**2)) or 1.0
    moves = [(there - x) / size for there in asked]
    assert len(moves) == 3
    assert all(0.08 < move.max() <= 0.1 for move in moves)
    assert -0.1 <= np.min(moves) < -0.09
    assert np.ptp([move[0, 0] for move in moves]) > 0.01


def test_a_stack_of_matrices_that_are_not_square_is_not_made_symmetric():
    stack = RNG.normal(size=(5, 3, 2))
    found = look(
        experiments.symmetric_operand, product, lambda d, x, w: (d @ w.swapaxes(1, 2)).sum(axis=0), X, stack
    )
    assert found is None


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
    ends = zip(yours, numerical, strict=True)
    return experiments._switched_together([slopes([one, 0.0], [other, 0.0]) for one, other in ends])


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


def test_two_sizes_of_slopes_beside_one_number_show_a_factor():
    def slope(x):
        return np.where(x > 0, 2.0, -1.0)

    found = look(
        experiments.factor_away_from_kinks,
        lambda x: np.sum(slope(x) * x),
        lambda d, x: 2 * d * slope(x),
        np.array([0.0]),
        kink=[True],
    )
    assert found[0] == Cause.FACTOR_2 | Cause.CONSTANT_FACTOR


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
