"""Agreement with an independent implementation, where torch is installed."""

from typing import Any

import numpy as np
import pytest

from course_lib.reference import layers
from course_lib.reference.losses import softmax_loss, svm_loss
from course_lib.reference.net import TwoLayerNet

torch = pytest.importorskip("torch")
F = torch.nn.functional

ACTIVATIONS = {
    "relu": torch.relu,
    "leaky_relu": lambda x: F.leaky_relu(x, 0.1),
    "elu": F.elu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
}


def leaf(array: np.ndarray) -> Any:
    return torch.tensor(array, requires_grad=True)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_agree(name: str) -> None:
    rng = np.random.default_rng(0)
    x, dout = 5 * rng.normal(size=(6, 7)), rng.normal(size=(6, 7))
    out, cache = getattr(layers, f"{name}_forward")(x)
    tensor = leaf(x)
    theirs = ACTIVATIONS[name](tensor)
    theirs.backward(torch.tensor(dout))
    np.testing.assert_allclose(out, theirs.detach().numpy(), rtol=1e-12, atol=1e-14)
    dx = getattr(layers, f"{name}_backward")(dout, cache)
    np.testing.assert_allclose(dx, tensor.grad.numpy(), rtol=1e-12, atol=1e-14)


def test_prelu_agrees() -> None:
    rng = np.random.default_rng(0)
    x, dout = rng.normal(size=(6, 7)), rng.normal(size=(6, 7))
    _, cache = layers.prelu_forward(x, 0.3)
    dx, dalpha = layers.prelu_backward(dout, cache)
    tensor, alpha = leaf(x), leaf(np.array([0.3]))
    F.prelu(tensor, alpha).backward(torch.tensor(dout))
    np.testing.assert_allclose(dx, tensor.grad.numpy(), rtol=1e-12)
    assert dalpha == pytest.approx(alpha.grad.item(), rel=1e-12)


@pytest.mark.parametrize("scale", [1.0, 1e4])
def test_losses_agree(scale: float) -> None:
    rng = np.random.default_rng(0)
    x, y = scale * rng.normal(size=(6, 7)), rng.integers(0, 7, size=6)
    hinge = lambda scores, labels: 7 * F.multi_margin_loss(scores, labels)  # noqa: E731 - theirs divides by C
    for ours, theirs in ((softmax_loss, F.cross_entropy), (svm_loss, hinge)):
        tensor = leaf(x)
        expected = theirs(tensor, torch.tensor(y))
        expected.backward()
        loss, dx = ours(x, y)
        assert loss == pytest.approx(expected.item(), rel=1e-12)
        np.testing.assert_allclose(dx, tensor.grad.numpy(), rtol=1e-11, atol=1e-14)


def test_the_two_layer_net_agrees_over_five_steps() -> None:
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(9, 5)), rng.integers(0, 3, size=9)
    net = TwoLayerNet(5, 8, 3, std=0.5)
    W1, b1, W2, b2 = params = [leaf(net.params[name].copy()) for name in ("W1", "b1", "W2", "b2")]
    optimizer = torch.optim.SGD(params, lr=0.2)
    for _ in range(5):
        optimizer.zero_grad()
        scores = torch.relu(torch.tensor(X) @ W1 + b1) @ W2 + b2
        loss = F.cross_entropy(scores, torch.tensor(y)) + 0.1 * ((W1**2).sum() + (W2**2).sum())
        loss.backward()
        assert net.step(X, y, learning_rate=0.2, reg=0.1) == pytest.approx(loss.item(), rel=1e-12)
        optimizer.step()
    for ours, theirs in zip(net.params.values(), params, strict=True):
        np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=1e-11, atol=1e-13)
