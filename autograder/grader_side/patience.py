"""How long calls may take: a function that hangs must not use up the time of those that do not."""

from __future__ import annotations

from collections import Counter
from typing import Any

from autograder.grader_side.handles import Handle

SHORTER = 2  # what was stopped for its time has half of it when it is called again,
SHORTEST_SECONDS = 1.0  # and never less than this, unless calls are given less


class Patience:
    """How long the next call of each function or method of a notebook may take; ``most`` seconds at first."""

    def __init__(self, most: float) -> None:
        self._most = most
        self._hung: Counter[str] = Counter()

    def seconds_for(self, operation: str, *args: Any) -> float:
        """How long an operation with these arguments may take."""
        shorter: float = self._most / SHORTER ** min(self._hung[described(operation, *args)], 9)
        return max(shorter, min(self._most, SHORTEST_SECONDS))

    def hung(self, operation: str, *args: Any) -> None:
        """Take note that it was stopped for its time."""
        self._hung[described(operation, *args)] += 1


def described(operation: str, *args: Any) -> str:
    """An operation and what it is done on, by name: the same words for the same function or method."""
    if operation == "in_turn":
        return ", ".join(sorted({described(asked, *given) for asked, given, _ in args}))
    if not args or not isinstance(args[0], Handle):
        return operation
    name = args[0]._wall.name or args[0]._wall.own_name or type(args[0]).__name__
    return f"{operation} {name}.{args[1]}" if operation == "method" else f"{operation} {name}"
