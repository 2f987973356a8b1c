"""What a check handed to student code: what changes in place there is changed here too."""

from __future__ import annotations

import sys
import weakref
from array import array
from collections import Counter, deque
from typing import Any

import numpy as np

from autograder.student_side import tables
from autograder.student_side.arrays import Array
from autograder.student_side.frames import WireError
from autograder.student_side.lent import HELD_BY_US, State, same, state_of

MOST = 1024
LARGEST_WATCHED = 2**20  # bytes


class Lending:
    """Numbers the lists, dicts, sets and arrays of requests; takes over how student code changes them.

    Arrays are held weakly; a list cannot be, so it lives until it is forgotten. ``next`` is the number
    of what is lent next.
    """

    def __init__(self) -> None:
        self._things: dict[int, Any] = {}
        self.next = 0
        self.watched = False
        self._seen: dict[int, tuple[Any, State]] = {}

    def add(self, things: list[Any]) -> None:
        """Take note of what a request brings."""
        for thing in things:
            self._things[self.next] = weakref.ref(thing) if isinstance(thing, np.ndarray) else thing
            self.next += 1
        while len(self._things) > MOST + len(things):
            del self._things[next(iter(self._things))]

    def forget(self, watched: bool = False) -> None:
        """Nothing lent so far can be changed any more; what comes is ``watched`` or not."""
        self._things.clear()
        self._seen.clear()
        self.watched = watched

    def see(self, things: list[Any]) -> None:
        """Take note of what things hold that student code may hold too, for they crossed."""
        for thing in things if self.watched else ():
            if not isinstance(thing, np.ndarray) or thing.nbytes <= LARGEST_WATCHED:
                self._seen[id(thing)] = thing, state_of(thing)

    def changed_here(self, handed_over: list[Any]) -> str:
        """The type of a thing that the check has changed in place since, and does not hand over now.

        In a notebook student code that holds it sees the change; over there it does not. "" for nothing.
        """
        here = {id(thing) for thing in handed_over}
        for place in list(self._seen):
            thing, before = self._seen[place]
            if place not in here and not same(state_of(thing), before):
                return type(thing).__name__
            if sys.getrefcount(thing) <= HELD_BY_US:
                del self._seen[place]
        return ""

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
        if type(value) is not type(original) or _typecode(value) != _typecode(original):
            raise WireError("what was changed in place should be of its type")
        if changed:
            _overwrite(original, value)
        return original


def _typecode(value: Any) -> str:
    return value.typecode if isinstance(value, array) else ""


def _overwrite(original: Any, value: Any) -> None:
    if isinstance(original, np.ndarray):
        _overwrite_array(original, value)
    elif isinstance(original, list | bytearray | array):
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
