"""The recursion limit that a graded cell sets, for the student's side: a notebook has one for all code."""

from __future__ import annotations

import sys
from typing import Any, Self


class RecursionLimit:
    """Takes note, in the block, when Python's recursion limit is set.

    On this side it is only raised: between a check and the student's function lie calls that no notebook has.
    """

    def __init__(self) -> None:
        self._asked: int | None = None

    def __enter__(self) -> Self:
        self._before = sys.getrecursionlimit()
        self._setter = sys.setrecursionlimit
        sys.setrecursionlimit = self._note
        return self

    def __exit__(self, *error: object) -> None:
        sys.setrecursionlimit = self._setter
        sys.setrecursionlimit(self._before)

    def _note(self, limit: Any, /) -> None:
        if type(limit) is not int or not 1 <= limit <= sys.getrecursionlimit():
            self._setter(limit)  # it raises what it would in a notebook, or the limit
        self._asked = int(limit)

    def forget(self) -> None:
        """What was set so far, student code had from its own run of the release."""
        self._asked = None

    def asked(self) -> int | None:
        """The limit, if one was set since this was last asked for."""
        limit, self._asked = self._asked, None
        return limit
