"""scipy's sparse matrices and arrays, by their numbers and where these stand."""

from __future__ import annotations

from typing import Any

from autograder.student_side.arrays import NAMES
from autograder.student_side.frames import WireError
from autograder.student_side.tables import Numbers, Parts

COMPRESSED = ("csr_matrix", "csr_array", "csc_matrix", "csc_array")
COORDINATES = ("coo_matrix", "coo_array")


def parts_of(value: Any) -> Parts | None:
    """What a sparse matrix is made of; None for one that does not cross."""
    from scipy import sparse

    name = type(value).__name__
    if (
        getattr(sparse, name, None) is not type(value)
        or len(value.shape) != 2
        or value.dtype.char not in NAMES
    ):
        return None
    shape = tuple(int(size) for size in value.shape)
    if name in COMPRESSED:
        return f"scipy.{name}", shape, Numbers(value.data), Numbers(value.indices), Numbers(value.indptr)
    if name in COORDINATES:
        return f"scipy.{name}", shape, Numbers(value.data), Numbers(value.row), Numbers(value.col)
    return None


def made_of(parts: Parts) -> Any:
    """A sparse matrix. What uses it reads memory by its indices: they are held against its shape."""
    from scipy import sparse

    name, shape, *arrays = parts
    name = name.removeprefix("scipy.")
    plain = type(shape) is tuple and len(shape) == 2 and all(type(size) is int for size in shape)
    if (
        not plain
        or len(arrays) != 3
        or not all(type(part) is Numbers and part.array.ndim == 1 for part in arrays)
    ):
        raise WireError("a sparse matrix should have two sizes and three rows of numbers")
    data, one, two = (part.array for part in arrays)
    if one.dtype.kind != "i" or two.dtype.kind != "i":
        raise WireError("the indices of a sparse matrix should be integers")
    if name in COMPRESSED:
        made = getattr(sparse, name)((data, one, two), shape=shape)
        made.check_format(full_check=True)
        return made
    if name not in COORDINATES:
        raise WireError("a sparse matrix should be of a kind that crosses")
    if len(one) != len(data) or len(two) != len(data) or (len(one) and min(one.min(), two.min()) < 0):
        raise WireError("a sparse matrix should have an index for each number")
    return getattr(sparse, name)((data, (one, two)), shape=shape)


def overwrite(original: Any, changed: Any) -> None:
    """Have a sparse matrix hold what another of its kind holds."""
    if original.shape != changed.shape:
        raise WireError("a changed sparse matrix should keep its shape")
    original.data = changed.data
    if type(original).__name__ in COMPRESSED:
        original.indices, original.indptr = changed.indices, changed.indptr
    else:
        original.coords = changed.coords
