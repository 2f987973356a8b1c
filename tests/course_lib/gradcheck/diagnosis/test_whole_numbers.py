"""Gradients whose numbers are cut off after the point."""

import numpy as np
import pytest
from views_under_test import view_of

from course_lib import Cause, check_vjp
from course_lib.gradcheck.diagnosis import whole_numbers

RIGHT = np.array([1.25, -2.5, 0.75, 3.0])


def explained(yours, right=RIGHT, **known):
    return whole_numbers.explain(view_of(yours, right, **known))


@pytest.mark.parametrize("way", [np.floor, np.trunc, np.rint])
def test_whole_numbers_beside_the_right_ones_are_named(way):
    cause, sentence = explained(way(RIGHT))
    assert cause == Cause.LOCAL_DERIVATIVE
    assert sentence == (
        "yours are the numerical gradients made whole numbers: what comes after the point is cut off, as by "
        "//, int or an array of integers"
    )


def test_other_numbers_and_few_are_no_whole_numbers():
    assert explained(np.ceil(RIGHT)) is None
    assert explained(np.floor(RIGHT) + np.array([0, 0, 0, 1.0])) is None
    assert explained([1.0, -3.0, 0.0, 3.0], [1.25, -2.5, 0.0, 3.0]) is None  # two are cut
    assert explained([1.0, -3.0, 0.0, 3.0], [1.25, -2.5, 0.5, 3.0]) is not None
    assert explained(np.zeros(4), [0.25, -0.5, 0.5, 0.75]) is None  # as where a mask stops all


def test_a_floor_division_is_heard_of_though_it_is_not_proportional_to_the_upstream_gradient():
    x = np.random.default_rng(0).normal(size=6) * 9
    check = check_vjp(lambda x: (x**2, x), lambda dout, x: 2 * dout * x // 1, x)
    assert "made whole numbers" in str(check)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("share", "named"), [(0.98, False), (1.02, True)])
def test_an_entry_is_cut_off_where_it_is_off_by_more_than_the_others_may_be(share, named, sign):
    for allowed in (1e-12, 1e-3):
        right = np.array([1.25, -2.25, sign * (1000 + share * (1000e-5 + 20 * allowed)), 0.4])
        kink = [False, False, False, True]  # what is out of use may be anything
        found = explained([1.0, -2.0, sign * 1000.0, 0.7], right, allowed=allowed, kink=kink)
        assert (found is not None) is named
