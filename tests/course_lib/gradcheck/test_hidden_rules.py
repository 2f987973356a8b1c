"""Rules by which it is seen what rounding hides, one at a time."""

from dataclasses import replace

import numpy as np
import pytest
from points_under_test import point_of, slopes_of

from course_lib.gradcheck.arrays import DOUBLE
from course_lib.gradcheck.hidden import (
    FAR,
    FARTHER,
    MOVES_AWAY,
    SAMPLES,
    hidden_slope,
    slope_of_what_cancels,
    unsettled,
)


def rung(step, *moved):
    return slopes_of(step, [float(each) for each in moved], [float(each) for each in moved])


def smooth(step, slope, **known):
    return slopes_of(step, slope, slope, **known)


def counted(forward, *inputs, **known):
    seen = []

    def counting(*xs):
        seen.append([x.copy() for x in xs])
        return forward(*xs)

    point = point_of(counting, *inputs, **known)
    seen.clear()
    return point, seen


def test_what_has_no_upstream_gradient_is_not_even_asked_about():
    point, seen = counted(lambda x: np.array([x[0], 2.0]), np.ones(1), dout=np.array([1.0, 0.0]))
    ladder = [rung(1e-3, 1, 0)]
    assert hidden_slope(point, 0, 0, ladder, ladder[0]) == 0.0
    assert seen == []


def moves_of(x, index, forward=lambda x: x * 1.0):
    point, seen = counted(forward, np.array(x))
    slope_of_what_cancels(point, 0, index, smooth(1e-3, 0.0))
    moves = [each[0] - x for each in seen]
    assert all(np.delete(move, index).tolist() == [0.0, 0.0] for move in moves)
    return [float(move[index]) for move in moves]


def test_an_entry_as_large_as_others_is_moved_by_its_own_size_alone():
    assert (FAR, MOVES_AWAY) == ((2.0, 8.0, 64.0), 4.0)
    assert moves_of([1.0, 30.0, 1.0], 1) == pytest.approx([60.0, -60.0, 45.0, -45.0])


def test_a_smaller_entry_is_moved_by_its_own_size_and_up_to_that_of_others():
    assert (SAMPLES, FARTHER) == (8, 4.0)
    moves = moves_of([1.0, 30.0, 1.0], 0)
    assert moves[:4] == pytest.approx([2.0, -2.0, 1.5, -1.5])
    assert len(moves) == 4 + 3 * 2 * SAMPLES
    farthest = 2 * np.sqrt(902 / 3)
    assert moves[4::SAMPLES] == pytest.approx([8.0, -8.0, 32.0, -32.0, farthest, -farthest])
    assert np.diff(moves[4 : 4 + SAMPLES]).tolist() == [2.0**-20] * (SAMPLES - 1)
    assert moves_of([1e-6, 3.0, 4.0], 0)[:2] == pytest.approx([2e-3, -2e-3])


def test_an_entry_in_an_exponent_is_moved_half_as_far_until_its_outputs_explode_no_more():
    moves = moves_of([1.0, 30.4, 1.0], 1, np.exp)  # exp(60.8 / 4) and exp(30.4 / 4) are more than 64
    assert moves[::2] == pytest.approx([60.8, 45.6, 30.4, 22.8, 15.2, 11.4])


def test_what_cancels_farther_out_counts_with_its_rounding_there_and_powers_do_not():
    def allowed(forward):
        point = point_of(lambda x: forward(x), np.array([0.5, 1e3]), dout=np.array([1.0, 0.0]))
        return slope_of_what_cancels(point, 0, 0, smooth(1e-3, 0.0)) / (6 * DOUBLE / 1e-3)

    assert allowed(lambda x: x**5) == pytest.approx(1.5**5 - 0.5**5)
    assert 0.2 < allowed(lambda x: 1 + np.tanh(x - 9)) < 10


def test_the_search_goes_farther_until_what_is_asked_about_moves():
    ladder = [rung(1e-3, 1, 0)]

    def asked(offset):
        point, seen = counted(lambda x: np.array([x[0], np.maximum(x[0] - offset, 0.0)]), np.ones(1))
        hidden_slope(point, 0, 0, ladder, ladder[0])
        return [float(each[0][0]) for each in seen]

    assert asked(2.0) == [3.0, -1.0]
    assert asked(8.0) == [3.0, -1.0, 9.0, -7.0]
    assert asked(60.0) == [3.0, -1.0, 9.0, -7.0, 65.0, -63.0]


def test_where_forward_has_no_value_far_away_nothing_is_seen():
    def ends(x):
        return np.array([x[0], 1.0 if x[0] <= 1 else np.nan])

    point, _ = counted(ends, np.ones(1))
    ladder = [rung(1e-3, 1, 0)]
    assert hidden_slope(point, 0, 0, ladder, ladder[0]) == 0.0


def test_what_hides_is_its_noise_or_its_rounding_whichever_is_larger():
    ladder = [rung(1e-3, 1, 0)]
    point, _ = counted(
        lambda x: np.array([x[0], 4.0 + np.exp(x[0] - 40)]), np.ones(1), dout=np.array([1.0, -3.0])
    )
    quiet = replace(point, noise=np.zeros(2))
    assert hidden_slope(quiet, 0, 0, ladder, ladder[0]) == pytest.approx(6 * 3 * 4 * DOUBLE / 1e-3)
    loud = replace(point, noise=np.full(2, 100 * DOUBLE))
    assert hidden_slope(loud, 0, 0, ladder, ladder[0]) == pytest.approx(6 * 3 * 100 * DOUBLE / 1e-3)


def test_only_smooth_rungs_of_two_sides_had_settled():
    def away(**known):
        ladder = [smooth(1e-2, 1.0, **known), smooth(1e-3, 1.0), smooth(1e-6, 0.0)]
        return unsettled(ladder, ladder[-1])

    assert away() == pytest.approx(2.0)
    assert away(one_sided=True) == 0.0
    kinked = [slopes_of(1e-2, 0.0, 2.0), smooth(1e-3, 1.0), smooth(1e-6, 0.0)]
    assert unsettled(kinked, kinked[-1]) == 0.0


def test_rounding_of_the_larger_rungs_may_move_them_too():
    for rounding, found in ((0.2, True), (0.3, False)):
        ladder = [smooth(1e-2, 1.0), smooth(1e-3, 1.0, rounding=rounding), smooth(1e-6, 0.0)]
        assert (unsettled(ladder, ladder[-1]) > 0) is found


def test_of_all_pairs_the_one_that_is_left_by_most_counts():
    ladder = [smooth(1e-1, 3.0), smooth(1e-2, 3.0), smooth(1e-3, 1.0), smooth(1e-4, 1.0), smooth(1e-6, 0.5)]
    assert unsettled(ladder, ladder[-1]) == pytest.approx(5.0)
    assert unsettled(ladder, ladder[3]) == pytest.approx(4.0)
