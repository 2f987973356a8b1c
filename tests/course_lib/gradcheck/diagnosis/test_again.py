"""What fits at one point by chance is asked for at another, and not named."""

import numpy as np

from course_lib import Cause, check_gradient, check_vjp

X = np.array([0.5, -1.2, 2.0, 0.7])


def explanation(check, k=0):
    assert check.passed is False
    return check.arguments[k].explanation


def test_a_factor_that_is_another_number_elsewhere_is_no_constant():
    def gradient(w):
        z = float(w @ X)
        return 2 * z * abs(z) * X

    check = check_gradient(lambda w: (w @ X) ** 2, np.array([1.0, 2.0, -0.5, 1.5]), gradient)
    assert check.arguments[0].diagnosis is Cause.LOCAL_DERIVATIVE
    assert "the stretch that all entries share" in explanation(check)


def test_a_factor_that_is_the_same_elsewhere_is_named():
    check = check_gradient(lambda w: (w @ X) ** 2, X + 1, lambda w: 2.5 * 2 * (w @ X) * X)
    assert check.arguments[0].diagnosis is Cause.CONSTANT_FACTOR
    assert explanation(check).startswith("yours is 2.5 x")


def test_a_multiple_of_x_that_is_another_one_elsewhere_is_no_penalty():
    def norm_taken_for_constant(x):
        return X / np.linalg.norm(x)

    check = check_gradient(
        lambda x: float(x @ X / np.linalg.norm(x)), 2 * np.cos(X * 3), norm_taken_for_constant
    )
    assert Cause.REGULARIZATION not in check.arguments[0].diagnosis


def test_gradients_that_were_handed_over_have_no_other_point():
    check = check_gradient(lambda w: (w @ X) ** 2, X + 1, 2.5 * 2 * ((X + 1) @ X) * X)
    assert check.arguments[0].diagnosis is Cause.CONSTANT_FACTOR


def test_a_point_outside_the_domain_is_not_taken():
    x = np.array([1e-3, 2e-3, 1.0, 5.0])
    check = check_vjp(lambda x: (np.log(x), x), lambda dout, x: -dout / x, x)
    assert check.arguments[0].diagnosis is Cause.SIGN
