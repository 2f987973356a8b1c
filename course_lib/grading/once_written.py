"""Cells that show what a student's own functions do: an error in one of these ends its cell in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from course_lib.gradcheck.lines.raised import raised_by
from course_lib.gradcheck.text import printable, raised_sentence
from course_lib.grading.checks import MARKS, NOT_WRITTEN_YET, Status

P = ParamSpec("P")
T = TypeVar("T")


def once_written(function: Callable[P, T]) -> Callable[P, T | None]:
    """Have a cell's function print, in place of an error, what was raised and where: Run All goes on.

    What it calls may not be written yet, or not be right yet; then it returns None.
    """

    @wraps(function)
    def attempted(*args: P.args, **kwargs: P.kwargs) -> T | None:
        try:
            return function(*args, **kwargs)
        except Exception as error:
            print(_told(error, function.__code__.co_filename))
            return None

    return attempted


def _told(error: Exception, cell: str) -> str:
    name = raised_by(error, cell)
    if isinstance(error, NotImplementedError):
        return f"{MARKS[Status.NOT_WRITTEN]} {name or 'a function above'}: {NOT_WRITTEN_YET}"
    if isinstance(error, AssertionError) and error.args:  # it says what it is that is wrong
        told = printable(error, 400)
    else:
        told = f"this cell stopped{name and ' in '}{name}: {raised_sentence(error)}"
    return f"{MARKS[Status.FAILED]} {told}"
