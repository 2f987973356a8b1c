"""The arrays that a check handed to student code: what it changes in place there is changed here too."""

from __future__ import annotations

import weakref
from typing import Any

from autograder.student_side.wire import Array, WireError, array_of

MOST = 256


class Lending:
    """Numbers the arrays of requests; writes changes back into those that somebody still holds."""

    def __init__(self) -> None:
        self._arrays: dict[int, weakref.ref[Array]] = {}
        self._next = 0

    def add(self, arrays: list[Array]) -> int:
        """Take note of a request's arrays; the number of the first."""
        first = self._next
        for array in arrays:
            self._arrays[self._next] = weakref.ref(array)
            self._next += 1
        if len(self._arrays) > MOST:
            for number in list(self._arrays)[:-MOST]:
                del self._arrays[number]
        return first

    def forget(self) -> None:
        """No array lent so far can be changed any more."""
        self._arrays.clear()

    def write_back(self, changes: Any) -> None:
        """Take over the changes that an answer tells of. Raises WireError for any that cannot be."""
        if type(changes) is not list or len(changes) % 2:
            raise WireError("changes should be pairs of a number and an array")
        for number, tree in zip(changes[::2], changes[1::2], strict=True):
            if type(number) is not int or not 0 <= number < self._next:
                raise WireError("a change should be of an array that was sent")
            if type(tree) is not list or tree[:1] != ["a"]:
                raise WireError("a change should bring an array")
            changed, _ = array_of(tree)
            reference = self._arrays.get(number)
            original = reference() if reference is not None else None
            if original is not None:
                _overwrite(original, changed)


def _overwrite(original: Array, changed: Array) -> None:
    if changed.shape != original.shape or changed.dtype != original.dtype.newbyteorder("="):
        raise WireError("a changed array should keep its shape and dtype")
    if not original.flags.writeable:
        raise WireError("a read-only array cannot be changed")
    original[...] = changed
