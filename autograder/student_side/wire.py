"""What crosses the wall: plain data of exact types, by value. Both sides use this module.

A value is a run of scalars in a frame's tree. None, bool, int, float and str stand for themselves, everything
else begins with a tag, a single byte::

    l, t, S, Z   how many, then each: list, tuple, set, frozenset
    d, O         how many keys and values, then they in turns: dict, OrderedDict
    D            its factory, then as a dict: defaultdict
    a            dtype and layout, dimensions, their sizes; the numbers are in the frame's raw bytes: array
    s            dtype, bytes: NumPy scalar       j   real, imaginary: complex      b   bytes
    i            bytes: int of more than 64 bits  x   start, stop, step: slice      e   Ellipsis
    r            which of the lists, dicts, sets and arrays of this message it is: the same one again

Any other tag belongs to the side that decodes: objects that stay behind, functions. Decoding never runs code,
costs what ``frames`` promises, and ends in a value or a WireError.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection
from itertools import islice
from math import prod
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from autograder.student_side.frames import MAX_FRAME, NODE, Frames, Message, Scalar, WireError, frame

MAX_DEPTH = 32
MAX_DIMENSIONS = 16
MAX_INT = 2**14  # bytes
# The hashes of tuples, complex numbers and long integers can be made equal at will, and then a dict's or a
# set's cost is the square of its size: there may be few of them.
MOST_ODD_KEYS = 100

DTYPES = {
    name: np.dtype(name)
    for name in (
        *("longlong", "ulonglong"),
        *("float16", "float32", "float64", "longdouble", "bool", "complex64", "complex128", "clongdouble"),
        *("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    )
}
# By the letter of a dtype, whatever its byte order: to ask NumPy for its name takes longer than all the rest.
NAMES = {
    **{letter: np.dtype(letter).name for letter in "efd?FDbhilBHIL"},
    "g": "longdouble",
    "G": "clongdouble",
    "q": "longlong",
    "Q": "ulonglong",
}
SCALARS = {np.dtype(letter).type: name for letter, name in NAMES.items()}
SIMPLE = frozenset({float, bool, type(None)})
ITSELF = frozenset({float, bool, type(None), int, str})
KEYS = frozenset({str, float, bool, type(None), *(kind for kind in SCALARS if kind(0).dtype.kind in "fiub")})
LAYOUTS = {  # how an array is described: its dtype, whether C's or Fortran's order or neither, and writeable
    f"{name} {order}{'' if writeable else 'R'}": (dtype, order, writeable)
    for name, dtype in DTYPES.items()
    for order in "CFS"
    for writeable in (True, False)
}
INTEGERS = range(-(2**63), 2**64)
FACTORIES = {kind.__name__: kind for kind in (int, float, str, bool, list, tuple, dict, set)}

Array = npt.NDArray[Any]
END = object()


class Translator(Protocol):
    """Gives meaning to what is not plain data: objects that stay behind, functions, what was lent.

    A container nested in ``deepest`` others is not plain data, either. ``marks`` says whether ``mark`` may
    have something to put.
    """

    @property
    def deepest(self) -> int:  # noqa: D102 (see above)
        ...

    @property
    def marks(self) -> bool:  # noqa: D102 (see above)
        ...

    def encode(self, value: Any, encoder: Encoder, depth: int) -> None:
        """Put what is no plain data; raises where it cannot be."""

    def mark(self, value: Any, encoder: Encoder) -> None:
        """Put before a list, dict, set or array what the other side knows it by, if anything."""

    def decode(self, tag: bytes, decoder: Decoder, depth: int) -> Any:
        """The value that begins with a tag of the translator's own; WireError when there is none."""


class Plain:
    """The translator of messages that hold plain data only."""

    deepest = MAX_DEPTH
    marks = False

    def encode(self, value: Any, encoder: Encoder, depth: int) -> None:
        """Refuse the value."""
        raise WireError(f"a value of type {type(value).__name__} is not plain data")

    def mark(self, value: Any, encoder: Encoder) -> None:
        """Nothing is known."""

    def decode(self, tag: bytes, decoder: Decoder, depth: int) -> Any:
        """Refuse the tag."""
        raise WireError("a value is not plain data")


def message(kind: str, *values: Any) -> bytes:
    """The frame of a message whose parts are plain values. Raises WireError for any other, or too many."""
    encoder = Encoder(Plain())
    for value in (kind, *values):
        encoder.put(value)
    return frame(encoder.items, encoder.raw)


def payload_of(parts: list[Any]) -> bytes:
    """One message of plain parts, to be sent whole."""
    return message("parts", parts)


def message_of(payload: bytes) -> list[Any]:
    """The parts of a message that was received whole. Raises WireError when it is none."""
    frames = Frames()
    frames.feed(payload)
    received = frames.next()
    parts = None if received is None else Decoder(received, Plain()).value()
    if type(parts) is not list or not parts:
        raise WireError("a message should be a list that starts with its kind")
    return parts


class Encoder:
    """Turns values into scalars and raw bytes; ``translator`` sees to what is not plain data.

    ``met`` lists the lists, dicts, sets and arrays met, in the order in which the decoding side meets them:
    the two can speak of "the third of this message". Every call of every check passes here and there.
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
        elif kind is complex:
            self.items += b"j", value.real, value.imag
        elif kind is bytes:
            self.items += b"b", value
        elif kind is slice and depth < self._deepest:
            self.items.append(b"x")
            for part in (value.start, value.stop, value.step):
                self.put(part, depth + 1)
        elif value is Ellipsis:
            self.items.append(b"e")
        else:
            self._translator.encode(value, self, depth)

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
        name = NAMES.get(array.dtype.char)
        if name is None or array.ndim > MAX_DIMENSIONS:
            self._translator.encode(array, self, depth)
        elif not self._met(array):
            if array.nbytes > MAX_FRAME:
                raise WireError(f"an array of shape {array.shape} is more than {MAX_FRAME >> 20} MB")
            native = array if array.dtype.isnative else array.astype(DTYPES[name])
            self.items += b"a", name + _layout(array), array.ndim, *array.shape
            self.raw.append(native.tobytes())

    def pairs(self, values: dict[Any, Any]) -> tuple[Any, ...]:
        """What a dict holds, keys and values in turns."""
        return tuple(part for pair in values.items() for part in pair)

    def _container(self, value: Any, tag: bytes, depth: int) -> None:
        if tag != b"l" and not may_be_keys(value):
            self._translator.encode(value, self, depth)
            return
        if tag != b"Z" and self._met(value):
            return
        if tag == b"D":
            self.items.append(tag)
            factory = value.default_factory
            name = next((name for name, kind in FACTORIES.items() if kind is factory), None)
            self.put(factory if name is None else name, depth + 1)
        if isinstance(value, dict):
            self.all(b"d" if tag == b"D" else tag, self.pairs(value), depth)
        else:
            self.all(tag, value, depth)

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


CONTAINERS: dict[type, bytes] = {
    list: b"l",
    dict: b"d",
    set: b"S",
    frozenset: b"Z",
    OrderedDict: b"O",
    defaultdict: b"D",
}


def may_be_keys(keys: Collection[Any]) -> bool:
    """Whether these can be the keys of a dict, or a set's elements, that crosses."""
    if KEYS.issuperset(map(type, keys)):
        return True
    odd = [key for key in keys if type(key) not in KEYS and not (type(key) is int and key in INTEGERS)]
    return len(odd) <= MOST_ODD_KEYS and all(map(_is_odd_key, odd))


def _is_odd_key(key: Any, depth: int = 0) -> bool:
    if type(key) is tuple or type(key) is frozenset:
        return depth < MAX_DEPTH and all(_is_odd_key(part, depth + 1) for part in key)
    return type(key) in KEYS or type(key) in (int, complex, bytes, np.complex64, np.complex128)


def _is_unicode(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:  # half a surrogate pair
        return False
    return True


def _layout(array: Array) -> str:
    flags = array.flags
    if flags.carray:
        return " C"
    order = " C" if flags.c_contiguous else " F" if flags.f_contiguous else " S"
    return order if flags.writeable else order + "R"


class Decoder:
    """Turns a message's scalars back into values; ``translator`` sees to what is not plain data.

    ``met`` lists the lists, dicts, sets and arrays made, in the Encoder's order.
    """

    def __init__(self, received: Message, translator: Translator) -> None:
        self.met: list[Any] = []
        self._items = received.items
        self._raw = received.raw
        self._at = 0
        self._translator = translator

    def value(self, depth: int = 0) -> Any:
        """The next value. Raises WireError for anything that an honest Encoder does not make."""
        item = next(self._items, END)
        return item if type(item) in ITSELF else self._tagged(item, depth)

    def _tagged(self, tag: Any, depth: int) -> Any:
        if type(tag) is not bytes or depth > MAX_DEPTH:
            raise WireError(f"a value is not plain data, or nested deeper than {MAX_DEPTH}")
        reader = READERS.get(tag)
        return self._translator.decode(tag, self, depth) if reader is None else reader(self, depth)

    def scalar(self, kind: type) -> Any:
        """The next scalar, which should be of this type."""
        item = next(self._items, END)
        if type(item) is not kind:
            raise WireError(f"a message has no {kind.__name__} where there should be one")
        return item

    def all(self, depth: int, into: list[Any] | None = None) -> list[Any]:
        """As many values as the next scalar says."""
        values = [] if into is None else into
        items = self._items
        for _ in range(self.scalar(int)):
            item = next(items, END)
            values.append(item if type(item) in ITSELF else self._tagged(item, depth + 1))
        return values

    def marked(self, depth: int, other: bytes = b"") -> Any:
        """The list, dict, set or array that a mark stands before; there may be one ``other`` mark between."""
        tag = self.scalar(bytes)
        if tag == other != b"":
            return self._translator.decode(tag, self, depth)
        reader = MARKED.get(tag)
        if reader is None:
            raise WireError("a mark should stand before a list, dict, set or array")
        return reader(self, depth)

    def _list(self, depth: int) -> list[Any]:
        values: list[Any] = []
        self.met.append(values)
        return self.all(depth, values)

    def _tuple(self, depth: int) -> tuple[Any, ...]:
        return tuple(self.all(depth))

    def _dict(self, depth: int) -> dict[Any, Any]:
        return self._filled({}, depth)

    def _ordered_dict(self, depth: int) -> dict[Any, Any]:
        return self._filled(OrderedDict(), depth)

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

    def _array(self, depth: int) -> Array:
        described, dimensions = LAYOUTS.get(self.scalar(str)), self.scalar(int)
        if described is None or not 0 <= dimensions <= MAX_DIMENSIONS:
            raise WireError("an array's dtype, layout or number of dimensions is none that crosses")
        shape = list(islice(self._items, dimensions))
        if not all(type(size) is int and 0 <= size < 2**31 for size in shape) or len(shape) < dimensions:
            raise WireError("an array's sizes should be integers from 0 to 2**31")
        dtype, order, writeable = described
        begin, count = self._at, prod(shape)
        self._at += count * dtype.itemsize
        if self._at > len(self._raw):
            raise WireError(f"{count * dtype.itemsize} bytes of an array were announced that did not come")
        try:
            array = _laid_out(_numbers(dtype, self._raw, count, begin).reshape(shape), order)
        except ValueError:
            raise WireError("an array's shape does not fit in memory") from None
        if not writeable:
            array.flags.writeable = False
        self.met.append(array)
        return array

    def _numpy_scalar(self, depth: int) -> Any:
        name, data = self.scalar(str), self.scalar(bytes)
        if name not in DTYPES or len(data) != DTYPES[name].itemsize:
            raise WireError("a NumPy scalar should be a dtype and its bytes")
        return _numbers(DTYPES[name], data, 1)[0]

    def _complex(self, depth: int) -> complex:
        return complex(self.scalar(float), self.scalar(float))

    def _bytes(self, depth: int) -> bytes:
        return bytes(self.scalar(bytes))

    def _int(self, depth: int) -> int:
        data = self.scalar(bytes)
        if len(data) > MAX_INT:
            raise WireError(f"an integer of {len(data)} bytes is longer than {MAX_INT}")
        return int.from_bytes(data, "little", signed=True)

    def _slice(self, depth: int) -> slice:
        return slice(self.value(depth + 1), self.value(depth + 1), self.value(depth + 1))

    def _ellipsis(self, depth: int) -> Any:
        return Ellipsis

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
    b"j": Decoder._complex,
    b"b": Decoder._bytes,
    b"i": Decoder._int,
    b"x": Decoder._slice,
    b"e": Decoder._ellipsis,
}


MARKED = {tag: READERS[tag] for tag in (b"l", b"d", b"S", b"O", b"D", b"a")}


def put_pairs(made: dict[Any, Any], parts: list[Any]) -> dict[Any, Any]:
    """Fill a dict with keys and values in turns. Raises WireError for what may not be its keys."""
    if len(parts) % 2 or not may_be_keys(parts[::2]):
        raise WireError("a dict should have keys that may cross, each with a value")
    made.update(zip(parts[::2], parts[1::2], strict=True))
    return made


def put_elements(made: set[Any], elements: list[Any]) -> set[Any]:
    """Fill a set. Raises WireError for what may not be its elements."""
    if not may_be_keys(elements):
        raise WireError("a set should have elements that may cross")
    made.update(elements)
    return made


def _numbers(dtype: np.dtype[Any], data: bytes, count: int, begin: int = 0) -> Array:
    numbers = np.frombuffer(data, dtype, count, begin) if count else np.zeros(0, dtype)
    if dtype.char == "?" and np.any(numbers.view(np.uint8) > 1):
        raise WireError("a boolean is neither 0 nor 1")
    return numbers


def _laid_out(source: Array, order: str) -> Array:
    """A copy that is contiguous, or not, as the original was."""
    if order == "S" and source.ndim:
        # Neither C's order nor Fortran's: backwards, which takes no more memory than forwards.
        return np.flip(np.flip(source).copy())
    return source.copy("F" if order == "F" else "C")
