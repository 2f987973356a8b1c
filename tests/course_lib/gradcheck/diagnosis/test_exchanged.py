"""Arrays in each other's place, and factors that are missing."""

import numpy as np
import pytest

from course_lib import Cause, check_vjp

RNG = np.random.default_rng(2)
X, Y = RNG.normal(size=(3, 4)), RNG.normal(size=(3, 4))


def explained(forward, backward, *inputs, k=0):
    check = check_vjp(forward, backward, *inputs)
    return check.arguments[k].explanation


def test_another_argument_stands_in_a_product():
    said = explained(lambda x, y: (x * y**2, (x, y)), lambda d, c: (d * c[0] ** 2, 2 * d * c[0] * c[1]), X, Y)
    assert "lacks" not in said  # no factor of one array explains it
    said = explained(lambda x, y: (x * y, (x, y)), lambda d, c: (d * c[0], d * c[0]), X, Y)
    assert said == "of y and x, one stands where the other belongs"


def test_a_divisor_that_stands_for_another_is_told_without_saying_which_is_wrong():
    x = np.array([[0.5, 2.0, 3.0], [1.5, 0.7, 4.0]])
    said = explained(lambda x: (np.log(x), x), lambda d, x: d / np.log(x), x)
    assert said == "of the output and x, one stands where the other belongs"


def test_a_factor_that_no_argument_is_does_not_make_the_output_stand_in_a_place():
    def forward(x, g):
        unit = x / np.linalg.norm(x)
        return g * unit, (g, unit)

    said = check_vjp(forward, lambda d, c: (d, d), X, Y).arguments[1].explanation
    assert said.startswith("no simple slip"), said


def test_another_matrix_stands_in_a_product():
    V, W = RNG.normal(size=(4, 2)), RNG.normal(size=(4, 2))

    def forward(x, v, w):
        return x @ v + np.sin(x @ w), (x, v, w)

    def backward(d, cache):
        x, _, w = cache
        inner = d * np.cos(x @ w)
        return d @ w.T + inner @ w.T, x.T @ d, x.T @ inner

    check = check_vjp(forward, backward, X, V, W)
    assert (
        "v stands where w belongs" not in check.arguments[0].explanation
    )  # two products: neither determined

    said = explained(
        lambda x, v, w: (x @ v, (x, v, w)),
        lambda d, c: (d @ c[2].T, c[0].T @ d, np.zeros_like(c[2])),
        X,
        V,
        W,
    )
    assert said == "w stands where v belongs, an array of the same shape"


@pytest.mark.parametrize(
    ("backward", "said"),
    [
        (lambda d, x: d, "yours lacks the factor cos(x)"),
        (lambda d, x: d * np.cos(x) ** 2, "yours has the factor cos(x) once too often"),
    ],
)
def test_a_factor_of_the_local_derivative(backward, said):
    assert explained(lambda x: (np.sin(x), x), backward, X) == said


def test_the_output_is_a_factor_too():
    def forward(x):
        out = 1 / (1 + np.exp(-x))
        return out, out

    assert explained(forward, lambda d, out: d * out, X) == "yours lacks the factor (1 - the output)"


def test_a_matrix_that_forward_made_is_to_be_transposed():
    Q, K = RNG.normal(size=(3, 3)), RNG.normal(size=(3, 3))

    def forward(q, k):
        return np.tanh(q @ k.T), (q, k)

    def backward(d, cache):
        q, k = cache
        s = d * (1 - np.tanh(q @ k.T) ** 2)
        return s @ k, s @ q

    check = check_vjp(forward, backward, Q, K)
    assert check.arguments[1].diagnosis is Cause.TRANSPOSED_OPERAND


def test_a_mistake_of_no_such_kind_is_not_given_one():
    said = explained(lambda x: (np.tanh(x), x), lambda d, x: d / (1 + x**2), X)
    assert "factor" not in said
    assert "stands" not in said
