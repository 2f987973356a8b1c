"""Rules by which steps of other sizes are tried, one at a time, by slopes that are known."""

import math

import numpy as np
import pytest
from ladders_under_test import plain
from points_under_test import point_of, slopes_of

from course_lib.gradcheck.arrays import DOUBLE
from course_lib.gradcheck.ladder import Claim
from course_lib.gradcheck.scales import Scales, _says_nothing, smallest_moving, still

OF_ONE = DOUBLE ** (1 / 3)
WRONG, RIGHT = Claim(7.0, 0.0, 1e-3), Claim(2.0, 0.0, 1e-3)


class Asked:
    """What a scale asks to be measured, and the slopes that it gets: of a line, or nothing below a step."""

    def __init__(self, moves_from=0.0):
        self.calls, self._from = [], moves_from

    def measure(self, index, step, unit):
        self.calls.append((index, step, unit))
        return plain(step, 2.0 * (step >= self._from))


def scales(x, usual, asked=None):
    """Scales of entries of which the first steps are the usual one of inputs of this size."""
    asked = asked or Asked()
    point = point_of(lambda x: np.sum(x), np.array(x))
    return Scales(point, 0, np.full(len(x), usual * OF_ONE), asked.measure), asked


def climbed(first, unit):
    return WRONG, [first]


def test_the_step_of_an_entry_is_the_cube_root_of_the_unit_of_its_size_and_zero_has_none():
    found, _ = scales([0.0, -8.0, 0.5], 1.0)
    assert [found.own(index) for index in range(3)] == [math.inf, 8 * OF_ONE, 0.5 * OF_ONE]


def test_nothing_moves_where_neither_side_of_any_rung_does():
    unmoved, right, left = (slopes_of(1.0, *sides) for sides in ((0.0, 0.0), (0.0, 2.0), (2.0, 0.0)))
    assert still([unmoved, unmoved])
    assert not still([unmoved, right])
    assert not still([left, unmoved])


def test_the_smallest_step_that_moves_outputs_to_both_sides_counts_or_one_above_that_moves_one_side():
    unmoved = slopes_of(1e-6, 0.0, 0.0)
    both, one = slopes_of(1e-3, 1.0, 2.0), slopes_of(1e-4, 0.0, 2.0)
    assert smallest_moving(unmoved, [both, unmoved]) == 1e-3
    assert smallest_moving(unmoved, [both, one, unmoved]) == 1e-3
    assert smallest_moving(unmoved, [one, unmoved]) == 16e-4
    assert smallest_moving(unmoved, [unmoved]) == 0.0
    assert smallest_moving(one, [both, one, unmoved]) == 0.0


@pytest.mark.parametrize(
    ("usual", "slope", "moves_from", "farther"),
    [
        (0.96e-4, 0.0, 1e-9, True),
        (0.98e-4, 0.0, 1e-9, False),  # not tiny
        (0.96e-4, 2.0, 1e-9, False),  # moves already
        (0.96e-4, 0.0, 1.0, False),  # not with a step of one either
    ],
)
def test_tiny_entries_move_farther_out_if_a_step_of_one_moves_what_theirs_does_not(
    usual, slope, moves_from, farther
):
    found, asked = scales([1e-6, 1e-6], usual, Asked(moves_from))
    assert found.moves_farther(1, plain(1e-9, slope), False) is farther
    assert asked.calls in ([], [(1, OF_ONE, 1.0)])


def test_where_a_gradient_is_negligible_entries_move_farther_out_with_larger_steps_of_their_own():
    for moves_from, farther in ((16**3 * 1e-9, True), (16**3 * 1.1e-9, False)):
        found, asked = scales([1.0, 1.0], 1.0, Asked(moves_from))
        assert found.moves_farther(1, plain(1e-9, 0.0), True) is farther
        assert asked.calls == [(1, 16**3 * 1e-9, 0.0)]
        assert not found.moves_farther(1, plain(1e-9, 0.0), False)


def test_other_steps_are_tried_where_they_are_sixteen_times_the_usual_one_or_less_than_a_sixteenth():
    for size, usual, calls in (
        (1.0, 15.0, []),
        (1.0, 17.0, [(1, OF_ONE, 0.0)]),
        (1 / 15, 1 / 15, []),
        (1 / 17, 1 / 17, [(1, OF_ONE, 1.0)]),
        (1e-3, 1 / 17, [(1, 1e-3 * OF_ONE, 0.0), (1, OF_ONE, 1.0)]),
    ):
        found, asked = scales([5.0, size], usual)
        found.surest(1, (WRONG, [plain(1e-6, 2.0)]), climbed)
        assert asked.calls == calls, (size, usual)


def test_a_ladder_that_confirms_its_claim_is_the_surest_unless_nothing_moves_on_it():
    found, asked = scales([5.0, 1e-6], 1.0)
    confirmed = RIGHT, [plain(OF_ONE, 2.0)]
    assert found.surest(1, confirmed, climbed) == (confirmed, None, False)
    assert asked.calls == []
    found, asked = scales([1e-6, 1e-6], 1e-6)
    still = Claim(0.0, 0.0, 1e-3), [plain(1e-6 * OF_ONE, 0.0)]
    found.surest(1, still, climbed)
    assert (1, OF_ONE, 1.0) in asked.calls


def test_larger_rungs_are_put_in_front_until_an_output_moves_but_none_as_long_as_the_other_ladders():
    for moves_from, longest, steps in (
        (1e-6, 1.0, [1.6e-6, 1e-7]),
        (1e-4, 1.0, [16**3 * 1e-7, 16**2 * 1e-7, 1.6e-6, 1e-7]),
        (1e-4, 1e-5, [1.6e-6, 1e-7]),
        (0.0, 1.0, [1.6e-6, 1e-7]),
    ):
        found, asked = scales([1.0, 1.0], 1.0, Asked(moves_from))
        rungs = found.until_something_moves(1, [plain(1e-7, 0.0)], 0.5, longest)
        assert [rung.step for rung in rungs] == pytest.approx(steps)
        assert {(index, unit) for index, _, unit in asked.calls} == {(1, 0.5)}
    found, asked = scales([1.0, 1.0], 1.0, Asked(1e-4))
    assert len(found.until_something_moves(1, [plain(1e-7, 0.0)])) == 4


def test_a_ladder_says_nothing_that_sees_its_slope_beyond_a_reach_alone_or_kinks():
    def rungs(*steps, **known):
        return [plain(step, 2.0, **known) for step in steps]

    kinked = [slopes_of(1.0, 1.0, 3.0), slopes_of(1 / 16, 1.0, 3.0)]
    assert _says_nothing((WRONG, rungs(1.0, 0.1)), 0.2) is False
    assert _says_nothing((WRONG, rungs(1.0, 0.1)), 0.1) is False
    assert _says_nothing((WRONG, rungs(1.0, 0.1)), 0.09) is True
    assert _says_nothing((RIGHT, rungs(1.0, 0.1)), 0.09) is False
    assert _says_nothing((WRONG, rungs(1.0, 0.1, rounding=2.1)), 0.2) is True
    assert _says_nothing((WRONG, [*rungs(1.0), *rungs(0.1, one_sided=True)]), 0.2) is True
    assert _says_nothing((WRONG, kinked), 1.0) is True
