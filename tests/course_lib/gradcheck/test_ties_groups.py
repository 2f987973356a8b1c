"""Which entries make a group: by the outputs in which they have a kink, by what moves apart, by sums."""

from types import SimpleNamespace

import numpy as np
import pytest
from points_under_test import slopes_of

from course_lib.gradcheck.ties import KinkEntry, TieTest, _additive, _growing, _kinky_outputs, connected


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
