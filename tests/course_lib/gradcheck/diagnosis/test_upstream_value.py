"""A way back that starts from the value of the loss."""

import numpy as np

from course_lib import check_vjp

X = np.random.default_rng(1).normal(size=(3, 2))


def test_the_value_where_one_belongs():
    check = check_vjp(lambda x: (np.sin(x), x), lambda d, x: d * np.cos(x) * np.sum(d * np.sin(x)), X)
    assert "that is the value of the loss" in check.arguments[0].explanation


def test_another_number_that_dout_gives():
    check = check_vjp(lambda x: (np.sin(x), x), lambda d, x: d * np.cos(x) * np.sum(d), X)
    assert "not proportional to dout" in check.arguments[0].explanation
