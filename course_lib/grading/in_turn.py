"""Calls in a row, which a grader puts to a student's process as one question."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any


def in_turn(calls: Iterable[partial[Any]]) -> list[Any]:
    """Make calls one after the other, and return what each of them returned; the first exception ends it.

    That is what a loop would do. It is meant for calls of a student's functions and methods of which none
    needs what another one returned: a grader asks for them all at once, which costs about as much as one
    call by itself. Together they may take as long as one.
    """
    row = list(calls)
    together = getattr(row[0].func, "__in_turn__", None) if row else None
    return [call() for call in row] if together is None else together(row)
