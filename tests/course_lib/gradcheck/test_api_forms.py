"""Values in forms that nobody asked for: lists, namedtuples, other dicts; functions with a memory."""

import collections
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

from course_lib import (
    Cause,
    check_gate,
    check_gradient,
    check_parameters,
    check_vjp,
    numerical_gradient,
    numerical_jacobian,
)


def test_a_list_of_whole_numbers_is_a_gradient_and_an_array_of_them_is_not():
    assert check_gradient(lambda x: np.sum(x**2), [1.0, 2.0], [2, 4]).passed is True
    assert check_gradient(lambda x: np.sum(x**2), [1.0, 2.0], [2, 5]).passed is False
    check = check_gradient(lambda x: np.sum(x**2), [1.0, 2.0], np.array([2, 4]))
    assert "has dtype int64; expected float64" in str(check)


def with_bias(x):
    return sum(w * v * v for w, v in zip((3.0, 5.0, 7.0), [1.0] + x, strict=True))  # noqa: RUF005 - lists add up


def test_a_list_may_be_meant_as_a_list():
    assert check_gradient(with_bias, [1.0, 2.0], [10.0, 28.0]).passed is True
    assert check_gradient(with_bias, [1.0, 2.0], [10.0, 29.0]).passed is False
    assert (
        check_parameters(lambda p: with_bias(p["x"]), {"x": [1.0, 2.0]}, {"x": [10.0, 28.0]}).passed is True
    )
    assert check_vjp(
        lambda x: (with_bias(x), x), lambda d, x: [10 * d * x[0], 14 * d * x[1]], [1.0, 2.0]
    ).passed


@pytest.mark.parametrize("factor", [1, 2])
def test_who_works_with_lists_may_return_one(factor):
    def forward(x, y):
        return [a * b for a, b in zip(x, y, strict=True)], (x, y)

    def backward(dout, cache):
        assert type(dout) is list
        x, y = cache
        dx = [d * b for d, b in zip(dout, y, strict=True)]
        return dx, [factor * d * a for d, a in zip(dout, x, strict=True)]

    check = check_vjp(forward, backward, [1.0, 2.0], [3.0, -4.0])
    assert [argument.passed for argument in check.arguments] == [True, factor == 1]
    mixed = check_vjp(lambda x: x.tolist(), lambda dout, cache: dout, np.ones(2))
    assert "forward returned a list; expected a number or a NumPy array" in str(mixed)


Layer = collections.namedtuple("Layer", "w b")


def layer_loss(p):
    return np.sum(p.w**2) * p.b


def test_namedtuples_and_tuples_reach_the_loss_as_they_are():
    layer = Layer(np.array([1.0, 2.0]), 3.0)
    gradients = lambda p: Layer(2 * p.w * p.b, np.sum(p.w**2))  # noqa: E731
    check = check_parameters(layer_loss, layer, gradients)
    assert check.passed is True
    assert [argument.name for argument in check.arguments] == ["w", "b"]
    nested = check_parameters(
        lambda p: layer_loss(p["first"]), {"first": layer}, lambda p: {"first": gradients(p["first"])}
    )
    assert [argument.name for argument in nested.arguments] == ["first.w", "first.b"]
    seen = set()
    check_parameters(
        lambda p: (seen.add(type(p)), p[0] ** 2 + np.sum(p[1]))[1], (1.0, np.ones(2)), (2.0, np.ones(2))
    )
    assert seen == {tuple}


def test_numbers_in_a_namedtuple_are_parameters_of_their_own():
    check = check_parameters(lambda p: p.w * p.b, Layer(2.0, 3.0), Layer(3.0, 2.0))
    assert [argument.name for argument in check.arguments] == ["w", "b"]


class Attributes(dict):
    def __getattr__(self, name):
        return self[name]


@pytest.mark.parametrize(
    "kind", [Attributes, collections.OrderedDict, lambda p: collections.defaultdict(float, p)]
)
def test_dicts_of_other_kinds_reach_the_loss_as_they_are(kind):
    params, seen = kind({"w": np.array([1.0, 2.0])}), set()

    def loss(p):
        seen.add(type(p))
        return np.sum(p["w"] ** 2)

    assert check_parameters(loss, params, lambda p: {"w": 2 * p["w"]}).passed is True
    assert seen == {type(params)}


@pytest.mark.parametrize("first", [np.array([1.0, 2.0]), 1.5])
def test_the_loss_may_come_before_a_list_of_gradients(first):
    params = [first, np.array([3.0, 4.0])]

    def loss(p):
        return np.sum(np.square(p[0])) + np.sum(p[1] ** 3)

    def both(p):
        return loss(p), [2 * p[0], 3 * p[1] ** 2]

    assert check_parameters(loss, params, both).passed is True
    assert check_parameters(loss, params, lambda p: tuple(both(p)[1])).passed is True
    assert check_parameters(loss, params, lambda p: (loss(p), [2 * p[0], p[1]])).passed is False


@pytest.mark.parametrize("value", [Fraction(1, 2), {1.0, 2.0}, None, iter([1.0])])
def test_what_holds_no_floats_is_named_by_its_type(value):
    kind = "None" if value is None else f"of type {type(value).__name__}"
    with pytest.raises(TypeError, match=f"x is {kind}; expected a float, or an array or a list of them"):
        check_gradient(lambda x: x, value, 1.0)


def test_params_of_another_type_are_named():
    with pytest.raises(TypeError, match=r"params is not a dict or a list .* of type SimpleNamespace"):
        check_parameters(lambda p: p.w, SimpleNamespace(w=1.0), {})


def needs_three(dout, x, w):
    return dout * w, dout * x


def needs_names(*, dout, cache):
    return dout


@pytest.mark.parametrize(
    ("backward", "takes"), [(needs_three, r"\(dout, x, w\)"), (needs_names, r"\(\*, dout, cache\)")]
)
def test_a_backward_that_cannot_be_called_is_told_how_it_is(backward, takes):
    sentence = rf"{backward.__name__} takes {takes}; it is called as backward\(dout, cache\): let it have one"
    with pytest.raises(TypeError, match=sentence):
        check_vjp(lambda x, w: (x * w, (x, w)), backward, 1.0, 2.0)


class OnlyOnce:
    used = False

    def forward(self, x):
        if self.used:
            raise RuntimeError("the graph is freed")
        self.x = x
        return x**2

    def backward(self, dout):
        self.used = True
        return 2 * self.x * dout


def test_a_forward_that_works_only_once_is_named():
    assert "called again with the same inputs, fails or has no value" in str(
        check_gate(OnlyOnce(), np.ones(3))
    )


class Training:
    w = 2.0

    def forward(self, x):
        self.x = x
        return x * self.w

    def backward(self, dout):
        dx = dout * self.w
        self.w = self.w - 0.1 * np.sum(dout * self.x)
        return dx


def test_a_backward_that_trains_its_weights_is_named():
    assert "nor weights that it computes with" in " ".join(str(check_gate(Training(), np.ones(3))).split())


def test_an_upstream_gradient_of_zeros_is_refused():
    with pytest.raises(ValueError, match="dout is zero everywhere: every gradient is right with it"):
        check_vjp(lambda x: 2 * x, lambda dout, cache: 3 * dout, np.ones(2), dout=np.zeros(2))


@pytest.mark.parametrize("numerical", [numerical_gradient, numerical_jacobian])
def test_numerical_derivatives_refuse_masked_outputs_and_what_is_no_function(numerical):
    with pytest.raises(TypeError, match="f returned a masked array"):
        numerical(lambda x: np.ma.masked_greater(x, 0).sum(keepdims=True), np.array([1.0, -1.0]))
    with pytest.raises(TypeError, match="f is not callable: it is of type float"):
        numerical(1.0, np.ones(2))


@pytest.mark.parametrize("shape", [(), (1,), (1, 1)])
def test_the_numerical_gradient_is_that_of_one_number_in_any_shape(shape):
    found = numerical_gradient(lambda x: np.sum(x**2).reshape(shape), np.array([1.0, 3.0]))
    np.testing.assert_allclose(found, [2.0, 6.0], rtol=1e-9)


@pytest.mark.parametrize("constant", [1e8, 1e17])
def test_zero_is_not_right_where_a_constant_would_hide_any_slope(constant):
    hidden = check_gradient(lambda x: constant + 1e-9 * np.sum(np.sin(x)), np.ones(3), np.zeros(3))
    assert hidden.passed is None
    assert "could not be resolved above rounding noise" in str(hidden)
    assert check_gradient(lambda x: 5.0, np.ones(3), np.zeros(3)).passed is True


def test_a_gradient_outside_of_a_kinks_slopes_is_wrong_for_that_reason():
    check = check_gradient(lambda x: np.sum(np.abs(x)), np.array([0.0, 1.0, -2.0]), [1.5, 1.0, -1.0])
    argument = check.arguments[0]
    assert (argument.wrong, argument.kinks, argument.diagnosis) == (1, 1, Cause.LOCAL_DERIVATIVE)
    assert "any slope between those of its two sides is right, and yours lies outside" in argument.explanation


def test_one_small_entry_that_is_wrong_is_no_matter_of_precision():
    unit = np.array([1e-12, 1.0, 1e12])
    right = (1 - np.tanh(0.7) ** 2) / unit
    check = check_gradient(lambda x: np.sum(np.tanh(x / unit)), 0.7 * unit, right * [1, 1, 1.01])
    assert check.arguments[0].explanation.startswith(
        "only the entry at [2] is wrong; look for what is special"
    )


class Foreign:
    """A tensor that its own library alone can read."""

    dtype = "float64"

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("call detach first")


def test_what_has_no_numbers_for_numpy_is_no_exception_of_backward():
    check = check_gradient(lambda x: np.sum(x**2), np.ones(2), lambda x: Foreign())
    assert check.arguments[0].explanation.startswith("the gradient of x is a Foreign; expected")


def test_exchanged_functions_are_named_by_their_parameters():
    with pytest.raises(TypeError, match=r"are exchanged: the parameters of .* are \(dout, cache\)"):
        check_vjp(lambda dout, cache: 2 * dout * cache, lambda x: (x * x, x), np.ones(3))


@pytest.mark.parametrize(
    ("params", "words"), [([], "an empty list"), ({}, "an empty dict"), (3.0, "of type float")]
)
def test_params_without_entries_are_named(params, words):
    with pytest.raises(TypeError, match=words):
        check_parameters(lambda p: 1.0, params, params)


def test_a_cache_that_loses_an_entry_is_said_to_hold_something_else():
    check = check_vjp(lambda x: (x * x, [x]), lambda dout, cache: 2 * cache.pop() * dout, np.ones(3))
    assert check.message == "backward changed what its cache holds; work on a copy of it"


def test_numbers_close_to_the_largest_are_numbers():
    x = np.array([1.2e308, -1e307])
    assert check_gradient(lambda x: np.sum(x / 1e308), x, np.full(2, 1e-308)).passed is True
    assert check_gradient(lambda x: np.sum(x / 1e308), x, np.full(2, 1.001e-308)).passed is False


def test_half_precision_is_noted_as_such():
    check = check_gradient(lambda x: np.sum(x.astype(np.float16) ** 2), np.array([1.3, 2.1]), lambda x: 2 * x)
    assert check.notes == ("forward computes in float16, which hides most errors: let it compute in float64",)


@pytest.mark.parametrize("empty", [[], np.zeros((0, 3))])
def test_a_layer_without_parameters_has_no_gradient(empty):
    params = {"w": np.array([1.0, -2.0]), "relu": empty}

    def loss(p):
        return np.sum(p["w"] ** 2) + np.sum(p["relu"])

    assert check_parameters(loss, params, lambda p: {"w": 2 * p["w"], "relu": empty}).passed is True
    assert check_parameters(loss, params, lambda p: {"w": 2 * p["w"]}).passed is True
    assert check_parameters(loss, params, lambda p: {"w": 3 * p["w"], "relu": empty}).passed is False
