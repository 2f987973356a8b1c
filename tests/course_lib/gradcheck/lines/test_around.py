"""A check that is written around one function names the line inside."""

import numpy as np

from course_lib import check_vjp, find_line
from tests.course_lib.gradcheck.lines.functions import product_grads, relu, relu_vjp

X = np.array([[1.0, -2.0, 3.0], [-1.0, 0.5, -0.25]])


def compare(function, forward, backward, **inputs):
    def called(dy, cache):
        return backward(*cache, dy)

    called.__name__, called.around = function.__name__, function
    return check_vjp(forward, called, *inputs.values(), names=tuple(inputs))


def right_relu_vjp(x, dy):
    return dy * (x > 0)


def relu_jacobian(x):
    return np.diag((x < 0).astype(float))


def fresh(*arrays):
    return [array.copy() for array in arrays]


def test_the_function_itself():
    check = compare(relu_vjp, relu, relu_vjp, x=X)
    assert (check.line.function, check.line.line, check.line.variable) == ("relu_vjp", 2, "mask")
    assert "the first wrong line is 2:  mask = x < 0" in str(check)


def test_what_the_check_does_to_its_arguments_is_run_as_it_is():
    assert compare(relu_vjp, relu, lambda x, dy: relu_vjp(*fresh(x, dy)), x=X).line.line == 2


def test_arguments_that_the_check_fills_in_and_several_gradients():
    w = np.array([[0.5, 1.0], [2.0, -1.0], [0.25, 3.0]])
    both = compare(product_grads, lambda x, w: x @ w, product_grads, x=X, w=w)
    assert (both.line.line, both.line.source) == (3, "dw = 2.0 * x.T @ dy")
    one = compare(product_grads, lambda w: X @ w, lambda w, dy: product_grads(X, w, dy)[1], w=w)
    assert one.line.line == 3


def test_the_only_line_is_wrong_whatever_the_check_makes_of_it():
    check = compare(relu_jacobian, relu, lambda x, dy: dy @ relu_jacobian(x), x=X[0])
    assert (check.line.line, check.line.sentences) == (
        2,
        ("it is the only line, and what comes of it is wrong",),
    )


def test_nothing_is_blamed_where_all_is_right():
    assert compare(right_relu_vjp, relu, right_relu_vjp, x=X).passed

    def called(dy, cache):
        return right_relu_vjp(*cache, dy)

    called.around = right_relu_vjp
    found = find_line(relu, called, X)
    assert (found.line, found.reason) == (None, "the gradients that it returns are right at this point")


def test_a_check_that_does_not_call_the_function_names_no_line():
    def called(dy, cache):
        return -dy

    called.around = relu_vjp
    found = find_line(relu, called, X)
    assert (found.line, found.reason) == (None, "the check does not call it")
