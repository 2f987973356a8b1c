"""The arguments of a call: variables, whose gradients are checked, and data, handed on as they are."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_lib.gradcheck.arrays import FloatArray, is_masked
from course_lib.gradcheck.frameworks import as_numpy, dtype_name, wrapper_like
from course_lib.gradcheck.text import error_sentence, printable

HIDES = -1e3  # what is added to a score that is not to be seen: its exponential is zero


def as_input(value: Any, name: str) -> tuple[FloatArray, bool, str]:
    """Return a private float64 copy of a caller's argument, whether it is a plain number, and a note or "".

    Raises TypeError or ValueError, in one sentence, for what no gradient can be taken of.
    """
    plain = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    array = _as_array(value, name)
    if array.size == 0:
        raise ValueError(f"{name} is empty, of shape {array.shape}: there is nothing to check")
    note = ""
    if dtype_name(value) != "float64":
        note = f"{name} was promoted from {dtype_name(value)} to float64"
    copy = np.array(array, dtype=np.float64, order="C")
    if not np.isfinite(copy).all():
        raise ValueError(f"{name} holds nan or inf: no gradient can be checked there")
    return copy, plain, note


def _as_array(value: Any, name: str) -> np.ndarray:
    if is_masked(value):
        raise TypeError(f"{name} is a masked array; pass its plain numbers, as {name}.filled(0)")
    if isinstance(value, dict):
        raise TypeError(f"{name} is a dict; check_parameters checks dicts of arrays")
    try:
        array = np.asarray(float(value) if isinstance(value, int) else as_numpy(value))
    except Exception as error:
        raise TypeError(f"{name} cannot be read as an array ({error_sentence(error)})") from None
    if array.dtype.kind == "O" and not isinstance(value, np.ndarray | list | tuple):
        kind = "None" if value is None else f"of type {printable(type(value).__name__)}"
        raise TypeError(f"{name} is {kind}; expected a float, or an array or a list of them")
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{name} has dtype {printable(array.dtype)}; expected real numbers")
    return array


def numbers_of(gradient: object) -> FloatArray | None:
    """Return a gradient's numbers as an array: of a number, an array or a list; None of anything else."""
    if is_masked(gradient):
        return None
    if isinstance(gradient, int | float | np.number | np.ndarray | list | tuple):
        try:
            array = np.asarray(gradient)
        except Exception:  # lists of different lengths, or of what has numbers only for its own library
            return None
        return array if array.dtype.kind in "fiub" else None
    return None


def is_data(value: Any) -> bool:
    """Whether an argument is no variable whatever it is for: None, a text, a mask, an object, no numbers.

    A mask that attention adds to its scores is one, too: -inf where nothing is to be seen, else 0.
    """
    if isinstance(value, range) or callable(value):
        return True
    if isinstance(value, int):
        return isinstance(value, bool)
    try:
        array = np.asarray(as_numpy(value))
    except Exception:
        return True
    return array.dtype.kind in "bOSUMm" or array.size == 0 or _hides(array, -np.inf)


def _hides(array: np.ndarray, most: float) -> bool:
    """Whether an array is zero but for entries of at most this, as a mask is that is added to scores."""
    below = array <= most if array.dtype.kind == "f" else np.zeros(array.shape, dtype=bool)
    return bool(below.any() and not array[~below].any())


def is_number(value: Any) -> bool:
    """Whether an argument is a plain number, also one in an array without dimensions or a tensor."""
    array = numbers_of(as_numpy(value))
    return array is not None and array.ndim == 0


def promoted(value: Any) -> Any:
    """Return whole numbers in an array or a list as an array of floats, and all else as it is."""
    array = numbers_of(value)
    whole = array is not None and array.ndim and array.dtype.kind in "iu"
    return np.array(array, dtype=np.float64) if whole else value


def is_list(value: Any) -> bool:
    """Whether an argument is a list or a tuple, which functions may take for an array or for what it is."""
    return isinstance(value, list | tuple)


def may_be_data(value: Any) -> bool:
    """Whether an argument may be labels, indices, a stride or a mask, or a variable all the same.

    It is made of whole numbers, or of zeros and numbers far below, as masks that are added to scores are.
    """
    if is_data(value):
        return False
    array = np.asarray(as_numpy(value))
    return array.dtype.kind in "iu" or (_hides(array, HIDES) and not array.all())


class Arguments:
    """What the functions under check are called with.

    `inputs` are private float64 copies of the variables, `names` and `dtypes` theirs, `notes` what a reader
    should know of them. The arguments at the positions `data` are handed on as they are; there has to be at
    least one other. Lists come as arrays, or, with `lists`, as the lists that they were. Raises TypeError or
    ValueError, in one sentence, for what no gradient can be taken of.
    """

    def __init__(
        self,
        values: Sequence[Any],
        names: Sequence[str],
        data: frozenset[int] = frozenset(),
        lists: bool = False,
    ) -> None:
        positions = [k for k in range(len(values)) if k not in data] or [0]
        prepared = [as_input(values[k], names[k]) for k in positions]
        self.inputs = tuple(array for array, _, _ in prepared)
        self.names = tuple(names[k] for k in positions)
        self.dtypes = tuple(dtype_name(values[k]) for k in positions)
        self.notes = tuple(note for _, _, note in prepared if note)
        self._values = tuple(values)
        self._positions = tuple(positions)
        self._wrappers = tuple(
            np.ndarray.tolist if lists and is_list(values[k]) else float if plain else wrapper_like(values[k])
            for k, (_, plain, _) in zip(positions, prepared, strict=True)
        )

    def filled(self, inputs: Sequence[FloatArray]) -> list[Any]:
        """Return all arguments of a call with these variables, in the form that the caller passed."""
        arguments = list(self._values)
        for k, wrapper, array in zip(self._positions, self._wrappers, inputs, strict=True):
            arguments[k] = array if wrapper is None else wrapper(array)
        return arguments

    def of_variables(self, gradients: list[object]) -> list[object]:
        """Return the gradients of the variables, where backward returned something for every argument."""
        if len(gradients) == len(self._values):
            return [gradients[k] for k in self._positions]
        return gradients
