"""What is not plain data, on its way between a graded cell and the student's process."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from itertools import chain
from types import FunctionType, GeneratorType
from typing import Any, Protocol

import numpy as np

from autograder.grader_side.belief import as_operand
from autograder.grader_side.connection import Connection
from autograder.grader_side.errors import CannotCross, ObjectGone
from autograder.grader_side.handle_kinds import HandleClasses
from autograder.grader_side.handles import Handle, Owner
from autograder.grader_side.own_errors import OwnClass, OwnError, OwnErrors
from autograder.grader_side.records import Records
from autograder.grader_side.references import Reference, Trust
from autograder.student_side.frames import WireError
from autograder.student_side.traits import LETTERS
from autograder.student_side.wire import MAX_DEPTH, Decoder, Encoder
from course_lib.gradcheck.arrays import once_masked

MAX_NAME = 80
SUBCLASSED = (b"k", b"K")


class Notebook(Owner, Protocol):
    """The student's side of a notebook, whose child may be replaced."""

    why_dead: str

    def lookup(self, names: list[str]) -> dict[str, Any]:
        """The student's values for these names."""


class Crossing:
    """The translator (connection.Translator) of one notebook; ``generation`` counts its children.

    Student objects have handles, the same one for the same object as long as the check holds it. A callable
    that is found under a name with a capital has another one, for that says that it makes objects that may
    be compared. Functions keep their numbers from one graded cell to the next: student code may hold on
    to them, as in a notebook.
    """

    deepest = MAX_DEPTH

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook
        self.generation = 0
        self.connection: Connection | None = None
        self._functions: list[Callable[..., Any]] = []
        self._numbers: dict[int, int] = {}  # of functions and iterators, by their id: they are held above
        self._released: list[int] = []
        self._references: weakref.WeakValueDictionary[int, Reference] = weakref.WeakValueDictionary()
        self._classes = HandleClasses()
        self._records = Records()
        self._errors = OwnErrors(notebook)
        self._kept: dict[int, tuple[weakref.ref[Any], Reference]] = {}

    def begin_child(self) -> None:
        """There is a new child, which knows of nothing."""
        self.generation += 1
        self._released.clear()
        self._references.clear()
        self._kept.clear()

    def release(self, number: int, generation: int) -> None:
        """Take note of a handle that nobody holds; the child is told with the next request."""
        if generation == self.generation:
            self._released.append(number)

    @property
    def marks(self) -> bool:
        """Whether an array may stand for one of a subclass."""
        return bool(self._kept)

    def is_of_student(self, value: Any) -> bool:
        """Whether a value is an object of the student's, or a record or exception that stands for one."""
        return isinstance(value, Handle | OwnClass | OwnError) or self._records.knows(type(value))

    def encode(self, value: Any, encoder: Encoder, depth: int) -> None:
        """Put a handle, found again by name if its child was replaced, a record, a function, an iterator."""
        kind = type(value)
        if isinstance(value, Handle):
            self._bring_up_to_date(value._wall)
            encoder.items += b"h", value._wall.number
        elif isinstance(value, OwnClass) and value._wall_owner is not None:
            if value._wall_generation != self.generation:
                self._notebook.lookup([value.__name__])
            encoder.items += b"h", self._still_there(value._wall_number, value._wall_generation)
        elif isinstance(value, OwnError) and value._wall is not None:
            encoder.items += b"h", self._still_there(value._wall.number, value._wall.generation)
        elif (number := self._records.number_of(kind, self.generation)) is not None:
            encoder.items += b"n", number
            encoder.all(b"t", value, depth + 1)
        elif _is_gone_through(kind):
            encoder.items += b"u", self._number_of(value, _Following)
        elif kind is not object and (isinstance(value, type) or not callable(value)):
            # An object() is a mark: ``match`` looks for keys by one.
            raise CannotCross(f"{_shown(value)} is no plain data, array or function")
        else:
            encoder.items += b"c", self._number_of(value), *_told_of(value)

    def _number_of(self, value: Any, made: Callable[[Any], Callable[..., Any]] | None = None) -> int:
        number = self._numbers.get(id(value))
        if number is None:
            number = self._numbers[id(value)] = len(self._functions)
            self._functions.append(value if made is None else made(value))
        return number

    def _still_there(self, number: int, generation: int) -> int:
        if generation != self.generation:
            raise ObjectGone(f"this object died with its process: {self._notebook.why_dead}")
        return number

    def mark(self, value: Any, encoder: Encoder) -> None:
        """Put the number of an array that is of a subclass on the student's side, to be itself again."""
        if (kept := self._kept.get(id(value))) is not None and kept[0]() is value:
            encoder.items += b"k", kept[1].number

    def decode(self, tag: bytes, decoder: Decoder, depth: int) -> Any:
        """An object of the student's, a function of the check's, or what was lent, that comes back."""
        if tag == b"E":
            return self._errors.read_class(decoder, self.generation)
        number = decoder.scalar(int)
        if tag == b"h":
            return self._handle(number, decoder)
        if tag == b"c":
            function = self._function(number)
            return function.iterator if isinstance(function, _Following) else function
        if tag == b"L" and self.connection is not None:
            changed, place = decoder.scalar(bool), len(decoder.met)
            value = self.connection.lending.take_back(number, changed, decoder.marked(depth, SUBCLASSED))
            decoder.met[place : place + 1] = [value]
            return value
        if tag in SUBCLASSED:
            array = self._keep(number, decoder.marked(depth))
            if tag == b"K":
                once_masked(array)
            return array
        if tag == b"n":
            return self._records.read(number, self.generation, decoder, depth)
        if tag == b"I":
            return self._errors.read_error(
                decoder, Reference(self._notebook, number, self.generation, "", "")
            )
        raise WireError("a value is neither plain data nor an object")

    def _handle(self, number: int, decoder: Decoder) -> Handle:
        kind, own_name, traits = decoder.scalar(str), decoder.scalar(str), decoder.scalar(str)
        if len(kind) > MAX_NAME or len(own_name) > MAX_NAME or len(traits) > len(LETTERS):
            raise WireError("an object's name is too long")
        if not LETTERS.issuperset(traits):
            raise WireError("an object has a trait that there is not")
        reference = self._references.get(number)
        if reference is None or reference.traits != traits:
            own_name = own_name if own_name.isprintable() else ""
            reference = Reference(self._notebook, number, self.generation, own_name, traits)
            self._references[number] = reference
        # Given up a moment ago, and not told yet: now it is held again.
        self._released = [released for released in self._released if released != number]
        reference.before, reference.trust = reference.trust, None  # who asked for it knows better
        handle = reference.handle() if reference.handle is not None else None
        if handle is None:
            handle = self._classes.find(kind, traits)(reference)
            reference.handle = weakref.ref(handle)
        return handle

    def named(self, name: str, value: Any) -> Any:
        """What was found under a global name of the student's."""
        if not isinstance(value, Handle):
            return value
        value._wall.name = name
        if "c" not in value._wall.traits:
            return value
        makes = name[:1].isupper()
        known = value._wall.handle() if value._wall.handle is not None else None
        if known is not None and known._wall_makes == makes:
            return known
        handle = type(value)(value._wall)
        object.__setattr__(handle, "_wall_makes", makes)
        value._wall.handle = weakref.ref(handle)  # so that what returns it is seen to
        return handle

    def _keep(self, number: int, value: Any) -> Any:
        """Take note that an array stands for one of a subclass."""
        if not isinstance(value, np.ndarray):
            raise WireError("an array of a subclass should come as an array")
        key = id(value)
        reference = Reference(self._notebook, number, self.generation, "", "")
        self._kept[key] = weakref.ref(value, lambda _: self._kept.pop(key, None)), reference
        return value

    def function(self, number: int) -> Callable[..., Any]:
        """The check's function with this number; what student code hands it may be compared while it runs."""
        function = self._function(number)

        def called(*args: Any, **kwargs: Any) -> Any:
            here, given = Trust(), (*args, *kwargs.values())
            for value in given:
                as_operand(value, here)
            try:
                return function(*args, **kwargs)
            finally:
                here.ended = True
                for value in given:
                    if isinstance(value, Handle) and value._wall.trust is here:
                        value._wall.trust = value._wall.before

        return called

    def _function(self, number: int) -> Callable[..., Any]:
        if not 0 <= number < len(self._functions):
            raise WireError("there is no function with this number")
        return self._functions[number]

    def released(self) -> tuple[int, ...]:
        """The handles given up since the last request."""
        released, self._released = self._released, []
        return tuple(released)

    def _bring_up_to_date(self, wall: Reference) -> None:
        if wall.generation == self.generation:
            return
        if not wall.name:
            raise ObjectGone(f"this object died with its process: {self._notebook.why_dead}")
        fresh = self._notebook.lookup([wall.name]).get(wall.name)
        if not isinstance(fresh, Handle):
            raise NameError(f"name {wall.name!r} is not defined")
        wall.number, wall.generation = fresh._wall.number, self.generation
        wall.renewed = fresh._wall  # alive as long as this one, for the number is its


def _is_gone_through(kind: type) -> bool:
    """Whether elements are all that there is to get: a file has lines, and can be read as a whole, too."""
    iterates = hasattr(kind, "__next__") and hasattr(kind, "__iter__")
    return iterates and (kind in (GeneratorType, chain) or all(name.startswith("_") for name in dir(kind)))


class _Following:
    """Hands out an iterator's elements one by one."""

    def __init__(self, iterator: Iterator[Any]) -> None:
        self.iterator = iterator

    def __call__(self) -> Any:
        return next(self.iterator)


def _shown(value: Any) -> str:
    """A value of a check's as it is written, if that is short."""
    try:
        shown = repr(value)
    except Exception:  # of a student's object in it, which says of itself what it likes
        shown = ""
    kind = f"a value of type {type(value).__name__}"
    return f"{kind} ({shown})" if 0 < len(shown) <= MAX_NAME else kind


def _told_of(function: Any) -> tuple[str, str]:
    """A function's name and, of one written in Python, its docstring: decorators keep both."""
    doc = function.__doc__ if isinstance(function, FunctionType) else None
    return str(getattr(function, "__name__", "function")), doc if isinstance(doc, str) else ""
