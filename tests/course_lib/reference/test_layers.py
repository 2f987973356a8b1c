from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.reference import layers

LAW = settings(max_examples=25, deadline=None, derandomize=True)
SEEDS = st.integers(0, 2**32 - 1)
N, D, M = 3, 4, 2


class Pair(NamedTuple):
    forward: Callable[..., Any]
    backward: Callable[..., Any]
    more_shapes: tuple[tuple[int, ...], ...] = ()


def pair(name: str, *more_shapes: tuple[int, ...]) -> Pair:
    return Pair(getattr(layers, f"{name}_forward"), getattr(layers, f"{name}_backward"), more_shapes)


PAIRS = {
    "affine": pair("affine", (D, M), (M,)),
    "maxout": pair("maxout", (D, M), (M,), (D, M), (M,)),
    "prelu": pair("prelu", ()),
} | {name: pair(name) for name in ("relu", "leaky_relu", "elu", "sigmoid", "tanh")}
every_pair = pytest.mark.parametrize("layer", PAIRS.values(), ids=PAIRS)


def as_tuple(gradients: Any) -> tuple[Any, ...]:
    return gradients if isinstance(gradients, tuple) else (gradients,)


@every_pair
@LAW
@given(seed=SEEDS)
def test_backward_agrees_with_differences_in_extended_precision(
    layer: Pair, assert_vjp: Any, away_from_zero: Any, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    arguments = [away_from_zero(rng, N, D), *(away_from_zero(rng, *shape) for shape in layer.more_shapes)]
    out, cache = layer.forward(*arguments)
    dout = rng.normal(size=out.shape)
    gradients = as_tuple(layer.backward(dout, cache))
    if layer.forward is layers.maxout_forward:
        first, second = (layers.affine_forward(arguments[0], *arguments[i : i + 2])[0] for i in (1, 3))
        dout = dout * (np.abs(first - second) > 0.01)  # leave near ties out
        gradients = layer.backward(dout, cache)
    assert_vjp(lambda *x: layer.forward(*x)[0], arguments, dout, gradients)


@every_pair
@LAW
@given(seed=SEEDS, factor=st.floats(-10, 10))
def test_backward_is_linear_in_the_upstream_gradient(layer: Pair, seed: int, factor: float) -> None:
    rng = np.random.default_rng(seed)
    out, cache = layer.forward(rng.normal(size=(N, D)), *(rng.normal(size=s) for s in layer.more_shapes))
    first, second = rng.normal(size=(2, *out.shape))
    gradients = (as_tuple(layer.backward(d, cache)) for d in (first + factor * second, first, second))
    for together, one, other in zip(*gradients, strict=True):
        np.testing.assert_allclose(together, one + factor * other, rtol=1e-11, atol=1e-11)


@every_pair
def test_arguments_are_left_alone_and_may_be_non_contiguous(layer: Pair) -> None:
    rng = np.random.default_rng(0)
    arguments = [rng.normal(size=(D, N)).T, *(rng.normal(size=shape) for shape in layer.more_shapes)]
    copies = [np.array(a) for a in arguments]
    out, cache = layer.forward(*arguments)
    dout = np.asfortranarray(rng.normal(size=out.shape))
    dout_copy = dout.copy()
    gradients = as_tuple(layer.backward(dout, cache))
    expected = as_tuple(layer.backward(dout_copy, layer.forward(*copies)[1]))
    assert all(np.array_equal(a, b) for a, b in zip(arguments, copies, strict=True))
    assert np.array_equal(dout, dout_copy)
    for gradient, other in zip(gradients, expected, strict=True):
        np.testing.assert_allclose(gradient, other, rtol=1e-13)


@every_pair
def test_integers_give_what_floats_give(layer: Pair) -> None:
    rng = np.random.default_rng(0)
    shapes = ((N, D), *layer.more_shapes)
    integers = [rng.integers(-3, 4, size=shape) for shape in shapes]
    floats = [x.astype(float) for x in integers]
    out, cache = layer.forward(*integers)
    expected, expected_cache = layer.forward(*floats)
    np.testing.assert_array_equal(out, expected)
    dout = rng.normal(size=out.shape)
    for gradient, other in zip(
        as_tuple(layer.backward(dout, cache)), as_tuple(layer.backward(dout, expected_cache)), strict=True
    ):
        np.testing.assert_allclose(gradient, other, rtol=1e-14)


@every_pair
def test_single_precision_stays_single(layer: Pair) -> None:
    shapes = ((N, D), *layer.more_shapes)
    rng = np.random.default_rng(0)
    out, cache = layer.forward(*(rng.normal(size=shape).astype(np.float32) for shape in shapes))
    gradients = as_tuple(layer.backward(np.ones_like(out), cache))
    assert {out.dtype, *(g.dtype for g in gradients)} == {np.dtype(np.float32)}


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "elu", "sigmoid", "tanh"])
def test_activations_are_finite_at_inputs_of_ten_thousand(name: str) -> None:
    x = np.array([-1e4, -700.0, 700.0, 1e4])
    out, cache = PAIRS[name].forward(x)
    assert np.isfinite(out).all()
    assert np.isfinite(PAIRS[name].backward(np.ones(4), cache)).all()


def test_affine_flattens_examples_and_restores_their_shape() -> None:
    rng = np.random.default_rng(0)
    x, w, b = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(60, 7)), rng.normal(size=7)
    out, cache = layers.affine_forward(x, w, b)
    np.testing.assert_allclose(out, x.reshape(2, 60) @ w + b, rtol=1e-14)
    dx, dw, db = layers.affine_backward(rng.normal(size=(2, 7)), cache)
    assert (dx.shape, dw.shape, db.shape) == ((2, 3, 4, 5), (60, 7), (7,))


def test_the_slope_of_leaky_relu_is_a_tenth() -> None:
    out, cache = layers.leaky_relu_forward(np.array([-2.0, 3.0]))
    np.testing.assert_allclose(out, [-0.2, 3.0])
    np.testing.assert_allclose(layers.leaky_relu_backward(np.array([5.0, 7.0]), cache), [0.5, 7.0])


@pytest.mark.parametrize(("name", "slope"), [("relu", 0.0), ("leaky_relu", 0.1), ("elu", 1.0)])
def test_at_the_kink_the_slope_is_that_of_the_left(name: str, slope: float) -> None:
    out, cache = PAIRS[name].forward(np.zeros(1))
    assert (out[0], PAIRS[name].backward(np.ones(1), cache)[0]) == (0.0, slope)


def test_the_relu_of_the_lecture() -> None:
    _, cache = layers.relu_forward(np.array([1, -2, 3, -1]))
    np.testing.assert_array_equal(layers.relu_backward(np.array([4, -1, 5, 9]), cache), [4, 0, 5, 0])
