"""Gradients that are right for the value that a function returns, where the loss is another one."""

import functools

import numpy as np
import pytest

from course_lib import Cause, check_gradient, check_parameters
from course_lib.gradcheck.lines.result import WrongLine
from course_lib.gradcheck.own_value import with_own_value
from course_lib.gradcheck.results import ArgumentCheck, GradientCheck

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


def own_value(function, line, loss=lambda: 4.0, others=(), error=1.0):
    """What becomes of a failed check of two arguments, one of them right."""
    wrong = ArgumentCheck("a", False, wrong=1, relative_error=error, diagnosis=Cause.LOCAL_DERIVATIVE)
    check = GradientCheck(
        "f", False, (wrong, ArgumentCheck("b", True, relative_error=1.0), *others), notes=("x",), line=line
    )
    found = with_own_value(check, function, {"w": [1.0]}, loss)
    return None if found is check else found


NONE_IS_NAMED = WrongLine("f", reason="the gradients that it returns are right at this point")
SAID = (
    "your gradients are right for the value that your function returns, 5, and that value is wrong: "
    "it should be 4, so look at the forward pass"
)


def test_another_value_is_the_cause_of_arguments_that_have_none_and_a_note_beside_others():
    alone = own_value(lambda w: (5.0, w), NONE_IS_NAMED)
    assert [(one.diagnosis, one.explanation) for one in alone.arguments] == [
        (Cause.OTHER_VALUE, SAID),
        (None, ""),
    ]
    assert alone.notes == ("x",)
    other = ArgumentCheck("c", False, wrong=1, diagnosis=Cause.SIGN)
    unknown = ArgumentCheck("d", False, wrong=1)
    found = own_value(lambda w: 5.0, NONE_IS_NAMED, others=(other, unknown))
    assert found.arguments[2] == other
    assert found.arguments[3].diagnosis is Cause.OTHER_VALUE
    assert found.notes == ("x", SAID)


def test_nothing_is_said_of_a_value_unless_no_line_is_named_because_all_is_right_for_it():
    for line in (None, WrongLine("f", 3), WrongLine("f", reason="it is a lambda")):
        assert own_value(lambda w: (5.0, w), line) is None
    other = WrongLine("f", reason="it is a lambda")
    said = "its value has shape (2,), where one number is wanted: look at the forward pass"
    assert own_value(lambda w: (np.ones(2), w), other).arguments[0].explanation == said
    for error, told in ((0.99e-4, False), (1.01e-4, True), (None, False)):
        assert (own_value(lambda w: 5.0, NONE_IS_NAMED, error=error) is not None) is told
    for factor, told in ((1 + 0.98e-9, False), (1 + 1.02e-9, True)):
        assert (own_value(lambda w, k=factor: 4.0 * k, NONE_IS_NAMED) is not None) is told


def test_the_inputs_are_not_changed_by_asking_for_the_value():
    def changing(w):
        w[0] += 1.0
        return w[0] + 2.0

    for _ in range(2):
        assert own_value(changing, NONE_IS_NAMED, loss=lambda: 4.0) is None
