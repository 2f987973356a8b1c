"""A loss and its gradients that hand on to one flat function, whose line is then named."""

import numpy as np
import pytest

from course_lib import check_gradient, check_parameters

Z = np.array([0.3, -1.2, 0.8])


def lens(f, g, power=2.0):
    u = 1 / f
    v = 1 / g
    w = u - v
    out = w**power
    dw = power * w ** (power - 1)
    dv = dw
    df = -dw / f**2
    dg = -dv / g**2
    return out, df, dg


def flat(w, z, rate):
    a = w * z
    h = np.tanh(a)
    loss = h @ h + rate * w @ w
    dh = 2 * h
    da = dh * (1 - h)
    return loss, {"w": da * z + 2 * rate * w}


def right(w, z, rate):
    h = np.tanh(w * z)
    return h @ h + rate * w @ w, {"w": 2 * h * (1 - h**2) * z + 2 * rate * w}


POINT = {"f": 0.7, "g": 2.1}
W = np.array([0.5, 0.7, -0.4])


def test_values_of_forward_are_known_inside_and_gradients_stand_where_the_function_returns_them():
    check = check_parameters(
        lambda p: lens(**p)[0], POINT, lambda p: dict(zip(("f", "g"), lens(**p)[1:], strict=True))
    )
    assert (check.line.function, check.line.source) == ("lens", "dv = dw")
    assert check.line.sentences[0].startswith("d(output)/d(v): yours")


def test_of_one_argument_the_others_are_no_variables():
    check = check_gradient(lambda w: flat(w, Z, 0.1)[0], W, lambda w: flat(w, Z, 0.1)[1]["w"])
    assert check.line.source == "da = dh * (1 - h)"


class Model:
    def __init__(self, rate):
        self.rate = rate

    def loss(self, w, *, z):
        h = np.tanh(w)
        loss = h @ z + self.rate * w @ w
        dh = z
        return loss, dh * (1 - h) + 2 * self.rate * w


def test_a_method_of_an_object_is_followed_with_arguments_that_are_only_given_by_name():
    model = Model(0.1)
    check = check_gradient(lambda w: model.loss(w, z=Z)[0], W, lambda w: model.loss(w, z=Z)[1])
    assert (check.line.function, check.line.line) == ("loss", 5)
    assert check.line.sentences[0].startswith("d(output)/d(w[")


@pytest.mark.parametrize(
    ("loss", "gradient"),
    [
        (lambda w: right(w, Z, 0.1)[0], lambda w: flat(w, Z, 0.1)[1]["w"]),  # of two functions
        (lambda w: 2 * flat(w, Z, 0.1)[0], lambda w: 2 * flat(w, Z, 0.1)[1]["w"]),  # another loss
        (lambda w: 2 * flat(w, Z, 0.1)[0], lambda w: flat(w, Z, 0.1)[1]["w"]),  # another loss alone
        (lambda w: flat(w, Z, 0.1)[0], lambda w: 0.5 * flat(w, Z, 0.1)[1]["w"]),  # other gradients
        (lambda w: flat(w / 2, Z, 0.1)[0], lambda w: flat(w / 2, Z, 0.1)[1]["w"]),  # at another point
        (lambda w: flat(w, Z, 0.1)[0], lambda w: flat(w, w, 0.1)[1]["w"]),  # in two places
        (lambda w: flat(w, w, 0.1)[0], lambda w: flat(w, w, 0.1)[1]["w"]),  # in two places of both
    ],
)
def test_a_function_that_computes_something_else_is_not_followed_as_if_it_were_the_loss(loss, gradient):
    check = check_gradient(loss, W, gradient)
    assert check.passed is False
    assert "d(output)" not in str(check)


def test_where_no_line_explains_all_the_weaker_search_is_not_asked():
    def two(w):
        loss = np.sum(np.sin(w)) * np.sum(w**2)
        da = np.sum(w**2)
        db = 1.0
        return loss, da * np.sin(w) + 3 * db * w

    check = check_gradient(lambda w: two(w)[0], W, lambda w: two(w)[1])
    assert check.line is not None
    assert "d(loss)" not in str(check.line)
