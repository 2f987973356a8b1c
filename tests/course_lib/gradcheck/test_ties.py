from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from points_under_test import point_of, slopes_of

from course_lib import Cause, check_gradient, check_vjp
from course_lib.gradcheck.stepping import Prober, Slopes
from course_lib.gradcheck.ties import KinkEntry, TieTest, _additive, _growing, _kinky_outputs, connected


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


def kink_entry(index, analytic, left, right, step=1e-5, argument=0, **known):
    return KinkEntry(argument, index, analytic, slopes_of(step, left, right, **known))


def test_entries_are_grouped_by_the_outputs_in_which_they_have_a_kink():
    entries = [
        kink_entry(0, 0.0, [0, 0, 0, 0], [1, 0, 0, 0]),
        kink_entry(1, 0.0, [0, 0, 0, 0], [0, 1, 0, 0]),
        kink_entry(2, 0.0, [0, 0, 0, 0], [0, 0, 1, 0]),
        kink_entry(3, 0.0, [0, 0, 0, 5], [1, -1, 0, 5]),
    ]
    assert [[entry.index for entry in group] for group in connected(entries)] == [[2], [1, 0, 3]]
    assert [[entry.index for entry in group] for group in connected(entries[:3])] == [[0], [1], [2]]
    assert connected([]) == []


@pytest.mark.parametrize(("difference", "groups"), [(1.6e-3, 1), (0.7e-3, 2), (-1.6e-3, 1), (-0.7e-3, 2)])
def test_a_kink_in_an_output_is_a_difference_of_more_than_a_thousandth_of_its_slope(difference, groups):
    entries = [kink_entry(0, 0.0, [-1.0, 1.0], [-1.0 - difference, 1.0 - difference])] * 2
    assert len(connected(entries)) == groups
    flipped = [kink_entry(0, 0.0, 1.0 + difference, 1.0)] * 2
    assert len(connected(flipped)) == groups


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


class Together:
    """In place of measuring: what moving some entries does to each output, with some rounding."""

    def __init__(self, moved, rounding=0.0):
        self._moved, self._rounding = moved, rounding

    def along(self, displacement, step):
        right = self._moved(displacement[0].copy())
        return slopes_of(step, -self._moved(-displacement[0]), right, rounding=self._rounding)


def stand_apart(moved, analytic, rounding=0.0, step=0.5):
    """Whether entries with kinks of slopes -1 and 3 in a common output are said to be tied and wrong."""
    x = np.ones(len(analytic))
    entries = [kink_entry(k, g, [-1.0, 0.0], [3.0, 0.0], step=step) for k, g in enumerate(analytic)]
    return TieTest(Together(moved, rounding), [x], seed=0).violations(entries)


def each_alone(move):
    return np.array([np.where(move > 0, 3 * move, -1 * move).sum(), 0.0])


@pytest.mark.parametrize(
    ("missing", "additive"), [(0.99, True), (1.01, False), (-0.99, True), (-1.01, False)]
)
def test_what_moves_as_the_sum_of_its_parts_within_a_thousandth_is_no_tie(missing, additive):
    def moved(move):
        whole = each_alone(move)
        # both sides miss: of the slopes of 3 and of -1 at two entries, both a half step away
        return whole + missing * 1e-3 * np.abs(whole)

    far_outside = [50.0, 50.0]
    assert (stand_apart(moved, far_outside) == []) is additive


@pytest.mark.parametrize(("rounding", "additive"), [(0.0255, True), (0.0245, False)])
def test_twice_the_rounding_may_be_missing_from_the_sum(rounding, additive):
    def moved(move):
        shift = 0.05 + 1e-3 * (3 + 1) if move[0] > 0 else 0.0
        return each_alone(move) + np.array([0.0, shift])

    assert (stand_apart(moved, [50.0, 50.0], rounding) == []) is additive


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_a_group_is_wrong_outside_its_slopes_by_a_ten_thousandth_and_twice_the_rounding(side):
    def moved(move):  # tied: what moves the farthest moves the output
        return np.array([2 * max(move.max(), 0.0) + 10 * min(move.min(), 0.0), 0.0])

    # moved alike by a half, slopes of 1 and 5 times the step: gradients must add up to 2 to 10
    for beyond, wrong in ((0.5, False), (1.5, True)):
        end = 10.0 if side > 0 else 2.0
        total = end * (1 + side * beyond * 1e-4)
        assert (stand_apart(moved, [total / 2, total / 2]) != []) is wrong
        total = end * (1 + side * 1e-4) + side * 2 * (2 * 0.02) * (1 + (beyond - 1) / 50)
        assert (stand_apart(moved, [total / 2, total / 2], rounding=0.02) != []) is wrong


def halves_that_interact(missing, rounding=0.0):
    """Four entries: two wrong ties, and something that only shows when both halves move."""

    def moved(move):
        halves = [np.max(np.abs(move[:2])), np.max(np.abs(move[2:]))]
        both = missing * (min(halves) > 0)
        return np.array([sum(halves) + both, 0.0])

    found = stand_apart(moved, [2.0] * 4, rounding)
    return [[entry.index for entry in group] for group in found]


def test_halves_stand_apart_if_together_they_do_what_each_does_within_a_thousandth_and_the_rounding():
    # right and left, two halves, moved by a half: 2 in all
    assert halves_that_interact(0.99e-3) == [[0, 1], [2, 3]]
    assert halves_that_interact(1.01e-3) == [[0, 1, 2, 3]]
    assert halves_that_interact(1e-3 + 1.45e-2, rounding=1e-2) == [[0, 1], [2, 3]]
    assert halves_that_interact(1e-3 + 1.55e-2, rounding=1e-2) == [[0, 1, 2, 3]]


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


def kinks(*slopes, analytic=1.0, argument=1):
    return [
        KinkEntry(argument, index, analytic, slopes_of(1e-5, *sides)) for index, sides in enumerate(slopes)
    ]


def moved_together(test, *found):
    """A test that sees these slopes, one after the other, and what it moved."""
    seen, moves = iter(found), []

    def together(group, move):
        moves.append(move.tolist())
        return next(seen)

    test._together = together
    return moves


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("above", "outside"), [(0.313, False), (0.312, True)])
def test_what_no_move_gives_is_outside_unless_most_of_it_is_gone_sixteen_times_nearer(sign, above, outside):
    group = kinks((0, 1), (0, 1), analytic=3.0 * sign)
    test = TieTest(None, [np.ones(3), np.ones(2)], 0)
    sides = sorted((sign * 1.0, sign * 4.0))
    closer = sorted((0.0, sign * above))
    moves = moved_together(test, slopes_of(1.0, *closer, rounding=0.0))
    together = slopes_of(1.0, *sides, rounding=0.0)
    assert test._outside(group, np.array([1.5, 0.5]), together) is outside  # 6, where 4 is the most
    assert moves == [[1.5 / 16, 0.5 / 16]]
    moved_together(test, None)
    assert test._outside(group, np.array([1.5, 0.5]), together) is False


@pytest.mark.parametrize("sign", [1, -1])
def test_what_is_outside_here_may_be_what_is_near_by(sign):
    asked = []

    def allows_move(*given):
        asked.append(given)
        return len(asked) == 1

    test = TieTest(None, [np.ones(3), np.ones(4)], 0, SimpleNamespace(allows_move=allows_move))
    nearer = slopes_of(1.0, 0.0, 0.0)
    moved_together(test, nearer, nearer)
    together = slopes_of(1.0, *sorted((sign * 1.0, sign * 4.0)), rounding=0.01)
    group, move = kinks((0, 1), (0, 1), analytic=3.0 * sign), np.array([1.5, 0.5])
    assert [test._outside(group, move, together) for _ in range(2)] == [False, True]
    displacement, total, here, tolerance = asked[0]
    assert {k: moved.tolist() for k, moved in displacement.items()} == {1: [1.5, 0.5, 0.0, 0.0]}
    assert (total, here) == (sign * 6.0, sign * 4.0)
    assert tolerance == pytest.approx(2 * 0.01 + 1e-4 * 6.0)


@pytest.mark.parametrize(("off", "outside"), [(0.98, False), (1.02, True)])
def test_a_sum_may_be_off_by_rounding_and_a_ten_thousandth_of_its_parts(off, outside):
    group = [*kinks((0, 1), analytic=3.0), *kinks((0, 1), analytic=-5.0)]
    move, tolerance = np.array([-2.0, 1.0]), 2 * 1e-4 + 1e-4 * (6.0 + 5.0)
    for edge in ((-11 + off * tolerance, 0.0), (-20.0, -11 - off * tolerance)):
        test = TieTest(None, [np.ones(3), np.ones(2)], 0)
        moved_together(test, slopes_of(1.0, *(side / 16 for side in edge)))
        assert test._outside(group, move, slopes_of(1.0, *edge, rounding=1e-4)) is outside


@pytest.mark.parametrize(("share", "additive"), [(0.98, True), (-0.98, True), (1.02, False), (-1.02, False)])
def test_entries_that_move_to_either_side_add_up_to_a_thousandth_of_all_they_do(share, additive):
    group = kinks(([1.0, -2.0], [3.0, 5.0]), ([-4.0, 0.0], [7.0, 1.0]))
    move = np.array([2.0, -0.5])
    right = 2 * np.array([3.0, 5.0]) - 0.5 * np.array([-4.0, 0.0])
    left = 2 * np.array([1.0, -2.0]) - 0.5 * np.array([7.0, 1.0])
    limit = 1e-3 * (2 * 11 + 0.5 * 12) + 2 * 1e-3
    for k in range(2):
        off = share * limit * np.eye(2)[k]
        assert _additive(group, move, slopes_of(1.0, left, right + off, rounding=1e-3)) == additive
        assert _additive(group, move, slopes_of(1.0, left + off, right, rounding=1e-3)) == additive


def test_outputs_with_a_kink_and_the_signs_that_make_an_output_grow():
    slopes = slopes_of(1.0, [1.0, -1.0, 1.0, -1.0, 0.0], [1.0005, -1.0005, 1.002, -1.002, 1e-9])
    assert _kinky_outputs(slopes) == {2, 3, 4}
    assert _growing(kinks((1, 2), (-3, 2), (-2, 2), (-2, 3))).tolist() == [1.0, -1.0, 1.0, 1.0]


def test_entries_move_by_their_usual_steps_and_none_farther_than_its_kink_was_seen():
    inputs = [np.ones(3), np.array([4.0, -8.0, 0.0])]
    group = [KinkEntry(1, index, 1.0, slopes_of(step, 0, 1)) for index, step in enumerate((1.0, 0.5, 9.0))]
    usual = np.array([np.sqrt(80 / 3), 8.0, np.sqrt(80 / 3)])
    assert TieTest(None, inputs, 0)._distances(group) == pytest.approx(usual * 0.5 / 8.0)


def test_halves_that_move_apart_are_tested_each_by_itself():
    group = kinks((0, 1), (0, 1), (0, 1))
    test = TieTest(None, [np.ones(3), np.ones(3)], 0)
    one, two = (slopes_of(1.0, -size, 2 * size) for size in (1.0, 3.0))
    for off, apart in ((0.98, True), (1.02, False), (-0.98, True), (-1.02, False)):
        limit = 1e-3 * 12 + 3 * 1e-2
        moves = moved_together(test, one, two)
        together = slopes_of(1.0, -4.0, 8.0 + off * limit, rounding=1e-2)
        assert test._apart([group[:1], group[1:]], np.array([1.0, 2.0, 3.0]), together) is apart
        assert moves == [[1.0], [2.0, 3.0]]
    for seen in ((None, two), (one, None)):
        moved_together(test, *seen)
        assert not test._apart([group[:1], group[1:]], np.ones(3), slopes_of(1.0, -4.0, 8.0))
