from dataclasses import replace

import numpy as np
import pytest
from points_under_test import point_of

from course_lib.gradcheck.stepping import Prober, persisting_jump


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
    assert slopes.central == pytest.approx(scale)
    assert 1e-11 * scale < slopes.rounding < 1e-8 * scale


def test_slopes_that_overflow_are_none():
    assert prober_of(lambda x: 1e308 * x, np.array([1.0]), [1e10]).along_entry(0, 0, 1e-6) is None
