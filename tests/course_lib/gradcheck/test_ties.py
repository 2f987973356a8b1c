from dataclasses import replace

import numpy as np
import pytest
from points_under_test import point_of

from course_lib import Cause, check_gradient, check_vjp
from course_lib.gradcheck.stepping import Prober, Slopes
from course_lib.gradcheck.ties import KinkEntry, TieTest


def row_maximum(x):
    return x.max(axis=1), x


def to_shares(shares):
    def backward(dout, x):
        ties = (x == x.max(axis=1, keepdims=True)) * 1.0
        return dout[:, None] * shares(ties)

    return backward


TIED = np.array([[1.0, 1.0, 0.0, -1.0], [2.0, 0.5, 2.0, 2.0], [3.0, 1.0, 0.0, 2.0]])


def test_every_tie_in_full_is_named():
    check = check_vjp(row_maximum, to_shares(lambda ties: ties), TIED)
    assert check.arguments[0].diagnosis == Cause.TIE_COUNTED_TWICE
    assert check.arguments[0].wrong == 5


@pytest.mark.parametrize(
    "shares",
    [
        lambda ties: ties / ties.sum(axis=1, keepdims=True),
        lambda ties: ties * (np.cumsum(ties, axis=1) == 1),
        lambda ties: ties * (np.cumsum(ties[:, ::-1], axis=1)[:, ::-1] == 1),
    ],
)
def test_shares_that_sum_to_one_pass(shares):
    check = check_vjp(row_maximum, to_shares(shares), TIED)
    assert check.passed is True
    assert check.arguments[0].kinks == 5


def test_kinks_that_do_not_interact_may_be_chosen_freely():
    x = np.zeros(40)
    signs = np.random.default_rng(0).choice([-1.0, 0.0, 1.0], 40)
    weights = np.random.default_rng(1).normal(size=40)
    check = check_vjp(lambda x: np.sum(weights * np.abs(x)), lambda dout, c: dout * weights * signs, x)
    assert check.passed is True


def test_ties_between_two_arguments_are_tested_together():
    def largest_distance(x, y):
        return np.maximum(x, y).sum(), (x, y)

    def both(dout, cache):
        x, y = cache
        return dout * (x >= y), dout * (y >= x)

    x = np.array([1.0, 2.0, 3.0])
    check = check_vjp(largest_distance, both, x, np.array([1.0, 5.0, 3.0]))
    assert [argument.diagnosis for argument in check.arguments] == [Cause.TIE_COUNTED_TWICE] * 2


def tie_test(forward, *inputs, dout=None):
    point = point_of(forward, *inputs, dout=dout)
    return TieTest(Prober(point), point.inputs, seed=0)


def measured(forward, x, gradient, indices=None, step=2.0**-10):
    """The kink entries of one argument, as looking at each alone shows them."""
    prober = Prober(point_of(forward, x))
    indices = range(x.size) if indices is None else indices
    return [KinkEntry(0, k, gradient[k], prober.along_entry(0, k, step)) for k in indices]


def violations(forward, x, gradient, step=2.0**-10):
    entries = measured(forward, x, gradient, step=step)
    found = tie_test(forward, x).violations(entries)
    return sorted(sorted(entry.index for entry in group) for group in found)


@pytest.mark.parametrize(
    ("share", "wrong"),
    [(0.5, False), (0.49, True), (0.51, True), (0.50004, False), (0.5003, True), (0.49975, True)],
)
def test_the_gradients_of_a_tie_add_up_to_its_slope_within_a_ten_thousandth(share, wrong):
    found = violations(lambda x: np.max(x), np.ones(2), np.full(2, share))
    assert found == ([[0, 1]] if wrong else [])


def pairs(x):
    """The sum of the larger ones of neighbours, two by two."""
    return np.maximum(x[::2], x[1::2]).sum()


def test_of_several_ties_in_one_output_only_the_wrong_one_is_named():
    x, half = np.repeat([1.0, 2.0, 5.0, 3.0], 2), np.full(8, 0.5)
    assert violations(pairs, x, half) == []
    for first in (0, 2, 4, 6):
        one_wrong = half.copy()
        one_wrong[first : first + 2] = 1.0
        assert violations(pairs, x, one_wrong) == [[first, first + 1]]
    assert violations(pairs, x, np.array([1.0, 1, 0.5, 0.5, 0, 0, 1, 0])) == [[0, 1], [4, 5]]


def test_ties_that_were_seen_with_different_steps_are_told_apart_too():
    x, gradient = np.ones(4), np.array([1.0, 1.0, 0.5, 0.5])
    found = measured(pairs, x, gradient, step=2.0**-10)[:2] + measured(pairs, x, gradient, step=2.0**-14)[2:]
    (group,) = tie_test(pairs, x).violations(found)
    assert [entry.index for entry in group] == [0, 1]


def test_ties_across_the_halves_of_a_group_are_named_as_one():
    x = np.ones(3)
    assert violations(np.max, x, np.ones(3)) == [[0, 1, 2]]
    assert violations(np.max, x, np.array([1.0, 0.0, 0.0])) == []


def test_a_tie_shows_along_opposite_moves_too():
    # |x0 - x1| does not change where both move alike
    assert violations(lambda x: abs(x[0] - x[1]), np.ones(2), np.array([0.7, -0.7])) == []
    entries = measured(lambda x: abs(x[0] - x[1]), np.ones(2), np.array([0.7, 0.7]))
    assert len(tie_test(lambda x: abs(x[0] - x[1]), np.ones(2)).violations(entries)) == 1


@pytest.mark.parametrize("signs", [[1, -1], [-1, 1, -1], [-1, -1, 1, 1]])
def test_the_ties_of_a_largest_size_add_up_whatever_their_signs_are(signs):
    signs = np.array(signs, dtype=float)
    alone, shares = np.where(np.arange(signs.size) == 1, signs, 0.0), signs / signs.size
    assert [violations(lambda x: np.abs(x).max(), signs, right) for right in (alone, shares)] == [[], []]
    assert violations(lambda x: np.abs(x).max(), signs, signs) == [list(range(signs.size))]
    assert violations(lambda x: np.abs(x).max(), signs, 0 * signs) == [list(range(signs.size))]


def test_entries_of_different_sizes_tie_where_steps_are_in_proportion_to_the_size():
    x = np.array([1.0, 8.0])

    def forward(x):
        return max(x[0], x[1] / 8)

    assert violations(forward, x, np.array([0.5, 0.5 / 8])) == []
    assert violations(forward, x, np.array([1.0, 1.0 / 8])) == [[0, 1]]


def test_no_entry_moves_farther_than_its_own_kink_was_seen():
    seen = []

    def forward(x):
        seen.append(x.copy())
        return np.max(x)

    x = np.ones(3)
    entries = [
        replace(entry, slopes=replace(entry.slopes, step=step))
        for entry, step in zip(measured(forward, x, np.full(3, 1 / 3)), (1e-3, 1e-6, 1e-4), strict=True)
    ]
    test = tie_test(forward, x)
    seen.clear()
    test.violations(entries)
    moved = np.array(seen) - 1
    assert abs(moved).max() == pytest.approx(1e-6)
    assert abs(moved)[moved != 0].min() == pytest.approx(1e-6)


def test_what_cannot_be_measured_together_is_no_violation():
    def forward(x):
        return np.max(x) if min(abs(x - 1)) == 0 else np.nan

    assert violations(forward, np.ones(2), np.ones(2)) == []
    assert violations(forward, np.ones(3), np.ones(3)) == []


def middle(x):
    """The median of five, and which entry it is."""
    return np.median(x), int(np.argsort(x, kind="stable")[2])


@pytest.mark.parametrize("x", [np.full(5, 0.7), np.zeros(5), np.array([-3.0, 0.7, 0.7, 4.0, 0.7])])
def test_gradients_of_a_median_that_no_entry_moves_alone_add_up_to_its_slope(x):
    def verdict(share):
        return check_vjp(middle, lambda dout, k: share * dout * (np.arange(5) == k), x)

    assert [verdict(share).passed for share in (1.0, 0.0, 0.5)] == [True, False, False]
    assert verdict(0.0).arguments[0].diagnosis == Cause.TIE_COUNTED_TWICE


def test_each_of_several_outputs_may_have_the_slope_of_another_place():
    weights = np.random.default_rng(0).normal(size=(5, 5))

    def medians(x):
        return np.median(weights * x, axis=1), np.argsort(weights * x, axis=1, kind="stable")[:, [2]]

    def placed(dout, middle):
        at = (np.arange(5)[:, None], middle)
        gradient = np.zeros((5, 5))
        gradient[at] = weights[at] * dout[:, None]
        return gradient

    assert check_vjp(medians, placed, np.zeros((5, 5))).passed is True


def test_given_gradients_of_a_tie_at_rest_are_tested_as_a_whole():
    x = np.full(7, 0.7)
    assert check_gradient(np.median, x, np.zeros(7)).passed is False
    assert check_gradient(np.median, x, np.eye(7)[1]).passed is True


def at_rest(forward, x, gradient):
    nothing = Slopes.at_rest(2.0**-10, np.zeros(1))
    entries = [KinkEntry(0, k, gradient[k], nothing) for k in range(x.size)]
    found = tie_test(forward, x).violations_at_rest(entries)
    return [[entry.index for entry in group] for group in found]


def test_of_entries_at_rest_those_of_one_size_tie():
    def middles(x):
        return np.median(x[:3]) + np.median(x[3:]) / 2

    x = np.array([0.5, 0.5, 0.5, 2.0, -2.0, 2.0])
    assert at_rest(middles, x, [1.0, 0, 0, 0, 0, 0]) == [[3, 4, 5]]
    assert at_rest(middles, x, [1.0, 0, 0, 0, 0, 0.5]) == []


def test_what_moves_together_by_curvature_alone_is_no_tie():
    assert at_rest(np.prod, np.zeros(3), np.zeros(3)) == []


def test_two_entries_at_rest_do_not_tie():
    assert at_rest(np.sum, np.zeros(2), np.zeros(2)) == []


def test_entries_at_rest_that_nothing_moves_cost_one_look_together():
    calls = []
    assert at_rest(lambda x: calls.append(x) or np.sum(np.maximum(x, 1.0)), np.zeros(4), np.zeros(4)) == []
    assert len(calls) == 1 + 2


@pytest.mark.parametrize("seed", [1, 3, 6])
@pytest.mark.parametrize(
    ("at_zero", "right"), [(0.0, True), (0.5, True), (1.0, True), (1.5, False), (-0.5, False)]
)
def test_a_relu_of_zeros_in_float32_has_any_slope_between_its_sides_however_the_loss_bends(
    seed, at_zero, right
):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(3, 4)).astype(np.float32)
    x[rng.random((3, 4)) < 0.3] = 0
    W, target = rng.normal(size=(4, 3)).astype(np.float32), rng.normal(size=(3, 3)).astype(np.float32)

    def forward(x):
        x = np.float32(x)
        away = np.maximum(x, np.float32(0)) @ W - target
        return np.float32(0.5) * (away**2).sum(), (x, away)

    def backward(dout, cache):
        x, away = cache
        return np.float32(dout) * (away @ W.T) * np.heaviside(x, np.float32(at_zero))

    assert check_vjp(forward, backward, x, seed=seed).passed is right
