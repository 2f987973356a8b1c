"""Reverse-mode differentiation on arrays: the graph is recorded while ordinary code runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.reference.jacobians import unbroadcast
from course_lib.reference.stable import Array, as_float

Axis = int | tuple[int, ...] | None
Pullback = Callable[[Array], tuple[Array, ...]]


class Tensor:
    """An array ``data`` of floating dtype (others become float64) that remembers how it was computed.

    ``grad`` is None until ``backward`` reaches the tensor, then an array of the shape of ``data``.

    Each ``backward`` call differentiates afresh and *adds* its result to ``grad``, for every tensor between
    the scalar and the inputs: a second call on the same scalar doubles them, and training sets ``grad`` back
    to None before each step. The recorded graph holds no copy: ``data`` must not change in place between the
    forward pass and ``backward``.

    Binary operations broadcast and mix with numbers and arrays, which are constants.
    """

    __slots__ = ("_parents", "_pullback", "data", "grad")
    __array_ufunc__ = None  # so that array * tensor reaches Tensor.__rmul__

    def __init__(self, data: ArrayLike) -> None:
        self.data = as_float(data)
        self.grad: Array | None = None
        self._parents: tuple[Tensor, ...] = ()
        self._pullback: Pullback | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of ``data``."""
        return self.data.shape

    def item(self) -> float:
        """Return the one entry as a number; raise ValueError if there are more."""
        return float(self.data.item())

    def __repr__(self) -> str:
        return f"Tensor({self.data!r})"

    def __len__(self) -> int:
        return len(self.data)

    def backward(self) -> None:
        """Add the gradient of this scalar to ``grad`` of every tensor that it was computed from.

        Raises ValueError unless the shape is ().
        """
        if self.shape != ():
            raise ValueError(f"backward starts from a scalar of shape (), got shape {self.shape}")
        gradients = {self: np.ones_like(self.data)}
        for tensor in reversed(_topological_order(self)):
            gradient = gradients.pop(tensor)
            # A copy, since pullbacks may return views of one another's gradients.
            tensor.grad = gradient.copy() if tensor.grad is None else tensor.grad + gradient
            if tensor._pullback is None:
                continue
            for parent, share in zip(tensor._parents, tensor._pullback(gradient), strict=True):
                gradients[parent] = gradients[parent] + share if parent in gradients else share

    # Arithmetic

    def __add__(self, other: Operand) -> Tensor:
        other = _tensor(other)

        def pullback(dout: Array) -> tuple[Array, ...]:
            return unbroadcast(dout, self.shape), unbroadcast(dout, other.shape)

        return _record(self.data + other.data, pullback, self, other)

    def __mul__(self, other: Operand) -> Tensor:
        other = _tensor(other)

        def pullback(dout: Array) -> tuple[Array, ...]:
            return (
                unbroadcast(dout * other.data, self.shape),
                unbroadcast(dout * self.data, other.shape),
            )

        return _record(self.data * other.data, pullback, self, other)

    def __pow__(self, exponent: float) -> Tensor:
        """Return the entries to a constant power."""

        def pullback(dout: Array) -> tuple[Array, ...]:
            if exponent == 0:  # 0 * x ** -1 would not be finite at 0
                return (np.zeros_like(self.data),)
            return (dout * exponent * self.data ** (exponent - 1),)

        return _record(self.data**exponent, pullback, self)

    def __neg__(self) -> Tensor:
        return self * -1

    def __sub__(self, other: Operand) -> Tensor:
        return self + -_tensor(other)

    def __truediv__(self, other: Operand) -> Tensor:
        return self * _tensor(other) ** -1

    def __radd__(self, other: ArrayLike) -> Tensor:
        return self + other

    def __rsub__(self, other: ArrayLike) -> Tensor:
        return _tensor(other) - self

    def __rmul__(self, other: ArrayLike) -> Tensor:
        return self * other

    def __rtruediv__(self, other: ArrayLike) -> Tensor:
        return _tensor(other) / self

    def __matmul__(self, other: Operand) -> Tensor:
        """Return the product of matrices (N, D) and (D, M); other shapes raise ValueError."""
        other = _tensor(other)
        if self.data.ndim != 2 or other.data.ndim != 2:
            raise ValueError(f"@ takes two matrices, got shapes {self.shape} and {other.shape}")

        def pullback(dout: Array) -> tuple[Array, ...]:
            return dout @ other.data.T, self.data.T @ dout

        return _record(self.data @ other.data, pullback, self, other)

    def __rmatmul__(self, other: ArrayLike) -> Tensor:
        return _tensor(other) @ self

    # Elementwise functions

    def sin(self) -> Tensor:
        """Return the sine of each entry."""
        return _record(np.sin(self.data), lambda dout: (dout * np.cos(self.data),), self)

    def exp(self) -> Tensor:
        """Return e to the power of each entry."""
        out = np.exp(self.data)
        return _record(out, lambda dout: (dout * out,), self)

    def log(self) -> Tensor:
        """Return the natural logarithm of each entry."""
        return _record(np.log(self.data), lambda dout: (dout / self.data,), self)

    def relu(self) -> Tensor:
        """Return max(0, x) for each entry x; the gradient at 0 is 0."""
        return _record(np.maximum(self.data, 0), lambda dout: (dout * (self.data > 0),), self)

    # Reductions

    def sum(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """Return the sum over ``axis`` (over all axes if None), as in NumPy."""

        def pullback(dout: Array) -> tuple[Array, ...]:
            return (np.broadcast_to(_with_axes(dout, axis, keepdims), self.shape),)

        return _record(self.data.sum(axis=axis, keepdims=keepdims), pullback, self)

    def max(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """Return the maximum over ``axis`` (over all axes if None); entries that tie share its gradient."""
        largest = self.data.max(axis=axis, keepdims=True)

        def pullback(dout: Array) -> tuple[Array, ...]:
            winners = self.data == largest
            shares = winners / winners.sum(axis=axis, keepdims=True)
            return (shares * _with_axes(dout, axis, keepdims),)

        return _record(self.data.max(axis=axis, keepdims=keepdims), pullback, self)

    # Rearrangements

    def reshape(self, *shape: int) -> Tensor:
        """Return the entries in another shape; one size may be -1."""
        return _record(self.data.reshape(shape), lambda dout: (dout.reshape(self.shape),), self)

    @property
    def T(self) -> Tensor:  # noqa: N802 - as NumPy writes it
        """The axes in reverse order."""
        return _record(self.data.T, lambda dout: (dout.T,), self)

    def __getitem__(self, index: Any) -> Tensor:
        """Return the entries that ``index`` selects, as in NumPy: integers, slices, arrays of integers."""

        def pullback(dout: Array) -> tuple[Array, ...]:
            spread = np.zeros_like(self.data)
            np.add.at(spread, index, dout)  # an entry selected twice receives both gradients
            return (spread,)

        return _record(self.data[index], pullback, self)

    # Comparisons of values, for control flow

    def __lt__(self, other: Operand) -> Any:
        return self.data < _tensor(other).data

    def __le__(self, other: Operand) -> Any:
        return self.data <= _tensor(other).data

    def __gt__(self, other: Operand) -> Any:
        return self.data > _tensor(other).data

    def __ge__(self, other: Operand) -> Any:
        return self.data >= _tensor(other).data


Operand = Tensor | ArrayLike


def _tensor(x: Any) -> Tensor:
    return x if isinstance(x, Tensor) else Tensor(x)


def _record(data: Any, pullback: Pullback, *parents: Tensor) -> Tensor:
    """Return a tensor of ``data`` whose gradient ``pullback`` turns into one gradient per parent."""
    out = Tensor(data)
    out._parents, out._pullback = parents, pullback
    return out


def _topological_order(root: Tensor) -> list[Tensor]:
    """Return ``root`` and all it was computed from, parents first.

    A stack of its own rather than recursion: a loop in the student's code may record thousands of steps.
    """
    order: list[Tensor] = []
    seen = {root}
    stack = [(root, iter(root._parents))]
    while stack:
        tensor, parents = stack[-1]
        parent = next((p for p in parents if p not in seen), None)
        if parent is None:
            order.append(tensor)
            stack.pop()
        else:
            seen.add(parent)
            stack.append((parent, iter(parent._parents)))
    return order


def _with_axes(reduced: Array, axis: Axis, keepdims: bool) -> Array:
    """Return ``reduced`` with the axes that a reduction without ``keepdims`` took away, of size 1."""
    return reduced if keepdims or axis is None else np.expand_dims(reduced, axis)
