"""What only some handles can do: be called, iterated, indexed, entered, turned into numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import Field
from itertools import count
from types import TracebackType
from typing import Any, Literal

from autograder.grader_side.belief import as_operand, kind_of, refuse_if_told, said_by, told_as
from autograder.grader_side.errors import CannotCross, KeptBack, NotANumber
from autograder.grader_side.handles import Handle
from autograder.grader_side.in_turn import Callee
from autograder.grader_side.records import fields_of
from autograder.student_side.traits import ABSTRACT
from course_lib.grading import CheckEnded

MAX_ITERATIONS = 1_000_000
MOST_CLASSES = 256
ITSELF = ("generator", "map", "filter", "zip", "enumerate")  # iterators that are their own


class CallableHandle(Callee, Handle):
    """A function, a class, or an object that can be called."""

    __slots__ = ()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: D102 (Python's contract, like its kin)
        return self._wall_believed(self._wall.owner.do("call", self, *args, **kwargs))

    def _wall_question(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        return "call", self, *args

    def _wall_believed(self, value: Any) -> Any:
        return as_operand(value) if self._wall_makes else value


class _Sized(Handle):
    __slots__ = ()

    def __len__(self) -> int:
        return int(self._wall_plain("len", int))


class _Iterable(Handle):
    __slots__ = ()

    def __iter__(self) -> Iterator[Any]:
        refuse_if_told(self)
        iterator = self._wall.owner.do("iter", self)
        for taken in count():
            try:
                item = self._wall.owner.do("next", iterator)
            except StopIteration:
                return
            if taken == MAX_ITERATIONS:
                raise NotANumber(f"{kind_of(self)} has more than {MAX_ITERATIONS} items")
            yield item


class _Iterator(Handle):
    __slots__ = ()

    def __iter__(self) -> Iterator[Any]:
        if type(self).__name__ in ITSELF:
            return self
        begun: Iterator[Any] = told_as(self, self._wall.owner.do("iter", self))  # which may begin anew
        return begun

    def __next__(self) -> Any:
        refuse_if_told(self)
        self._wall.taken += 1
        if self._wall.taken > MAX_ITERATIONS:
            raise NotANumber(f"{kind_of(self)} has more than {MAX_ITERATIONS} items")
        return self._wall.owner.do("next", self)


class _Container(Handle):
    __slots__ = ()

    def __contains__(self, item: Any) -> bool:
        if self._wall.made_by_check or isinstance(item, Handle):
            return bool(self._wall_plain("contains", bool, item))
        if not isinstance(self, _Iterable):
            raise NotANumber(f"{kind_of(self)} cannot be asked what is in it; its elements were expected")
        return any(item is element or item == element for element in self)


class _Readable(Handle):
    __slots__ = ()

    def __getitem__(self, key: Any) -> Any:
        return said_by(self, self._wall.owner.do("getitem", self, key))


class _Writeable(Handle):
    __slots__ = ()

    def __setitem__(self, key: Any, value: Any) -> None:
        self._wall.owner.do("setitem", self, key, value)


class _Deletable(Handle):
    __slots__ = ()

    def __delitem__(self, key: Any) -> None:
        self._wall.owner.do("delitem", self, key)


class _Reversible(Handle):
    __slots__ = ()

    def __reversed__(self) -> Iterator[Any]:
        return iter(told_as(self, self._wall.owner.do("reversed", self)))


class _Context(Handle):
    __slots__ = ()

    def __enter__(self) -> Any:
        operand = self._wall.operand
        value = self._wall.owner.do("enter", self)
        return as_operand(value) if operand and value is self else value

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> Literal[False]:
        if isinstance(error, CheckEnded):
            return False
        try:
            handled = bool(self._wall_plain("exit", bool, error))
        except CannotCross:
            handled = bool(self._wall_plain("exit", bool, RuntimeError(f"{type(error).__name__} in a check")))
        # It may have been a check's verdict, or kept one from being reached.
        if handled and error is not None:
            raise KeptBack(error)
        return False


class _Record(Handle):
    __slots__ = ()

    @property
    def __dataclass_fields__(self) -> dict[str, Field[Any]]:
        return fields_of(self)


class _Path(Handle):
    __slots__ = ()

    def __fspath__(self) -> str:
        if self._wall.path is None:  # a second answer could lead elsewhere
            self._wall.path = str(self._wall_plain("fspath", str))
        return self._wall.path


class _Float(Handle):
    __slots__ = ()

    def __float__(self) -> float:
        return float(self._wall_plain("float", float))


class _Int(Handle):
    __slots__ = ()

    def __int__(self) -> int:
        return int(self._wall_plain("int", int))


class _Index(Handle):
    __slots__ = ()

    def __index__(self) -> int:
        return int(self._wall_plain("index", int))


class _Complex(Handle):
    __slots__ = ()

    def __complex__(self) -> complex:
        return complex(self._wall_plain("complex", complex))


KINDS_OF_HANDLES: dict[str, type[Handle]] = {
    "c": CallableHandle,
    "l": _Sized,
    "n": _Iterator,
    "i": _Iterable,
    "k": _Container,
    "g": _Readable,
    "s": _Writeable,
    "d": _Deletable,
    "r": _Reversible,
    "w": _Context,
    "D": _Record,
    "o": _Path,
    "f": _Float,
    "I": _Int,
    "x": _Index,
    "C": _Complex,
}
SAID_BY_CLASSES = ("__doc__", "__annotations__", "__module__")


class HandleClasses:
    """The classes of one notebook's handles, by what is said of the objects' own."""

    def __init__(self) -> None:
        self._classes: dict[tuple[str, str], type[Handle]] = {}

    def find(self, kind: str, traits: str) -> type[Handle]:
        """The class for handles of objects whose class is called ``kind``."""
        letters = "".join(sorted(set(traits)))
        key = (kind if kind.isprintable() else "object", letters)
        if key not in self._classes:
            if len(self._classes) >= MOST_CLASSES:
                self._classes.clear()  # objects keep theirs, and those to come can do what they could
            self._classes[key] = _made(*key)
        return self._classes[key]


def _no_key(handle: Handle) -> int:
    raise NotANumber(f"your code returned {kind_of(handle)}, where a key of a dict was wanted")


def _of_the_object(name: str) -> property:
    return property(lambda handle: handle.__getattr__(name))


def _made(kind: str, traits: str) -> type[Handle]:
    bases = tuple(base for letter, base in KINDS_OF_HANDLES.items() if letter in traits) or (Handle,)
    # Without, those of the class would stand for those of every object.
    body: dict[str, Any] = {"__slots__": (), **{name: _of_the_object(name) for name in SAID_BY_CLASSES}}
    if "h" not in traits:
        body["__hash__"] = _no_key
    made = type(kind, bases, body)
    for letter, abstract in ABSTRACT.items():
        if letter in traits:
            abstract.register(made)
    return made
