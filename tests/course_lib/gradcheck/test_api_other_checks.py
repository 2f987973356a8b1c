import numpy as np
import pytest

from course_lib import (
    Cause,
    GradientMismatch,
    assert_gate,
    assert_gradient,
    assert_parameters,
    check_gate,
    check_gradient,
    check_parameters,
)


class Multiply:
    def forward(self, x, y):
        self._cache = x, y
        return x * y

    def backward(self, dz):
        x, y = self._cache
        return dz * y, dz * x


class Maximum:
    def __init__(self, to_x, to_y):
        self._shares = to_x, to_y

    def forward(self, x, y):
        self._cache = x, y
        return np.maximum(x, y)

    def backward(self, dz):
        x, y = self._cache
        to_x, to_y = self._shares
        return dz * np.where(x == y, to_x, x > y), dz * np.where(x == y, to_y, y > x)


@pytest.mark.parametrize("inputs", [(3.0, -4.0), (3, -4), (np.array([1.0, 2.0]), np.array([3.0, -1.0]))])
def test_a_right_gate_passes_on_numbers_and_arrays(inputs):
    assert check_gate(Multiply(), *inputs).passed is True


def test_a_gate_with_swapped_gradients_is_named():
    class Swapped(Multiply):
        def backward(self, dz):
            return super().backward(dz)[::-1]

    check = check_gate(Swapped(), np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, -6.0]))
    assert check.function == "Swapped"
    assert [argument.diagnosis for argument in check.arguments] == [Cause.SWAPPED_ARGUMENTS] * 2


def test_a_gate_whose_backward_works_only_once_fails():
    class Once(Multiply):
        def backward(self, dz):
            gradients = super().backward(dz)
            self._cache = 0.0, 0.0
            return gradients

    check = check_gate(Once(), 3.0, -4.0)
    assert check.arguments[0].diagnosis == Cause.MUTATED


class Copy:
    def __init__(self, used):
        self._used = used

    def forward(self, x):
        return (x, x, x)

    def backward(self, *douts):
        return (sum(douts[: self._used]),)


@pytest.mark.parametrize("x", [2.0, np.array([1.0, -2.0])])
def test_a_gate_with_several_outputs_gets_as_many_upstream_gradients(x):
    assert check_gate(Copy(3), x).passed is True
    assert check_gate(Copy(2), x).passed is False


@pytest.mark.parametrize("shares", [(1, 0), (0, 1), (0.5, 0.5), (0.3, 0.7)])
def test_any_two_shares_of_a_tie_that_sum_to_one_pass(shares):
    assert check_gate(Maximum(*shares), 2.0, 2.0).passed is True


@pytest.mark.parametrize("shares", [(1, 1), (0, 0), (0.5, 0.4), (1.5, -0.5)])
def test_shares_of_a_tie_that_do_not_sum_to_one_fail(shares):
    assert check_gate(Maximum(*shares), 2.0, 2.0).passed is False


def test_a_gradient_is_checked_as_data_and_as_a_function():
    x = np.array([[3.0, 4.0], [1.0, -2.0]])

    def squares(x):
        return float(np.sum(x**2))

    assert check_gradient(squares, x, 2 * x).passed is True
    assert check_gradient(squares, x, lambda x: 2 * x).passed is True
    wrong = check_gradient(squares, x, x, name="weights")
    assert wrong.arguments[0].name == "weights"
    assert wrong.arguments[0].diagnosis is not None
    assert Cause.FACTOR_2 in wrong.arguments[0].diagnosis


def test_parameters_are_checked_by_name():
    params = {"W": np.arange(6.0).reshape(2, 3), "b": np.array([0.5, -1.0, 2.0])}

    def loss(params):
        return float(np.sum(params["W"] ** 2) + np.sum(np.sin(params["b"])))

    def grads(params):
        return {"W": 2 * params["W"], "b": np.cos(params["b"])}

    assert check_parameters(loss, params, grads(params)).passed is True
    assert check_parameters(loss, params, grads).passed is True
    assert check_parameters(lambda p: (loss(p), "scores"), params, grads(params)).passed is True
    check = check_parameters(loss, params, grads(params) | {"b": -np.cos(params["b"])})
    assert [(argument.name, argument.diagnosis) for argument in check.arguments] == [
        ("W", None),
        ("b", Cause.SIGN),
    ]


@pytest.mark.parametrize(
    ("grads", "words"),
    [
        ({"W": np.ones(2)}, "grads has no entry 'b'"),
        ([1.0], "grads is of type list; expected a dict of arrays"),
    ],
)
def test_missing_gradients_of_parameters_are_named(grads, words):
    params = {"W": np.ones(2), "b": np.ones(2)}
    assert words in str(check_parameters(lambda p: float(p["W"] @ p["b"]), params, grads))


def test_the_assert_twins_raise_what_the_checks_report():
    x = np.array([1.0, 2.0, 3.0])
    assert_gate(Multiply(), 2.0, 3.0)
    assert_gradient(lambda x: float(x @ x), x, 2 * x)
    assert_parameters(lambda p: float(p["x"] @ p["x"]), {"x": x}, {"x": 2 * x})
    with pytest.raises(GradientMismatch):
        assert_gate(Maximum(1, 1), 2.0, 2.0)
    with pytest.raises(GradientMismatch, match="opposite sign"):
        assert_gradient(lambda x: float(x @ x), x, -2 * x)
    with pytest.raises(GradientMismatch, match="the gradient of x has shape"):
        assert_parameters(lambda p: float(p["x"] @ p["x"]), {"x": x}, {"x": 2.0})
