"""Rules by which rungs become an estimate, one at a time, by slopes that are known."""

from dataclasses import replace

import numpy as np
import pytest
from ladders_under_test import plain, rungs_with
from points_under_test import slopes_of

from course_lib.gradcheck.estimate import (
    _alone,
    _combined,
    _contradicted,
    _kinks_within,
    _of_one_side,
    _says_nothing,
    _sides,
    _unseen,
    estimate,
    kink_at_bottom,
    kink_between,
)


def test_no_kink_is_anywhere_near_an_estimate_of_a_line():
    found = estimate(rungs_with(2.0, 2.0, 2.0, noise=1e-9))
    assert (found.kink, found.alone, found.within) == (0.0, 0.0, 0.0)


def test_one_rung_may_know_more_than_it_does_combined_with_others():
    slopes = (2.0, 2.001, *[2.0] * 6)
    rungs = [plain(16.0**-k, slope, 1e-9 if k < 3 else 1.0) for k, slope in enumerate(slopes)]
    found = estimate(rungs)
    assert (found.value, found.error) == (2.0, pytest.approx(4 * 1e-3 / 16 + 1e-9))


@pytest.mark.parametrize(("jump", "noise", "hidden"), [(1.6, 1.0, 0.05), (1.6, 0.02, 0.02), (0.01, 1.0, 0.0)])
def test_kinks_of_a_larger_step_may_go_on_within_one_whose_rounding_hides_them(jump, noise, hidden):
    large = slopes_of(16.0, 2 - jump / 2, 2 + jump / 2, rounding=1e-3)
    small = slopes_of(1.0, 2.0, 2.0, rounding=1e-3, noise=noise)
    assert _alone([large, small], 1).error == pytest.approx(1e-3 + hidden)


def test_one_smaller_step_that_sees_more_may_err_and_two_do_not():
    assert estimate(rungs_with(1.0, 1.0, 1.0, 1.0, 3.0, 1.0, 1.0, 1.0, noise=1e-9)).error < 1e-6
    assert estimate(rungs_with(1.0, 1.0, 1.0, 1.0, 3.0, 3.0, 1.0, 1.0, 1.0, noise=1e-9)).error > 1e-6


def one_side(rights, lefts):
    rungs = [
        slopes_of(4 / 2.0**k, left, right, rounding=0.25)
        for k, (left, right) in enumerate(zip(lefts, rights, strict=True))
    ]
    found = list(_of_one_side(rungs))
    assert all(each.low == each.high == each.value for each in found)
    return [(each.value, each.error) for each in found]


def test_what_one_side_says_is_as_sure_as_it_agrees_with_itself_the_other_and_smaller_steps():
    # its change from the step before, what it adds to its own slope, its distance from the other side, and
    # how far the sides are apart where no step sees them meet
    assert one_side([1, 2, 4], [-1, -1, 1]) == [
        (6.0, pytest.approx(4 * (3 + 2 + 4.5 + 3) + 0.5 + 4e-6)),
        (3.0, pytest.approx(4 * (4 + 2 + 0.5 + 3) + 0.5 + 4e-6)),
    ]
    seen, blurred = ([1, 2, 4, 4], [-1, -1, 1, 3]), ([1, 2, 4, 4], [-1, -1, 1, 2])  # 1 apart at last, and 2
    assert one_side(*seen)[0] == (6.0, pytest.approx(4 * (3 + 2 + 2.5) + 0.5 + 4e-6))
    assert one_side(*blurred)[0] == (6.0, pytest.approx(4 * (3 + 2 + 3.5 + 3) + 0.5 + 4e-6))
    # a smaller step on its own side may contradict it by more
    assert one_side([1, 2, 4, -20], [-1, -1, 1, 1]) == [
        (6.0, pytest.approx(4 * (3 + 2 + 25.5 + 3) + 0.5 + 2e-5)),
        (-44.0, pytest.approx(4 * (50 + 24 + 44.5 + 21) + 0.5 + 2e-5)),
        (3.0, pytest.approx(4 * (4 + 2 + 22.5 + 3) + 0.5 + 2e-5)),
        (1.0, pytest.approx(4 * (2 + 0 + 20.5 + 21) + 0.5 + 2e-5)),
    ]


def test_one_side_says_nothing_alone_where_there_is_no_kink():
    assert one_side([1, 2, 4], [1, 2, 4]) == []


@pytest.mark.parametrize(("large", "small", "kink"), [(0.011, 0.009, False), (0.009, 0.011, True)])
def test_two_rungs_see_a_kink_if_a_hundredth_of_the_slope_is_left_at_the_smaller_one(large, small, kink):
    assert kink_between(slopes_of(1.0, 1.0, 1.0 + large), slopes_of(0.1, 1.0, 1.0 + small)) is kink


def test_of_slopes_that_grow_at_the_smallest_step_nothing_is_known():
    assert _says_nothing([plain(1.0, 1.0), plain(0.1, 2.1)], 1)
    assert not _says_nothing([plain(1.0, 1.0), plain(0.1, 1.9)], 1)
    assert not _says_nothing([plain(1.0, 1.0)], 0)


@pytest.mark.parametrize(
    ("slopes", "silent"),
    [
        ((1, 1, 3, 3, 3), (False, True, False, False, False)),
        ((1, 1, 1, 3), (False, False, True, True)),
        ((97, 94, 91, 88, 88, 88), (True, True, True, False, False, False)),
        ((100, 100, 97, 94, 91, 91), (False, False, False, True, False, False)),
        ((100, 100, 97, 94, 91), (False, False, False, True, True)),
    ],
)
def test_rungs_say_nothing_where_slopes_grow_or_go_on_at_the_next_smaller_step(slopes, silent):
    rungs = rungs_with(*map(float, slopes))
    assert tuple(_says_nothing(rungs, i) for i in range(len(rungs))) == silent


def test_three_rungs_are_enough_to_be_combined():
    found = estimate(rungs_with(2.0, 1 + 1 / 256, 1 + 1 / 65536, noise=1e-12))
    assert found.value == pytest.approx(1.0, abs=1e-12)


def test_a_step_contradicts_larger_ones_by_what_its_rounding_leaves():
    rungs = [plain(1.0, 1.0), replace(plain(0.1, 3.0), rounding=0.5)]
    assert _contradicted(1.0, rungs, 0) == 1.5
    assert _contradicted(2.75, rungs, 0) == 0.0
    assert _contradicted(1.0, rungs, 1) == 0.0


@pytest.mark.parametrize("sides", [(0.0, 3.0), (-3.0, 0.0)])
def test_a_step_has_seen_a_slope_if_one_of_its_sides_has(sides):
    assert _unseen(slopes_of(1.0, *sides), plain(0.1, 5.9)) is False
    assert _unseen(slopes_of(1.0, *sides), plain(0.1, 6.1)) is True


def test_truncation_is_at_most_a_sixteenth_of_the_change_from_a_larger_step_and_so_on():
    rungs = [plain(16.0 ** (3 - k), 100.0 + above) for k, above in enumerate((3 * 16**3, 2 * 16**2, 16, 0))]
    assert _alone(rungs, 3).error == pytest.approx(4 * 2.0)
    assert _alone([plain(16.0, 100.0 + 16), plain(1.0, 100.0)], 1).error == pytest.approx(4 * 1.0)


@pytest.mark.parametrize(("change", "error"), [(0.9e-2, 0.0), (1.1e-2, 4 * 2.1e-2)])
def test_where_kinks_are_left_behind_a_smaller_step_need_only_agree_within_its_rounding(change, error):
    rough = slopes_of(16.0, 0.0, 1000.0)
    for sign in (-1, 1):
        rungs = [rough, plain(1.0, 5.0), plain(1 / 16, 5.0 + sign * change, 1e-2)]
        assert _alone(rungs, 1).error == pytest.approx(error)


def test_the_largest_step_has_left_nothing_behind():
    rungs = [plain(1.0, 5.0), slopes_of(1 / 16, 4.0, 6.0, rounding=1e-2)]
    assert _alone(rungs, 0).error == pytest.approx(4 * 1e-2)


def test_kinks_within_the_smallest_of_three_steps_make_their_combination_unsure():
    rungs = [plain(16.0, 2.0), plain(1.0, 2.0), slopes_of(1 / 16, 1.75, 2.25, rounding=0.01)]
    for power in (1, 2):
        found = _combined(rungs, 2, power)
        assert (found.value, found.error) == (2.0, pytest.approx(4 * 0.5 + 0.01))


def rungs_of_kink(*highs, relative=1.0):
    return [
        slopes_of(2.0 ** (len(highs) - 1 - k), -1.0, high, rounding=1e-12, relative=relative)
        for k, high in enumerate(highs)
    ]


def test_sides_of_a_kink_are_as_sure_as_they_move_and_as_curvature_may_move_them():
    rungs = rungs_of_kink(1.001, 1.0, relative=0.5)
    (error, smallest), (above, larger) = _sides(rungs)
    assert (smallest, larger) == (rungs[1], rungs[0])
    assert error == pytest.approx(2.0)
    assert above == pytest.approx(4 * 1e-3 / 2 + 1e-3 * 0.5 * 1.001)
    (_, _), (above, _) = _sides(rungs_of_kink(1.001, 1.0, relative=2.0))
    assert above == pytest.approx(4 * 1e-3 / 2 + 1e-3)


def test_sides_move_with_curvature_by_what_those_of_a_larger_step_show():
    ends = [(-1.5, 1.9), (-1.0, 1.0), (-1.0, 1.0)]
    rungs = [
        slopes_of(100.0 / 10**k, *each, rounding=1e-12, relative=1e4 / 10**k) for k, each in enumerate(ends)
    ]
    (_, _), (error, rung) = _sides(rungs)
    assert rung.step == 10.0
    assert error == pytest.approx(4 * (0.5 + 0.9) / 9)


def test_noise_of_the_sides_of_a_kink_is_that_of_the_five_smallest_pairs():
    moved = 1.0 + 1e-3 * np.array([1.75, 1.75, 1.75, 1.75, 1.75, 1.5, 1.0, 0.0])
    *_, (error, rung) = _sides(rungs_of_kink(*moved))
    assert rung.step == 128.0
    assert error == pytest.approx(4 * 1e-3 / 128)


def test_kinks_within_a_step_are_seen_output_by_output():
    large = slopes_of(16.0, [0.0, 0.0], [1.6, 1.0], noise=0.01)
    small = slopes_of(1.0, [0.0, 0.2], [0.1, 1.0], noise=[0.0, 0.05])
    # curvature makes 0.1 of 1.6, and 1/16 of 1.0; of the 0.8 there, 6 times the noise is none
    assert _kinks_within([large, small], 1) == pytest.approx((0.8 - 1 / 16 - 0.3) / 2)
    assert _kinks_within([large, small], 0) == 0.0
    one = [slopes_of(step, 0.0, high, noise=0.01) for step, high in ((16.0, 1.0), (1.0, 0.8))]
    assert _kinks_within(one, 1) == 0.0  # its jump is the output's own


def test_below_a_kink_the_rounding_of_many_outputs_may_hide_it():
    noises = (0.0, 0.001, 0.45)  # of the jump of 1000, 85 may be rounding in all, and 900 in its outputs
    rungs = [
        slopes_of(16.0 ** (2 - k), np.zeros(1000), np.ones(1000), noise=noise)
        for k, noise in enumerate(noises)
    ]
    assert kink_at_bottom(rungs).within == 16.0


@pytest.mark.parametrize(("bend", "error"), [(0.2, 4 * 0.04 + 1e-6), (0.009, 4 * 0.001 / 16 + 1e-6)])
def test_a_larger_step_that_agrees_by_chance_does_not_outweigh_much_curvature(bend, error):
    large = slopes_of(16.0, 1.001 - 8 * bend, 1.001 + 8 * bend, rounding=1e-6)
    small = slopes_of(1.0, 1 - bend / 2, 1 + bend / 2, rounding=1e-6)
    found = _alone([large, small], 1)
    assert (found.value, found.error) == (1.0, pytest.approx(error, rel=1e-2))
