"""How arguments are read, what a check says of a loss that ignores them, and what it hands on to the rest."""

import functools

import numpy as np
import pytest

from course_lib import (
    Cause,
    GradientMismatch,
    assert_gate,
    assert_gradient,
    assert_parameters,
    assert_vjp,
    check_gate,
    check_gradient,
    check_parameters,
    check_vjp,
)

X = np.array([1.0, -2.0, 3.0])


class Counted:
    """A product whose gradients have another shape than they should; it counts its calls."""

    def __init__(self):
        self.calls = 0

    def forward(self, *factors):
        self.calls += 1
        return np.prod(factors)

    def backward(self, dout):
        return (np.ones(3), np.ones(3))


def calls_with(*inputs):
    gate = Counted()
    assert check_gate(gate, *inputs).passed is False
    return gate.calls


def test_where_all_are_whole_numbers_none_is_taken_for_data():
    assert calls_with(2, 3) == calls_with(2.0, 3.0) < calls_with(2.0, 3)


def test_the_first_stays_a_variable_where_all_are_whole_numbers_and_forward_fails_with_floats():
    def chosen(x, rows):
        return x[rows] ** 2, (x, rows)

    for factor, passed in ((2, True), (3, False)):

        def backward(dout, cache, factor=factor):
            x, rows = cache
            return np.bincount(rows, factor * x[rows] * dout, len(x)), None

        check = check_vjp(chosen, backward, np.array([1, 2, 3]), np.array([0, 2, 2]))
        assert [argument.name for argument in check.arguments] == ["x"]
        assert check.passed is passed


def test_whole_numbers_are_data_where_forward_cannot_be_called_otherwise():
    def repeated(x, count):
        return np.tile(x, range(count)[-1] + 1), count

    def backward(dout, count):
        return dout.reshape(count, -1).sum(axis=0)

    check = check_vjp(repeated, backward, X, 2)
    assert (check.passed, [argument.name for argument in check.arguments]) == (True, ["x"])
    wrong = check_vjp(repeated, lambda dout, count: np.ones(2), X, 2)
    assert "the gradient of x has shape (2,)" in str(wrong)  # the second attempt came further


def test_a_second_attempt_that_comes_no_further_is_not_told():
    def forward(x, count):
        raise KeyError(type(count).__name__)

    assert "KeyError: 'float'" in str(check_vjp(forward, lambda dout, cache: dout, X, 2))


def longer(x):
    return float(len(x + [1.0])) * x[0]  # noqa: RUF005 - of arrays this would add one to each


def test_a_mask_of_zeros_and_numbers_far_below_needs_no_gradient():
    def forward(scores, mask):
        p = np.exp(scores + mask)
        return p, p

    scores, mask = np.random.default_rng(0).normal(size=(3, 3)), np.where(np.tri(3), 0.0, -1e9)
    assert check_vjp(forward, lambda dout, p: dout * p, scores, mask).passed
    assert check_vjp(forward, lambda dout, p: (dout * p, None), scores, mask).passed
    assert check_vjp(forward, lambda dout, p: dout * (p + 1), scores, mask).passed is False
    assert not check_vjp(forward, lambda dout, p: dout * p, scores, mask - 1).passed  # a variable


def test_lists_are_read_as_lists_only_where_that_makes_it_right():
    assert check_gradient(longer, [2.0, 5.0], [3.0, 0.0]).passed is True
    wrong = check_gradient(longer, [2.0, 5.0], [4.0, 0.0])
    assert "numerical 2" in str(wrong)  # of the array that was tried first
    assert check_gradient(longer, X, [3.0, 0.0, 0.0]).passed is True


def test_a_list_of_labels_is_handed_on_as_it_is():
    def forward(x, labels):
        return x[0] * labels.count(1), labels

    check = check_vjp(forward, lambda dout, labels: [dout * labels.count(1), 0.0, 0.0], X, [1, 2, 1])
    assert (check.passed, len(check.arguments)) == (True, 1)


def message(call):
    with pytest.raises(GradientMismatch) as error:
        call()
    return " ".join(str(error.value).split())


def test_asserts_hand_everything_on():
    half = lambda dout, cache: dout / 2  # noqa: E731
    assert "`weights`" in message(lambda: assert_gradient(np.sum, X, X, name="weights"))
    assert "seed 7" in message(lambda: assert_gradient(np.sum, X, X, seed=7))
    given = {"dout": [8.0, 0.0, 0.0], "seed": 5, "names": ["scores"]}
    said = message(lambda: assert_vjp(lambda x: x + 0.0, half, X, **given))
    assert "`scores`" in said
    assert "yours 4, numerical 8" in said
    assert "seed 5" in said
    assert "unexpected keyword argument 'size'" in message(lambda: assert_vjp(lambda x: x, half, X, size=3.0))
    assert "seed 9" in message(lambda: assert_gate(Counted(), 1.0, 2.0, seed=9))
    assert "seed 4" in message(lambda: assert_parameters(lambda p: p["a"], {"a": 1.0}, {"a": 2.0}, seed=4))


def flat(a, b):
    c = a * b
    dc = 2 * c
    da = dc * a
    db = dc * a
    return c**2, {"a": da, "b": db}


@functools.wraps(flat)
def of_parameters(p):
    return flat(p["a"], p["b"])[1]


def test_the_wrong_line_of_a_flat_function_behind_the_gradients_is_named():
    params = {"a": 1.5, "b": -0.7}
    check = check_parameters(lambda p: flat(p["a"], p["b"])[0], params, of_parameters)
    assert check.line is not None
    assert check.line.source.strip() == "da = dc * a"
    right = check_parameters(lambda p: p["a"] ** 2, {"a": 1.5}, {"a": 3.0})
    assert right.line is None


def sine(x):
    y = np.sin(x)
    dx = np.sin(x)
    return y, {"x": dx}


@functools.wraps(sine)
def slope_of_sine(x):
    return sine(x)[1]["x"]


def test_the_wrong_line_of_a_function_of_one_argument_is_named():
    check = check_gradient(lambda x: np.sin(x), 0.7, slope_of_sine)
    assert check.line is not None
    assert check.line.source.strip() == "dx = np.sin(x)"


def test_keywords_are_arguments_and_come_by_their_names():
    def forward(x, *, low, high):
        return high * x - low, (x, high)

    def backward(dout, cache):
        return dout * cache[1], -dout.sum(), (dout * cache[0]).sum()

    assert check_vjp(forward, backward, X, low=0.5, high=2.5).passed is True
    swapped = check_vjp(forward, backward, X, high=2.5, low=0.5)
    assert [argument.name for argument in swapped.arguments] == ["x", "high", "low"]
    assert swapped.passed is False
    assert swapped.line is None


def test_a_number_given_by_name_may_be_a_setting_without_a_gradient():
    def forward(x, keep=0.8):
        return x**2 / keep, (x, keep)

    def backward(dout, cache):
        x, keep = cache
        return 2 * dout * x / keep

    assert check_vjp(forward, backward, X, keep=0.5).passed is True
    wrong = check_vjp(forward, lambda dout, cache: dout * cache[0] / cache[1], X, keep=0.5)
    assert [(argument.name, argument.passed) for argument in wrong.arguments] == [("x", False)]
    assert "expected 2 gradients" in str(check_vjp(forward, backward, X, 0.5))


def test_params_of_an_unprintable_type_are_named_safely():
    kind = type("red\x1b[31m", (), {})
    with pytest.raises(TypeError, match=r"it is of type red\\x1b"):
        check_parameters(lambda p: 0.0, kind(), {})


def test_an_argument_whose_factor_is_zero_here_is_not_ignored():
    def loss(params):
        return params["x"] * params["y"] + np.sin(params["y"])

    point = {"x": 3.0, "y": 0.0}
    check = check_parameters(loss, point, lambda p: {"x": p["x"], "y": p["y"] + np.cos(p["y"])})
    assert all(argument.diagnosis is not Cause.NO_DEPENDENCE for argument in check.arguments)
