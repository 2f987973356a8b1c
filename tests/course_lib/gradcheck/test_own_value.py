"""Gradients that are right for the value that a function returns, where the loss is another one."""

import functools

import numpy as np
import pytest

from course_lib import Cause, check_gradient, check_parameters

POINT = {"x": 0.7, "y": -1.3}


def sin_product(x, y):
    """What should be x * y + sin(y), with the sine of x, and the gradients of that."""
    return x * y + np.sin(x), {"x": y + np.cos(x), "y": x}


def gradients_of(function):
    @functools.wraps(function)
    def gradients(params):
        return function(**params)[1]

    return gradients


def true_loss(params):
    return params["x"] * params["y"] + np.sin(params["y"])


def test_gradients_that_are_right_for_a_wrong_value_are_told_so():
    check = check_parameters(true_loss, POINT, gradients_of(sin_product))
    for argument in check.arguments:
        assert argument.diagnosis is Cause.OTHER_VALUE
        assert argument.explanation == (
            "your gradients are right for the value that your function returns, -0.265782, and that value is "
            "wrong: it should be -1.87356, so look at the forward pass"
        )
    assert check.line.right
    assert check.passed is False


def test_the_same_of_a_function_of_one_argument():
    def penalty(w):
        return np.sum(np.abs(w)), 2 * w

    def squares(w):
        return np.sum(w**2), 2 * w

    def slope(x):
        return own(x)[1]

    for own, cause in ((squares, Cause.OTHER_VALUE), (penalty, Cause.LOCAL_DERIVATIVE)):
        slope.__wrapped__ = own
        check = check_gradient(lambda w: np.sum(w**4), np.array([1.0, -2.0, 0.3]), slope, name="w")
        assert check.arguments[0].diagnosis is cause


def test_a_cause_that_is_known_stays_and_the_value_is_a_note():
    def doubled(x, y):
        value, grads = 2 * (x * y + np.sin(y)), {"x": 2 * y, "y": 2 * (x + np.cos(y))}
        return value, grads

    check = check_parameters(true_loss, POINT, gradients_of(doubled))
    assert {argument.diagnosis for argument in check.arguments} == {Cause.FACTOR_2}
    assert "it should be -1.87356" in check.notes[-1]


def test_an_array_in_the_place_of_the_value_is_named_by_its_shape():
    def products(w):
        return w * w, {"w": 3 * w}

    check = check_parameters(lambda p: np.sum(p["w"] ** 2), {"w": np.ones(4)}, gradients_of(products))
    assert "its value has shape (4,), where one number is wanted" in str(check)


@pytest.mark.parametrize("value", [-1.8735581854171931, np.nan])
def test_nothing_is_said_of_a_value_that_is_right_or_none(value):
    def wrong(x, y):
        return value + 0 * x, {"x": 0.0, "y": 0.0}

    check = check_parameters(true_loss, POINT, gradients_of(wrong))
    assert all(argument.diagnosis is not Cause.OTHER_VALUE for argument in check.arguments)
    assert not check.notes


def test_nothing_is_said_of_a_value_where_the_gradients_are_wrong_for_it_too():
    def both_wrong(x, y):
        return x * y + np.sin(x), {"x": y, "y": x}

    check = check_parameters(true_loss, POINT, gradients_of(both_wrong))
    assert check.line.line is not None
    assert "look at the forward pass" not in str(check)


def test_nothing_is_said_of_a_value_that_differs_by_rounding():
    def rounded(x, y):
        return true_loss({"x": x, "y": y}) * (1 + 1e-13), {"x": y * (1 + 1e-7), "y": x + np.cos(y)}

    check = check_parameters(true_loss, POINT, gradients_of(rounded))
    assert check.passed is False
    assert "look at the forward pass" not in str(check)


@pytest.mark.parametrize(("factor", "told"), [(1 + 8e-5, False), (1 + 1.2e-4, True)])
def test_a_value_is_blamed_for_more_than_the_search_for_a_line_calls_right(factor, told):
    def larger(x, y):
        return factor * true_loss({"x": x, "y": y}), {"x": factor * y, "y": factor * (x + np.cos(y))}

    check = check_parameters(true_loss, POINT, gradients_of(larger))
    assert check.passed is False
    assert ("look at the forward pass" in str(check)) is told
