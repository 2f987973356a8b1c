"""The library does not do an answer's work: what a check asks of an answer is not measured for it.

A block of `course_lib.grading.Checks`, and what calls an answer in another process, opens an `Asking`; what
measures gradients (`check.run`, `numerical_jacobian`, `find_line`) calls `refuse_answers` first.
"""

from __future__ import annotations

import inspect
import sys
from types import CodeType, FrameType
from typing import Self

LIBRARY = "course_lib.gradcheck"
COMPREHENSIONS = (
    "<listcomp>",
    "<setcomp>",
    "<dictcomp>",
    "<genexpr>",
)  # frames in Python 3.11, and generators


class Withheld(BaseException):
    """An answer called the library's own implementation of what it should do itself.

    No Exception, so that neither answer nor check nor gradient checker takes it for one of theirs.
    """

    cause = "called the library"  # in the words of the class report


class Asking:
    """While entered, the library refuses answers; leaving raises Withheld again if one was refused meanwhile.

    `block` is the frame of the check. It may call the library itself, and so may a helper that is handed the
    library's function as an argument. Without a block, every call is an answer's.
    """

    def __init__(self, block: FrameType | None = None) -> None:
        self._block = block
        self._refusal = ""

    def __enter__(self) -> Self:
        _open.append(self)
        return self

    def __exit__(self, *raised: object) -> None:
        del _open[_open.index(self) :]
        self._block = None
        if self._refusal:
            raise Withheld(self._refusal) from None

    def refuse(self, called: CodeType, caller: FrameType | None) -> None:
        """Raise Withheld unless this call of a function of the library is the check's own."""
        if self._block is not None and _is_of_the_check(self._block, called, caller):
            return
        self._refusal = (
            f"{called.co_name} of course_lib is not called for an answer that is being checked: "
            f"what the exercise asks for is yours to write"
        )
        raise Withheld(self._refusal)


_open: list[Asking] = []


def refuse_answers() -> None:
    """Raise Withheld if the function of the library that calls this was called by an answer under check."""
    if not _open:
        return
    here = sys._getframe(1)
    called, frame = here.f_code, here.f_back
    while frame is not None and _is_library(frame):
        called, frame = frame.f_code, frame.f_back
    _open[-1].refuse(called, frame)


def _is_of_the_check(block: FrameType, called: CodeType, caller: FrameType | None) -> bool:
    """Whether a call comes from the block itself, or from what was handed the function that it calls."""
    while caller is not None and caller.f_code.co_name in COMPREHENSIONS:
        caller = caller.f_back
    return caller is block or (
        caller is not None and _was_handed(caller, called) and _is_below(caller, block)
    )


def _is_below(frame: FrameType | None, block: FrameType) -> bool:
    while frame is not None and frame is not block:
        frame = frame.f_back
    return frame is block


def _was_handed(frame: FrameType, called: CodeType) -> bool:
    arguments = inspect.getargvalues(frame)
    values = [frame.f_locals.get(name) for name in arguments.args]
    return any(getattr(value, "__code__", None) is called for value in values)


def _is_library(frame: FrameType) -> bool:
    name = frame.f_globals.get("__name__", "")
    return name == LIBRARY or str(name).startswith(f"{LIBRARY}.")
