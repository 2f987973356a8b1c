import numpy as np
import pytest
from points_under_test import point_of

from course_lib.gradcheck.first_step import FirstStep, first_steps
from course_lib.gradcheck.noise import measure
from course_lib.gradcheck.stepping import Prober

EPSILON = np.finfo(float).eps


def test_steps_follow_the_entry_or_the_typical_size_of_its_argument():
    root = np.finfo(float).eps ** (1 / 3)
    assert first_steps(np.array([1e-9, 1e6]), np.finfo(float).eps)[1] == pytest.approx(1e6 * root)
    assert first_steps(np.array([0.0, 0.0]), np.finfo(float).eps) == pytest.approx([root, root])


def test_steps_follow_sizes_whose_squares_overflow_or_vanish():
    for scale in (1e-200, 1e200):
        assert first_steps(np.ones(2) * scale, EPSILON) == pytest.approx(EPSILON ** (1 / 3) * scale)


def factor(f, gradient, x, size=None):
    """Return by how much the first steps are changed for a function."""
    prober = Prober(measure(point_of(f, x), 0))
    usual = first_steps(x, EPSILON)
    size = float(np.abs(gradient).max()) if size is None else size
    return (FirstStep(prober, 0, size, 1e-9).adapted(usual, gradient, np.arange(x.size)) / usual)[0]


def test_steps_stay_where_one_step_is_enough():
    x = np.array([0.3, 1.1])
    assert factor(lambda x: np.sum(np.sin(x)), np.cos(x), x) == 1.0


def test_steps_grow_while_rounding_hides_the_slope():
    x = np.array([0.3, 1.1])
    assert factor(lambda x: 1e3 + np.sum(x**2), 2 * x, x) == 16.0
    assert factor(lambda x: 1e7 + np.sum(3 * x), np.full(2, 3.0), x) == 16.0**3


def test_steps_stay_at_a_minimum_where_rounding_is_far_below_what_matters():
    x = np.full(2, 0.3)
    assert factor(lambda x: np.sum((x - 0.3) ** 2), np.zeros(2), x, size=1.0) == 1.0


def test_steps_shrink_while_curvature_shows():
    x = np.array([0.3, 1.1])
    assert factor(lambda x: np.sum(np.sin(1e3 * x)), 1e3 * np.cos(1e3 * x), x) < 1.0


def test_steps_do_not_shrink_at_a_kink():
    assert factor(lambda x: np.sum(np.abs(x)), np.ones(2), np.zeros(2)) == 1.0
