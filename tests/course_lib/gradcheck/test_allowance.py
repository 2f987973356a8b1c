"""What an entry is allowed, and how well its slope is to be known, by numbers that are given."""

import numpy as np
import pytest
from judges_under_test import judge_of, line
from points_under_test import slopes_of

from course_lib.gradcheck.arrays import DOUBLE, SINGLE


def test_the_floor_is_ten_times_the_noise_a_billionth_and_sixteen_units_of_what_could_be():
    judge = judge_of([2.0, 0.5], line(2.0), noise=3e-6, variation=np.full(1, 1.5))
    assert judge.allowance.floor(0) == pytest.approx(3e-5 + 2e-9, rel=1e-12, abs=0)
    judge.judge(np.arange(2))
    assert judge.allowance.floor(0) - 3e-5 - 2e-9 == pytest.approx(
        16 * DOUBLE * 1.5, rel=1e-4, abs=0
    )  # outputs vary by 1.5
    judge = judge_of([2.0], lambda i, h: slopes_of(h, 2 - 4 * h, 2 + 4 * h), variation=np.full(1, 9.0))
    judge.judge(np.arange(1))
    # no more than the size that matters, and the curvature of 8 times the rounding of the input
    assert judge.allowance.floor(0) - 2e-9 == pytest.approx(16 * DOUBLE * (2.0 + 8.0), rel=1e-4, abs=0)


def test_what_is_at_rest_is_allowed_units_of_its_own():
    allowance = judge_of([1.0, 1.0]).allowance
    allowance.at_rest[1] = 0.5, 2.0
    assert allowance.floor(1) - allowance.floor(0) == pytest.approx(16 * DOUBLE * 2.5, rel=1e-4, abs=0)


def test_single_precision_is_asked_for_less():
    double, single = judge_of([1.0]), judge_of([1.0], epsilon=SINGLE)
    assert (double.allowance.wanted(0), single.allowance.wanted(0)) == pytest.approx(
        (1e-6, 30 * SINGLE ** (2 / 3))
    )
    assert (double.allowance.floor(0), single.allowance.floor(0)) == pytest.approx((1e-9, 32 * SINGLE))
    kinked = [judge._kink_jump for judge in (double, single, judge_of([1.0], epsilon=1e-4))]
    assert kinked == pytest.approx([100 * DOUBLE ** (1 / 3), 100 * SINGLE ** (1 / 3), 0.5])


def test_small_entries_are_looked_at_no_more_closely_than_a_thousandth_of_what_matters():
    judge = judge_of([4.0, -0.5, 1e-3, 0.0])
    assert [judge.allowance.wanted(k) for k in range(4)] == pytest.approx([4e-6, 0.5e-6, 4e-9, 4e-9])


def test_an_entry_is_resolved_to_a_two_thousandth_of_what_matters_or_a_hundredth_of_itself():
    judge = judge_of([4.0, -4.0, 0.01])
    for index, limit in ((0, 4e-2), (1, 4e-2), (2, 2e-3)):
        assert judge.allowance.resolves(index, 0.99 * limit)
        assert not judge.allowance.resolves(index, 1.01 * limit)
    single = judge_of([4.0, 0.01], epsilon=SINGLE)
    assert single.allowance.resolves(1, 3.9 * SINGLE ** (1 / 3))
    assert not single.allowance.resolves(1, 4.1 * SINGLE ** (1 / 3))


def test_where_rounding_was_seen_curvature_may_be_nothing_else():
    judge = judge_of([1e-12, 1e-12])
    judge.allowance.size, judge.allowance.by_curvature[1] = DOUBLE, 1.0
    for around, limit in ((np.zeros(1), 5e-4), (np.ones(1), 1e-14)):
        judge.allowance.around[1] = around
        assert judge.allowance.resolves(1, 0.99 * limit)
        assert not judge.allowance.resolves(1, 1.01 * limit)


@pytest.mark.parametrize(("units", "limit"), [(63, 5e-4), (65, 1e-14)])
def test_where_all_but_the_curvature_is_rounding_that_is_what_matters(units, limit):
    judge = judge_of([1e-12, 1e-12])
    judge.allowance.size, judge.allowance.by_curvature[1] = units * DOUBLE, 1.0
    assert judge.allowance.resolves(1, 0.99 * limit)
    assert not judge.allowance.resolves(1, 1.01 * limit)
