"""Looks at entries, at steps that say something about the point."""

from types import SimpleNamespace

import numpy as np
import pytest
from judges_under_test import judge_of, line, sides
from points_under_test import point_of, slopes_of

from course_lib.gradcheck.arrays import DOUBLE, SINGLE
from course_lib.gradcheck.looks import Looks


def test_steps_beyond_twice_the_size_or_within_256_rounding_units_say_nothing():
    judge = judge_of([1.0] * 3, line(1.0), x=[3.0, 0.0, 0.1])
    size = np.sqrt(9.01 / 3)
    for index, smallest, largest in ((0, 3.0, 3.0), (1, size, size), (2, 0.1, size)):
        for step, measured in ((1.99 * largest, 1), (2.01 * largest, 0)):
            assert (judge.measure(index, step) is not None) is bool(measured)
        assert judge.measure(index, 257 * DOUBLE * smallest) is not None
        assert judge.measure(index, 255 * DOUBLE * smallest) is None


def test_a_step_of_more_than_a_tenth_of_an_entry_may_see_a_kink_beside_it_but_not_beside_a_zero():
    judge = judge_of([1.0] * 3, line(1.0), x=[2.0, 0.0, 1e-17])
    assert [judge._reaches_far(0, step) for step in (0.19, 0.21)] == [False, True]
    assert not judge._reaches_far(1, 1.0)
    assert not judge._reaches_far(2, 1.0)  # rounding beside the others is 0


def test_a_kink_that_a_much_smaller_step_does_not_see_is_beside_the_entry():
    for near, beside in ((None, False), ((1.0, 1.0), True)):
        judge = judge_of([1.0], sides(1.0, 3.0, near))
        assert judge._lies_beside(0, judge.measure(0, DOUBLE ** (1 / 3))) is beside


def test_where_a_usual_step_leaves_the_domain_five_smaller_ones_are_tried():
    judge, asked = judge_of([1.0], line(1.0), x=[3.0]), []
    judge.measure = lambda index, step: asked.append((index, step))
    assert judge._first_inside_domain(0) is None
    assert asked == [(0, judge._usual[0] / 16.0**k) for k in (1, 2, 3, 4, 5)]
    judge.measure = lambda index, step: "slopes" if step < judge._usual[0] / 100 else None
    assert judge._first_inside_domain(0) == "slopes"


def test_steps_of_single_precision_may_be_sixteen_rounding_units():
    judge = judge_of([1.0], line(1.0), x=[3.0], epsilon=SINGLE)
    units = 3.0 * SINGLE
    assert judge.measure(0, 17 * units) is not None
    assert judge.measure(0, 15 * units) is None


def test_an_entry_is_rounding_where_it_is_no_more_than_that_of_the_median_entry():
    for own, far in ((0.9e-15, False), (1.1e-15, True)):
        judge = judge_of([1.0] * 3, line(1.0), x=[own, 1e-15 / DOUBLE, 0.0])
        judge._sizes = np.array([own, 1e-15 / DOUBLE, 1e-15 / DOUBLE, 0.0])
        assert judge._reaches_far(0, 1.0) is far


def test_the_noise_that_is_known_around_an_entry_is_in_its_slopes():
    judge = judge_of([1.0] * 2, line(1.0))
    judge.allowance.around[1] = np.array([1e-6])
    assert judge.measure(0, 1e-5).rounding == 0.0
    assert judge.measure(1, 1e-5).noise == pytest.approx([0.1])


def looks(w, argument=1):
    """Looks at w of a function of x (two large numbers) and w, whose slopes are 2 w."""
    point = point_of(lambda x, w: np.sum(w**2) + 0 * np.sum(x), np.full(2, -1e3), np.array(w))
    return Looks(point, argument, SimpleNamespace(around={}))


W = [[3.0, -4.0, 0.0], [0.5, -0.25, 2.0]]


@pytest.mark.parametrize("index", range(6))
def test_an_entry_is_looked_at_in_its_own_argument_with_steps_of_its_own_size(index):
    found, own = looks(W), abs(np.ravel(W)[index])
    assert found.measure(index, 1e-5).central == pytest.approx(2 * np.ravel(W)[index], abs=1e-6)
    usual = max(own, np.sqrt(np.mean(np.square(W))))
    assert found._usual[index] == pytest.approx(usual * DOUBLE ** (1 / 3))
    assert found._own_size(index) == own
    assert found.measure(index, 2.1 * usual) is None
    assert found.measure(index, 2.1 * usual, unit=1.2 * usual) is not None
    assert found.measure(index, 2.1 * usual, unit=-1.2 * usual) is None
    assert found._first_inside_domain(index).step == pytest.approx(found._usual[index] / 16, rel=1e-4)


def test_of_nothing_but_zeros_none_reaches_far():
    assert not looks([[0.0, 0.0]])._reaches_far(1, 1.0)
    assert looks([[0.0, 1.5]])._reaches_far(1, 0.2)
    assert not looks([[0.0, 1.5]])._reaches_far(1, 0.14)


@pytest.mark.parametrize(
    ("jumps", "closer", "beside"),
    [
        ((2.0,), None, False),
        ((2.0,), (1.1,), False),
        ((2.0,), (0.0,), True),
        ((2.0, 2.0), (1.5, 0.0), True),  # the closer ones are compared with half of all
        ((4.0, 0.4), (2.5, 0.0), False),
    ],
)
def test_a_kink_lies_beside_where_less_than_half_of_it_is_left_65536_times_nearer(jumps, closer, beside):
    found, asked = looks(W), []

    def measure(index, step):
        asked.append((index, step))
        return closer and slopes_of(step, np.zeros(len(closer)), closer)

    found.measure = measure
    assert found._lies_beside(4, slopes_of(1.0, np.zeros(len(jumps)), jumps)) is beside
    assert asked == [(4, 1 / 65536)]
