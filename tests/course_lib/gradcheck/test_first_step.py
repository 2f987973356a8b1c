import numpy as np
import pytest
from points_under_test import digits_of, point_of, slopes_of

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
        assert first_steps(np.ones(2) * scale, EPSILON) == digits_of(EPSILON ** (1 / 3) * scale)


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


class Told:
    """In place of a prober: the slopes of the first step and those 16, 16**2, ... times larger or smaller.

    Each is (left, right, rounding), or None where there is none. `asked` holds the steps in powers of 16.
    """

    def __init__(self, *slopes):
        self._slopes = slopes
        self.asked, self.entries = [], set()

    def along_entry(self, argument, index, step):
        self.asked.append(round(np.log(step / 0.5) / np.log(16.0), 6))
        self.entries.add((argument, index))
        known = self._slopes[min(abs(round(self.asked[-1])), len(self._slopes) - 1)]
        return known and slopes_of(step, known[0], known[1], rounding=known[2])


def told(*slopes, size=0.0, finest=1e-3):
    """Return by how much the steps are changed in powers of 16, and the steps that were looked at."""
    prober = Told(*slopes)
    steps = FirstStep(prober, 0, size, finest).adapted(np.array([0.5]), np.ones(1), np.array([0]))
    return round(float(np.log(steps[0] / 0.5) / np.log(16.0)), 6), prober.asked


CLEAR, DROWNED = 0.9e-8, 1.1e-8


def test_the_entry_whose_first_step_changes_the_function_most_is_looked_at():
    steps, analytic = np.array([4.0, 1.0, 2.0, 8.0]), np.array([1.0, -3.0, 2.5, 100.0])
    prober = Told((1.0, 1.0, 0.0))
    FirstStep(prober, 7, 0.0, 1e-9).adapted(steps, analytic, np.array([1, 0, 2]))
    assert prober.entries == {(7, 2)}
    prober = Told((1.0, 1.0, 0.0))
    FirstStep(prober, 7, 0.0, 1e-9).adapted(steps, -analytic, np.array([0, 1]))
    assert prober.entries == {(7, 0)}


def test_steps_stay_where_forward_has_no_value():
    assert told(None) == (0, [0])


def test_steps_grow_where_rounding_is_more_than_a_hundred_millionth_of_the_slope_or_of_what_matters():
    assert told((-1.0, -1.0, DROWNED), (-1.0, -1.0, 0.0)) == (1, [0, 1])
    assert told((-1.0, -1.0, CLEAR), (-1.0, -1.0, 0.0)) == (0, [0, -1])
    assert told((1.0, 1.0, 2 * CLEAR), (1.0, 1.0, 0.0), size=2.0) == (0, [0, -1])
    assert told((1.0, 1.0, 2 * DROWNED), (1.0, 1.0, 0.0), size=2.0) == (1, [0, 1])


def test_steps_grow_three_times_at_most_and_no_longer_than_rounding_drowns():
    drowned = (1.0, 1.0, DROWNED)
    assert told(drowned) == (3, [0, 1, 2, 3])
    assert told(drowned, drowned, (1.0, 1.0, CLEAR)) == (2, [0, 1, 2])


def test_steps_do_not_grow_over_what_has_no_value_is_not_smooth_or_changes_the_slope():
    drowned = (1.0, 1.0, DROWNED)
    assert told(drowned, None) == (0, [0, 1])
    assert told(drowned, drowned, None) == (1, [0, 1, 2])
    assert told(drowned, (0.98, 1.02, DROWNED)) == (0, [0, 1])
    assert told(drowned, (0.98, 1.02, DROWNED), size=5.0)[0] == 0  # so little rounding does not matter then
    assert told((1.0, 1.0, 1e-3), (1.003, 1.003, 1e-3)) == (0, [0, 1])
    assert told((1.0, 1.0, 1e-3), (1.0015, 1.0015, 1e-3), (1.004, 1.004, 1e-3)) == (1, [0, 1, 2])
    assert told((1.0, 1.0, 1e-3), (0.997, 0.997, 1e-3)) == (0, [0, 1])


def test_what_is_smooth_beside_what_matters_may_grow():
    assert told((0.5, 1.5, 1e-3), (0.5, 1.5, 0.0), size=99.0) == (0, [0, -1])
    assert told((0.5, 1.5, 1e-3), (0.5, 1.5, 0.0), size=101.0) == (1, [0, 1])
    assert told((1.0, 1.0, 3e-6), (0.5, 1.5, 0.0), size=101.0) == (1, [0, 1])


def test_steps_shrink_three_times_at_most_and_no_longer_than_the_slope_changes():
    bent = [(2.0**-k - 8.0**-k, 2.0**-k + 8.0**-k, 0.0) for k in range(6)]
    assert told(*bent) == (-3, [0, -1, -2, -3])
    assert told(*bent[:2], (0.4996, 0.4996, 0.0)) == (-1, [0, -1, -2])


def test_a_change_is_enough_below_rounding_and_the_finest_fraction_of_the_slope():
    assert told((2.0, 2.0, 0.0), (1.9981, 1.9981, 0.0)) == (0, [0, -1])
    assert told((2.0, 2.0, 0.0), (1.9979, 1.9979, 0.0), (1.9979, 1.9979, 0.0)) == (-1, [0, -1, -2])
    assert told((-2.0, -2.0, 0.0), (-2.0019, -2.0019, 0.0)) == (0, [0, -1])
    assert told((2.0, 2.0, 0.0), (1.9972, 1.9972, 1e-9)) == (-1, [0, -1, -2])
    assert told((2.0, 2.0, 0.0), (1.9972, 1.9972, 1e-3), finest=1e-3) == (0, [0, -1])


def test_steps_do_not_shrink_into_rounding_or_over_what_has_no_value():
    assert told((2.0, 2.0, 0.0), (1.0, 1.0, 2 * CLEAR), (1.0, 1.0, 0.0)) == (-1, [0, -1, -2])
    assert told((2.0, 2.0, 0.0), (1.0, 1.0, 2 * DROWNED), (1.0, 1.0, 0.0)) == (0, [0, -1])
    assert told((2.0, 2.0, 0.0), (1.0, 1.0, 5 * CLEAR), (1.0, 1.0, 0.0), size=5.0) == (-1, [0, -1, -2])
    assert told((2.0, 2.0, 0.0), None) == (0, [0, -1])


def test_steps_do_not_shrink_at_a_jump_that_keeps_a_quarter_of_itself():
    assert told((1.0, 3.0, 0.0), (1.0, 1.51, 0.0)) == (0, [0, -1])
    assert told((1.0, 3.0, 0.0), (1.0, 1.49, 0.0), None) == (-1, [0, -1, -2])
    assert told((1.0, 3.0, 0.0), (1.0, 1.52, 0.03), None, finest=1e-9)[1] == [0, -1]
