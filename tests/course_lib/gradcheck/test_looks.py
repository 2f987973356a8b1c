"""Looks at entries, at steps that say something about the point."""

import numpy as np
from judges_under_test import judge_of, line, sides

from course_lib.gradcheck.arrays import DOUBLE


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
