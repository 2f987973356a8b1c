"""How a check calls an answer: with arguments of its own, and taking the result apart with care."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np


def fresh(values: Iterable[Any]) -> list[Any]:
    """Return the values, arrays copied, so that changing an argument costs the check that looks for it."""
    return [np.copy(value) if isinstance(value, np.ndarray) else value for value in values]


def two_of(function: Callable[..., Any], arguments: Iterable[Any], names: str) -> Any:
    """Return the two results of an answer; AssertionError, with its name, for any other number."""
    result = function(*arguments)
    if isinstance(result, tuple | list) and len(result) == 2:
        return result
    name = getattr(getattr(function, "func", function), "__name__", "your function")
    found = len(result) if isinstance(result, tuple | list) else "no value" if result is None else "one value"
    raise AssertionError(f"{name} should return two values, {names}; yours returns {found}")
