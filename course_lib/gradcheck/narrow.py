"""Whether numbers were computed in a narrower type than the one that they come in."""

import numpy as np

from course_lib.gradcheck.arrays import DOUBLE, HALF, SINGLE, FloatArray

#: Whole numbers up to here fit into float16, and into float32, with digits to spare.
WHOLE_IN_HALF, WHOLE_IN_SINGLE = 2.0**9, 2.0**16


def computed_in_single(out: FloatArray) -> bool:
    """Whether every number fits into float32, and not just because it has few digits."""
    return representable_in_single(out) and not representable_in_single(out * (1 + 2**-20))


def representable_in_single(values: FloatArray) -> bool:
    """Whether every number survives a round trip through float32."""
    return representable_in(np.float32, values)


def representable_in(dtype: type[np.floating], values: FloatArray) -> bool:
    """Whether every number survives a round trip through a narrower type."""
    with np.errstate(all="ignore"):
        return bool(np.array_equal(values.astype(dtype).astype(np.float64), values))


def precision_of(out: FloatArray) -> float:
    """Return the rounding unit of the narrowest type that all numbers fit into."""
    if representable_in(np.float16, out):
        return HALF
    return SINGLE if representable_in_single(out) else DOUBLE


def are_whole(out: FloatArray) -> bool:
    """Whether outputs are whole numbers, of which the smallest would be another one in a narrower type."""
    limit = WHOLE_IN_HALF if representable_in(np.float16, out) else WHOLE_IN_SINGLE
    smallest = np.abs(out).min(initial=np.inf, where=out != 0)
    return bool(smallest < limit or not out.any()) and np.array_equal(out, np.rint(out))
