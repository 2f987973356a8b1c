"""What of the student's is not plain data, on its way to the grader's side and back."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.student_side.arrays import crosses
from autograder.student_side.classes import NAMES_OF_CLASSES
from autograder.student_side.errors import put_class, put_error
from autograder.student_side.frames import WireError, frame
from autograder.student_side.lent import Lent
from autograder.student_side.objects import Handles, described, is_record
from autograder.student_side.traits import is_exception_class
from autograder.student_side.wire import Decoder, Encoder

Ask = Callable[[int, tuple[Any, ...], dict[str, Any]], Any]


class Kept:
    """An object that is to cross as a handle, whatever it is."""

    def __init__(self, value: Any) -> None:
        self.value = value


class LentIterator:
    """An iterator of the grader's side: each element is asked for when it is wanted."""

    def __init__(self, following: Callable[[], Any]) -> None:
        self._following = following

    def __iter__(self) -> LentIterator:
        return self

    def __next__(self) -> Any:
        return self._following()


class Values:
    """The translator on the student's side; these tags are its own::

    h   number, its type's name, its own name, its traits: an object
    E   its lineage (``errors``): a class of exceptions   I   number, lineage, arguments, text: an exception
    n   number of its class, the class's name, its fields, then its parts: a named tuple
    k   number, then its numbers: an array of a subclass, which is itself again when it comes back
    K   the same, of a masked array that hides none of them
    L   number, if it has changed, then what it holds: a thing that the grader's side lent
    c   number, name: a function of the grader's side, which ``ask`` calls      u   number: an iterator there
    """

    marks = True
    deepest = 24  # of what the check gets, and may hand back in containers of its own

    def __init__(self, ask: Ask) -> None:
        self.handles = Handles()
        self.lent = Lent()
        self._ask = ask
        self._callbacks: dict[int, Callable[..., Any]] = {}
        self._callback_numbers: dict[int, int] = {}

    def size_of(self, value: Any) -> float:
        """How many bytes a value takes in a message; infinitely many when it fits in none."""
        encoder = Encoder(self)
        try:
            encoder.put(value)
            return len(frame(encoder.items, encoder.raw))
        except WireError:
            return math.inf

    def encode(self, value: Any, encoder: Encoder, depth: int) -> None:
        """Put an object, by its number or by its numbers."""
        if isinstance(value, np.ndarray) and type(value) is not np.ndarray and _is_its_numbers(value):
            if (known := self.lent.look_up(value)) is not None:
                encoder.items += b"L", *known
            tag = b"K" if isinstance(value, np.ma.MaskedArray) else b"k"
            encoder.items += tag, self.handles.keep(value)
            encoder.array(np.asarray(value))
        elif isinstance(value, tuple) and depth + 1 < self.deepest and is_record(value):
            kind = type(value)
            fields: tuple[str, ...] = kind._fields  # type: ignore[attr-defined]
            encoder.items += b"n", self.handles.keep_record(kind), described(kind)[1], len(fields), *fields
            encoder.all(b"t", value, depth + 1)
        elif (number := self._callback_numbers.get(id(value))) is not None:
            encoder.items += b"c", number
        elif is_exception_class(value):
            encoder.items.append(b"E")
            put_class(value, self.handles, encoder)
        elif issubclass(type(value), Exception) and type(value) not in NAMES_OF_CLASSES:
            encoder.items.append(b"I")
            put_error(value, self.handles, encoder)
        else:
            value = value.value if type(value) is Kept else value
            encoder.items += b"h", self.handles.keep_known(value), *described(value)

    def mark(self, value: Any, encoder: Encoder) -> None:
        """Put the number of what was lent, and whether it has changed since it was last looked at."""
        if (known := self.lent.look_up(value)) is not None:
            encoder.items += b"L", *known

    def decode(self, tag: bytes, decoder: Decoder, depth: int) -> Any:
        """An object of ours, or a function of the grader's side."""
        number = decoder.scalar(int)
        if tag == b"c":
            return self._callback(number, decoder.scalar(str), decoder.scalar(str))
        if tag == b"u":
            return self._iterator(number)
        if tag == b"n":
            return self.handles.get(number)._make(decoder.value(depth + 1))
        if tag == b"k":
            place, numbers = len(decoder.met), decoder.marked(depth)
            array: Any = self.handles.get(number)
            decoder.met[place] = array
            plain = np.asarray(array)
            if plain.tobytes() != numbers.tobytes():
                plain[...] = numbers
            return array
        if tag == b"h":
            return self.handles.get(number)
        raise WireError("a value is neither plain data nor an object")

    def _iterator(self, number: int) -> Callable[..., Any]:
        if number not in self._callbacks:
            iterator: Any = LentIterator(lambda: self._ask(number, (), {}))
            self._callbacks[number] = iterator
            self._callback_numbers[id(iterator)] = number
        return self._callbacks[number]

    def _callback(self, number: int, name: str, doc: str) -> Callable[..., Any]:
        if number not in self._callbacks:

            def callback(*args: Any, **kwargs: Any) -> Any:
                return self._ask(number, args, kwargs)

            callback.__name__ = callback.__qualname__ = name
            callback.__doc__ = doc or None
            self._callbacks[number] = callback
            self._callback_numbers[id(callback)] = number
        return self._callbacks[number]


def _is_its_numbers(array: Any) -> bool:
    """Whether an array of a subclass can be sent as its numbers: of a masked one, some may not count."""
    return crosses(array) and not (isinstance(array, np.ma.MaskedArray) and np.ma.is_masked(array))
