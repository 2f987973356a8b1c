"""The types of arrays that every room of the checker speaks of."""

import math
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.intp]

#: Plain arrays that came from another process, where they were masked ones: by their ids.
_ONCE_MASKED: "WeakValueDictionary[int, npt.NDArray[np.generic]]" = WeakValueDictionary()

#: The rounding units of the precisions that functions compute in.
DOUBLE = float(np.finfo(np.float64).eps)
SINGLE = float(np.finfo(np.float32).eps)
HALF = float(np.finfo(np.float16).eps)

#: The largest number that is not infinite.
LARGEST = float(np.finfo(np.float64).max)

#: Sizes below this leave no room for steps that are smaller still.
SMALLEST = 1e-280


def is_masked(value: object) -> bool:
    """Return whether a value is a masked array, or was one where it comes from."""
    named = type(value).__name__ == np.ma.MaskedArray.__name__  # also what stands for one in another process
    return named or isinstance(value, np.ma.MaskedArray) or _ONCE_MASKED.get(id(value)) is value is not None


def once_masked(array: npt.NDArray[np.generic]) -> None:
    """Take note that an array was a masked one before it crossed from another process."""
    _ONCE_MASKED[id(array)] = array


def norm(values: FloatArray) -> float:
    """Return the root of the sum of squares, where squares alone would overflow or vanish."""
    largest = float(np.abs(values).max(initial=0.0))
    if not math.isfinite(largest):
        return largest
    # Dividing by a power of two is exact, so nothing is lost for numbers of ordinary size.
    unit = 2.0 ** (math.frexp(largest)[1] - 1)
    return math.sqrt(np.square(values / unit).sum()) * unit


def rms(values: FloatArray) -> float:
    """Return the root of the mean square, 0 for an empty array."""
    return norm(values) / float(np.sqrt(max(values.size, 1)))


def typical_size(x: FloatArray) -> float:
    """Return the scale on which an argument is expected to vary: its rms, or 1 where it is (nearly) zero."""
    size = rms(x)
    return size if size > SMALLEST else 1.0
