from typing import Any

import numpy as np
import pytest

from course_lib.reference.deep_net import ACTIVATIONS, DeepNet
from course_lib.reference.net import TwoLayerNet


def batch(seed: int = 0, N: int = 5, D: int = 4, C: int = 3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(N, D)), rng.integers(C, size=N)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("sizes", [(4, 3), (4, 5, 3), (4, 5, 6, 2, 3)])
def test_gradients_agree_with_differences_in_extended_precision(
    assert_vjp: Any, activation: str, sizes: tuple[int, ...]
) -> None:
    net = DeepNet(sizes, activation)
    X, y = batch()
    names = list(net.params)

    def loss(*values: Any) -> Any:
        h = X.astype(np.longdouble)
        weights, biases = values[::2], values[1::2]
        for layer, (W, b) in enumerate(zip(weights, biases, strict=True), 1):
            h = h @ W + b
            if layer < len(weights):
                h = {"relu": h * (h > 0), "sigmoid": 1 / (1 + np.exp(-h)), "tanh": np.tanh(h)}[activation]
        data = np.log(np.exp(h).sum(axis=1)) - h[np.arange(len(y)), y]
        return data.mean() + np.longdouble(0.3) * sum((W**2).sum() for W in weights)

    value, grads = net.loss(X, y, reg=0.3)
    np.testing.assert_allclose(float(value), float(loss(*net.params.values())), rtol=1e-13)
    assert_vjp(loss, list(net.params.values()), 1.0, [grads[name] for name in names])


def test_with_two_layers_it_is_the_two_layer_net() -> None:
    net, other = DeepNet((4, 6, 3)), TwoLayerNet(4, 6, 3)
    other.params = net.params
    X, y = batch()
    (loss, grads), (expected, wanted) = net.loss(X, y, 0.1), other.loss(X, y, 0.1)
    np.testing.assert_allclose(loss, expected)
    for name, gradient in wanted.items():
        np.testing.assert_allclose(grads[name], gradient, atol=1e-14)
    np.testing.assert_array_equal(net.predict(X), other.predict(X))


@pytest.mark.parametrize(("init", "deviation"), [("he", 0.1), ("xavier", 0.1 / np.sqrt(2)), (0.5, 0.5)])
def test_the_first_weights_have_the_deviation_that_was_asked_for(init: Any, deviation: float) -> None:
    net = DeepNet((200, 100, 10), init=init)
    assert net.params["W1"].std() == pytest.approx(deviation, rel=0.05)
    assert not net.params["b1"].any()
    assert {name: value.shape for name, value in net.params.items()} == {
        "W1": (200, 100),
        "b1": (100,),
        "W2": (100, 10),
        "b2": (10,),
    }


def test_optimizers_take_the_steps_that_can_be_worked_out_by_hand() -> None:
    path = {}
    for optimizer in ("sgd", "momentum", "adam"):
        net = DeepNet((1, 1))
        net.params = {"W1": np.array([[1.0]]), "b1": np.zeros(1)}
        path[optimizer] = []
        for gradient in (2.0, 1.0):
            net.step({"W1": np.array([[gradient]]), "b1": np.zeros(1)}, optimizer, learning_rate=0.1)
            path[optimizer].append(net.params["W1"].item())
    assert path["sgd"] == pytest.approx([0.8, 0.7])
    assert path["momentum"] == pytest.approx([0.8, 0.8 - 0.1 * (0.9 * 2 + 1)])
    mean, square = (0.9 * 0.2 + 0.1) / 0.19, (0.999 * 0.004 + 0.001) / (1 - 0.999**2)
    assert path["adam"] == pytest.approx([0.9, 0.9 - 0.1 * mean / np.sqrt(square)])


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_twenty_examples_are_learned_by_heart(optimizer: str) -> None:
    X, y = batch(N=20, D=8)
    rate = {"sgd": 0.5, "momentum": 0.1, "adam": 0.01}[optimizer]
    losses = DeepNet((8, 30, 30, 3)).train(X, y, optimizer, rate, num_iters=200, batch_size=20)
    assert len(losses) == 200
    assert losses[-1] < 0.05


def test_without_a_step_each_loss_is_that_of_a_batch() -> None:
    X, y = batch()
    net = DeepNet((4, 5, 3))
    single = [float(net.loss(X[n : n + 1], y[n : n + 1])[0]) for n in range(len(X))]
    losses = net.train(X, y, learning_rate=0.0, num_iters=30, batch_size=1)
    assert {round(loss, 12) for loss in losses} == {round(loss, 12) for loss in single}
