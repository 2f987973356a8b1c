"""What crosses the wall: plain data of exact types, in frames of bounded size. Both sides use this module.

A frame is a four-byte length and a msgpack message. A value is a tree: None, bool, int, float and str as they
are, everything else a list that starts with a tag::

    ["l", ...] list      ["t", ...] tuple      ["d", key, value, ...] dict with str or int keys
    ["a", dtype, shape, layout, bytes] array   ["s", dtype, bytes] NumPy scalar
    ["x", start, stop, step] slice             ["e"] Ellipsis

Any other tag belongs to the side that decodes (handles of objects that stay behind, callbacks). Decoding
never runs code, never allocates more than a few times a frame, and ends in a value or a WireError.
"""

from __future__ import annotations

import struct
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from typing import Any

import msgpack
import numpy as np
import numpy.typing as npt

MAX_FRAME = 32 * 2**20
MAX_TEXT = 2**20
MAX_ITEMS = 200_000
MAX_DEPTH = 16
MAX_DIMENSIONS = 16

HEADER = struct.Struct(">I")
DTYPES = {
    name: np.dtype(name)
    for name in (
        *("float16", "float32", "float64", "bool"),
        *("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    )
}
# By the letter of a dtype, whatever its byte order: to ask NumPy for its name takes longer than all the rest.
NAMES = {letter: name for letter in "efd?bhilqBHILQ" if (name := np.dtype(letter).name) in DTYPES}
SCALARS = {np.dtype(letter).type: name for letter, name in NAMES.items()}
SIMPLE = frozenset({float, bool, type(None)})
DICTS = frozenset({dict, OrderedDict, defaultdict})
KEYS = frozenset({str, int})
LAYOUTS = frozenset({"C", "F", "S", "CR", "FR", "SR"})
INTEGERS = range(-(2**63), 2**64)

Tree = Any
Array = npt.NDArray[Any]


class WireError(Exception):
    """A value that may not cross, or bytes that are no message. No ValueError, which a check may wait for."""


def payload_of(message: list[Any]) -> bytes:
    """The msgpack bytes of a message. Raises WireError when it is too large."""
    try:
        payload: bytes = msgpack.packb(message)
    except (ValueError, OverflowError, RecursionError) as error:
        raise WireError(f"a message could not be packed: {error}") from None
    if len(payload) > MAX_FRAME:
        raise WireError(f"a message of {len(payload) >> 20} MB is more than {MAX_FRAME >> 20} MB")
    return payload


def frame(message: list[Any]) -> bytes:
    """The bytes of a message on a stream: its length, then its payload. Raises WireError if too large."""
    payload = payload_of(message)
    return HEADER.pack(len(payload)) + payload


def message_of(payload: bytes) -> list[Any]:
    """The message in a frame's payload: a list that starts with a str. Raises WireError for anything else."""
    try:
        message = msgpack.unpackb(
            payload,
            max_str_len=MAX_TEXT * 4,
            max_bin_len=MAX_FRAME,
            max_array_len=MAX_ITEMS,
            max_map_len=0,
            max_ext_len=0,
            ext_hook=_no_extension,
        )
    except WireError:
        raise
    except (ValueError, msgpack.UnpackException, RecursionError, MemoryError) as error:
        raise WireError(f"a message is not well formed ({type(error).__name__})") from None
    if type(message) is not list or not message or type(message[0]) is not str:
        raise WireError("a message should be a list that starts with its kind")
    return message


def _no_extension(code: int, data: bytes) -> Any:
    raise WireError("msgpack extension types are not used here")


class Frames:
    """Bytes in, messages out. A length beyond MAX_FRAME raises WireError before anything is kept for it."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._start = 0

    def feed(self, data: bytes) -> None:
        """Add bytes as they arrive."""
        del self._buffer[: self._start]
        self._start = 0
        self._buffer += data

    def next(self) -> list[Any] | None:
        """The next whole message, or None when more bytes are needed."""
        begin = self._start + HEADER.size
        if len(self._buffer) < begin:
            return None
        (length,) = HEADER.unpack_from(self._buffer, self._start)
        if length > MAX_FRAME:
            raise WireError(f"a message of {length >> 20} MB was announced, the most is {MAX_FRAME >> 20} MB")
        if len(self._buffer) < begin + length:
            return None
        self._start = begin + length
        return message_of(bytes(memoryview(self._buffer)[begin : self._start]))


class Encoder:
    """Turns values into trees. ``other`` is called with what is not plain data, and returns its tree.

    ``arrays`` lists the arrays met, in the order in which the decoding side meets them: the two sides can
    speak of "array 3 of this message". Every call of every check passes here and in the Decoder, so both
    look the common kinds up by their type.
    """

    def __init__(self, other: Callable[[Any], Tree]) -> None:
        self.arrays: list[Array] = []
        self._other = other
        self._items = 1

    def tree(self, value: Any, depth: int = 0) -> Tree:
        """The tree of a value. Raises WireError beyond the limits on depth, count and size."""
        kind = type(value)
        if kind in SIMPLE:
            return value
        if kind is np.ndarray and (name := NAMES.get(value.dtype.char)):
            return self._array(value, name)
        if name := SCALARS.get(kind):
            return ["s", name, value.tobytes()]
        if kind is str:
            return _text(value)
        if kind is int:
            return value if value in INTEGERS else self._other(value)
        if kind is tuple or kind is list or _is_named_tuple(kind):
            self._count(len(value), depth)
            tree = self.tree
            return ["l" if kind is list else "t", *[tree(item, depth + 1) for item in value]]
        if kind in DICTS and KEYS.issuperset(map(type, value)):
            self._count(len(value), depth)
            parts: list[Tree] = ["d"]
            for key, item in value.items():
                parts += self.tree(key, depth + 1), self.tree(item, depth + 1)
            return parts
        if kind is slice:
            return ["x", *(self.tree(part, depth + 1) for part in (value.start, value.stop, value.step))]
        return ["e"] if value is Ellipsis else self._other(value)

    def _count(self, items: int, depth: int) -> None:
        self._items += items
        _check_limits(self._items, depth)

    def _array(self, array: Array, name: str) -> Tree:
        if array.nbytes > MAX_FRAME or array.ndim > MAX_DIMENSIONS:
            raise WireError(f"an array of shape {array.shape} is more than {MAX_FRAME >> 20} MB")
        self.arrays.append(array)
        native = array if array.dtype.isnative else array.astype(DTYPES[name])
        return ["a", name, array.shape, _layout(array), native.tobytes()]


def _check_limits(items: int, depth: int) -> None:
    if depth >= MAX_DEPTH or items > MAX_ITEMS:
        raise WireError(f"a value is nested deeper than {MAX_DEPTH} or holds more than {MAX_ITEMS} values")


def _is_named_tuple(kind: type) -> bool:
    return kind.__bases__ == (tuple,) and hasattr(kind, "_fields")


def _text(value: str) -> str:
    if len(value) > MAX_TEXT:
        raise WireError(f"a text of {len(value)} characters is longer than {MAX_TEXT}")
    return value if value.isascii() else value.encode("utf-8", "replace").decode()


def _layout(array: Array) -> str:
    flags = array.flags
    if flags.carray:
        return "C"
    order = "C" if flags.c_contiguous else "F" if flags.f_contiguous else "S"
    return order if flags.writeable else order + "R"


class Decoder:
    """Turns trees back into values. ``other`` is called with a tree of unknown tag, and returns its value.

    ``arrays`` lists the arrays made, in order, each with the bytes that it was made from.
    """

    def __init__(self, other: Callable[[list[Any]], Any]) -> None:
        self.arrays: list[tuple[Array, bytes]] = []
        self._other = other
        self._items = 1

    def value(self, tree: Tree, depth: int = 0) -> Any:
        """The value of a tree. Raises WireError for anything that an honest Encoder does not make."""
        kind = type(tree)
        if kind in SIMPLE or kind is int:
            return tree
        if kind is str and len(tree) <= MAX_TEXT:
            return tree
        if kind is not list or not tree or type(tree[0]) is not str:
            raise WireError("a value is not plain data")
        tag = tree[0]
        if tag == "a":
            return self._array(tree)
        if tag == "s":
            return _scalar(tree)
        if tag == "t" or tag == "l" or tag == "x":
            items = self._all(tree[1:], depth)
            return items if tag == "l" else tuple(items) if tag == "t" else _slice(items)
        if tag == "d":
            return self._dict(tree[1::2], tree[2::2], depth)
        return Ellipsis if tree == ["e"] else self._other(tree)

    def _all(self, trees: list[Tree], depth: int) -> list[Any]:
        self._items += len(trees)
        _check_limits(self._items, depth)
        value = self.value
        return [value(tree, depth + 1) for tree in trees]

    def _dict(self, keys: list[Any], trees: list[Tree], depth: int) -> dict[Any, Any]:
        if len(keys) != len(trees) or not KEYS.issuperset(map(type, keys)):
            raise WireError("a dict should have str or int keys, each with a value")
        return dict(zip(keys, self._all(trees, depth), strict=True))

    def _array(self, tree: list[Any]) -> Array:
        pair = array_of(tree)
        self.arrays.append(pair)
        return pair[0]


def array_of(tree: list[Any]) -> tuple[Array, bytes]:
    """The array of ``["a", dtype, shape, layout, bytes]``, laid out as it was, and its bytes."""
    if len(tree) != 5:
        raise WireError("an array should be dtype, shape, layout and bytes")
    _, name, shape, layout, data = tree
    if type(shape) is not list or len(shape) > MAX_DIMENSIONS:
        raise WireError(f"an array's shape should be a list of at most {MAX_DIMENSIONS} sizes")
    count = 1
    for size in shape:
        if type(size) is not int or not 0 <= size < 2**31:
            raise WireError("an array's sizes should be integers from 0 to 2**31")
        count *= size
    if type(layout) is not str or layout not in LAYOUTS:
        raise WireError("an array's layout is not one of C, F and S")
    flat = _numbers(name, data, count)
    try:
        source = flat.reshape(shape)
    except ValueError:
        raise WireError("an array's shape does not fit in memory") from None
    if layout == "C":
        return source.copy(), data
    array = _laid_out(source, layout[0])
    array.flags.writeable = not layout.endswith("R")
    return array, data


def _numbers(name: Any, data: Any, count: int) -> Array:
    if type(name) is not str or name not in DTYPES:
        raise WireError("a dtype should be one of float, int, uint and bool")
    dtype = DTYPES[name]
    if type(data) is not bytes or len(data) != count * dtype.itemsize:
        raise WireError(f"{count} numbers of dtype {name} should come with {count * dtype.itemsize} bytes")
    numbers = np.frombuffer(data, dtype)
    if name == "bool" and np.any(numbers.view(np.uint8) > 1):
        raise WireError("a boolean is neither 0 nor 1")
    return numbers


def _laid_out(source: Array, order: str) -> Array:
    if order == "F":
        return np.array(source, order="F")
    if order == "S" and source.ndim:
        apart = np.zeros((*source.shape[:-1], 2 * source.shape[-1]), source.dtype)[..., ::2]
        apart[...] = source
        return apart
    return np.array(source, order="C")


def _scalar(tree: list[Any]) -> Any:
    if len(tree) != 3:
        raise WireError("a NumPy scalar should be dtype and bytes")
    return _numbers(tree[1], tree[2], 1)[0]


def _slice(items: list[Any]) -> slice:
    if len(items) != 3:
        raise WireError("a slice should have start, stop and step")
    return slice(*items)
