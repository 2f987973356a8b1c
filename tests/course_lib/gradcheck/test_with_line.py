"""Checks of gradients that are given as a function name its first wrong line, as all others do."""

import functools

import numpy as np
import pytest

from course_lib import Cause, check_gradient, check_parameters, check_vjp
from course_lib.gradcheck.pairs import LossOfParameters, ScalarWithGradient

X = np.array([0.3, -1.2, 2.0, -0.4])
Y = np.array([1.0, 0.5, -0.5, 0.2])


def huber(x, y=Y, delta=0.7):
    r = x - y
    return np.where(np.abs(r) < delta, r**2 / 2, delta * (np.abs(r) - delta / 2)).mean()


def huber_grad(x, y=Y, delta=0.7):
    r = x - y
    small = np.abs(r) < delta
    g = np.where(small, r, delta)
    return g / x.size


def net_loss(params):
    return np.sum(np.tanh(X[:, None] @ params["w"]) ** 2) / 2


def net_grads(params):
    h = np.tanh(X[:, None] @ params["w"])
    dz = h * (1 - h)
    return {"w": X[None, :] @ dz}


def with_value(params):
    return net_loss(params), net_grads(params)


class Elsewhere:
    def __find_line__(self, rest, dout, seed):
        raise AssertionError


elsewhere = Elsewhere()


def asks_elsewhere(x):
    return 2 * x if elsewhere is not None else x


def loud(function):
    @functools.wraps(function)
    def inner(*args):
        return function(*args)

    return inner


@loud
def loud_grad(x):
    r = x - Y
    return r / 2


def named(check):
    return check.line and (check.line.function, check.line.line)


def told(check):
    """The first line and those that are named beside it."""
    return [suspect.line for suspect in check.line.candidates[: 1 + check.line.doubts]]


def test_a_function_of_gradients_is_followed():
    check = check_gradient(huber, X, huber_grad)
    assert named(check) == ("huber_grad", 4)
    assert "the first wrong line of huber_grad is 4" in str(check)
    assert 3 in told(check)  # the mask may be another


@pytest.mark.parametrize("grad", [lambda x: huber_grad(x), lambda x: huber_grad(x, Y, delta=0.7)])
def test_so_is_one_to_which_a_lambda_hands_on(grad):
    assert named(check_gradient(huber, X, grad)) == ("huber_grad", 4)


def test_the_values_of_the_function_are_followed_beside_it():
    def wave(x):
        a = x * Y
        b = np.sin(a)
        return np.sum(b * a)

    def wave_grad(x):
        a = x * Y
        b = np.sin(a)
        db = a
        da = b - db * np.cos(a)
        return da * Y

    check = check_gradient(wave, X, wave_grad)
    assert (named(check), check.line.doubts) == (("wave_grad", 5), 1)
    assert "d(loss)/d(a[" in str(check)  # which no name of the gradient tells alone
    assert "a goes into lines 3 and 4: its gradient is the sum over them" in str(check)


@pytest.mark.parametrize("grads", [net_grads, with_value])
def test_gradients_of_parameters_are_followed_where_they_are_made(grads):
    check = check_parameters(net_loss, {"w": np.array([[0.5, -0.3]])}, grads)
    assert check.line.line is not None
    assert check.line.function == grads.__name__
    assert (grads is net_grads) is (3 in told(check))


def test_gradients_are_followed_though_one_of_them_is_none():
    def grads(params):
        dw = 3 * params["w"]
        return {"w": dw, "b": None}

    params = {"w": X, "b": np.ones(4)}
    check = check_parameters(lambda p: np.sum(p["w"] ** 2 + p["b"]), params, grads)
    assert named(check) == ("grads", 2)


def test_gradients_that_cannot_be_followed_are_called_by_their_name():
    made = {}
    exec("def unread(x):\n    return 3 * x", made)
    line = check_gradient(huber, X, made["unread"]).line
    assert (line.function, line.line, line.reason) == ("unread", None, "its source cannot be read")


def test_what_a_decorator_made_is_followed_into_what_it_was_made_of():
    check = check_gradient(lambda x: np.mean((x - Y) ** 2) / 2, X, loud_grad)
    assert named(check)[0] == "loud_grad"
    assert set(told(check)) == {2, 3}


def test_what_a_check_made_around_other_functions_is_not_followed():
    factor, handed = 2.0, eval(compile("lambda x: x", "elsewhere", "eval"))

    def closure(x):
        return factor * handed(x)

    def around_data(x):
        return factor * x

    assert check_gradient(huber, X, closure).line is None
    assert named(check_gradient(huber, X, around_data)) == ("around_data", 2)
    assert check_gradient(huber, X, asks_elsewhere).line is None
    assert check_gradient(huber, X, 2 * X).line is None
    assert check_gradient(huber, X, lambda x: huber_grad(x) + asks_elsewhere(x)).line is not None


def test_right_gradients_have_no_line():
    assert check_gradient(lambda x: np.sum(x**2), X, lambda x: 2 * x).line is None


def test_a_pair_is_the_same_with_other_functions():
    scalar = ScalarWithGradient(huber, huber_grad).with_functions(np.sum, np.cos)
    assert scalar.forward([X])[0] == np.sum(X)
    np.testing.assert_array_equal(scalar.backward(1.0, [X])[0], np.cos(X))
    assert not scalar.given
    assert scalar.with_functions(huber, X).given
    pair = LossOfParameters(net_loss, {"w": X[None]}, net_grads, lambda leaf: True)
    other = pair.with_functions(net_loss, lambda params: {"w": 3 * params["w"]})
    assert other.forward([X[None]])[0] == net_loss({"w": X[None]})
    np.testing.assert_array_equal(other.backward(1.0, [X[None]])[0], 3 * X[None])


def product(x, y):
    s = x + y
    dx = s
    dy = s + x
    return s * x, {"x": s + x, "y": dy - dx}


def quotient(x, y):
    q = x / y
    dy = -q / y
    return q + 1, {"x": 1 / y, "y": dy}


def handed_on(flat):
    @functools.wraps(flat)
    def gradients(params):
        return flat(**params)[1]

    return gradients


def test_the_line_of_a_flat_function_is_named_in_it_by_the_names_of_its_arguments():
    params = {"x": 3, "y": 2.5}
    check = check_parameters(lambda p: (p["x"] + p["y"]) * p["x"], params, handed_on(product))
    assert check.passed is True
    check = check_parameters(lambda p: (p["x"] + p["y"]) * p["x"] * 2, params, handed_on(product))
    assert check.line.function == "product"
    check = check_parameters(lambda p: p["x"] / p["y"] + 1 + p["y"], params, handed_on(quotient))
    assert check.line.right
    (wrong,) = [argument for argument in check.arguments if argument.wrong]
    assert (wrong.name, wrong.diagnosis) == ("y", Cause.OTHER_VALUE)
    assert "your function returns, 2.2, and that value is wrong: it should be 4.7" in wrong.explanation


def test_a_flat_function_whose_line_is_wrong_is_asked_with_whole_numbers_as_floats():
    def slip(x, y):
        s = x * y
        dx = y + s
        return s, {"x": dx, "y": x}

    check = check_parameters(lambda p: p["x"] * p["y"], {"x": 3, "y": 2}, handed_on(slip))
    assert named(check) == ("slip", 3)
    assert "yours 8, numerical 2" in str(check)


def test_a_callable_that_is_no_function_wraps_nothing():
    class Gradients:
        __wrapped__ = product

        def __call__(self, params):
            return {"x": 1.0, "y": 1.0}

    check = check_parameters(lambda p: p["x"] * p["y"], {"x": 3.0, "y": 2.0}, Gradients())
    assert check.line is None or check.line.function != "product"


def test_where_forward_ignores_what_is_asked_about_no_line_of_the_gradients_is_wrong():
    checks = [
        check_vjp(lambda x, b: (x * 2, b), lambda d, b: (d * 2, d * b), X, Y),
        check_parameters(lambda p: np.sum(X**2), {"w": X}, loud(net_grads_of_nothing)),
    ]
    assert [check.line for check in checks] == [None, None]


def scaled(x, *, gain=1.0, offset=0.0):
    return np.exp(gain * x) + offset, (x, gain)


def scaled_back(dout, cache):
    x, gain = cache
    e = np.exp(gain * x)
    return dout * x * e


def test_a_cache_in_a_list_hides_no_line():
    def forward(x):
        return [np.exp(x), x]

    def backward(dout, x):
        dx = dout * np.exp(x)
        return 2 * dx

    assert told(check_vjp(forward, backward, X)) == [3]


def test_settings_by_name_are_handed_to_forward_where_a_line_is_looked_for():
    check = check_vjp(scaled, scaled_back, X, gain=0.7)
    assert named(check)[0] == "scaled_back"
    assert 4 in told(check)
    given = np.ones(4)  # a variable as well: which gradients stand where is not known
    assert check_vjp(lambda x, *, y: (x * y, y), lambda d, y: (d, d), X, y=given).line is None


def net_grads_of_nothing(params):
    dw = 2 * params["w"]
    return {"w": dw}


def test_the_line_of_the_flat_function_that_both_hand_on_to_is_named():
    def flat(w):
        h = np.tanh(w)
        dh = 2 * h
        return h @ h, dh * (1 - h)

    check = check_gradient(lambda w: flat(w)[0], np.array([0.5, -0.7]), lambda w: flat(w)[1])
    assert (check.line.function, check.line.line) == ("flat", 4)
