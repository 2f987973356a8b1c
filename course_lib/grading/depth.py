"""How deep calls may be nested, where a check is about that."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def nested_calls(most: int) -> Iterator[None]:
    """Have Python's recursion limit leave room, in the block, for ``most`` calls within one another.

    What is to work without recursion is then tested with twice as many steps in place of thousands.
    """
    depth, frame = 0, sys._getframe()
    while frame := frame.f_back:  # type: ignore[assignment]
        depth += 1
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(depth + most)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
