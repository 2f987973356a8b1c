"""What crosses the border between graded cells and student code: results, changed arguments, attributes."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import FrameType
from typing import Any

import numpy as np

# What the assignments say about the attributes of a student's object; all others are the student's business.
PUBLIC = ("params", "grads", "value", "derivative", "data", "grad")
MOST = 20_000
RTOL = 1e-9


@dataclass(frozen=True)
class Event:
    """One call: the function, its result, the arguments it changed in place, its object's attributes."""

    name: str
    result: Any
    changed: list[str]
    attributes: Any


class Border:
    """While entered, records each call from outside into code whose file name starts with ``prefix``.

    Of a ``..._forward`` only the first result is public: nobody but its own backward pass reads the cache.
    What is called while such a call lasts is the student's own business.
    """

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.events: list[Event] = []
        self._entered: tuple[FrameType, dict[str, Any], dict[str, Any]] | None = None

    def __enter__(self) -> None:
        sys.setprofile(self._profile)

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _profile(self, frame: FrameType, event: str, result: Any) -> None:
        code = frame.f_code
        if event == "call" and self._entered is None and code.co_filename.startswith(self.prefix):
            if code.co_name != "<module>" and len(self.events) < MOST:
                arguments = _arguments(frame)
                self._entered = frame, arguments, {name: portrait(a) for name, a in arguments.items()}
        elif event == "return" and self._entered is not None and self._entered[0] is frame:
            _, arguments, before = self._entered
            self._entered = None
            if code.co_name.endswith("_forward") and isinstance(result, tuple) and result:
                result = result[0]
            own = arguments.pop("self", None)
            changed = [name for name, a in arguments.items() if not same(before[name], portrait(a))]
            self.events.append(Event(code.co_name, portrait(result), changed, portrait(own)))


def _arguments(frame: FrameType) -> dict[str, Any]:
    code = frame.f_code
    count = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & inspect.CO_VARARGS)
    found = {name: frame.f_locals[name] for name in code.co_varnames[:count] if name in frame.f_locals}
    if code.co_flags & inspect.CO_VARKEYWORDS:
        found.update(frame.f_locals[code.co_varnames[count]])  # the dict that holds them is the callee's own
    return found


def portrait(value: Any, depth: int = 0) -> Any:
    """A copy of plain data that can be compared later; of other objects, their public attributes."""
    if isinstance(value, np.ndarray | np.generic):
        return np.array(value) if value.dtype.kind in "fiub" else repr(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if depth > 3:
        return type(value).__name__
    if isinstance(value, Mapping):
        return {str(key): portrait(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [portrait(item, depth + 1) for item in value]
    public = {name: portrait(vars(value)[name], depth + 1) for name in PUBLIC if name in _attributes(value)}
    return {"type": type(value).__name__, **public}


def first_difference(before: list[Event], after: list[Event]) -> str | None:
    """Where two records differ first, in words; rounding errors are no difference."""
    for old, new in zip(before, after, strict=False):
        if old.name != new.name:
            return f"{new.name} is called where {old.name} was"
        if not same(old.result, new.result):
            return f"{old.name} returns {_short(new.result)}, not {_short(old.result)}"
        if old.changed != new.changed:
            return f"{old.name} changes {', '.join(new.changed) or 'no argument'} in place"
        if not same(old.attributes, new.attributes):
            return f"{old.name} leaves {_short(new.attributes)}, not {_short(old.attributes)}"
    if len(before) != len(after):
        return f"{len(after)} calls, not {len(before)}"
    return None


def same(a: Any, b: Any) -> bool:
    """Whether two portraits agree, numbers up to rounding."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    if _is_number(a) and _is_number(b):
        return _same_numbers(np.asarray(a), np.asarray(b))
    return type(a) is type(b) and bool(a == b)


def _same_numbers(a: np.ndarray, b: np.ndarray) -> bool:
    if a.shape != b.shape or (a.dtype.kind == "b") != (b.dtype.kind == "b"):
        return False
    a, b = a.astype(float), b.astype(float)
    finite = np.isfinite(a)
    if not np.array_equal(a[~finite], b[~finite], equal_nan=True) or not np.all(np.isfinite(b[finite])):
        return False
    a, b = a[finite], b[finite]
    largest = np.abs(a).max(initial=0.0)
    size = largest * np.sqrt(np.mean((a / largest) ** 2)) if largest else 0.0  # squares may be too large
    return bool(np.all(np.abs(a - b) <= RTOL * np.maximum(np.abs(a), size)))


def _is_number(value: Any) -> bool:
    return isinstance(value, np.ndarray | int | float)


def _attributes(value: Any) -> dict[str, Any]:
    return getattr(value, "__dict__", {})


def _short(value: Any) -> str:
    return " ".join(str(value).split())[:80]
