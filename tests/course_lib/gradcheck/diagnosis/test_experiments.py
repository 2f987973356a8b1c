"""Where does the error disappear? Asked by new evaluations of both functions."""

import dataclasses

import numpy as np
import pytest
from views_under_test import look, view_of

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis import experiments
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


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("yours", "numerical", "together", "at_a_bend"),
    [
        ([1, 1, 2, 2], [1.5, 1.5, 3, 3], True, False),  # both jump
        ([0, 1, 2, 3], [0, 1.1, 2.2, 3.3], False, False),  # neither does
        ([0, 0.5, 1, 1], [0, 1, 1, 1], False, True),  # one does where the other bends
        ([0, 0.5, 1, 1], [1, 1, 1, 1], False, False),  # or stays
        ([0, 0.5, 1, 1], [1, 1, 1, 0], False, True),
    ],
)
def test_an_error_ends_where_forward_switches_or_bends(yours, numerical, together, at_a_bend, sign):
    ends = [slopes([sign * y], [sign * n]) for y, n in zip(yours, numerical, strict=True)]
    assert experiments._switched_together(ends[1:]) is together
    assert experiments._switched_where_forward_bends(ends) is at_a_bend
    assert not experiments._switched_together(ends[2:])
    assert not experiments._switched_where_forward_bends(ends[1:])
