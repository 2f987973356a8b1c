"""Calls in a row, which a grader puts to a student's process as one question."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import numpy as np


def in_turn(calls: Iterable[partial[Any]]) -> list[Any]:
    """Make calls one after the other, and return what each of them returned; the first exception ends it.

    It is meant for calls of a student's functions and methods of which none needs what another one returned:
    a grader asks for them all at once, which costs about as much as one call. Together they may take as long
    as one. What a call returned is as it was then, also where a later one changes arrays of it in place.
    """
    row = list(calls)
    together = getattr(row[0].func, "__in_turn__", None) if row else None
    return [_as_it_is(call()) for call in row] if together is None else together(row)


def _as_it_is(value: Any) -> Any:
    """A value with copies of its arrays."""
    if type(value) is np.ndarray:
        return value.copy()
    if type(value) in (tuple, list):
        return type(value)(map(_as_it_is, value))
    return {key: _as_it_is(part) for key, part in value.items()} if type(value) is dict else value
