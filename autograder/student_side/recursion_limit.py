"""The recursion limit, as a graded cell set it on the grader's side."""

from __future__ import annotations

import sys

ROOM = 50  # calls that are left at least, for what stands between the two sides


def set_recursion_limit(limit: int) -> None:
    """Have student code go as deep as this, counted as in a notebook from where Python itself begins."""
    depth, frame = 0, sys._getframe()
    while frame := frame.f_back:  # type: ignore[assignment]
        depth += 1
    sys.setrecursionlimit(max(limit, depth + ROOM))
