from dataclasses import replace

import numpy as np
import pytest
from points_under_test import digits_of, point_of, slopes_of

from course_lib.gradcheck.arrays import DOUBLE
from course_lib.gradcheck.stepping import Prober, Slopes, persisting_jump


def prober_of(f, x, dout):
    return Prober(point_of(f, x, dout=dout))


def test_slopes_of_a_smooth_function_agree_from_both_sides():
    slopes = prober_of(np.sin, np.array([0.3, 1.0]), [1.0, -2.0]).along_entry(0, 1, 1e-6)
    assert slopes.central == pytest.approx(-2 * np.cos(1.0), rel=1e-9)
    assert slopes.low <= slopes.central <= slopes.high
    assert slopes.jump < 1e-5


def test_the_jump_at_a_kink_does_not_shrink_with_the_step():
    prober = prober_of(np.abs, np.array([0.0]), [1.0])
    assert prober.along_entry(0, 0, 1e-3).jump == pytest.approx(2)
    assert prober.along_entry(0, 0, 1e-9).jump == pytest.approx(2)


def test_rounding_of_a_large_output_does_not_touch_a_small_one():
    prober = prober_of(lambda x: x, np.array([1e8, 1e-8]), [1.0, 1.0])
    slopes = prober.along_entry(0, 1, 1e-13)
    assert slopes.central == pytest.approx(1)
    assert slopes.rounding < 1e-9


def test_at_the_edge_of_the_domain_one_side_is_taken():
    slopes = prober_of(np.sqrt, np.array([1e-9]), [1.0]).along_entry(0, 0, 1e-6)
    assert slopes.one_sided
    assert prober_of(lambda x: np.sqrt(-np.abs(x) + 1), np.array([0.0]), [1.0]).along_entry(0, 0, 2.0) is None


def test_a_direction_moves_all_entries_at_once():
    prober = prober_of(lambda x: np.sum(x**2), np.array([1.0, 2.0, 3.0]), [1.0])
    slopes = prober.along({0: np.array([1.0, -1.0, 0.5])}, 1e-6)
    assert slopes.central == pytest.approx(2 - 4 + 3, rel=1e-8)


def test_curvature_does_not_show_where_rounding_makes_two_sides_unequal():
    slopes = prober_of(lambda x: np.sum((x - 1) ** 2), np.ones(1), [1.0]).along_entry(0, 0, 1e-10)
    assert slopes.central == 0.0
    assert slopes.jump > 0


def test_an_output_with_a_kink_keeps_its_jump_and_a_smooth_one_does_not():
    prober = prober_of(lambda x: np.array([abs(x[0]), 1e3 * x[0] ** 2]), np.zeros(1), [1.0, 1.0])
    large, small = prober.along_entry(0, 0, 1e-3), prober.along_entry(0, 0, 1e-3 / 16)
    assert large.jump == pytest.approx(4.0)
    assert persisting_jump(large, small) == pytest.approx(2.0)


def test_a_jump_that_grows_as_steps_shrink_is_noise():
    prober = prober_of(lambda x: np.where(x == 0, 0.0, 1e-9), np.zeros(1), [1.0])
    assert persisting_jump(prober.along_entry(0, 0, 1e-5), prober.along_entry(0, 0, 1e-6)) == 0.0


def test_noise_beside_the_point_grows_with_large_steps_only():
    point = replace(point_of(lambda x: x, np.ones(1)), noise=np.zeros(1), noise_beside=np.array([1e-12]))
    usual = np.finfo(float).eps ** (1 / 3)
    noises = [
        Prober(point).along_entry(0, 0, factor * usual).rounding * factor for factor in (0.01, 1.0, 10.0)
    ]
    assert noises[0] == pytest.approx(noises[1], rel=1e-3)
    assert noises[2] == pytest.approx(10 * noises[1], rel=1e-3)


@pytest.mark.parametrize("scale", [1e-150, 1e150])
def test_slopes_of_very_large_and_small_outputs_have_a_rounding(scale):
    slopes = prober_of(lambda x: x * scale, np.array([0.7, 0.3]) * scale, [1.0, 1.0]).along_entry(
        0, 0, 6e-6 * scale
    )
    assert slopes.central == digits_of(scale)
    assert 1e-11 * scale < slopes.rounding < 1e-8 * scale


def test_slopes_that_overflow_are_none():
    assert prober_of(lambda x: 1e308 * x, np.array([1.0]), [1e10]).along_entry(0, 0, 1e-6) is None


USUAL = np.finfo(float).eps ** (1 / 3)


def hand_made(noise=(0.0, 0.0, 0.0), dout=(2.0, -1.0, 0.5)):
    """Return a prober of a line, a bowl and a kink in x1, which is 0 beside a 2; x0 takes no part."""

    def forward(x0, x1):
        return np.array([3 * x1[1], x1[1] ** 2, abs(x1[1])]) + 8.0

    point = point_of(forward, np.ones(1), np.array([2.0, 0.0]), dout=dout)
    return Prober(replace(point, noise=np.array(noise)))


def test_slopes_are_those_of_each_output_times_its_upstream_gradient():
    slopes = hand_made().along_entry(1, 1, 0.25)
    assert slopes.outputs.tolist() == [3.0, 0.0, 0.0]
    assert slopes.right.tolist() == [6.0, -0.25, 0.5]
    assert slopes.left.tolist() == [6.0, 0.25, -0.5]
    assert (slopes.central, slopes.low, slopes.high, slopes.step) == (6.0, 5.25, 6.75, 0.25)
    assert not slopes.one_sided


def test_a_step_is_told_in_units_of_a_usual_one():
    rms = np.sqrt(2.0)
    assert hand_made().along_entry(1, 1, 0.25).relative == pytest.approx(0.25 / (USUAL * rms))
    assert hand_made().along_entry(1, 0, 0.25).relative == pytest.approx(0.25 / (USUAL * 2))
    assert hand_made().along_entry(0, 0, 0.25).relative == pytest.approx(0.25 / USUAL)
    assert hand_made().along({1: np.array([0.0, 1.0])}, 0.25).relative == pytest.approx(0.25 / USUAL)


def test_rounding_is_six_standard_deviations_and_blur_twice_the_sum_of_the_noise_of_what_moved():
    slopes = hand_made(noise=[3e-3, 1e-12, 8e-3]).along_entry(1, 1, 0.25)
    noise = np.array([2 * 3e-3, 8 * DOUBLE + DOUBLE / 16, 0.5 * 8e-3]) / 0.25
    assert slopes.noise == pytest.approx(noise, rel=1e-2, abs=1e-10)
    assert slopes.rounding == pytest.approx(6 * np.sqrt((noise**2).sum()))
    assert slopes.blur == pytest.approx(2 * noise.sum())
    assert slopes.jump == pytest.approx(6.75 - 5.25 - slopes.blur)


def test_an_output_is_never_less_noisy_than_its_own_rounding():
    slopes = hand_made(dout=(1.0, 1.0, 1.0)).along_entry(1, 1, 0.25)
    assert slopes.noise == pytest.approx(DOUBLE * np.array([8.75, 8.0625, 8.25]) / 0.25, rel=1e-6, abs=0)


def test_outputs_that_do_not_move_have_no_noise_unless_none_moves():
    still = replace(
        point_of(lambda x: np.array([4.0, 7.0, x[0]]), np.array([1.0, 5.0])), noise=np.full(3, 1e-3)
    )
    assert (Prober(still).along_entry(0, 0, 0.5).noise > 0).tolist() == [False, False, True]
    nothing = replace(still, noise=np.array([2e-3, 6e-3, 1e-3]))
    assert Prober(nothing).along_entry(0, 1, 0.5).noise.tolist() == [0.0, 1.2e-2, 0.0]
    assert Prober(nothing).along_entry(0, 1, 0.5).central == 0.0


def test_an_output_that_moves_to_one_side_only_has_its_noise():
    point = replace(point_of(lambda x: np.maximum(x, 0.0), np.zeros(2)), noise=np.full(2, 1e-3))
    assert Prober(point).along_entry(0, 1, 0.5).noise.tolist() == [0.0, 2e-3]
    point = replace(point_of(lambda x: np.minimum(x, 0.0), np.zeros(2)), noise=np.full(2, 1e-3))
    assert Prober(point).along_entry(0, 1, 0.5).noise.tolist() == [0.0, 2e-3]


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_the_only_side_gives_the_slope_and_no_jump(side):
    def forward(x):
        return np.array([8.0 + 3 * x[0] if side * x[0] >= 0 else np.nan, 4.0, 4 - x[0]])

    point = point_of(forward, np.zeros(1), dout=[2.0, 1.0, -1.0])
    slopes = Prober(replace(point, noise=np.array([1e-3, 1e-3, 2e-3]))).along_entry(0, 0, 0.25)
    assert slopes.one_sided
    assert (slopes.step, slopes.central, slopes.low, slopes.high, slopes.jump) == (0.25, 7.0, 7.0, 7.0, 0.0)
    assert slopes.outputs.tolist() == [3.0, 0.0, -1.0]
    assert slopes.right.tolist() == slopes.left.tolist() == [6.0, 0.0, 1.0]
    assert slopes.noise == pytest.approx([8e-3, 0.0, 8e-3])
    assert slopes.rounding == pytest.approx(6 * np.sqrt(2) * 8e-3)
    assert slopes.relative == pytest.approx(0.25 / USUAL)


def test_a_step_too_small_to_move_the_entry_says_nothing():
    assert prober_of(lambda x: x, np.ones(1), [1.0]).along_entry(0, 0, 1e-20) is None
    just_above = np.nextafter(1.0, 2.0) - 1.0  # moves 1 up but, halved, only down
    assert prober_of(lambda x: x, np.ones(1), [1.0]).along_entry(0, 0, just_above / 2) is None


def test_in_single_precision_the_step_taken_is_the_one_that_forward_sees():
    point = point_of(lambda x: x**2, np.array([0.1]))
    single = replace(point, epsilon=float(np.finfo(np.float32).eps))
    slopes = Prober(single).along_entry(0, 0, 3e-8)
    up, down = float(np.float32(0.1 + 3e-8)) - 0.1, 0.1 - float(np.float32(0.1 - 3e-8))
    assert abs(up - down) > 1e-9
    assert slopes.step == pytest.approx((up + down) / 2, rel=1e-12)
    assert slopes.central == pytest.approx(0.2, abs=1e-9)
    assert slopes.right[0] == pytest.approx(0.2 + up, abs=1e-9)
    assert slopes.left[0] == pytest.approx(0.2 - down, abs=1e-9)


def test_a_jump_persists_in_outputs_that_keep_more_than_half_and_less_than_twice_of_it():
    nothing = np.zeros(6)
    large = slopes_of(1.0, nothing, [1.0, 1.0, 1.0, 1.0, 1.0, -1.0])
    small = slopes_of(0.1, nothing, [1.0, 0.55, 0.45, 1.9, 2.1, -0.7])
    assert persisting_jump(large, small) == pytest.approx(1.0 + 0.55 + 1.9 + 0.7)
    only_from_six_times_its_noise = slopes_of(
        0.1, nothing, [1.0, 1.0, 1.0, 1.0, 1.0, 1.0], noise=[0.15, 0.2, 9, 9, 9, 9]
    )
    assert persisting_jump(large, only_from_six_times_its_noise) == pytest.approx(1.0)
    assert persisting_jump(large, replace(small, left=small.right)) == 0.0


def test_what_moves_nothing_has_slopes_of_nothing():
    nothing = np.zeros(2)
    rest = Slopes.at_rest(0.25, nothing)
    assert (rest.step, rest.central, rest.low, rest.high, rest.rounding) == (0.25, 0.0, 0.0, 0.0, 0.0)
    assert rest.outputs is rest.right is rest.left is rest.noise is nothing
    assert (rest.relative, rest.one_sided, rest.jump, rest.blur) == (1.0, False, 0.0, 0.0)


def test_outputs_that_round_by_more_make_slopes_noisier():
    slopes = slopes_of(0.5, [0.0, 1.0], [2.0, 3.0], noise=[1e-3, 1e-6], rounding=1e-9)
    noisier = slopes.noisier(np.array([1e-4, 1e-3]))
    assert noisier.noise == pytest.approx([1e-3, 2e-3])
    assert noisier.rounding == pytest.approx(6 * np.hypot(1e-3, 2e-3))
    assert slopes_of(0.5, 0.0, 1.0, rounding=7.0).noisier(np.array([1e-4])).rounding == 7.0
    assert (noisier.central, noisier.low, noisier.high) == (slopes.central, slopes.low, slopes.high)


def test_a_step_is_measured_in_units_of_the_usual_one_of_its_entry():
    f = lambda a, x, b: np.sum(x) + 0 * (a.sum() + b.sum())  # noqa: E731
    point = point_of(f, np.full(2, 100.0), np.array([1.0, -5.0, 0.0]), np.full(4, 1e-3))
    usual = DOUBLE ** (1 / 3)
    for index, size in enumerate((np.sqrt(26 / 3), 5.0, np.sqrt(26 / 3))):
        assert Prober(point).along_entry(1, index, 1e-4).relative == pytest.approx(1e-4 / (size * usual))
    single = Prober(replace(point, epsilon=2.0**-23))  # its usual step is larger, the unit is not
    assert single.along_entry(1, 1, 0.5).relative == pytest.approx(0.5 / (5.0 * usual), rel=1e-2)
