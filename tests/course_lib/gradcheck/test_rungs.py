"""What neighbouring rungs say together, and the noise that the smallest ones show."""

import numpy as np
import pytest
from ladders_under_test import plain, prober_of
from points_under_test import slopes_of

from course_lib.gradcheck.rungs import nearest, noise_at_bottom, richardson, smooth_at, truncation_at


def test_the_nearest_rung_is_near_a_value_with_what_it_may_have_rounded():
    above, below = plain(4.0, 3.5, rounding=0.25), plain(2.0, 2.75, rounding=0.25)
    rough = plain(1.0, 3.0, rounding=1.0)
    assert nearest([above, below, rough], 3.0) is below
    assert nearest([above, below, rough], 3.25) is above
    assert nearest([rough], 3.0) is rough


def test_richardson_cancels_the_square_of_the_step():
    prober = prober_of(lambda t: t**3, 1.0)
    large, small = prober.along_entry(0, 0, 1e-2), prober.along_entry(0, 0, 1e-3)
    assert abs(large.central - 3) > 5e-5
    assert richardson(large, small) == pytest.approx(3.0, abs=1e-11)


def test_curvature_is_smooth_beside_the_size_that_matters():
    slopes = prober_of(lambda t: t**2, 0.0).along_entry(0, 0, 1e-4)
    assert not smooth_at(slopes)
    assert smooth_at(slopes, 1.0)


def test_sides_that_differ_by_a_good_part_of_the_slope_are_not_smooth():
    assert not smooth_at(prober_of(lambda t: t + 0.05 * abs(t), 0.0).along_entry(0, 0, 1e-4))
    assert smooth_at(prober_of(lambda t: t + 0.001 * abs(t), 0.0).along_entry(0, 0, 1e-4))


@pytest.mark.parametrize(
    ("right", "size", "rounding", "smooth"),
    [
        (1.0099, 0.0, 0.0, True),
        (1.0103, 0.0, 0.0, False),
        (-1.0099, 0.0, 0.0, True),
        (-1.0103, 0.0, 0.0, False),
        (1.029, 3.0, 0.0, True),
        (1.031, 3.0, 0.0, False),
        (1.014, 0.0, 5e-3, True),
        (1.016, 0.0, 5e-3, False),
    ],
)
def test_sides_are_smooth_up_to_a_hundredth_of_the_slope_and_the_rounding(right, size, rounding, smooth):
    slopes = slopes_of(1.0, np.sign(right), right, rounding=rounding)
    assert smooth_at(slopes, size) is smooth


def test_richardson_cancels_the_step_itself_where_the_curvature_jumps():
    assert richardson(plain(2.0, 3.0), plain(1.0, 2.0), power=1) == 1.0
    assert richardson(plain(2.0, 5.0), plain(1.0, 2.0), power=2) == 1.0
    assert richardson(plain(2.0, 5.0, one_sided=True), plain(1.0, 2.0)) == 2.0
    assert richardson(plain(2.0, 5.0), plain(1.0, 2.0, one_sided=True)) == 2.0


def noise_of(*slopes, steps=None, **known):
    steps = [16.0**-k for k in range(len(slopes))] if steps is None else steps
    return noise_at_bottom([plain(step, slope, **known) for step, slope in zip(steps, slopes, strict=True)])


def test_the_noise_at_the_bottom_is_four_times_the_typical_difference_of_neighbours():
    assert noise_of(1.0) == 0.0
    assert noise_of(1.0, 1.5, steps=[1, 0.5]) == 4 * 0.5 * 0.5
    assert noise_of(1.0, 1.5, 1.25, steps=[4, 2, 1]) == 4 * 0.25
    assert noise_of(1.0, 1.5, 1.25, 1.5, steps=[8, 4, 2, 1]) == 4 * 0.5  # of 2, 0.5 and 0.25
    assert noise_of(1.0, 1.0, 9.0, 9.0, 9.0, 9.0, 9.0, steps=[7, 6, 5, 4, 3, 2, 1]) == 0.0
    # of more than five pairs the smallest steps count
    many = (0.0, 900.0, 1.0, 2.0, 1.0, 2.0, 1.0)
    assert noise_of(*many, steps=[64, 32, 16, 8, 4, 2, 1]) == 4 * 4.0
    quiet = (1.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0)  # six pairs, of which the first saw nothing
    assert noise_of(*quiet, steps=[64, 32, 16, 8, 4, 2, 1]) == 4 * 4.0
    assert noise_of(0.0, 1e4, *many, steps=[256, 128, 64, 32, 16, 8, 4, 2, 1]) == 4 * 4.0
    assert noise_of(1.0, 9.0, 5.0, one_sided=True) == 0.0


@pytest.mark.parametrize(("power", "noise"), [(1, 0.0), (2, 0.0), (3, 4 * 16.0**-5)])
def test_what_truncation_of_first_or_second_order_makes_of_a_change_is_no_noise(power, noise):
    # slopes 0, 1 and 1 + 16**-power: two neighbours differ by as much less as the step to that power
    assert noise_of(0.0, 1.0, 1 + 16.0**-power) == pytest.approx(noise, rel=1e-2, abs=1e-12)


def test_a_pair_with_a_kink_in_it_shows_no_noise():
    rough = slopes_of(1.0, 0.0, 1.0, rounding=0.0)
    assert noise_at_bottom([rough, plain(0.5, 3.0)]) == 0.0
    assert noise_at_bottom([plain(2.0, 3.0), rough]) == 0.0


@pytest.mark.parametrize(
    ("left", "right", "rounding", "truncation"),
    [
        (3.0, 3.0, 0.0, 0.0),
        (0.0, 0.0, 0.0, 0.0),
        (1.0, 3.0, 0.0, 2.0),  # a jump of 2 is all of the slope
        (-1.0, -3.0, 0.0, 2.0),
        (1.0, 3.0, 2.0, 1.0),  # and half of slope and rounding
        (-1.0, 1.0, 0.5, 8.0),
    ],
)
def test_truncation_is_the_jump_times_its_part_of_the_slope(left, right, rounding, truncation):
    assert truncation_at(slopes_of(1.0, left, right, rounding=rounding)) == truncation


def test_without_pairs_there_is_no_noise():
    assert noise_at_bottom([]) == noise_at_bottom([plain(1.0, 2.0)]) == 0.0
    assert noise_at_bottom([plain(1.0, 2.0), plain(1 / 16, 2.0)]) == 0.0
