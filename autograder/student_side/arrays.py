"""How arrays and NumPy's scalars cross: a dtype by name, a layout, sizes, and the numbers as raw bytes."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from autograder.student_side.frames import WireError

if TYPE_CHECKING:
    from autograder.student_side.wire import Decoder

MAX_DIMENSIONS = 16
MAX_CODE_POINT = 0x10FFFF

Array = npt.NDArray[Any]

NUMBERS = (
    "float16 float32 float64 longdouble bool complex64 complex128 clongdouble longlong ulonglong "
    "int8 int16 int32 int64 uint8 uint16 uint32 uint64"
)
DTYPES = {name: np.dtype(name) for name in NUMBERS.split()}
# By the letter of a dtype, whatever its byte order: to ask NumPy for its name takes longer than all the rest.
NAMES = {
    **{letter: np.dtype(letter).name for letter in "efd?FDbhilBHIL"},
    "g": "longdouble",
    "G": "clongdouble",
    "q": "longlong",
    "Q": "ulonglong",
}
SCALARS = {np.dtype(letter).type: name for letter, name in NAMES.items()}
SIZED_SCALARS = frozenset({np.str_, np.bytes_, np.datetime64, np.timedelta64})
SIZED = re.compile(r"[US][1-9]\d{0,6}|[Mm]8(?:\[\d{0,9}(?:Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?")
LAYOUTS = {  # how an array is described: its dtype, whether C's or Fortran's order or neither, and writeable
    f"{name} {order}{'' if writeable else 'R'}": (dtype, order, writeable)
    for name, dtype in DTYPES.items()
    for order in "CFS"
    for writeable in (True, False)
}


def name_of(dtype: np.dtype[Any]) -> str | None:
    """The name of a dtype that crosses: of numbers, texts, bytes, dates or durations; None for any other."""
    if dtype.char not in "USMm":
        return NAMES.get(dtype.char)
    name = dtype.str[1:]
    return name if SIZED.fullmatch(name) else None


def dtype_of(name: str) -> np.dtype[Any] | None:
    """The dtype of this name, in this machine's byte order; None when there is none that crosses."""
    return DTYPES.get(name) or _sized(name)


@lru_cache
def _sized(name: str) -> np.dtype[Any] | None:
    if not SIZED.fullmatch(name):
        return None
    try:
        return np.dtype(name)
    except TypeError:
        return None


def crosses(array: Array) -> bool:
    """Whether an array's numbers can be sent as they are."""
    return array.dtype.char in NAMES or (name_of(array.dtype) is not None and _are_texts(array))


def described(array: Array) -> str:
    """An array's dtype and layout in a word."""
    return f"{NAMES.get(array.dtype.char) or name_of(array.dtype)}{_layout(array)}"


def raw_of(array: Array) -> bytes:
    """An array's numbers in C's order, in this machine's byte order."""
    native = array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))
    return native.tobytes()


def _layout(array: Array) -> str:
    flags = array.flags
    order = " C" if flags.c_contiguous else " F" if flags.f_contiguous else " S"
    return order if flags.writeable else order + "R"


def read_array(decoder: Decoder) -> Array:
    """The array that comes next in a message. Raises WireError."""
    described, dimensions = decoder.scalar(str), decoder.scalar(int)
    layout = LAYOUTS.get(described) or _sized_layout(described)
    if layout is None or not 0 <= dimensions <= MAX_DIMENSIONS:
        raise WireError("an array's dtype, layout or number of dimensions is none that crosses")
    shape = list(islice(decoder.items, dimensions))
    if not all(type(size) is int and 0 <= size < 2**31 for size in shape) or len(shape) < dimensions:
        raise WireError("an array's sizes should be integers from 0 to 2**31")
    dtype, order, writeable = layout
    count = prod(shape)
    raw, begin = decoder.take(count * dtype.itemsize)
    found = numbers(dtype, raw, count, begin)
    try:
        array = _laid_out(found.reshape(shape), order)
    except ValueError:
        raise WireError("an array's shape does not fit in memory") from None
    if not writeable:
        array.flags.writeable = False
    if dtype.char in "US":
        decoder.texts.append(found)  # as it came, whoever changes the array
    return array


def _sized_layout(described: str) -> tuple[np.dtype[Any], str, bool] | None:
    name, _, layout = described.rpartition(" ")
    dtype = _sized(name)
    if dtype is None or layout not in ("C", "F", "S", "CR", "FR", "SR"):
        return None
    return dtype, layout[0], len(layout) == 1


def read_scalar(name: str, data: bytes) -> Any:
    """NumPy's scalar of this dtype and these bytes. Raises WireError."""
    dtype = dtype_of(name)
    if dtype is None or len(data) != dtype.itemsize:
        raise WireError("a NumPy scalar should be a dtype and its bytes")
    return numbers(dtype, data, 1)[0]


def numbers(dtype: np.dtype[Any], data: bytes, count: int, begin: int = 0) -> Array:
    """An array over bytes that hold nothing but what an array of this dtype may. Raises WireError."""
    found: Array = np.frombuffer(data, dtype, count, begin) if count else np.empty(0, dtype)
    if dtype.char == "?" and np.any(found.view(np.uint8) > 1):
        raise WireError("a boolean is neither 0 nor 1")
    if not _are_texts(found):
        raise WireError("a text has letters that are none")
    return found


def _are_texts(array: Array) -> bool:
    """Whether no text of an array has a letter that Python or UTF-8 has not; of other arrays, True."""
    if array.dtype.char != "U":
        return True
    native = np.ascontiguousarray(array, array.dtype.newbyteorder("="))
    points = native.view(np.uint32)
    return not np.any((points > MAX_CODE_POINT) | ((points >= 0xD800) & (points <= 0xDFFF)))


def _laid_out(source: Array, order: str) -> Array:
    """A copy that is contiguous, or not, as the original was."""
    if order == "S" and source.ndim:
        # Neither C's order nor Fortran's: backwards, which takes no more memory than forwards.
        return np.flip(np.flip(source).copy())
    return source.copy("F" if order == "F" else "C")
