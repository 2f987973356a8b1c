"""Layers as coarse gates, and a net as a list of them, in the manner of Caffe (Jia et al. 2014).

A layer has a ``name``, ``params`` and, after a backward pass, ``grads`` under the same keys.
``forward(x) -> out`` remembers what ``backward(dout) -> dx`` needs; ``backward`` before ``forward`` raises
RuntimeError. A second ``forward`` replaces what the first remembered; a second ``backward`` gives the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from course_lib.reference.layers import affine_backward, affine_forward, sigmoid_backward, sigmoid_forward
from course_lib.reference.losses import softmax_loss
from course_lib.reference.stable import Array, Labels


class Layer:
    """What layers share: a name, parameters, gradients and an empty cache."""

    def __init__(self, name: str, **params: Array) -> None:
        self.name = name
        self.params = params
        self.grads: dict[str, Array] = {}
        self._cache: Any = None

    def _cached(self) -> Any:
        if self._cache is None:
            raise RuntimeError(f"{type(self).__name__}.backward was called before forward")
        return self._cache


class InnerProductLayer(Layer):
    """out = x W + b, for x (N, D), W (D, M), b (M,)."""

    def __init__(self, name: str, W: Array, b: Array) -> None:
        super().__init__(name, W=W, b=b)

    def forward(self, x: Array) -> Array:
        """Return the affine map of ``x``, of shape (N, M)."""
        out, self._cache = affine_forward(x, self.params["W"], self.params["b"])
        return out

    def backward(self, dout: Array) -> Array:
        """Return dx (N, D) and set the gradients of W and b."""
        dx, dW, db = affine_backward(dout, self._cached())
        self.grads = {"W": dW, "b": db}
        return dx


class SigmoidLayer(Layer):
    """out = 1 / (1 + exp(-x)), for x of any shape."""

    def forward(self, x: Array) -> Array:
        """Return the logistic function of ``x``, of its shape."""
        out, self._cache = sigmoid_forward(x)
        return out

    def backward(self, dout: Array) -> Array:
        """Return dx, of the shape of x."""
        return sigmoid_backward(dout, self._cached())


class SoftmaxLossLayer(Layer):
    """The mean cross-entropy of scores x (N, C) with labels y (N,); the end of a net."""

    def forward(self, x: Array, y: Labels) -> Any:
        """Return the scalar loss."""
        loss, self._cache = softmax_loss(x, y)
        return loss

    def backward(self, dloss: float = 1.0) -> Array:
        """Return dx (N, C)."""
        dx: Array = dloss * self._cached()
        return dx


class HiddenLayer(Protocol):
    """What a net asks of the layers before its loss."""

    name: str
    params: dict[str, Array]
    grads: dict[str, Array]

    def forward(self, x: Array) -> Array:
        """Return the layer's value."""

    def backward(self, dout: Array) -> Array:
        """Return the gradient of the layer's input."""


class Net:
    """``layers`` run in order, then ``loss_layer``; backward in reverse.

    Parameters are named "layer.parameter". Raises ValueError if two layers share a name.
    """

    def __init__(self, layers: Sequence[HiddenLayer], loss_layer: SoftmaxLossLayer) -> None:
        names = [layer.name for layer in layers]
        if len(set(names)) < len(names):
            raise ValueError(f"each layer needs its own name, got {names}")
        self.layers = list(layers)
        self.loss_layer = loss_layer

    @property
    def params(self) -> dict[str, Array]:
        """The parameters of every layer, by "layer.parameter"."""
        return {f"{layer.name}.{key}": p for layer in self.layers for key, p in layer.params.items()}

    def scores(self, x: Array) -> Array:
        """Return the value of the last layer before the loss."""
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def forward(self, x: Array, y: Labels) -> Any:
        """Return the loss of a batch ``x`` with labels ``y``."""
        return self.loss_layer.forward(self.scores(x), y)

    def backward(self) -> dict[str, Array]:
        """Return the gradients of the last forward pass's loss, under the names of ``params``."""
        dout = self.loss_layer.backward()
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        return {f"{layer.name}.{key}": g for layer in self.layers for key, g in layer.grads.items()}
