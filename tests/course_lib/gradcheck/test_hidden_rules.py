"""Rules by which it is seen what rounding hides, one at a time."""

from dataclasses import replace

import numpy as np
import pytest
from points_under_test import digits_of, point_of, slopes_of

from course_lib import check_vjp
from course_lib.gradcheck import hidden as room
from course_lib.gradcheck.arrays import DOUBLE
from course_lib.gradcheck.hidden import (
    FAR,
    FARTHER,
    MOVES_AWAY,
    SAMPLES,
    hidden_slope,
    least_to_show,
    numbers_reached,
    rounding_of_steps,
    slope_of_what_cancels,
    unsettled,
)
from course_lib.gradcheck.noise import measure


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

    def asked(offset, mismatch=1e-7):  # of which 6 * DOUBLE / 1e-3, all that may be hidden, is 1.3e-5
        point, seen = counted(lambda x: np.array([x[0], np.maximum(x[0] - offset, 0.0)]), np.ones(1))
        hidden_slope(replace(point, noise=np.full(2, DOUBLE)), 0, 0, ladder, ladder[0], mismatch)
        return [float(each[0][0]) for each in seen]

    assert asked(2.0) == [3.0, -1.0]
    assert asked(8.0) == [3.0, -1.0, 9.0, -7.0]
    assert asked(60.0) == [3.0, -1.0, 9.0, -7.0, 65.0, -63.0]
    assert asked(60.0, mismatch=2e-6) == []  # nothing hidden explains that


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
    assert hidden_slope(quiet, 0, 0, ladder, ladder[0]) == digits_of(6 * 3 * 4 * DOUBLE / 1e-3)
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


def test_a_rung_has_left_only_if_it_lies_more_than_four_times_as_far_on_either_side():
    def away(before, after):
        ladder = [smooth(1e-2, 1.0), smooth(1e-3, 1.0 + before), smooth(1e-6, 1.0 + before + after)]
        return unsettled(ladder, ladder[-1])

    step = 2.0**-10
    for sign in (-1.0, 1.0):
        for other in (-1.0, 1.0):
            assert away(sign * step, other * 4 * step) == 0.0
            assert away(sign * step, other * 4.1 * step) == pytest.approx(8.2 * step)


def test_what_moved_on_a_larger_rung_hides_something_wherever_it_stays_the_same_farther_away():
    point, _ = counted(lambda x: np.array([x[0], 2.0, 4.0]), np.ones(1))
    ladder = [rung(1e-2, 1, 1, 0), rung(1e-3, 1, 0, 0)]
    assert hidden_slope(point, 0, 0, ladder, ladder[1]) == digits_of(6 * 2 * DOUBLE / 1e-3)


@pytest.mark.parametrize(("left", "right"), [(0.0, 1.0), (1.0, 0.0)])
def test_what_moves_to_one_side_has_moved(left, right):
    point, _ = counted(lambda x: np.array([x[0], 1 + np.exp(x[0] - 40)]), np.ones(1))
    ladder = [slopes_of(1e-3, [1.0, left], [1.0, right])]
    assert hidden_slope(point, 0, 0, ladder, ladder[0]) == 0.0


def test_how_far_an_entry_is_moved_goes_by_its_own_size_or_that_of_its_argument():
    def moves(index):
        x = np.array([3.0, -40.0, 4.0])
        point, seen = counted(lambda a, x, b: np.array([x.sum(), 2.0]), np.full(2, 500.0), x, np.full(3, 9e3))
        ladder = [rung(1e-3, 1, 0)]
        assert hidden_slope(point, 1, index, ladder, ladder[0]) == 0.0
        return [float((each[1] - x)[index]) for each in seen]

    for index, size in ((0, np.sqrt(1625 / 3)), (1, 40.0), (2, np.sqrt(1625 / 3))):
        assert moves(index) == pytest.approx([sign * far * size for far in FAR for sign in (1, -1)])


def test_what_changes_nearby_depends_on_the_entry_though_it_has_no_value_farther_away():
    def forward(x):
        out = np.array([x[0], 1 + (abs(x[0]) < 5) * (x[0] - 1), 2.0])
        return out if abs(x[0]) < 5 else np.full(3, np.nan)

    point, _ = counted(forward, np.ones(1))
    ladder = [rung(1e-3, 1, 0, 0)]
    assert hidden_slope(point, 0, 0, ladder, ladder[0]) == digits_of(6 * DOUBLE / 1e-3)


def units_allowed(forward, x=0.5, dout=1.0, others=1e3):
    """What a slope at a step of 1e-3 is allowed for what cancels, in rounding units of the output."""
    xs = np.ones(1), np.array([others, x, others]), np.ones(3)
    point = point_of(lambda a, x, b: forward(x[1:2]), *xs, dout=np.full(1, dout))
    return slope_of_what_cancels(point, 1, 1, smooth(1e-3, 0.0)) / (6 * DOUBLE / 1e-3)


@pytest.mark.parametrize(("units", "found"), [(8, 0.0), (9, 72.0)])
def test_numbers_cancel_where_differences_are_more_than_64_rounding_units(units, found):
    def alternating(x):  # four times as far away as its own size, and nowhere else
        return 1 + units * DOUBLE * (-1) ** np.round(x * 2.0**21)

    assert units_allowed(alternating) == pytest.approx(found)
    assert units_allowed(alternating, dout=-3.0) == pytest.approx(3 * found)
    assert units_allowed(alternating, dout=-1.0) == pytest.approx(found)


@pytest.mark.parametrize("large", [300.0, 700.0])
def test_what_grows_as_exp_does_not_cancel(large):
    signs = np.array([1.0, -1.0, 1.0])
    x = np.array([large, 1.0, 2.0])
    assert check_vjp(np.exp, lambda dout, cache: dout * np.exp(cache[0]), x).passed is True
    assert check_vjp(np.exp, lambda dout, cache: dout * np.exp(cache[0]) * signs, x).passed is False


def test_the_least_slope_to_show_changes_outputs_by_64_rounding_units_over_the_arguments_size():
    point = point_of(lambda a, x: x, np.ones(2), np.array([3.0, -4.0]), dout=np.array([2.0, -3.0]))
    assert least_to_show(point, 1) == digits_of(5 * 64 * DOUBLE / np.sqrt(12.5))


def test_outputs_reach_the_numbers_that_twice_the_usual_size_brings_them_to():
    point = point_of(lambda a, x: np.append(x, 7.0), np.ones(1), np.array([10.0, 2.0, 3.0]))
    assert numbers_reached(point, 1, 0) == pytest.approx([20.0, 2.0, 3.0, 7.0])


def test_how_large_numbers_are_counts_where_they_are_first_seen_to_cancel():
    def forward(x):
        large = 1e4 if abs(x[0]) < 30 else 1e9
        return np.array([(1.1 * x[0] + large) - large, x[0]])

    point = point_of(forward, np.array([0.5, 1e3]))
    allowed = slope_of_what_cancels(point, 0, 0, smooth(1e-3, 0.0)) / (6 * DOUBLE / 1e-3)
    assert 1e3 < allowed < 2e5


def test_numbers_that_overflow_farther_away_say_nothing_and_warn_of_nothing():
    assert units_allowed(lambda x: np.where(np.abs(x) < 10, x, np.inf)) == pytest.approx(1.0)
    assert units_allowed(lambda x: np.where(np.abs(x) < 10, x, np.copysign(1e308, x))) == pytest.approx(1.0)


def test_a_negative_entry_is_moved_as_far_as_a_positive_one():
    assert moves_of([1.0, -30.0, 1.0], 1) == pytest.approx([60.0, -60.0, 45.0, -45.0])


@pytest.mark.parametrize("dout", [1.0, -2.0])
def test_steps_that_outputs_move_in_are_rounding_of_the_numbers_that_they_reach(dout):
    x = np.array([0.5, 1e-9, 0.7])
    point = measure(point_of(lambda a, x: 1 - np.cos(x[1]) + 0 * a[0], np.ones(1), x, dout=dout), 0)

    def found(*rungs, nearer=0.0):
        """What is found where outputs change so on one side, at steps of these sizes."""
        made = [slopes_of(step, 0.0, dout * change / step) for step, change in rungs]
        return rounding_of_steps(point, 1, 1, made, np.full(1, nearer))[0]

    tiny = 2.0**-53
    assert found((2e-8, tiny), (1e-9, 0.0)) == digits_of(abs(dout) * tiny)
    assert found((2e-8, 2 * tiny), (1.5e-8, tiny), (1e-9, 0.0)) == digits_of(abs(dout) * tiny)
    assert found((2e-8, 1e-13), (1e-9, 0.0)) == 0  # more than rounding is
    assert found((2e-8, 1e-13), (1e-9, 0.0), nearer=1e-13 / 65) == 0
    assert found((2e-8, 1e-13), (1e-9, 0.0), nearer=1e-13 / 63) == digits_of(abs(dout) * 1e-13)
    assert found((2e-8, 2 * tiny), (1e-9, tiny)) == 0  # it moves on each
    assert found((2e-8, 0.0), (1e-9, tiny)) == 0  # none stands still on a smaller step than moves it


@pytest.mark.parametrize(
    ("x", "out", "numbers"),
    [
        ([0.1, -3.0, 0.2], 1.0, 6.0),
        ([50.0, 0.1, -50.0], 1.0, 2 * np.sqrt(5000.01 / 3)),
        ([0.1, 0.2, -0.1], 1.0, 2.0),
        ([0.1, 0.2, -0.1], -9.0, 9.0),
    ],
)
def test_an_entry_is_moved_by_twice_its_size_that_of_its_argument_or_one(x, out, numbers, monkeypatch):
    reached = {(1, 1): 1.0}
    size_of = lambda point, argument, index, reach: np.full(1, reach * reached[argument, index])  # noqa: E731
    monkeypatch.setattr(room, "_size_of_numbers", size_of)
    point = point_of(lambda a, x, b: out, np.full(2, 1e9), np.array(x), np.full(4, 1e9))
    assert numbers_reached(point, 1, 1) == pytest.approx([numbers])


def test_an_output_that_has_moved_once_hides_no_more_than_on_the_rungs_below():
    point = replace(point_of(lambda x: np.ones(2) * x, np.ones(1)), noise=np.full(2, 1e-9))
    rungs = [rung(3e-3, 1, 0), rung(2e-3, 1, 1), rung(1e-3, 1, 0)]
    assert hidden_slope(point, 0, 0, rungs, rungs[-1]) == pytest.approx(6 * 1e-9 / 1e-3)
