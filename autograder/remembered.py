"""What was found out about a text, remembered: of a release for as long as its process works, of a submission
until that ends.

A class brings the same cells again with each submission. A process that grades one submission after the other
must not remember anything else of them: what was found in a text while memory was short, say, is found again.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable
from typing import Any, Generic, ParamSpec, TypeVar, cast

Parameters = ParamSpec("Parameters")
Value = TypeVar("Value")
MOST = 1024


class Memory(Generic[Value]):
    """What a function returned for its last arguments, up to ``most`` of them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[Hashable, Value] = {}
        self._known: dict[Hashable, Value] = {}

    def recall(self, arguments: Hashable, find: Callable[..., Value]) -> Value:
        """What is known of these arguments, found now if nothing is."""
        try:
            return self._known[arguments]
        except KeyError:
            pass
        value = find(*cast(tuple[Any, ...], arguments))
        if len(self._known) >= self._most:
            self._known.clear()
        self._known[arguments] = value
        return value

    def keep(self) -> None:
        """Keep all that is known now."""
        self._kept = dict(self._known)

    def forget(self) -> None:
        """Forget what became known since."""
        self._known.clear()
        self._known.update(self._kept)


_memories: list[Memory[Any]] = []


def remembered(most: int = MOST) -> Callable[[Callable[Parameters, Value]], Callable[Parameters, Value]]:
    """Has a function of positional, hashable arguments remember what it returned, not what it raised."""

    def decorate(find: Callable[Parameters, Value]) -> Callable[Parameters, Value]:
        memory: Memory[Value] = Memory(most)
        _memories.append(memory)

        @functools.wraps(find)
        def remembering(*arguments: Parameters.args, **named: Parameters.kwargs) -> Value:
            if named:
                raise TypeError(f"{find.__name__} is asked by position alone: what it returned is kept so")
            return memory.recall(arguments, find)

        return remembering

    return decorate


def keep_what_is_known() -> None:
    """Keep what is known of any text now, for as long as this process lives."""
    for memory in _memories:
        memory.keep()


def forget_the_rest() -> None:
    """Forget what became known since ``keep_what_is_known``."""
    for memory in _memories:
        memory.forget()
