"""What the grader's side may ask of the student's objects: operations by name, on values and handles."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import operator
import os
from collections import UserList, UserString
from collections.abc import Callable, Mapping, Set
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from numbers import Integral, Rational, Real
from typing import Any, NamedTuple

import numpy as np

from autograder.student_side.frames import WireError
from autograder.student_side.line_search import find_line, inside, traced, tried
from autograder.student_side.recursion_limit import set_recursion_limit
from autograder.student_side.seeds import set_states
from autograder.student_side.texts import clean
from autograder.student_side.traits import traits_of

MAX_HANDLES = 100_000
MAX_NAME = 80
MAX_FIELDS = 64


class Handles:
    """The student's objects that the grader's side holds on to, by number."""

    def __init__(self) -> None:
        self._objects: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}
        self._records: dict[type, int] = {}
        self._last = 0

    def keep(self, value: Any) -> int:
        """The number under which the grader's side can ask for an object from now on."""
        if len(self._objects) >= MAX_HANDLES:
            raise WireError(f"more than {MAX_HANDLES} objects are in use")
        self._last += 1
        self._objects[self._last] = value
        return self._last

    def keep_known(self, value: Any) -> int:
        """The same, and the same number for the same object, for as long as that side holds it."""
        number = self._numbers.get(id(value))
        if number is None or self._objects.get(number) is not value:
            number = self._numbers[id(value)] = self.keep(value)
        return number

    def keep_record(self, kind: type) -> int:
        """The number of a class of named tuples or exceptions, which is kept for good."""
        if kind not in self._records:
            self._records[kind] = self.keep(kind)
        return self._records[kind]

    def get(self, number: int) -> Any:
        """The object behind a handle; raises WireError for one that was given back."""
        if number not in self._objects:
            raise WireError(f"there is no object number {number}")
        return self._objects[number]

    def release(self, numbers: list[int]) -> None:
        """Forget objects that the grader's side no longer holds."""
        for number in numbers:
            value = self._objects.pop(number, None)
            if self._numbers.get(id(value)) == number:
                del self._numbers[id(value)]


def described(value: Any) -> tuple[str, str, str]:
    """What is said of an object that stays: its type's name, its own, its traits."""
    name = getattr(value, "__name__", "")
    array = type(value) is np.ndarray
    kind = f"ndarray of dtype {value.dtype}" if array else str(type(value).__name__)
    return short(kind), short(name) if isinstance(name, str) else "", traits_of(value)


def is_record(value: Any) -> bool:
    """Whether a value is a named tuple, of a class that adds nothing to one."""
    kind: Any = type(value)
    fields = getattr(kind, "_fields", None)
    return (
        kind.__bases__ == (tuple,)
        and type(fields) is tuple
        and len(fields) == len(value) <= MAX_FIELDS
        and all(type(field) is str for field in fields)
        and _of_its_own(kind).issubset(fields)
    )


class _Plain(NamedTuple):
    """A named tuple whose class has what every one has."""


PLAIN = {name: getattr(value, "__code__", None) for name, value in vars(_Plain).items()}
PLAIN |= dict.fromkeys(("__new__", "__annotate_func__"))  # made anew for each
PLAIN |= dict.fromkeys(
    ("__annotations_cache__", "__classdictcell__")
)  # since Python 3.14, if asked or needed


@lru_cache(maxsize=256)
def _of_its_own(kind: type) -> frozenset[str]:
    """What a class of named tuples binds that not every one has: its fields, methods, constants."""
    codes = {name: getattr(value, "__code__", None) for name, value in vars(kind).items()}
    return frozenset(
        name for name, code in codes.items() if name not in PLAIN or PLAIN[name] not in (None, code)
    )


def short(name: str) -> str:
    """A name that crosses."""
    return clean(name, MAX_NAME)


def _call(function: Any, *args: Any, **kwargs: Any) -> Any:
    return function(*args, **kwargs)


def _method(value: Any, name: str, *args: Any, **kwargs: Any) -> Any:
    return getattr(value, name)(*args, **kwargs)


def _signature(function: Any, *method: str) -> list[Any]:
    """What a callable or a method returns, by its annotation, and its parameters.

    Each is its name, kind as inspect numbers it, default, annotation. An annotation or a default is the empty
    tuple where there is none, else a tuple of one.
    """
    function = getattr(function, *method) if method else function
    found = inspect.signature(function)
    parameters = found.parameters.values()
    return [
        _if_any(found.return_annotation),
        *([p.name, int(p.kind), _if_any(p.default), _if_any(p.annotation)] for p in parameters),
    ]


def _if_any(value: Any) -> tuple[Any, ...]:
    return () if value is inspect.Parameter.empty else (value,)


def _of_method(value: Any, name: str, attribute: str) -> Any:
    return getattr(getattr(value, name), attribute)


def _text(value: Any, longest: int, how: str, *spec: str) -> str:
    """An object's text, of exactly str, cut to what a check would look at."""
    makers: dict[str, Callable[..., str]] = {"str": str, "repr": repr, "format": format}
    text = makers[how](value, *spec)
    return clean(str.__str__(text), longest)


def _enter(value: Any) -> Any:
    return type(value).__enter__(value)


def _exit(value: Any, error: BaseException | None) -> bool:
    return bool(type(value).__exit__(value, None if error is None else type(error), error, None))


def _content(value: Any) -> Any:
    """What an object that extends a plain type holds as one, whatever its class makes of that; a number."""
    return next(content(value) for kind, content in CONTENT_OF.items() if isinstance(value, kind))


CONTENT_OF: dict[type, Callable[[Any], Any]] = {
    int: int.__int__,
    float: float.__float__,
    complex: complex.__complex__,
    str: str.__str__,
    bytes: lambda value: bytes(memoryview(value)),
    list: lambda value: list.__getitem__(value, slice(None)),
    tuple: lambda value: tuple.__getitem__(value, slice(None)),
    dict: lambda value: list(dict.items(value)),
    set: lambda value: list(set[Any].__iter__(value)),
    frozenset: lambda value: list(frozenset[Any].__iter__(value)),
    Mapping: lambda value: list(value.items()),
    Set: list,
    UserList: lambda value: list(value.data),
    UserString: lambda value: value.data,
    Decimal: Decimal,
    datetime: lambda value: datetime.combine(datetime.date(value), datetime.timetz(value)),
    date: lambda value: date(value.year, value.month, value.day),
    timedelta: lambda value: timedelta(value.days, value.seconds, value.microseconds),
    Integral: int,
    Rational: lambda value: Fraction(int(value.numerator), int(value.denominator)),
    Real: float,
}


def _fields(value: Any) -> list[Any]:
    """The fields of a data class, or of its object: name, init, repr, compare, kw_only, type, default."""
    if len(found := dataclasses.fields(value)) > MAX_FIELDS:
        raise WireError(f"a data class has more than {MAX_FIELDS} fields")
    return [
        [f.name, f.init, f.repr, f.compare, f.kw_only, f.type, () if _is_missing(f.default) else (f.default,)]
        for f in found
    ]


def _is_missing(value: Any) -> bool:
    return value is dataclasses.MISSING


def _directory(value: Any) -> list[str]:
    return [name for name in dir(value) if type(name) is str]


def done(operation: str, arguments: tuple[Any, ...], named: tuple[Any, ...]) -> Any:
    """The value of an operation; ``named`` are names of arguments in turns with their values."""
    return OPERATIONS[operation](*arguments, **dict(zip(named[::2], named[1::2], strict=True)))


OPERATORS = (
    "add sub mul truediv floordiv mod pow matmul neg pos abs and_ or_ xor lshift rshift invert "
    "iadd isub imul itruediv ifloordiv imod ipow imatmul iand ior ixor lt le gt ge eq ne"
)
OPERATIONS: dict[str, Callable[..., Any]] = {
    "call": _call,
    "method": _method,
    "getattr": getattr,
    "setattr": setattr,
    "delattr": delattr,
    "signature": _signature,
    "set_states": set_states,
    "set_recursion_limit": set_recursion_limit,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "iter": iter,
    "next": next,
    "len": len,
    "truth": bool,
    "text": _text,
    "hash": hash,
    "dir": _directory,
    "content": _content,
    "fields": _fields,
    "enter": _enter,
    "exit": _exit,
    "contains": operator.contains,
    "reversed": reversed,
    "isinstance": isinstance,
    "issubclass": issubclass,
    "of_method": _of_method,
    "complex": complex,
    "divmod": divmod,
    "float": float,
    "fspath": os.fspath,
    "int": int,
    "index": operator.index,
    "round": round,
    "find_line": find_line,
    "inside": inside,
    "traced": traced,
    "tried": tried,
    "getitem": operator.getitem,
    "setitem": operator.setitem,
    "delitem": operator.delitem,
    **{name: getattr(operator, name) for name in OPERATORS.split()},
}
