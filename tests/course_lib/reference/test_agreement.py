"""The gate graph, the layers, the flat code and Tensor compute one and the same thing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.reference import flat, layers
from course_lib.reference.gates import (
    AddConstantGate,
    AddGate,
    ExpGate,
    MaxGate,
    MultiplyGate,
    ReciprocalGate,
    ScaleGate,
    SigmoidGate,
    SinGate,
)
from course_lib.reference.graph import ComputationalGraph
from course_lib.reference.jacobians import nll_grads
from course_lib.reference.losses import softmax_loss
from course_lib.reference.net import TwoLayerNet
from course_lib.reference.tensor import Tensor

LAW = settings(max_examples=25, deadline=None, derandomize=True)
SEEDS = st.integers(0, 2**32 - 1)
Grads = dict[str, np.ndarray]
Problem = tuple[Grads, np.ndarray, np.ndarray]


def assert_same(actual: Grads, expected: Grads) -> None:
    assert set(actual) == set(expected)
    for name, gradient in expected.items():
        np.testing.assert_allclose(actual[name], gradient, rtol=1e-12, atol=1e-12)


def draw_problem(seed: int, N: int = 5, D: int = 4, H: int = 6, C: int = 3) -> Problem:
    rng = np.random.default_rng(seed)
    shapes = {"W1": (D, H), "b1": (H,), "W2": (H, C), "b2": (C,)}
    params = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    return params, rng.normal(size=(N, D)), rng.integers(0, C, size=N)


def by_layers(params: Grads, X: np.ndarray, y: np.ndarray) -> tuple[float, Grads]:
    pre, first = layers.affine_forward(X, params["W1"], params["b1"])
    hidden, second = layers.relu_forward(pre)
    scores, third = layers.affine_forward(hidden, params["W2"], params["b2"])
    loss, dscores = softmax_loss(scores, y)
    dhidden, dW2, db2 = layers.affine_backward(dscores, third)
    _, dW1, db1 = layers.affine_backward(layers.relu_backward(dhidden, second), first)
    return loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


def by_tensors(params: Grads, X: np.ndarray, y: np.ndarray, reg: float = 0.0) -> tuple[float, Grads]:
    W1, b1, W2, b2 = tensors = [Tensor(params[name]) for name in ("W1", "b1", "W2", "b2")]
    scores = (X @ W1 + b1).relu() @ W2 + b2
    shifted = scores - scores.data.max(axis=1, keepdims=True)
    log_p = shifted - shifted.exp().sum(axis=1, keepdims=True).log()
    loss = -log_p[np.arange(len(X)), y].sum() / len(X) + reg * ((W1**2).sum() + (W2**2).sum())
    loss.backward()
    return loss.item(), {name: t.grad for name, t in zip(params, tensors, strict=True)}


@LAW
@given(seed=SEEDS)
def test_layers_flat_code_net_and_tensors_agree_on_a_two_layer_net(seed: int) -> None:
    params, X, y = draw_problem(seed)
    net = TwoLayerNet(4, 6, 3)
    net.params = params
    expected_loss, expected = net.loss(X, y)
    for loss, gradients in (
        by_layers(params, X, y),
        flat.flat_two_layer(params["W1"], params["b1"], params["W2"], params["b2"], X, y),
        by_tensors(params, X, y),
    ):
        assert loss == pytest.approx(expected_loss, rel=1e-12)
        assert_same(gradients, expected)


@LAW
@given(seed=SEEDS, reg=st.floats(0, 2))
def test_net_and_tensors_agree_on_the_penalty(seed: int, reg: float) -> None:
    params, X, y = draw_problem(seed)
    net = TwoLayerNet(4, 6, 3)
    net.params = params
    expected_loss, expected = net.loss(X, y, reg)
    loss, gradients = by_tensors(params, X, y, reg)
    assert loss == pytest.approx(expected_loss, rel=1e-12)
    assert_same(gradients, expected)


@LAW
@given(seed=SEEDS)
def test_the_single_example_and_the_batch_agree(seed: int) -> None:
    rng = np.random.default_rng(seed)
    W, b, x = rng.normal(size=(3, 4)), rng.normal(size=3), rng.normal(size=4)
    scores, cache = layers.affine_forward(x[np.newaxis], W.T, b)
    expected_loss, dscores = softmax_loss(scores, np.array([1]))
    _, dw, db = layers.affine_backward(dscores, cache)
    loss, dW, db_single = nll_grads(W, b, x, 1)
    assert loss == pytest.approx(expected_loss, rel=1e-12)
    assert_same({"W": dW.T, "b": db_single}, {"W": dw, "b": db})


def neuron_graph() -> ComputationalGraph:
    graph = ComputationalGraph()
    graph.add("w0x0", MultiplyGate(), "w0", "x0")
    graph.add("w1x1", MultiplyGate(), "w1", "x1")
    graph.add("products", AddGate(), "w0x0", "w1x1")
    graph.add("dot", AddGate(), "products", "w2")
    graph.add("negated", ScaleGate(-1), "dot")
    graph.add("exp", ExpGate(), "negated")
    graph.add("plus_one", AddConstantGate(1), "exp")
    graph.add("f", ReciprocalGate(), "plus_one")
    return graph


def patterns_graph() -> ComputationalGraph:
    graph = ComputationalGraph()
    graph.add("product", MultiplyGate(), "x", "y")
    graph.add("larger", MaxGate(), "z", "w")
    graph.add("total", AddGate(), "product", "larger")
    graph.add("f", ScaleGate(2), "total")
    return graph


def rational_graph() -> ComputationalGraph:
    graph = ComputationalGraph()
    graph.add("sy", SigmoidGate(), "y")
    graph.add("num", AddGate(), "x", "sy")
    graph.add("sx", SigmoidGate(), "x")
    graph.add("xpy", AddGate(), "x", "y")
    graph.add("square", MultiplyGate(), "xpy", "xpy")
    graph.add("den", AddGate(), "sx", "square")
    graph.add("inverse", ReciprocalGate(), "den")
    graph.add("f", MultiplyGate(), "num", "inverse")
    return graph


def sin_graph() -> ComputationalGraph:
    graph = ComputationalGraph()
    graph.add("product", MultiplyGate(), "x1", "x2")
    graph.add("wave", SinGate(), "x2")
    graph.add("f", AddGate(), "product", "wave")
    return graph


@pytest.mark.parametrize(
    ("graph", "function", "names"),
    [
        (neuron_graph(), flat.sigmoid_neuron, ("w0", "x0", "w1", "x1", "w2")),
        (neuron_graph(), flat.sigmoid_neuron_grouped, ("w0", "x0", "w1", "x1", "w2")),
        (patterns_graph(), flat.patterns, ("x", "y", "z", "w")),
        (rational_graph(), flat.rational, ("x", "y")),
        (sin_graph(), flat.sin_product, ("x1", "x2")),
    ],
)
@LAW
@given(seed=SEEDS)
def test_gate_graphs_and_flat_code_agree(graph, function, names, seed: int) -> None:  # type: ignore[no-untyped-def]
    point = np.random.default_rng(seed).uniform(0.1, 2, size=len(names))
    value, gradients = function(*point)[:2]
    assert graph.forward(**dict(zip(names, point, strict=True))) == pytest.approx(value, rel=1e-12)
    assert_same(graph.backward(), gradients)
