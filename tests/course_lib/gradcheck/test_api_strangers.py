"""What people pass who have not read the documentation: it works, or one sentence says what to change."""

import numpy as np
import pytest
from pairs_under_test import Product

from course_lib import (
    check_gate,
    check_gradient,
    check_parameters,
    check_vjp,
)


def drawn(*shape):
    return np.random.default_rng(0).normal(size=shape)


def square(x):
    return np.sum(np.asarray(x) ** 2)


@pytest.mark.parametrize("right", [[2.0, 4.0], (2.0, 4.0), [2, 4.0], lambda x: [2.0, 4.0]])
def test_a_list_is_a_gradient(right):
    assert check_gradient(square, [1.0, 2.0], right).passed is True


@pytest.mark.parametrize("wrong", [[2.0, 4.1], (2.0, 4.1), lambda x: [2.0, 4.1]])
def test_a_wrong_list_is_a_wrong_gradient(wrong):
    assert check_gradient(square, [1.0, 2.0], wrong).passed is False


@pytest.mark.parametrize("shape", [(), (1,), (1, 1), (1, 1, 1)])
def test_a_loss_may_be_an_array_of_one_number(shape):
    def loss(x):
        return np.sum(x**2).reshape(shape)

    x = drawn(3)
    assert check_gradient(loss, x, 2 * x).passed is True
    assert check_gradient(loss, x, 2.1 * x).passed is False
    assert check_parameters(lambda p: loss(p["x"]), {"x": x}, {"x": 2 * x}).passed is True


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_function_may_return_its_gradient_besides(size):
    def both(x):
        return np.sum(x**2), 2 * x

    x = drawn(size)
    assert check_gradient(both, x, both).passed is True
    assert check_gradient(both, x, lambda x: 2 * x).passed is True
    assert check_gradient(both, x, lambda x: (np.sum(x**2), x)).passed is False
    params = check_parameters(
        lambda p: both(p["x"]), {"x": x}, lambda p: (both(p["x"])[0], {"x": both(p["x"])[1]})
    )
    assert params.passed is True


NESTED = {
    "first": {"W": drawn(2, 3), "b": drawn(3)},
    "rest": [drawn(3), {"c": 0.5}],
    "name": "net",
    "n": None,
}


def nested_loss(p):
    first, (v, last) = p["first"], p["rest"]
    assert p["name"] == "net"
    return np.sum(np.tanh(np.ones(2) @ first["W"] + first["b"]) * v) * last["c"]


def nested_gradients(p, factor=1.0):
    first, (v, last) = p["first"], p["rest"]
    h = np.tanh(np.ones(2) @ first["W"] + first["b"])
    db = v * last["c"] * (1 - h**2)
    return {
        "first": {"W": np.outer(np.ones(2), db), "b": db},
        "rest": [h * last["c"] * factor, {"c": float(np.sum(h * v))}],
    }


def test_parameters_may_be_nested():
    assert check_parameters(nested_loss, NESTED, nested_gradients).passed is True
    wrong = check_parameters(nested_loss, NESTED, nested_gradients(NESTED, factor=2.0))
    assert [a.name for a in wrong.arguments if a.passed is False] == ["rest[0]"]
    assert [a.name for a in wrong.arguments] == ["first.W", "first.b", "rest[0]", "rest[1].c"]


def test_parameters_may_be_a_list():
    params = [drawn(2), drawn(3)]
    right = check_parameters(
        lambda p: np.sum(p[0] ** 2) + np.sum(p[1] ** 3), params, lambda p: [2 * p[0], 3 * p[1] ** 2]
    )
    assert right.passed is True


@pytest.mark.parametrize(
    ("grads", "sentence"),
    [
        ({"first": {"W": 1}}, "grads has no entry 'b'"),
        ({"first": [1, 2]}, "grads of first is of type list; expected a dict of arrays named like params"),
        (nested_gradients(NESTED) | {"rest": [1]}, "grads of rest is of type list; expected a list of 2"),
    ],
)
def test_gradients_of_another_form_are_named(grads, sentence):
    assert sentence in str(check_parameters(nested_loss, NESTED, grads))


def softmax_loss(x, y):
    p = np.exp(x - x.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(y)), y]).mean(), (p, y)


def softmax_backward(dout, cache):
    p, y = cache
    dx = p.copy()
    dx[np.arange(len(y)), y] -= 1
    return dout * dx / len(y)


@pytest.mark.parametrize("labels", [np.array([0, 2, 1, 1]), [0, 2, 1, 1]])
@pytest.mark.parametrize("as_pair", [False, True])
def test_labels_are_data(labels, as_pair):
    def backward(dout, cache):
        dx = softmax_backward(dout, cache)
        return (dx, None) if as_pair else dx

    check = check_vjp(softmax_loss, backward, drawn(4, 3), labels)
    assert check.passed is True
    assert [a.name for a in check.arguments] == ["x"]
    wrong = check_vjp(
        softmax_loss, lambda d, c: -backward(d, c)[0] if as_pair else -backward(d, c), drawn(4, 3), labels
    )
    assert wrong.passed is False


def dropout(x, mask, mode, extra):
    assert extra is None
    return (x * mask if mode == "train" else x), mask


@pytest.mark.parametrize("returned", [lambda g: g, lambda g: (g,), lambda g: (g, None, None, None)])
def test_masks_texts_and_none_are_data(returned):
    mask = np.array([True, False, True])
    backward = lambda dout, mask: returned(dout * mask)  # noqa: E731
    assert check_vjp(dropout, backward, drawn(3), mask, "train", None).passed is True


def test_whole_numbers_that_are_variables_stay_variables():
    check = check_vjp(
        lambda x, y: x * y, lambda d, c: (d * c[1], d * c[0]), np.array([3, 4]), np.array([1.0, 2.0])
    )
    assert check.passed is True
    assert len(check.arguments) == 2
    assert check_gate(Product(), 3, -4).passed is True


def pooled(x, size, stride=1):
    out = np.stack([x[i * stride : i * stride + size].mean() for i in range((len(x) - size) // stride + 1)])
    return out, (x.shape, size, stride)


def pooled_backward(dout, cache):
    shape, size, stride = cache
    dx = np.zeros(shape)
    for i, d in enumerate(dout):
        dx[i * stride : i * stride + size] += d / size
    return dx


def test_sizes_are_data_and_arguments_may_have_names():
    assert check_vjp(pooled, pooled_backward, drawn(7), 3).passed is True
    assert check_vjp(pooled, pooled_backward, drawn(7), 3, stride=2).passed is True
    assert check_vjp(pooled, pooled_backward, x=drawn(7), size=2, stride=3).passed is True
    assert check_vjp(pooled, lambda d, c: 2 * pooled_backward(d, c), drawn(7), 3, stride=2).passed is False


def test_a_backward_without_a_cache_argument_is_called_with_dout_alone():
    x = drawn(3)
    assert check_vjp(np.sin, lambda dout: dout * np.cos(x), x).passed is True
