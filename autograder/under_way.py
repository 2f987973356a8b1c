"""What a command is doing, for whoever watches it at a terminal; a log and a program are told nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def say(text: str) -> None:
    """Say what is under way, on a line of its own."""
    if sys.stderr.isatty():
        print(text, file=sys.stderr, flush=True)


def counted(items: Sequence[Item], what: str) -> Iterator[Item]:
    """The items, one after the other, while a bar shows how many are done; it is gone in the end."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(items, what, console=Console(stderr=True), transient=True)
