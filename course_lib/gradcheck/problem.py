"""One call of the checker: the student's pair, the point and the upstream gradient, in float64."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.pairs import Pair, StudentError
from course_lib.gradcheck.results import FloatArray
from course_lib.gradcheck.text import error_sentence, printable


def as_input(value: Any, name: str) -> tuple[FloatArray, bool, str]:
    """Return a private float64 copy of a caller's argument, whether it is a plain number, and a note or "".

    Raises TypeError or ValueError, in one sentence, for what no gradient can be taken of.
    """
    plain = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    try:
        array = np.asarray(value)
    except Exception as error:
        raise TypeError(f"{name} cannot be read as an array ({error_sentence(error)})") from None
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{name} has dtype {printable(array.dtype)}; expected real numbers")
    if array.size == 0:
        raise ValueError(f"{name} is empty, of shape {array.shape}: there is nothing to check")
    note = ""
    if array.dtype != np.float64:
        note = f"{name} was promoted from {array.dtype} to float64"
    copy = np.array(array, dtype=np.float64, order="C")
    if not np.isfinite(copy).all():
        raise ValueError(f"{name} holds nan or inf: no gradient can be checked there")
    return copy, plain, note


class Problem:
    """The functions under check, with everything they are called with.

    `inputs` are private float64 copies, handed to student code as they are and verified not to have changed;
    every perturbed point is a fresh copy. `out` is the flat output at the point, `dout` the flat upstream
    gradient. `evaluations` counts the calls of forward.
    """

    def __init__(self, pair: Pair, inputs: Sequence[Any], names: Sequence[str], function: str) -> None:
        prepared = [as_input(value, name) for value, name in zip(inputs, names, strict=True)]
        self.pair = pair
        self.names = tuple(names)
        self.function = function
        self.inputs = tuple(array for array, _, _ in prepared)
        self.plain = tuple(plain for _, plain, _ in prepared)
        self.dtypes = tuple(str(np.asarray(value).dtype) for value in inputs)
        self.notes = [note for _, _, note in prepared if note]
        self.evaluations = 0
        self.out_shape: tuple[int, ...] = ()
        self.out: FloatArray = np.zeros(0)
        self.dout: FloatArray = np.zeros(0)
        self.epsilon = float(np.finfo(np.float64).eps)

    @property
    def size(self) -> int:
        """The number of entries of all arguments together."""
        return sum(array.size for array in self.inputs)

    @property
    def single(self) -> bool:
        """Whether forward computes in float32, so that nothing finer can be seen through it."""
        return self.epsilon > 1e-10

    def forward(self, inputs: Sequence[FloatArray]) -> tuple[object, object]:
        """Call the student's forward, with plain numbers where the caller passed plain numbers."""
        self.evaluations += 1
        passed = [float(x) if plain else x for x, plain in zip(inputs, self.plain, strict=True)]
        with np.errstate(all="ignore"):
            return self.pair.forward(passed)

    def backward(self, dout: FloatArray, token: object) -> object:
        """Call the student's backward with an upstream gradient of the output's own shape."""
        shaped: object = dout.reshape(self.out_shape)
        if self.out_shape == ():
            shaped = float(dout[0])
        with np.errstate(all="ignore"):
            return self.pair.backward(shaped, token)

    def value(self, inputs: Sequence[FloatArray]) -> FloatArray:
        """Return the flat output at another point, nan where forward cannot be evaluated there."""
        return self.value_and_token(inputs)[0]

    def value_and_token(self, inputs: Sequence[FloatArray]) -> tuple[FloatArray, object]:
        """Return the flat output at another point, copied, and the token for backward."""
        try:
            out, token = self.forward(inputs)
            flat = np.array(out, dtype=np.float64).ravel()
        except (
            Exception
        ):  # outside its domain a student's forward may raise whatever it likes: the point is no use
            return np.full(self.out.size, np.nan), None
        return (flat if flat.size == self.out.size else np.full(self.out.size, np.nan)), token

    def moved(self, argument: int, array: FloatArray) -> list[FloatArray]:
        """Return the inputs with one of them replaced."""
        inputs = list(self.inputs)
        inputs[argument] = array
        return inputs

    def gradients(self, dout: FloatArray, token: object) -> list[FloatArray]:
        """Call backward and return its gradients in float64, nan for one of another shape."""
        result = as_list(self.backward(dout, token), len(self.inputs))
        return [_shaped_like(x, gradient) for gradient, x in zip(result, self.inputs, strict=True)]


def _shaped_like(x: FloatArray, gradient: object) -> FloatArray:
    if not isinstance(gradient, int | float | np.number | np.ndarray):
        return np.full(x.shape, np.nan)
    array = np.asarray(gradient)
    usable = array.shape == x.shape and array.dtype.kind in "fiu"
    return np.array(array, dtype=np.float64) if usable else np.full(x.shape, np.nan)


def as_list(gradients: object, count: int) -> list[object]:
    """Return what backward returned as a list of `count` gradients, or raise StudentError."""
    if gradients is None:
        raise StudentError(Cause.WRONG_TYPE, "backward returned None; did you forget the return statement?")
    if not isinstance(gradients, tuple | list):
        gradients = (gradients,)
    if count == 1 and isinstance(gradients, list) and len(gradients) != 1:
        gradients = (gradients,)
    if len(gradients) != count:
        expected = "one gradient" if count == 1 else f"{count} gradients, one for each argument"
        raise StudentError(
            Cause.WRONG_COUNT, f"backward returned {len(gradients)} gradients; expected {expected}"
        )
    return list(gradients)
