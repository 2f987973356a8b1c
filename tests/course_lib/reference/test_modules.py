from typing import Any

import numpy as np
import pytest

from course_lib.reference.modules import InnerProductLayer, Net, SigmoidLayer, SoftmaxLossLayer

N, D, H, C = 5, 4, 3, 2


def make_net(rng: np.random.Generator) -> Net:
    return Net(
        [
            InnerProductLayer("hidden", rng.normal(size=(D, H)), rng.normal(size=H)),
            SigmoidLayer("squash"),
            InnerProductLayer("output", rng.normal(size=(H, C)), rng.normal(size=C)),
        ],
        SoftmaxLossLayer("loss"),
    )


def test_the_gradients_of_a_net_agree_with_differences(assert_vjp: Any) -> None:
    rng = np.random.default_rng(0)
    net, X, y = make_net(rng), rng.normal(size=(N, D)), rng.integers(0, C, size=N)
    net.forward(X, y)
    gradients = net.backward()
    assert list(gradients) == list(net.params) == ["hidden.W", "hidden.b", "output.W", "output.b"]

    def loss(W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
        layers = [InnerProductLayer("a", W1, b1), SigmoidLayer("s"), InnerProductLayer("b", W2, b2)]
        return Net(layers, SoftmaxLossLayer("loss")).forward(X, y)

    assert_vjp(loss, list(net.params.values()), 1.0, list(gradients.values()))


def test_backward_repeats_and_forward_starts_afresh() -> None:
    rng = np.random.default_rng(0)
    net, X, y = make_net(rng), rng.normal(size=(N, D)), rng.integers(0, C, size=N)
    net.forward(X, y)
    first = net.backward()
    net.forward(2 * X, y)
    changed = net.backward()
    net.forward(X, y)
    for name, gradient in net.backward().items():
        np.testing.assert_array_equal(gradient, first[name])
        np.testing.assert_array_equal(net.backward()[name], first[name])
        assert not np.array_equal(changed[name], first[name])


@pytest.mark.parametrize(
    "layer", [InnerProductLayer("a", np.ones((2, 2)), np.ones(2)), SigmoidLayer("s"), SoftmaxLossLayer("l")]
)
def test_backward_before_forward_raises(layer: Any) -> None:
    with pytest.raises(RuntimeError, match=f"{type(layer).__name__}.backward was called before forward"):
        layer.backward(np.ones((1, 2)))


def test_two_layers_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="each layer needs its own name"):
        Net([SigmoidLayer("s"), SigmoidLayer("s")], SoftmaxLossLayer("loss"))
