"""The point of a check: where the functions are looked at, and how finely they can be seen there."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from course_lib.gradcheck.arguments import numbers_of
from course_lib.gradcheck.arrays import (
    DOUBLE,
    HALF,
    LARGEST,
    SINGLE,
    BoolArray,
    FloatArray,
    typical_size,
)
from course_lib.gradcheck.pairs import Pair
from course_lib.gradcheck.problem import Problem

#: Of points with no more numbers than these, several are evaluated in one question where that can be.
FEW = 2**14


@dataclass(frozen=True)
class Point:
    """The functions at one point, with an upstream gradient: what all of a check's questions are about.

    `inputs` are the arguments, `out` is forward's output there and `dout` the upstream gradient, both flat;
    `out_shape` is their shape. `epsilon` is the rounding unit forward computes with, and `noise` the absolute
    rounding noise of each output; a first step away it is `noise_beside`, where that is much more.
    `variation` is how much outputs change when inputs change by their own size. Nothing of it ever changes:
    `noise.measure` returns a point that knows its noise.
    """

    problem: Problem
    inputs: tuple[FloatArray, ...]
    out: FloatArray
    out_shape: tuple[int, ...]
    dout: FloatArray
    noise: FloatArray
    noise_beside: FloatArray
    variation: FloatArray
    epsilon: float = DOUBLE

    @classmethod
    def of(cls, problem: Problem, out: FloatArray, dout: FloatArray) -> "Point":
        """Make a point of forward's output and an upstream gradient of its shape, to be rounding at best."""
        size = np.abs(out.ravel())
        nothing = np.zeros_like(size)
        return cls(
            problem, problem.inputs, out.ravel(), out.shape, dout.ravel(), DOUBLE * size, nothing, size
        )

    def elsewhere(self, argument: int, array: FloatArray) -> "tuple[Point, object] | None":
        """Return the point with one argument replaced, with its token; None where forward has no value.

        Its noise is taken to be the same.
        """
        return self.at(self.moved(argument, array))

    def at(self, inputs: Sequence[FloatArray]) -> "tuple[Point, object] | None":
        """Return the point with other inputs, as `elsewhere` does."""
        # What NumPy makes of an array of no dimensions and a number is no array, and cannot be changed.
        inputs = tuple(np.asarray(x) for x in inputs)
        out, token = self.value_and_token(inputs)
        return (replace(self, inputs=inputs, out=out), token) if np.isfinite(out).all() else None

    def with_gradients_at(self, inputs: Sequence[FloatArray]) -> "tuple[Point, list[FloatArray]] | None":
        """Return the point with other inputs and the student's gradients there; None where either fails."""
        there = self.at(inputs)
        if there is None:
            return None
        point, token = there
        try:
            return point, point.gradients(point.dout, token)
        except Exception:  # so close to a kink a student's function may raise whatever it likes
            return None

    @property
    def names(self) -> tuple[str, ...]:
        """What the report calls the arguments."""
        return self.problem.names

    @property
    def pair(self) -> Pair:
        """The student's functions."""
        return self.problem.pair

    @property
    def size(self) -> int:
        """The number of entries of all arguments together."""
        return sum(array.size for array in self.inputs)

    @property
    def single(self) -> bool:
        """Whether forward computes in float32 or less, so that nothing finer can be seen through it."""
        return self.epsilon >= SINGLE

    @property
    def half(self) -> bool:
        """Whether forward computes in float16."""
        return self.epsilon >= HALF

    def natural(self, argument: int, outputs: BoolArray | None = None) -> float:
        """Return the size of a gradient that would change the outputs, or some, as much as they do change.

        It is 0 where nothing changes, and the largest number where it would overflow.
        """
        with np.errstate(all="ignore"):
            change = np.abs(self.dout) * self.variation
            total = float(change.sum() if outputs is None else change[outputs].sum())
            return min(total / typical_size(self.inputs[argument]), LARGEST)

    def rounding(self, argument: int) -> float:
        """Return a rounding unit of a gradient that would change the outputs by their own size."""
        with np.errstate(all="ignore"):
            size = self.epsilon * np.abs(self.dout) @ np.maximum(self.variation, np.abs(self.out))
            return float(size / typical_size(self.inputs[argument]))

    def invisible(self, argument: int) -> float:
        """Return the size of a gradient that changes outputs of the size 1, or less, by their noise only.

        A gradient that large constants hide is none of these. An output that is 0 wherever it is looked at,
        as log(1 - exp(-300)) is, may be made of numbers of the size 1.
        """
        weight, typical = np.abs(self.dout), typical_size(self.inputs[argument])
        nothing = (self.noise == 0) & (self.variation == 0)
        with np.errstate(all="ignore"):
            hidden = float(weight @ np.minimum(self.noise, self.epsilon)) / typical
            return hidden + self.epsilon * float(weight[nothing].sum()) / max(typical, 1.0)

    def value(self, inputs: Sequence[FloatArray]) -> FloatArray:
        """Return the flat output for other inputs, nan where forward cannot be evaluated."""
        return self.value_and_token(inputs)[0]

    def values(self, many: Iterable[Sequence[FloatArray]]) -> Iterator[FloatArray]:
        """Yield the flat output for each of several inputs, as `value` does, small ones together."""
        if self.size <= FEW:
            many = list(many)
            try:
                outputs = self.problem.outputs(many)
                if outputs is not None:
                    yield from [self._flat(out) for out in outputs]
                    return
            except Exception:  # one of them is outside its domain
                pass
        yield from map(self.value, many)

    def value_with(self, argument: int, index: int, entry: float) -> FloatArray:
        """Return the flat output with one entry (flat index) of an argument replaced."""
        return next(self.values_with(argument, index, [entry]))

    def values_with(self, argument: int, index: int, entries: Iterable[float]) -> Iterator[FloatArray]:
        """Yield the flat output with one entry (flat index) of an argument replaced by each of some."""

        def replaced(entry: float) -> list[FloatArray]:
            array = self.inputs[argument].copy()
            array.flat[index] = entry
            return self.moved(argument, array)

        return self.values(map(replaced, entries))

    def value_and_token(self, inputs: Sequence[FloatArray]) -> tuple[FloatArray, object]:
        """Return the flat output for other inputs, copied, and the token for backward."""
        try:
            out, token = self.problem.forward(inputs)
            return self._flat(out), token
        except Exception:  # outside its domain a student's forward may raise whatever it likes
            return np.full(self.out.size, np.nan), None

    def _flat(self, out: object) -> FloatArray:
        flat = np.array(out, dtype=np.float64).ravel()
        return flat if flat.size == self.out.size else np.full(self.out.size, np.nan)

    def moved(self, argument: int, array: FloatArray) -> list[FloatArray]:
        """Return the inputs with one of them replaced."""
        inputs = list(self.inputs)
        inputs[argument] = array
        return inputs

    def gradients(self, dout: FloatArray, token: object) -> list[FloatArray]:
        """Return the gradients for a flat upstream gradient in float64, nan for one of another shape."""
        gradients = self.problem.backward(np.array(dout).reshape(self.out_shape), token)
        return [_shaped_like(x, gradient) for gradient, x in zip(gradients, self.inputs, strict=True)]


def _shaped_like(x: FloatArray, gradient: object) -> FloatArray:
    array = numbers_of(gradient)
    if array is None:
        return np.full(x.shape, np.nan)
    usable = array.shape == x.shape and array.dtype.kind in "fiu"
    return np.array(array, dtype=np.float64) if usable else np.full(x.shape, np.nan)
