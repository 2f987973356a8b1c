"""From values to scalars and raw bytes (``wire`` has the format)."""

from __future__ import annotations

from array import array as python_array
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from autograder.student_side import tables
from autograder.student_side.arrays import (
    MAX_DIMENSIONS,
    SCALARS,
    SIZED_SCALARS,
    Array,
    crosses,
    described,
    raw_of,
)
from autograder.student_side.classes import CLASSES_OF, name_of_class
from autograder.student_side.exact import EXACT, KINDS, error_parts, exact_parts
from autograder.student_side.frames import MAX_FRAME, NODE, Scalar, WireError
from autograder.student_side.keys import INTEGERS, may_be_keys
from autograder.student_side.translator import Translator

MAX_INT = 2**14  # bytes
NUMBERS = "bBhHiIlLqQfd"  # of array.array's types, those that are numbers
SIMPLE = frozenset({float, bool, type(None)})
CONTAINERS: dict[type, bytes] = {
    list: b"l",
    dict: b"d",
    set: b"S",
    frozenset: b"Z",
    OrderedDict: b"O",
    defaultdict: b"D",
    Counter: b"C",
    deque: b"q",
}
ANY_ELEMENTS = (b"l", b"q")
VIEWS = {type({}.keys()): "keys", type({}.values()): "values", type({}.items()): "items"}
FACTORIES = {kind.__name__: kind for kind in (int, float, str, bool, list, tuple, dict, set)}
# What an array of objects may hold, to cross: what has no parts that could be anything else.
SMALL = frozenset({str, int, float, bool, type(None), bytes, complex, *EXACT, *SCALARS})


class Encoder:
    """Turns values into scalars and raw bytes; ``translator`` sees to what is not plain data.

    ``met`` lists what can be changed in place (lists, dicts, sets, arrays, tables), in the order in which
    the decoder meets them: the two can speak of "the third of this message". Every call of every check
    passes here and there.
    """

    def __init__(self, translator: Translator) -> None:
        self.items: list[Scalar] = []
        self.raw: list[bytes] = []
        self.met: list[Any] = []
        self._places: dict[int, int] = {}
        self._translator = translator
        self._deepest = translator.deepest

    def put(self, value: Any, depth: int = 0) -> None:
        """Add a value. Raises WireError beyond the limit on size."""
        kind = type(value)
        if kind in SIMPLE:
            self.items.append(value)
        elif kind is np.ndarray:
            self.array(value, depth)
        elif kind is str:
            self._text(value, depth)
        elif kind is int:
            self._int(value, depth)
        elif kind is tuple and depth < self._deepest:
            self.all(b"t", value, depth)
        elif kind in CONTAINERS and depth < self._deepest:
            self._container(value, CONTAINERS[kind], depth)
        elif name := SCALARS.get(kind):
            self.items += b"s", name, value.tobytes()
        elif (writer := WRITERS.get(kind)) is not None and depth < self._deepest:
            writer(self, value, depth)
        elif kind in CLASSES_OF and (known := name_of_class(value)) is not None:
            self.items += b"y", known
        elif tables.may_be_one(kind) and depth < self._deepest:
            self._table(value, depth)
        elif issubclass(kind, Exception) and (parts := error_parts(value)) is not None:
            self.items += b"X", parts[0]
            self.put(parts[1], depth + 1)
        else:
            self._translator.encode(value, self, depth)

    def put_anew(self, value: Any, depth: int) -> None:
        """Add a value as it is by now, also where parts of it stand in the message already."""
        self._places.clear()
        self.put(value, depth)

    def all(self, tag: bytes, values: Collection[Any], depth: int = 0) -> None:
        """Add a tag, how many values there are, and each of them."""
        if len(self.items) + len(values) > MAX_FRAME // NODE:
            raise WireError(f"a message of more than {MAX_FRAME >> 20} MB is not sent")
        self.items += tag, len(values)
        put = self.put
        for value in values:
            put(value, depth + 1)

    def array(self, array: Array, depth: int = 0) -> None:
        """Add an array, or one of a subclass as if it were plain."""
        if array.ndim > MAX_DIMENSIONS:
            self._translator.encode(array, self, depth)
        elif crosses(array):
            if not self._met(array):
                self.numbers(b"a", array)
        elif array.dtype.char == "O" and SMALL.issuperset(map(type, array.flat)):
            if not self._met(array):
                self.items += b"o", array.ndim, *array.shape
                self.all(b"t", array.ravel().tolist(), depth)
        else:
            self._translator.encode(array, self, depth)

    def numbers(self, tag: bytes, array: Array) -> None:
        """Add an array that crosses as raw bytes. Raises WireError for one that is too large."""
        if array.nbytes > MAX_FRAME:
            raise WireError(f"an array of shape {array.shape} is more than {MAX_FRAME >> 20} MB")
        self.items += tag, described(array), array.ndim, *array.shape
        self.raw.append(raw_of(array))

    def pairs(self, values: dict[Any, Any]) -> tuple[Any, ...]:
        """What a dict holds, keys and values in turns."""
        return tuple(part for pair in values.items() for part in pair)

    def _container(self, value: Any, tag: bytes, depth: int) -> None:
        if tag not in ANY_ELEMENTS and not may_be_keys(value):
            self._translator.encode(value, self, depth)
            return
        if tag != b"Z" and self._met(value):
            return
        if tag == b"D":
            self.items.append(tag)
            factory = value.default_factory
            name = next((name for name, kind in FACTORIES.items() if kind is factory), None)
            self.put(factory if name is None else name, depth + 1)
        elif tag == b"q":
            self.items += tag, value.maxlen
        if isinstance(value, dict):
            self.all(b"d" if tag == b"D" else tag, self.pairs(value), depth)
        else:
            self.all(b"l" if tag == b"q" else tag, value, depth)

    def _table(self, value: Any, depth: int) -> None:
        parts = tables.parts_of(value)
        if parts is None:
            self._translator.encode(value, self, depth)
        elif not tables.is_mutable(value):
            self._put_table(b"P", parts, depth)
        elif not self._met(value):
            self._put_table(b"F", parts, depth)

    def _put_table(self, tag: bytes, parts: tables.Parts, depth: int) -> None:
        self.items.append(tag)
        self.put(parts, depth + 1)
        self.raw.append(bytes(tables.price(parts)))

    def _met(self, value: Any) -> bool:
        """Whether this very object stands in the message already; then it is said which it is."""
        place = self._places.get(id(value))
        if place is not None:
            self.items += b"r", place
            return True
        self._places[id(value)] = len(self.met)
        self.met.append(value)
        if self._translator.marks:
            self._translator.mark(value, self)
        return False

    def _text(self, value: str, depth: int) -> None:
        if value.isascii() or _is_unicode(value):
            self.items.append(value)
        else:
            self._translator.encode(value, self, depth)

    def _int(self, value: int, depth: int) -> None:
        if value in INTEGERS:
            self.items.append(value)
        elif (size := value.bit_length() // 8 + 1) <= MAX_INT:
            self.items += b"i", value.to_bytes(size, "little", signed=True)
        else:
            self._translator.encode(value, self, depth)

    def _complex(self, value: complex, depth: int) -> None:
        self.items += b"j", value.real, value.imag

    def _bytes(self, value: bytes, depth: int) -> None:
        self.items += b"b", value

    def _bytearray(self, value: bytearray, depth: int) -> None:
        if not self._met(value):
            self.items += b"B", bytes(value)

    def _number_array(self, value: python_array[Any], depth: int) -> None:
        if value.typecode not in NUMBERS:
            self._translator.encode(value, self, depth)
        elif not self._met(value):
            self.items += b"V", value.typecode, value.tobytes()

    def _slice(self, value: slice, depth: int) -> None:
        self.items.append(b"x")
        for part in (value.start, value.stop, value.step):
            self.put(part, depth + 1)

    def _ellipsis(self, value: Any, depth: int) -> None:
        self.items.append(b"e")

    def _not_implemented(self, value: Any, depth: int) -> None:
        self.items.append(b"N")

    def _sized_scalar(self, value: Any, depth: int) -> None:
        array = np.asarray(value)
        if crosses(array):
            self.items += b"s", described(array).partition(" ")[0], array.tobytes()
        else:
            self._translator.encode(value, self, depth)

    def _exact(self, value: Any, depth: int) -> None:
        parts = exact_parts(value)
        if parts is None:
            self._translator.encode(value, self, depth)
        else:
            self.items.append(b"v")
            for part in parts:
                self.put(part)

    def _view(self, value: Any, depth: int) -> None:
        which = VIEWS[type(value)]
        parts = [part for pair in value for part in pair] if which == "items" else list(value)
        if which != "values" and not may_be_keys(parts[:: 1 + (which == "items")]):
            self._translator.encode(value, self, depth)
        else:
            self.items += b"w", which
            self.all(b"t", parts, depth)

    def _numbers(self, value: tables.Numbers, depth: int) -> None:
        self.numbers(b"A", value.array)


WRITERS: dict[type, Callable[[Encoder, Any, int], None]] = {
    complex: Encoder._complex,
    bytes: Encoder._bytes,
    bytearray: Encoder._bytearray,
    python_array: Encoder._number_array,
    slice: Encoder._slice,
    type(Ellipsis): Encoder._ellipsis,
    type(NotImplemented): Encoder._not_implemented,
    **dict.fromkeys(SIZED_SCALARS, Encoder._sized_scalar),
    **dict.fromkeys(KINDS, Encoder._exact),
    **dict.fromkeys(VIEWS, Encoder._view),
    tables.Numbers: Encoder._numbers,
}


def _is_unicode(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:  # half a surrogate pair
        return False
    return True
