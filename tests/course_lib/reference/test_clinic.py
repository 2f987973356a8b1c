from typing import Any

import numpy as np
import pytest

from course_lib.reference import clinic

MASK = np.random.default_rng(1).random(size=(3, 4)) < 0.8


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def log_softmax(z: Any) -> Any:
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def highway(x: Any, W: Any, V: Any) -> Any:
    gate = sigmoid(x @ V)
    return gate * np.tanh(x @ W) + (1 - gate) * x


# layer -> (forward, shapes of its inputs, what it caches)
LAYERS: dict[str, tuple[Any, Any, Any]] = {
    "affine": (lambda x, w, b: x @ w + b, ((3, 4), (4, 2), (2,)), lambda x, w, b: (x, w)),
    "dropout": (lambda x: x * MASK / np.longdouble(0.8), ((3, 4),), lambda x: MASK),
    "swish": (lambda x: x * sigmoid(x), ((3, 4),), lambda x: (x, sigmoid(x))),
    "log_softmax": (log_softmax, ((3, 4),), lambda z: np.exp(log_softmax(z))),
    "tied": (
        lambda x, W: np.tanh(x @ W) @ W.T,
        ((3, 4), (4, 2)),
        lambda x, W: (x, W, np.tanh(x @ W)),
    ),
    "highway": (
        highway,
        ((3, 4), (4, 4), (4, 4)),
        lambda x, W, V: (x, W, V, np.tanh(x @ W), sigmoid(x @ V)),
    ),
}


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("seed", range(5))
def test_each_backward_agrees_with_differences_in_extended_precision(
    assert_vjp: Any, name: str, seed: int
) -> None:
    forward, shapes, cached = LAYERS[name]
    rng = np.random.default_rng(seed)
    inputs = [rng.normal(size=shape) for shape in shapes]
    dout = rng.normal(size=forward(*inputs).shape)
    gradients = getattr(clinic, name)(dout, cached(*inputs))
    assert_vjp(forward, inputs, dout, gradients if isinstance(gradients, tuple) else (gradients,))
