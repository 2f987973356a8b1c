"""What the grader's side handed over and student code can change, for as long as that holds on to it."""

from __future__ import annotations

import sys
import weakref
from array import array
from collections import deque
from operator import is_
from typing import Any

import numpy as np

from autograder.student_side.encoder import Encoder
from autograder.student_side.frames import WireError, frame
from autograder.student_side.translator import Plain

MOST = 256  # of earlier requests

State = bytes | tuple[Any, ...]


def _held_by_us() -> int:
    """References to a thing that nobody else holds: ours, and those that this Python counts while it asks.

    Up to 3.13 a local variable and an argument count as well; since 3.14 the argument is borrowed.
    """
    ours: dict[int, tuple[list[Any], State]] = {0: ([], b"")}
    held, _ = ours[0]
    return sys.getrefcount(held)


HELD_BY_US = _held_by_us()


class Lent:
    """Tells which lists, dicts, sets and arrays student code has changed in place, now or in an earlier call.

    In a student's own notebook ``forward`` may keep its argument and ``backward`` change it; so it must be
    seen here that the caller's changes with the second call. The other side numbers them.
    """

    def __init__(self) -> None:
        self._things: dict[int, tuple[Any, State]] = {}
        self._numbers: dict[int, int] = {}

    def add(self, first: int, things: list[Any]) -> None:
        """Take note of what a request brought, the first of which has the number ``first``."""
        self._let_go()
        for number, thing in enumerate(things, start=first):
            held = weakref.ref(thing) if isinstance(thing, np.ndarray) else thing
            self._things[number] = held, state_of(thing)
            self._numbers[id(thing)] = number

    def look_up(self, thing: Any) -> tuple[int, bool] | None:
        """The number of a thing that was lent, and whether it has changed since it was last looked at."""
        number = self._numbers.get(id(thing), -1)
        if self._get(number) is not thing:
            return None
        return number, not same(state_of(thing), self._things[number][1])

    def changed(self) -> list[Any]:
        """The things that have changed since they were last looked at."""
        found = []
        for number in list(self._things):
            thing = self._get(number)
            if thing is None:
                del self._things[number]
            elif not same(state_of(thing), self._things[number][1]):
                found.append(thing)
        return found

    def settle(self, things: list[Any]) -> None:
        """Take note that the other side knows what these hold now, as far as they were lent."""
        for thing in things:
            number = self._numbers.get(id(thing), -1)
            if self._get(number) is thing:
                self._things[number] = self._things[number][0], state_of(thing)

    def _get(self, number: int) -> Any:
        held = self._things[number][0] if number in self._things else None
        return held() if isinstance(held, weakref.ref) else held

    def _let_go(self) -> None:
        """Forget what student code can no longer reach; the outer before the inner, which it holds."""
        for number in list(self._things):
            held = self._things[number][0]
            gone = held() is None if isinstance(held, weakref.ref) else sys.getrefcount(held) <= HELD_BY_US
            if gone:
                del self._things[number]
        for number in list(self._things)[:-MOST]:
            del self._things[number]
        if len(self._numbers) > 4 * MOST:
            self._numbers = {id(self._get(number)): number for number in self._things}


def state_of(thing: Any) -> State:
    """What a thing that can be changed in place holds, to be compared with what it holds later."""
    if isinstance(thing, np.ndarray):
        return np.ndarray.tobytes(thing)
    if isinstance(thing, dict):
        return (*thing.keys(), *thing.values())
    if isinstance(thing, list | set | deque):
        return tuple(thing)
    return bytes(thing) if isinstance(thing, bytearray | array) else _state_of_table(thing)


def _state_of_table(table: Any) -> State:
    """All that crosses of a table, as bytes: pandas keeps most of it where identity says nothing."""
    encoder = Encoder(Plain())
    try:
        encoder.put(table)
        return frame(encoder.items, encoder.raw)
    except WireError:
        return b""  # it has become one that does not cross: the other side keeps what it knows


def same(now: State, before: State) -> bool:
    """Whether two states are of the same content."""
    if isinstance(now, bytes) or isinstance(before, bytes):
        return now == before
    # By identity: an object of the student's could say of itself that it equals another.
    return len(now) == len(before) and all(map(is_, now, before))
