"""From scalars and raw bytes back to values (``wire`` has the format)."""

from __future__ import annotations

from array import array as python_array
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from itertools import islice
from math import prod
from typing import Any

import numpy as np

from autograder.student_side import tables
from autograder.student_side.arrays import MAX_DIMENSIONS, Array, read_array, read_scalar
from autograder.student_side.classes import class_called
from autograder.student_side.encoder import FACTORIES, MAX_INT, NUMBERS, SMALL
from autograder.student_side.exact import read_error, read_exact
from autograder.student_side.frames import Message, WireError
from autograder.student_side.keys import MAX_DEPTH, may_be_keys, put_elements, put_pairs
from autograder.student_side.translator import Translator

ITSELF = frozenset({float, bool, type(None), int, str})
END = object()


class Decoder:
    """Turns a message's scalars back into values; ``translator`` sees to what is not plain data.

    ``met`` lists the lists, dicts, sets, arrays and data frames made, in the Encoder's order. ``zones`` are
    the time zones that the message speaks of.
    """

    def __init__(self, received: Message, translator: Translator) -> None:
        self.met: list[Any] = []
        self.zones: set[str] = set()
        self.items = received.items
        self.texts = received.texts
        self._raw = received.raw
        self._at = 0
        self._translator = translator

    def value(self, depth: int = 0) -> Any:
        """The next value. Raises WireError for anything that an honest Encoder does not make."""
        item = next(self.items, END)
        return item if type(item) in ITSELF else self._tagged(item, depth)

    def _tagged(self, tag: Any, depth: int) -> Any:
        if type(tag) is not bytes or depth > MAX_DEPTH:
            raise WireError(f"a value is not plain data, or nested deeper than {MAX_DEPTH}")
        reader = READERS.get(tag)
        return self._translator.decode(tag, self, depth) if reader is None else reader(self, depth)

    def scalar(self, kind: type) -> Any:
        """The next scalar, which should be of this type."""
        item = next(self.items, END)
        if type(item) is not kind:
            raise WireError(f"a message has no {kind.__name__} where there should be one")
        return item

    def all(self, depth: int, into: list[Any] | None = None) -> list[Any]:
        """As many values as the next scalar says."""
        values = [] if into is None else into
        items = self.items
        for _ in range(self.scalar(int)):
            item = next(items, END)
            values.append(item if type(item) in ITSELF else self._tagged(item, depth + 1))
        return values

    def take(self, size: int) -> tuple[bytes, int]:
        """The message's raw bytes, and where in them the next ``size`` begin. Raises WireError."""
        begin = self._at
        self._at += size
        if self._at > len(self._raw):
            raise WireError(f"{size} bytes of an array were announced that did not come")
        return self._raw, begin

    def marked(self, depth: int, others: tuple[bytes, ...] = ()) -> Any:
        """What a mark stands before: it can be changed in place. One of the ``others`` may stand between."""
        tag = self.scalar(bytes)
        if tag in others:
            return self._translator.decode(tag, self, depth)
        reader = MARKED.get(tag)
        if reader is None:
            raise WireError("a mark should stand before a list, dict, set or array")
        return reader(self, depth)

    def _list(self, depth: int) -> list[Any]:
        values: list[Any] = []
        self.met.append(values)
        return self.all(depth, values)

    def _deque(self, depth: int) -> deque[Any]:
        longest = next(self.items, END)
        if longest is not None and (type(longest) is not int or not 0 <= longest < 2**31):
            raise WireError("a deque's greatest length should be an integer or None")
        made: deque[Any] = deque(maxlen=longest)
        self.met.append(made)
        if self.scalar(bytes) != b"l":
            raise WireError("a deque should have elements")
        made.extend(self.all(depth))
        return made

    def _tuple(self, depth: int) -> tuple[Any, ...]:
        return tuple(self.all(depth))

    def _dict(self, depth: int) -> dict[Any, Any]:
        return self._filled({}, depth)

    def _ordered_dict(self, depth: int) -> dict[Any, Any]:
        return self._filled(OrderedDict(), depth)

    def _counter(self, depth: int) -> dict[Any, Any]:
        return self._filled(Counter(), depth)

    def _default_dict(self, depth: int) -> dict[Any, Any]:
        made: dict[Any, Any] = defaultdict(None)
        self.met.append(made)
        factory = self.value(depth + 1)
        if type(factory) is str:
            factory = FACTORIES.get(factory)
        if (factory is not None and not callable(factory)) or self.scalar(bytes) != b"d":
            raise WireError("a defaultdict should have a factory and pairs")
        made.default_factory = factory  # type: ignore[attr-defined]
        return put_pairs(made, self.all(depth))

    def _filled(self, made: dict[Any, Any], depth: int) -> dict[Any, Any]:
        self.met.append(made)
        return put_pairs(made, self.all(depth))

    def _set(self, depth: int) -> set[Any]:
        made: set[Any] = set()
        self.met.append(made)
        return put_elements(made, self.all(depth))

    def _frozenset(self, depth: int) -> frozenset[Any]:
        return frozenset(put_elements(set(), self.all(depth)))

    def _view(self, depth: int) -> Any:
        which, parts = self.scalar(str), self.value(depth + 1)
        if type(parts) is not tuple or which not in ("keys", "values", "items"):
            raise WireError("a view of a dict should have elements")
        if which == "items":
            return put_pairs({}, list(parts)).items()
        if which == "values":
            return dict(enumerate(parts)).values()
        if not may_be_keys(parts):
            raise WireError("a dict should have keys that may cross")
        return dict.fromkeys(parts).keys()

    def _array(self, depth: int) -> Array:
        array = read_array(self)
        self.met.append(array)
        return array

    def _part(self, depth: int) -> tables.Numbers:
        array = read_array(self)
        array.flags.writeable = True  # whatever view of a table's numbers pandas gave away
        return tables.Numbers(array)

    def _objects(self, depth: int) -> Any:
        dimensions = self.scalar(int)
        shape = list(islice(self.items, dimensions)) if 0 <= dimensions <= MAX_DIMENSIONS else [-1]
        place = len(self.met)
        self.met.append(None)
        values = self.value(depth + 1)
        plain = type(values) is tuple and SMALL.issuperset(map(type, values))
        if (
            not plain
            or not all(type(size) is int and size >= 0 for size in shape)
            or prod(shape) != len(values)
        ):
            raise WireError("an array of objects should hold as many small values as its sizes say")
        array = np.empty(len(values), object)
        array[:] = values
        array = array.reshape(shape)
        self.met[place] = array
        return array

    def _numpy_scalar(self, depth: int) -> Any:
        return read_scalar(self.scalar(str), self.scalar(bytes))

    def _class(self, depth: int) -> type[Any]:
        kind = class_called(self.scalar(str))
        if kind is None:
            raise WireError("there is no such class that both sides know")
        return kind

    def _table(self, depth: int) -> Any:
        parts = self.value(depth + 1)
        self.take(tables.price(parts))
        return tables.made_of(parts, self)

    def _mutable_table(self, depth: int) -> Any:
        place = len(self.met)
        self.met.append(None)
        self.met[place] = self._table(depth)
        return self.met[place]

    def _complex(self, depth: int) -> complex:
        return complex(self.scalar(float), self.scalar(float))

    def _bytes(self, depth: int) -> bytes:
        return bytes(self.scalar(bytes))

    def _bytearray(self, depth: int) -> bytearray:
        made = bytearray(self.scalar(bytes))
        self.met.append(made)
        return made

    def _number_array(self, depth: int) -> python_array[Any]:
        typecode, data = self.scalar(str), self.scalar(bytes)
        if len(typecode) != 1 or typecode not in NUMBERS or len(data) % python_array(typecode).itemsize:
            raise WireError("an array.array should have a type of number, and whole ones")
        made: python_array[Any] = python_array(typecode, data)
        self.met.append(made)
        return made

    def _int(self, depth: int) -> int:
        data = self.scalar(bytes)
        if len(data) > MAX_INT:
            raise WireError(f"an integer of {len(data)} bytes is longer than {MAX_INT}")
        return int.from_bytes(data, "little", signed=True)

    def _slice(self, depth: int) -> slice:
        return slice(self.value(depth + 1), self.value(depth + 1), self.value(depth + 1))

    def _ellipsis(self, depth: int) -> Any:
        return Ellipsis

    def _not_implemented(self, depth: int) -> Any:
        return NotImplemented

    def _again(self, depth: int) -> Any:
        place = self.scalar(int)
        if not 0 <= place < len(self.met):
            raise WireError("a value refers to one that did not come")
        return self.met[place]


READERS: dict[bytes, Callable[[Decoder, int], Any]] = {
    b"l": Decoder._list,
    b"t": Decoder._tuple,
    b"d": Decoder._dict,
    b"a": Decoder._array,
    b"s": Decoder._numpy_scalar,
    b"r": Decoder._again,
    b"S": Decoder._set,
    b"Z": Decoder._frozenset,
    b"O": Decoder._ordered_dict,
    b"D": Decoder._default_dict,
    b"C": Decoder._counter,
    b"q": Decoder._deque,
    b"w": Decoder._view,
    b"j": Decoder._complex,
    b"b": Decoder._bytes,
    b"B": Decoder._bytearray,
    b"V": Decoder._number_array,
    b"i": Decoder._int,
    b"x": Decoder._slice,
    b"e": Decoder._ellipsis,
    b"N": Decoder._not_implemented,
    b"v": read_exact,
    b"X": read_error,
    b"y": Decoder._class,
    b"o": Decoder._objects,
    b"A": Decoder._part,
    b"P": Decoder._table,
    b"F": Decoder._mutable_table,
}
MARKED = {bytes([tag]): READERS[bytes([tag])] for tag in b"ldSODCqaoBVF"}
