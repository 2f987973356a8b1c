"""Handles: the student's functions, classes and objects, as a graded cell sees them.

A handle does what the object would do, by asking for it. What comes back is plain data or another handle. How
far it is believed stands in ``belief``, and how it computes and compares in ``computing``.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum, StrEnum
from functools import partial
from typing import Any, Protocol

from autograder.grader_side import line_search, lines_inside
from autograder.grader_side.belief import kind_of, refuse_if_told, said_by, told_as
from autograder.grader_side.computing import Computing
from autograder.grader_side.contents import NONE, content_of
from autograder.grader_side.errors import NotANumber
from autograder.grader_side.records import fields_of
from autograder.grader_side.special_names import ASKED, COMPARING, MEASURING, PROBED, SAID
from autograder.student_side.traits import HASHED_AS_CONTENT, KINDS
from course_lib.gradcheck.lines.question import Question
from course_lib.gradcheck.lines.result import WrongLine

MAX_TEXT = 100_000
FIELDS = "__dataclass_fields__"
BOTH = {"5E": IntEnum, "6E": StrEnum}
BOUND = ("method", "builtin_function_or_method")


class Owner(line_search.Searching, Protocol):
    """Where handles live: the link to the child that holds their objects."""

    def do(self, operation: str, *args: Any, **kwargs: Any) -> Any:
        """The value of an operation on the student's side."""

    def release(self, number: int, generation: int) -> None:
        """Take note that nobody holds this handle any more."""

    def methods_of(self, kind: str) -> set[str]:
        """The names found to be methods of objects of this class: they need not be asked for again."""

    def is_of_student(self, value: Any) -> bool:
        """Whether a value is an object of the student's, or stands for one."""


def _another(handle: Handle, _: type, *args: Any, **kwargs: Any) -> Any:
    """Another object of a student's object's class, which is asked for only here: it may be a lie."""
    own = handle._wall.owner.do("getattr", handle, "__class__")
    if not issubclass(type(own), Handle):
        raise NotANumber(f"{kind_of(handle)} says that its class is none of your code's")
    return own(*args, **kwargs)


class Handle(Computing):
    """An object of the student's. Its class carries the name of the student's class, for messages.

    What only some objects can do stands in ``handle_kinds``: a handle has it if the object has.
    """

    __slots__ = ()

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """What ``isinstance`` and ``inspect`` take it for: a function, a class, a list of one's own.

        Of a data class's object, what makes another one when ``dataclasses.replace`` calls it.
        """
        if "D" in self._wall.traits:
            return type(type(self).__name__, (), {"__new__": partial(_another, self)})
        traits = "".join(letter for letter in self._wall.traits if letter in KINDS)
        return KINDS.get(traits) or BOTH.get(traits) or type(self)

    def __repr__(self) -> str:
        return self._wall_text("repr")

    def __str__(self) -> str:
        return self._wall_text("str")

    def __format__(self, spec: str) -> str:
        return self._wall_text("format", spec)

    def _wall_text(self, how: str, *spec: str) -> str:
        return str(self._wall_plain("text", str, MAX_TEXT, how, *spec))

    def __dir__(self) -> list[str]:
        return list(self._wall_plain("dir", list))

    def __getattr__(self, name: str) -> Any:
        wall = self._wall
        if name == "__name__" or name == "__qualname__":
            if wall.own_name:
                return wall.own_name
            raise AttributeError(name)
        if name == "__signature__" and "c" in wall.traits:
            from autograder.grader_side.methods import signature_of

            return signature_of(self)
        if name == FIELDS:
            return fields_of(self)
        if name.startswith(PROBED) and name not in ASKED:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        known = wall.owner.methods_of(type(self).__name__)
        if name not in known:
            value = wall.owner.do("getattr", self, name)
            value = said_by(self, value) if name in MEASURING else told_as(self, value)
            bound = isinstance(value, Handle) and type(value).__name__ in BOUND
            if not bound and (name not in COMPARING or not callable(value)):
                return value
            known.add(name)
        from autograder.grader_side.methods import Method

        return Method(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._wall.owner.methods_of(type(self).__name__).discard(name)
        self._wall.owner.do("setattr", self, name, value)

    def __delattr__(self, name: str) -> None:
        self._wall.owner.methods_of(type(self).__name__).discard(name)
        self._wall.owner.do("delattr", self, name)

    def __bool__(self) -> bool:
        if not self._wall.operand and (content := content_of(self)) is not NONE:
            return bool(content)
        return bool(self._wall_plain("truth", bool))

    def __hash__(self) -> int:
        if HASHED_AS_CONTENT in self._wall.traits:
            return hash(content_of(self))
        return int(self._wall_plain("hash", int))

    def __instancecheck__(self, instance: Any) -> bool:
        owner = self._wall.owner
        return owner.is_of_student(instance) and owner.do("isinstance", instance, self) is True

    def __subclasscheck__(self, kind: Any) -> bool:
        owner = self._wall.owner
        return owner.is_of_student(kind) and owner.do("issubclass", kind, self) is True

    def __find_line__(self, rest: Sequence[Any], dout: Any, seed: int) -> WrongLine:
        return line_search.asked(self._wall.owner, self, rest, dout=dout, seed=seed)

    def __inside__(self, first: int) -> lines_inside.InsideThere:
        return lines_inside.inside(self._wall.owner, self, first)

    def __mended__(self, asked: Question, found: WrongLine) -> WrongLine:
        return lines_inside.mended(self._wall.owner, self, asked, found)

    def __copy__(self) -> Any:
        return self._wall.owner.do("copy", self)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        return self._wall.owner.do("deepcopy", self)

    def _wall_plain(self, operation: str, kind: type, *args: Any) -> Any:
        if operation in SAID:
            refuse_if_told(self)
        value = self._wall.owner.do(operation, self, *args)
        if type(value) is not kind:
            raise NotANumber(f"{operation}() of {kind_of(self)} is no {kind.__name__}")
        return value
