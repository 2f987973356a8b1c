"""A way back that starts from the value of the loss."""

import numpy as np
from views_under_test import view_of

from course_lib import Cause, check_vjp
from course_lib.gradcheck.diagnosis import upstream_value

X = np.random.default_rng(1).normal(size=(3, 2))


def test_the_value_where_one_belongs():
    check = check_vjp(lambda x: (np.sin(x), x), lambda d, x: d * np.cos(x) * np.sum(d * np.sin(x)), X)
    assert "that is the value of the loss" in check.arguments[0].explanation


def test_another_number_that_dout_gives():
    check = check_vjp(lambda x: (np.sin(x), x), lambda d, x: d * np.cos(x) * np.sum(d), X)
    assert "not proportional to dout" in check.arguments[0].explanation


WRONG = Cause.LOCAL_DERIVATIVE | Cause.CONSTANT_FACTOR


def explained(value, yours, right=X, dout=None):
    """Of a function whose output is this, with an upstream gradient: one, unless given."""
    view = view_of(yours, right, X, forward=lambda x: value, dout=dout)
    return upstream_value.explain(view)


def test_the_value_is_that_of_the_output_along_the_upstream_gradient():
    assert explained(3.0, 3 * X) == (
        WRONG,
        "yours is 3 x the numerical gradient, and that is the value of the loss: "
        "backward starts from the value, where the gradient of the loss by itself, 1, belongs",
    )
    assert explained(-3.0, -3 * X)[0] == WRONG
    assert explained(np.array([1.0, 4.0]), -2 * X, dout=[2.0, -1.0])[1].startswith("yours is -2 x")
    assert explained(3.0, 2 * X) is None
    assert explained(3.0, X) is None


def test_a_value_of_nothing_or_of_one_says_nothing():
    assert explained(0.0, 0 * X) is None
    assert explained(3.0, 0 * X, 0 * X) is None
    assert explained(1.0, X) is None
    for off in (1, -1):
        assert explained(1 + off * 0.9e-5, (1 + off * 0.9e-5) * X) is None
        assert explained(1 + off * 1.1e-5, (1 + off * 1.1e-5) * X) is not None
    assert explained(2.0, 2 * X) is not None
