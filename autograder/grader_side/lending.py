"""What a check handed to student code: what changes in place there is changed here too."""

from __future__ import annotations

import weakref
from collections import Counter, deque
from typing import Any

import numpy as np

from autograder.student_side import tables
from autograder.student_side.arrays import Array
from autograder.student_side.frames import WireError

MOST = 1024


class Lending:
    """Numbers the lists, dicts, sets and arrays of requests; takes over how student code changes them.

    Arrays are held weakly; a list cannot be, so it lives until it is forgotten. ``next`` is the number
    of what is lent next.
    """

    def __init__(self) -> None:
        self._things: dict[int, Any] = {}
        self.next = 0

    def add(self, things: list[Any]) -> None:
        """Take note of what a request brings."""
        for thing in things:
            self._things[self.next] = weakref.ref(thing) if isinstance(thing, np.ndarray) else thing
            self.next += 1
        if len(self._things) > MOST + len(things):
            for number in list(self._things)[: -MOST - len(things)]:
                del self._things[number]

    def forget(self) -> None:
        """Nothing lent so far can be changed any more."""
        self._things.clear()

    def take_back(self, number: int, changed: bool, value: Any) -> Any:
        """The thing with this number, changed into ``value`` if it has; ``value`` when nobody holds it here.

        Raises WireError for a change that cannot be.
        """
        if not 0 <= number < self.next:
            raise WireError("a change should be of something that was sent")
        held = self._things.get(number)
        original = held() if isinstance(held, weakref.ref) else held
        if original is None:
            return value
        if type(value) is not type(original):
            raise WireError("what was changed in place should be of its type")
        if changed:
            _overwrite(original, value)
        return original


def _overwrite(original: Any, value: Any) -> None:
    if isinstance(original, np.ndarray):
        _overwrite_array(original, value)
    elif isinstance(original, list | bytearray):
        original[:] = value
    elif isinstance(original, deque):
        original.clear()
        original.extend(value)
    elif isinstance(original, dict | set):
        original.clear()
        dict.update(original, value) if type(original) is Counter else original.update(value)
    else:
        tables.overwrite(original, value)


def _overwrite_array(original: Array, changed: Array) -> None:
    if changed.shape != original.shape or changed.dtype != original.dtype.newbyteorder("="):
        raise WireError("a changed array should keep its shape and dtype")
    if not original.flags.writeable:
        raise WireError("a read-only array cannot be changed")
    original[...] = changed
