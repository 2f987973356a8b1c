"""A case: one function at one point, its right backward and wrong ones."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course_lib import Cause

Backward = Callable[..., Any]


@dataclass(frozen=True)
class Wrong:
    """A wrong backward; a diagnosis that shares a member with `cause` names what is wrong with it."""

    label: str
    cause: Cause
    backward: Backward


@dataclass
class Case:
    """`forward(*inputs) -> out` and `backward(dout, *inputs) -> tuple of gradients`, at one point."""

    name: str
    forward: Callable[..., Any]
    backward: Backward
    inputs: dict[str, np.ndarray]
    dout: Any
    wrong: list[Wrong] = field(default_factory=list)

    def add(self, label: str, cause: Cause, backward: Backward) -> None:
        """Add a wrong backward of its own."""
        self.wrong.append(Wrong(label, cause, backward))

    def add_changed(
        self, label: str, cause: Cause, name: str, change: Callable[[np.ndarray], np.ndarray]
    ) -> None:
        """Add the right backward with one gradient changed."""
        position = list(self.inputs).index(name)

        def backward(dout: Any, *inputs: np.ndarray) -> tuple[np.ndarray, ...]:
            gradients = list(self.backward(dout, *inputs))
            gradients[position] = change(gradients[position])
            return tuple(gradients)

        self.add(label, cause, backward)

    def add_usual(self, name: str) -> None:
        """Add what can go wrong with any gradient: sign, factor 2, zero, one entry, float32."""
        self.add_changed(f"sign of d{name}", Cause.SIGN, name, np.negative)
        self.add_changed(f"d{name} doubled", Cause.FACTOR_2, name, lambda gradient: 2 * gradient)
        self.add_changed(f"d{name} zero", Cause.ZERO, name, np.zeros_like)
        for error in (1e-2, 1e-3, 1e-5):
            change = self._one_entry(name, error)
            self.add_changed(f"one entry of d{name} off by {error:.0e}", Cause.ONE_ENTRY, name, change)
        self.add("float32 inside", Cause.FLOAT32, self._in_single)

    def _one_entry(self, name: str, error: float) -> Callable[[np.ndarray], np.ndarray]:
        """Return a change of the median non-zero entry by a relative error."""
        right = np.abs(self.backward(self.dout, *self.inputs.values())[list(self.inputs).index(name)]).ravel()
        nonzero = np.flatnonzero(right)
        index = nonzero[np.argsort(right[nonzero])[len(nonzero) // 2]]

        def change(gradient: np.ndarray) -> np.ndarray:
            gradient = np.array(gradient)
            gradient.flat[index] *= 1 + error
            return gradient

        return change

    def _in_single(self, dout: Any, *inputs: np.ndarray) -> tuple[np.ndarray, ...]:
        gradients = self.backward(np.float32(dout), *(np.float32(x) for x in inputs))
        return tuple(np.float32(gradient).astype(np.float64) for gradient in gradients)


def seeded(make: Callable[[np.random.Generator], Case], seed: int) -> Case:
    """Make a case at a point of its own for each seed."""
    return make(np.random.default_rng([seed, zlib.crc32(make.__name__.encode())]))


def ignoring_dout(backward: Backward) -> Backward:
    """Return a backward that forgets the upstream gradient."""
    return lambda dout, *inputs: backward(np.ones_like(dout), *inputs)
