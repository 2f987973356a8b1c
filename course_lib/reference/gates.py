"""Gates: the smallest pieces of a computational graph, forward and backward side by side.

The protocol, shared by all of them:

* ``forward`` takes scalars or arrays, returns the value and remembers what the gradient will need.
  A second ``forward`` replaces what the first remembered.
* ``backward`` takes the upstream gradient, of the shape of the value, and returns a tuple with one gradient
  per input, each of its input's shape: upstream gradient times local gradient. It may be called repeatedly
  and raises RuntimeError before the first ``forward``.

Inputs and upstream gradients are never modified. Two-input gates take scalars or arrays of one shape and
raise ValueError otherwise, since broadcasting would need a sum in the backward pass.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from course_lib.reference.stable import as_float, sigmoid

Value = Any  # a Python or NumPy scalar, or an array
Gradients = tuple[Value, ...]


class Gate:
    """What gates share: a cache that is empty until the first forward pass."""

    _cache: tuple[Value, ...] | None = None

    def forward(self, *inputs: Value) -> Value:
        """Return the value at ``inputs`` and remember what ``backward`` needs."""
        raise NotImplementedError

    def backward(self, *upstream: Value) -> Gradients:
        """Return one gradient per input of the last ``forward``."""
        raise NotImplementedError

    def _cached(self) -> tuple[Value, ...]:
        if self._cache is None:
            raise RuntimeError(f"{type(self).__name__}.backward was called before forward")
        return self._cache

    def _require_one_shape(self, x: Value, y: Value) -> None:
        if np.shape(x) != np.shape(y):
            shapes = f"{np.shape(x)} and {np.shape(y)}"
            raise ValueError(f"{type(self).__name__} takes inputs of one shape, got {shapes}")


class AddGate(Gate):
    """z = x + y; the upstream gradient is distributed to both inputs."""

    def forward(self, x: Value, y: Value) -> Value:
        """Return x + y."""
        self._require_one_shape(x, y)
        self._cache = ()
        return x + y

    def backward(self, dz: Value) -> Gradients:
        """Return (dz, dz)."""
        self._cached()
        return dz, dz


class MultiplyGate(Gate):
    """z = x y; each input's gradient is scaled by the other input."""

    def forward(self, x: Value, y: Value) -> Value:
        """Return x * y, elementwise."""
        self._require_one_shape(x, y)
        self._cache = x, y
        return x * y

    def backward(self, dz: Value) -> Gradients:
        """Return (y dz, x dz)."""
        x, y = self._cached()
        return y * dz, x * dz


class MaxGate(Gate):
    """z = max(x, y); the gradient is routed to the larger input, and to ``x`` at a tie."""

    def forward(self, x: Value, y: Value) -> Value:
        """Return the elementwise maximum."""
        self._require_one_shape(x, y)
        self._cache = (np.greater_equal(x, y),)
        return np.maximum(x, y)

    def backward(self, dz: Value) -> Gradients:
        """Return dz where that input won, 0 elsewhere; the two always sum to dz."""
        (x_wins,) = self._cached()
        return x_wins * dz, ~x_wins * dz


class CopyGate(Gate):
    """``n`` copies of x; the gradients of the copies add."""

    def __init__(self, n: int) -> None:
        self.n = n

    def forward(self, x: Value) -> tuple[Value, ...]:
        """Return a tuple of ``n`` values equal to x."""
        self._cache = ()
        return (x,) * self.n

    def backward(self, *dys: Value) -> Gradients:
        """Return the sum of the ``n`` upstream gradients; raise ValueError if there are not ``n``."""
        self._cached()
        if len(dys) != self.n:
            raise ValueError(f"CopyGate({self.n}) takes {self.n} upstream gradients, got {len(dys)}")
        return (sum(dys[1:], start=dys[0]),)


class ExpGate(Gate):
    """y = exp(x), its own derivative."""

    def forward(self, x: Value) -> Value:
        """Return exp(x)."""
        y = np.exp(x)
        self._cache = (y,)
        return y

    def backward(self, dy: Value) -> Gradients:
        """Return (y dy,)."""
        (y,) = self._cached()
        return (y * dy,)


class LogGate(Gate):
    """y = log(x), for x > 0."""

    def forward(self, x: Value) -> Value:
        """Return the natural logarithm of x."""
        self._cache = (as_float(x),)
        return np.log(x)

    def backward(self, dy: Value) -> Gradients:
        """Return (dy / x,)."""
        (x,) = self._cached()
        return (dy / x,)


class ReciprocalGate(Gate):
    """y = 1 / x, for x other than 0."""

    def forward(self, x: Value) -> Value:
        """Return 1 / x."""
        y = 1.0 / as_float(x)
        self._cache = (y,)
        return y

    def backward(self, dy: Value) -> Gradients:
        """Return (-y^2 dy,)."""
        (y,) = self._cached()
        return (-y * y * dy,)


class SinGate(Gate):
    """y = sin(x)."""

    def forward(self, x: Value) -> Value:
        """Return sin(x)."""
        self._cache = (x,)
        return np.sin(x)

    def backward(self, dy: Value) -> Gradients:
        """Return (cos(x) dy,)."""
        (x,) = self._cached()
        return (np.cos(x) * dy,)


class SigmoidGate(Gate):
    """y = 1 / (1 + exp(-x)), for x of any size."""

    def forward(self, x: Value) -> Value:
        """Return the logistic function of x."""
        y = sigmoid(x)
        self._cache = (y,)
        return y

    def backward(self, dy: Value) -> Gradients:
        """Return ((1 - y) y dy,)."""
        (y,) = self._cached()
        return ((1 - y) * y * dy,)


class AddConstantGate(Gate):
    """y = x + c; the constant ``c`` receives no gradient."""

    def __init__(self, c: float) -> None:
        self.c = c

    def forward(self, x: Value) -> Value:
        """Return x + c."""
        self._cache = ()
        return x + self.c

    def backward(self, dy: Value) -> Gradients:
        """Return (dy,)."""
        self._cached()
        return (dy,)


class ScaleGate(Gate):
    """y = a x, for a constant ``a``."""

    def __init__(self, a: float) -> None:
        self.a = a

    def forward(self, x: Value) -> Value:
        """Return a * x."""
        self._cache = ()
        return self.a * x

    def backward(self, dy: Value) -> Gradients:
        """Return (a dy,)."""
        self._cached()
        return (self.a * dy,)
