import numpy as np
import pytest
from points_under_test import point_of

from course_lib.gradcheck.stepping import Prober
from course_lib.gradcheck.verdict import first_steps


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


def test_steps_follow_the_entry_or_the_typical_size_of_its_argument():
    root = np.finfo(float).eps ** (1 / 3)
    assert first_steps(np.array([1e-9, 1e6]), np.finfo(float).eps)[1] == pytest.approx(1e6 * root)
    assert first_steps(np.array([0.0, 0.0]), np.finfo(float).eps) == pytest.approx([root, root])
