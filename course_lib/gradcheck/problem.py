"""One call of the checker: the student's pair and what it is called with, in float64."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.pairs import Pair, StudentError
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
    """What a caller asks: the functions under check, and the inputs they are called with.

    `inputs` are private float64 copies, handed to student code as they are and verified not to have changed;
    every perturbed point is a fresh copy. `evaluations` counts the calls of forward.
    """

    def __init__(self, pair: Pair, inputs: Sequence[Any], names: Sequence[str], function: str) -> None:
        prepared = [as_input(value, name) for value, name in zip(inputs, names, strict=True)]
        self.pair = pair
        self.names = tuple(names)
        self.function = function
        self.inputs = tuple(array for array, _, _ in prepared)
        self.dtypes = tuple(str(np.asarray(value).dtype) for value in inputs)
        self.notes = tuple(note for _, _, note in prepared if note)
        self._plain = tuple(plain for _, plain, _ in prepared)
        self._calls = 0

    @property
    def evaluations(self) -> int:
        """The number of calls of forward so far."""
        return self._calls

    def forward(self, inputs: Sequence[FloatArray]) -> tuple[object, object]:
        """Call the student's forward, with plain numbers where the caller passed plain numbers."""
        self._calls += 1
        passed = [float(x) if plain else x for x, plain in zip(inputs, self._plain, strict=True)]
        with np.errstate(all="ignore"):
            return self.pair.forward(passed)

    def backward(self, dout: FloatArray, token: object) -> object:
        """Call the student's backward with an upstream gradient of the output's own shape."""
        with np.errstate(all="ignore"):
            return self.pair.backward(dout if dout.ndim else float(dout), token)


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
