"""The types of arrays that every room of the checker speaks of."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.intp]

#: The rounding units of the two precisions that functions compute in.
DOUBLE = float(np.finfo(np.float64).eps)
SINGLE = float(np.finfo(np.float32).eps)

#: Sizes below this leave no room for steps that are smaller still.
SMALLEST = 1e-280


def norm(values: FloatArray) -> float:
    """Return the root of the sum of squares, where squares alone would overflow or vanish."""
    largest = float(np.max(np.abs(values), initial=0.0))
    if not largest or not np.isfinite(largest):
        return largest
    # Dividing by a power of two is exact, so nothing is lost for numbers of ordinary size.
    unit = 2.0 ** max(int(np.frexp(largest)[1]), -1000)
    return float(np.sqrt(np.sum((values / unit) ** 2))) * unit


def rms(values: FloatArray) -> float:
    """Return the root of the mean square, 0 for an empty array."""
    return norm(values) / float(np.sqrt(max(values.size, 1)))


def typical_size(x: FloatArray) -> float:
    """Return the scale on which an argument is expected to vary: its rms, or 1 where it is (nearly) zero."""
    size = rms(x)
    return size if size > SMALLEST else 1.0
