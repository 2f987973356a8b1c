"""What is kept of each entry, in which order entries are judged, and what sizes matter."""

import numpy as np
import pytest
from judges_under_test import Quiet, judge_of, judged, line
from points_under_test import point_of, slopes_of

from course_lib import check_gradient
from course_lib.gradcheck.arrays import DOUBLE
from course_lib.gradcheck.entries import RIGHT, UNRESOLVED, WRONG
from course_lib.gradcheck.noise import GradientNoise, measure
from course_lib.gradcheck.verdict import Judge


@pytest.mark.parametrize(("outputs", "kept"), [(1000, True), (1001, False)])
def test_columns_are_kept_up_to_four_million_numbers(outputs, kept):
    point = point_of(lambda x: np.zeros(outputs) + x[0], np.ones(4000))
    assert Judge(point, Quiet(), 0, np.ones(4000))._keep_columns is kept


def test_the_middle_and_the_ends_of_a_kink_are_taken_as_meant():
    for slope in (-1.0, 0.0, 1.0):
        check = check_gradient(np.abs, 0.0, lambda x, s=slope: 1.001 * np.sign(x) if x else s)
        assert check.passed is True
    for slope in (-1.02, 1.02, 3.0):
        assert check_gradient(np.abs, 0.0, lambda x, s=slope: np.sign(x) if x else s).passed is False


def test_a_wrong_slope_beside_a_kink_is_what_the_report_shows():
    check = check_gradient(np.abs, 0.0, lambda x: 1.001 * np.sign(x) if x else 0.3)
    assert abs(check.arguments[0].numerical) == pytest.approx(1.0)
    assert check.arguments[0].kinks == 0


def test_what_is_found_of_an_entry_is_kept_with_that_entry():
    judge = judge_of([1.0, 1.5, 1.0], lambda i, h: slopes_of(h, 1.0, 1.0, rounding=1e-9 * (i + 1)))
    judge.judge(np.arange(3))
    entries = judge.entries
    assert entries.state.tolist() == [RIGHT, WRONG, RIGHT]
    assert entries.numerical.tolist() == [1.0, 1.0, 1.0]
    assert not entries.rough.any()
    assert sorted(entries.jacobian) == [0, 1, 2]
    assert 2e-9 < entries.allowed[1] < 4e-9


def test_a_wrong_slope_beside_a_kink_is_kept_with_its_entry():
    def gradient(x):
        return np.where(x == 0, 0.3, np.array([1.0, 1.001, 1.0]) * np.sign(x))

    judge = judged(lambda x: np.sum(np.abs(x)), gradient, np.array([1.0, 0.0, 2.0]))
    assert judge.entries.state.tolist() == [RIGHT, WRONG, RIGHT]
    assert abs(judge.entries.numerical[1]) == pytest.approx(1.0)
    assert judge.entries.allowed[1] < 1e-3
    assert not judge.edges
    right = judged(
        lambda x: np.sum(np.abs(x)), lambda x: np.where(x == 0, 0.3, np.sign(x)), np.array([1.0, 0, 2])
    )
    assert right.entries.state.tolist() == [RIGHT] * 3
    assert list(right.edges) == [1]


def test_ladders_are_climbed_where_a_look_disagrees_most():
    errors = np.array([1e-3, 0.5, 1e-4, 0.3, 0.0, -0.2, 1e-2, -0.4])
    judge = judge_of(1 + errors, line(1.0))
    judge.judge(np.arange(8))
    asked = judge.prober.asked
    assert sorted(k for k in range(8) if asked[k] > 3) == [1, 3, 5, 7]
    assert judge.entries.state.tolist() == [WRONG] * 4 + [RIGHT] + [WRONG] * 3


def test_a_narrow_entry_is_tried_with_smaller_steps_at_its_own_place():
    usual = DOUBLE ** (1 / 3)
    judge = judge_of(
        [1.0] * 3, lambda i, h: slopes_of(h, 1.0, 1.0, rounding=1e-12) if i != 1 or h < usual / 15 else None
    )
    judge.judge(np.arange(3))
    assert judge.entries.state.tolist() == [RIGHT] * 3


def mixed(x):
    """Of five entries: smooth, on a kink, at a minimum, beside the edge of a domain, and small."""
    return np.sin(x[0]) + np.abs(x[1]) + (x[2] - 2) ** 2 + np.sqrt(x[3]) + 1e-3 * x[4]


def mixed_gradient(x):
    return np.array([np.cos(x[0]), 0.3, 2 * (x[2] - 2), 0.5 / np.sqrt(x[3]), 1e-3])


@pytest.mark.parametrize("wrong", [None, 0, 1, 2, 3, 4])
def test_an_entry_is_judged_at_its_place_in_its_argument(wrong):
    x = np.array([0.7, 0.0, 2.0, 1e-7, -5.0])
    gradient = mixed_gradient(x)
    if wrong is not None:
        gradient[wrong] = -7.0 if wrong == 1 else gradient[wrong] * 1.01 + 1e-4 * (wrong == 2)
    point = point_of(lambda a, x, b: mixed(x) + 0 * a.sum() + b[1] ** 2, np.ones(2), x, np.ones(3))
    point = measure(point, 0)
    judge = Judge(point, GradientNoise(point, [np.zeros(2), gradient, np.zeros(3)]), 1, gradient)
    judge.judge(np.arange(5)[::-1])
    states = [WRONG if k == wrong else RIGHT for k in range(5)]
    assert judge.entries.state.tolist() == states
    assert judge.entries.kink.tolist() == [False, True, False, False, False]
    assert list(judge.edges) == ([] if wrong == 1 else [1])
    np.testing.assert_allclose(
        judge.entries.numerical[[0, 2, 3, 4]], mixed_gradient(x)[[0, 2, 3, 4]], 1e-4, 1e-9
    )
    assert sorted(judge.entries.jacobian) == list(range(5))
    assert [float(judge.entries.jacobian[k][0]) for k in (0, 3, 4)] == pytest.approx(
        [mixed_gradient(x)[k] for k in (0, 3, 4)], rel=1e-4
    )


def test_a_look_is_kept_with_its_entry_whatever_it_shows():
    judge = judge_of([1.0, 2.0, 4.0, 3.0], lambda i, h: slopes_of(h, i + 1.0, i + 1.0 + 0.5 * (i == 2)))
    judge.judge(np.arange(4))
    entries = judge.entries
    assert entries.numerical.tolist() == [1.0, 2.0, 3.25, 4.0]
    assert entries.rough.tolist() == [False, False, True, False]
    assert [entries.jacobian[k].tolist() for k in range(4)] == [[1.0], [2.0], [3.25], [4.0]]
    assert entries.state.tolist() == [RIGHT, RIGHT, WRONG, WRONG]


def test_one_side_alone_settles_nothing_at_a_look():
    judge = judge_of([1.0], line(1.0, one_sided=True))
    judge.judge(np.arange(1))
    assert judge.prober.asked[0] == 4  # two for the size of the steps, one, and another


@pytest.mark.parametrize("scale", [1e-20, 1.0, 1e20])
@pytest.mark.parametrize(
    ("f", "steep"), [(lambda x: np.heaviside(x, 0.5), True), (lambda x: 1e14 + x, False)]
)
def test_no_step_is_small_enough_where_rounding_hides_less_than_a_hundredth_of_the_slopes(scale, f, steep):
    judge = judged(lambda x: np.sum(scale * f(x)), lambda x: np.full(x.shape, scale), np.zeros(2))
    assert judge.entries.state.tolist() == [UNRESOLVED] * 2
    assert judge.entries.steep.tolist() == [steep] * 2
