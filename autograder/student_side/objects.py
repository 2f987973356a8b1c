"""What the grader's side may ask of the student's objects: operations by name, on values and handles."""

from __future__ import annotations

import copy
import inspect
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.student_side.wire import WireError

MAX_HANDLES = 100_000
MAX_NAME = 80


class Handles:
    """The student's objects that the grader's side holds on to, by number."""

    def __init__(self) -> None:
        self._objects: dict[int, Any] = {}
        self._last = 0

    def keep(self, value: Any) -> list[Any]:
        """The tree of a handle: its number, its type's name, its own name, whether it can be called."""
        if len(self._objects) >= MAX_HANDLES:
            raise WireError(f"more than {MAX_HANDLES} objects are in use")
        self._last += 1
        self._objects[self._last] = value
        name = getattr(value, "__name__", "")
        return [
            "h",
            self._last,
            _kind(value),
            name[:MAX_NAME] if isinstance(name, str) else "",
            callable(value),
        ]

    def get(self, number: int) -> Any:
        """The object behind a handle; raises WireError for one that was given back."""
        if number not in self._objects:
            raise WireError(f"there is no object number {number}")
        return self._objects[number]

    def release(self, numbers: list[int]) -> None:
        """Forget objects that the grader's side no longer holds."""
        for number in numbers:
            self._objects.pop(number, None)


def _kind(value: Any) -> str:
    if type(value) is np.ndarray:
        return f"ndarray of dtype {value.dtype}"[:MAX_NAME]
    if type(value) is int:
        return "int of more than 64 bits"
    return str(type(value).__name__)[:MAX_NAME]


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
