"""Calls in a row, which a grader puts to a student's process as one question."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from course_lib.gradcheck.lines.calling import as_it_is


def in_turn(calls: Iterable[partial[Any]]) -> list[Any]:
    """Make calls one after the other, and return what each of them returned; the first exception ends it.

    It is meant for calls of a student's functions and methods of which none needs what another one returned:
    a grader asks for them all at once, which costs about as much as one call. Together they may take as long
    as one. What a call returned is as it was then, also where a later one changes arrays of it in place.
    """
    row = list(calls)
    together = getattr(row[0].func, "__in_turn__", None) if row else None
    return [as_it_is(call()) for call in row] if together is None else together(row)
