"""What the grader's side may ask of the student's objects: operations by name, on values and handles."""

from __future__ import annotations

import copy
import inspect
import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograder.student_side.frames import WireError
from autograder.student_side.line_search import find_line

MAX_HANDLES = 100_000
MAX_NAME = 80
MAX_FIELDS = 64


class Handles:
    """The student's objects that the grader's side holds on to, by number."""

    def __init__(self) -> None:
        self._objects: dict[int, Any] = {}
        self._records: dict[type, int] = {}
        self._last = 0

    def keep(self, value: Any) -> int:
        """The number under which the grader's side can ask for an object from now on."""
        if len(self._objects) >= MAX_HANDLES:
            raise WireError(f"more than {MAX_HANDLES} objects are in use")
        self._last += 1
        self._objects[self._last] = value
        return self._last

    def keep_record(self, kind: type) -> int:
        """The number of a class of named tuples, which is kept for good."""
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
            self._objects.pop(number, None)


def described(value: Any) -> tuple[str, str, bool, bool]:
    """What is said of an object that stays: its type's name, its own, if it is callable, if a mapping."""
    name = getattr(value, "__name__", "")
    array = type(value) is np.ndarray
    kind = f"ndarray of dtype {value.dtype}" if array else str(type(value).__name__)
    return (
        _short(kind),
        _short(name) if isinstance(name, str) else "",
        callable(value),
        isinstance(value, Mapping),
    )


def is_record(value: Any) -> bool:
    """Whether a value is a named tuple, of a class that adds nothing to one."""
    kind = type(value)
    fields = getattr(kind, "_fields", None)
    return (
        kind.__bases__ == (tuple,)
        and type(fields) is tuple
        and len(fields) == len(value) <= MAX_FIELDS
        and all(type(field) is str for field in fields)
    )


def _short(name: str) -> str:
    return name[:MAX_NAME].encode("utf-8", "replace").decode()


def _call(function: Any, *args: Any, **kwargs: Any) -> Any:
    return function(*args, **kwargs)


def _method(value: Any, name: str, *args: Any, **kwargs: Any) -> Any:
    return getattr(value, name)(*args, **kwargs)


def _signature(function: Any, *method: str) -> list[Any]:
    """The parameters of a callable or a method: name, kind as inspect numbers it, if it has a default."""
    function = getattr(function, *method) if method else function
    parameters = inspect.signature(function).parameters.values()
    return [[p.name, int(p.kind), p.default is not inspect.Parameter.empty] for p in parameters]


OPERATIONS: dict[str, Callable[..., Any]] = {
    "call": _call,
    "method": _method,
    "getattr": getattr,
    "setattr": setattr,
    "delattr": delattr,
    "signature": _signature,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "iter": iter,
    "next": next,
    "len": len,
    "float": float,
    "int": int,
    "index": operator.index,
    "round": round,
    "find_line": find_line,
    "getitem": operator.getitem,
    "setitem": operator.setitem,
    "delitem": operator.delitem,
    **{
        name: getattr(operator, name)
        for name in (
            *("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "neg", "pos", "abs"),
            *("lt", "le", "gt", "ge", "eq", "ne"),
        )
    },
}
