"""Handles: the student's functions, classes and objects, as a graded cell sees them.

A handle does what the object would do, by asking for it. What comes back is plain data or another handle. One
thing is not believed, because the answer would be the student's to choose: how an object that a call returned
compares, or computes, with a number or other plain data of the check's. A check looks at numbers, never at
what an object says about them. What an object says of itself (its truth, length, text, elements) is no more
than a function could have returned; of one that came of computing with plain data of the check's it is more,
for that object may know what is expected, as in ``abs(f(2) - 7) < 1e-6``. It is not asked.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from enum import IntEnum, StrEnum
from functools import partial
from typing import Any, Protocol

import numpy as np

from autograder.grader_side import line_search, lines_inside
from autograder.grader_side.contents import FIXED, NONE, content_of
from autograder.grader_side.errors import NotANumber
from autograder.grader_side.records import fields_of
from autograder.grader_side.references import ALWAYS, Reference, Trust
from autograder.grader_side.special_names import (
    ARITHMETIC,
    ASKED,
    BITWISE,
    COMPARING,
    COMPARISONS,
    IN_PLACE,
    MEASURING,
    SAID,
    UFUNCS,
)
from autograder.student_side.traits import KINDS
from course_lib.gradcheck.lines.question import Question
from course_lib.gradcheck.lines.result import WrongLine

MAX_ITERATIONS = 1_000_000
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


class Handle:
    """An object of the student's. Its class carries the name of the student's class, for messages.

    What only some objects can do stands in ``handle_kinds``: a handle has it if the object has.
    """

    __slots__ = ("__weakref__", "_name", "_wall")

    _wall: Reference
    _name: str  # under which the check itself found it, if it can be called

    def __init__(self, reference: Reference) -> None:
        object.__setattr__(self, "_wall", reference)
        object.__setattr__(self, "_name", "")

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
        return self._text("repr")

    def __str__(self) -> str:
        return self._text("str")

    def __format__(self, spec: str) -> str:
        return self._text("format", spec)

    def _text(self, how: str, *spec: str) -> str:
        return str(self._plain("text", str, MAX_TEXT, how, *spec))

    def __dir__(self) -> list[str]:
        return list(self._plain("dir", list))

    def __getattr__(self, name: str) -> Any:
        wall = self._wall
        if name == "__name__" or name == "__qualname__":
            if wall.own_name:
                return wall.own_name
            raise AttributeError(name)
        if name == "__signature__" and "c" in wall.traits:
            from autograder.grader_side.handle_kinds import signature_of

            return signature_of(self)
        if name == FIELDS:
            return fields_of(self)
        if name.startswith(("__", "_repr_", "_ipython_")) and name not in ASKED:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        known = wall.owner.methods_of(type(self).__name__)
        if name not in known:
            value = wall.owner.do("getattr", self, name)
            value = said_by(self, value) if name in MEASURING else told_as(self, value)
            bound = isinstance(value, Handle) and type(value).__name__ in BOUND
            if not bound and (name not in COMPARING or not callable(value)):
                return value
            known.add(name)
        from autograder.grader_side.handle_kinds import Method

        return Method(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._wall.owner.methods_of(type(self).__name__).discard(name)
        self._wall.owner.do("setattr", self, name, value)

    def __delattr__(self, name: str) -> None:
        self._wall.owner.methods_of(type(self).__name__).discard(name)
        self._wall.owner.do("delattr", self, name)

    def __bool__(self) -> bool:
        if self._wall.returned and not self._wall.operand:
            raise NotANumber(f"your code returned {kind_of(self)}, where its truth value was asked for")
        return bool(self._plain("truth", bool))

    def __hash__(self) -> int:
        return int(self._plain("hash", int))

    def __instancecheck__(self, instance: Any) -> bool:
        owner = self._wall.owner
        return owner.is_of_student(instance) and owner.do("isinstance", instance, self) is True

    def __subclasscheck__(self, kind: Any) -> bool:
        owner = self._wall.owner
        return owner.is_of_student(kind) and owner.do("issubclass", kind, self) is True

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        if (content := content_of(self)) is NONE:
            raise NotANumber(f"your code returned {kind_of(self)}, where numbers were wanted")
        return np.array(content, *args, **kwargs)

    def __array_ufunc__(self, function: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """What an array on the left of an operator asks for: it leaves the operation to us."""
        name = UFUNCS.get(function.__name__, "")
        if not name or method != "__call__" or len(inputs) != 2 or options or isinstance(inputs[0], Handle):
            raise NotANumber(f"your code returned {kind_of(self)}, where numbers were wanted")
        return getattr(type(self), name)(self, inputs[0])

    def __neg__(self) -> Any:
        return self._alone("neg")

    def __pos__(self) -> Any:
        return self._alone("pos")

    def __abs__(self) -> Any:
        return self._alone("abs")

    def __invert__(self) -> Any:
        return self._alone("invert")

    def _alone(self, operation: str) -> Any:
        operand, trust = self._wall.operand, self._wall.trust
        value = said_by(self, self._wall.owner.do(operation, self))
        return as_operand(value, trust) if operand else value

    def __round__(self, digits: int | None = None) -> Any:
        return said_by(self, self._wall.owner.do("round", self, digits))

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

    def _plain(self, operation: str, kind: type, *args: Any) -> Any:
        if operation in SAID:
            refuse_if_told(self)
        value = self._wall.owner.do(operation, self, *args)
        if type(value) is not kind:
            raise NotANumber(f"{operation}() of {kind_of(self)} is no {kind.__name__}")
        return value


def kind_of(handle: Handle) -> str:
    """An object, in the words of a message."""
    return f"an object ({type(handle).__name__})"


def returned(value: Any) -> Any:
    """The same value; when it is a handle, one that a call returned."""
    if isinstance(value, Handle):
        value._wall.returned = True
    return value


def as_operand(value: Any, trust: Trust | None = ALWAYS) -> Any:
    """The same value; when it is a handle, one that may be compared from now on, until ``trust`` ends."""
    if isinstance(value, Handle):
        value._wall.trust = trust
    return value


def as_function(value: Any) -> Any:
    """The same value; when it is a handle, it makes no objects that may be compared, whatever its name is."""
    if isinstance(value, Handle):
        object.__setattr__(value, "_name", "")
    return value


def told_as(own: Handle, value: Any) -> Any:
    """The same value; when it is a handle that came of one that was told something, it was told too."""
    if own._wall.told and isinstance(value, Handle):
        value._wall.told = True
    return value


def said_by(own: Handle, value: Any) -> Any:
    """The same for a part or a measure of an object: of one that may know what is expected no plain one."""
    if value is not None and not isinstance(value, Handle):
        refuse_if_told(own)
    return told_as(own, value)


def refuse_if_told(handle: Handle) -> None:
    """NotANumber for an object that may know what is expected: its elements may be as few as it likes."""
    if _may_know(handle):
        raise NotANumber(_knowing(handle))


def _may_know(handle: Handle) -> bool:
    return handle._wall.told and not handle._wall.operand


def _knowing(handle: Handle) -> str:
    return f"your code returned {kind_of(handle)}, where a number to compute with was wanted"


def _has_content(handle: Handle, operation: str) -> bool:
    """Whether an operation is on what an object holds, and not a change of the object."""
    content = content_of(handle)
    in_place = operation[0] == "i" and operation[1:] in IN_PLACE
    return content is not NONE and (type(content) in FIXED or not in_place)


def _as_content(value: Any) -> Any:
    return content_of(value) if isinstance(value, Handle) else value


def _arithmetic(operation: str, own: Handle, *operands: Any) -> Any:
    """The value of an operation on objects; a number comes only of objects that the check itself made."""
    handles = [operand for operand in operands if isinstance(operand, Handle)]
    made_here = [handle._wall.trust for handle in handles if handle._wall.operand]
    if not made_here and len(handles) < len(operands) and _has_content(own, operation):
        operate = divmod if operation == "divmod" else getattr(operator, operation)
        return operate(*map(_as_content, operands))
    value = own._wall.owner.do(operation, *operands)
    if made_here:
        return as_operand(value, made_here[0])
    if len(handles) < len(operands):
        if not isinstance(value, Handle):
            raise NotANumber(f"your code returned {kind_of(own)}, where a number was wanted")
        value._wall.told = True
    for handle in handles:
        value = told_as(handle, value)
    return value


def _binary(operation: str, reflected: bool) -> Callable[[Handle, Any], Any]:
    def forward(self: Handle, other: Any) -> Any:
        return _arithmetic(operation, self, self, other)

    def backward(self: Handle, other: Any) -> Any:
        return _arithmetic(operation, self, other, self)

    return backward if reflected else forward


def _comparison(operation: str) -> Callable[[Handle, Any], Any]:
    def compare(self: Handle, other: Any) -> Any:
        if isinstance(other, type) and issubclass(other, Handle) and operation in ("eq", "ne"):
            # type(x) == Dog, of which only the name is known here
            same = "T" in self._wall.traits and other.__name__ == self._wall.own_name
            return same == (operation == "eq")
        if self._wall.operand or isinstance(other, Handle):
            return self._wall.owner.do(operation, self, other)
        if other is None and operation in ("eq", "ne"):
            return operation == "ne"
        if (content := content_of(self)) is not NONE:
            return getattr(operator, operation)(content, other)
        raise NotANumber(f"{kind_of(self)} cannot be compared; a number was expected")

    return compare


for _name in ARITHMETIC:
    setattr(Handle, f"__{_name}__", _binary(_name, reflected=False))
    setattr(Handle, f"__r{_name}__", _binary(_name, reflected=True))
for _name in BITWISE:
    setattr(Handle, f"__{_name}__", _binary(_name if _name == "xor" else f"{_name}_", reflected=False))
    setattr(Handle, f"__r{_name}__", _binary(_name if _name == "xor" else f"{_name}_", reflected=True))
for _name in IN_PLACE:
    setattr(Handle, f"__i{_name}__", _binary(f"i{_name}", reflected=False))
for _name in COMPARISONS:
    setattr(Handle, f"__{_name}__", _comparison(_name))
