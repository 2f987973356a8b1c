"""Examples in docstrings and files, which ``doctest`` runs: in graded cells, those alone that stand there.

A student's docstring is text of theirs, and so is a file that their code wrote.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

_OF_DOCTEST = "<doctest "  # how the files are called that it compiles
_cell: str | None = None


@contextlib.contextmanager
def no_others_examples(source: str) -> Iterator[None]:
    """In the block, an example raises PermissionError unless its lines stand in the cell's ``source``."""
    global _cell
    if "doctest" not in source:
        yield
        return
    _watch()
    _cell = source
    try:
        yield
    finally:
        _cell = None


@lru_cache(maxsize=1)  # Python takes no such hook back
def _watch() -> None:
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "compile" or _cell is None or not str(arguments[1]).startswith(_OF_DOCTEST):
        return
    source = arguments[0]
    text = source.decode("utf-8", "replace") if isinstance(source, bytes) else str(source)
    if not all(line.strip() in _cell for line in text.splitlines()):
        raise PermissionError("an example that does not stand in the graded cell could be a student's text")
