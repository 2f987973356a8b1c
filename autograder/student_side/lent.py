"""The arrays that the grader's side handed over, for as long as student code holds on to them."""

from __future__ import annotations

import weakref
from typing import Any

from autograder.student_side.wire import Array, Encoder, Tree, WireError

MOST = 256


class Lent:
    """Tells which arrays student code has changed in place, in this call or, from its memory, in a later one.

    In a student's own notebook ``forward`` may keep its argument and ``backward`` change it; so it must be
    seen here that the caller's array changes with the second call. The other side numbers the arrays.
    """

    def __init__(self) -> None:
        self._arrays: dict[int, tuple[weakref.ref[Array], bytes]] = {}

    def add(self, first: int, arrays: list[tuple[Array, bytes]]) -> None:
        """Take note of the arrays of a request, the first of which has the number ``first``."""
        for number, (array, data) in enumerate(arrays, start=first):
            self._arrays[number] = weakref.ref(array), data
        if len(self._arrays) > MOST:
            for number in list(self._arrays)[:-MOST]:
                del self._arrays[number]

    def changes(self) -> list[Any]:
        """The number and the tree of each array that has changed since it was last looked at."""
        changed: list[Any] = []
        for number, (reference, before) in list(self._arrays.items()):
            array = reference()
            if array is None:
                del self._arrays[number]
            elif (data := array.tobytes()) != before:
                self._arrays[number] = reference, data
                changed += [number, Encoder(_refused).tree(array)]
        return changed


def _refused(value: Any) -> Tree:
    raise WireError(f"an array of dtype {getattr(value, 'dtype', None)} cannot be written back")
