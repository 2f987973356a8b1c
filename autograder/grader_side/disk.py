"""The disk, where student code writes to one that it shares with others: it may not have the last of it."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable

RESERVE = 2**28  # bytes that stay free for everybody else, or half of what is free at first
BETWEEN_LOOKS = 0.02  # seconds, in which nobody writes as much


class Disk:
    """Tells when little room is left where scratch directories are, compared with when this was made."""

    def __init__(self, wall: Callable[[], float] = time.monotonic) -> None:
        self._wall = wall
        self._place = tempfile.gettempdir()
        self._least = min(RESERVE, self._free() // 2)
        self._next_look = 0.0

    def is_nearly_full(self) -> bool:
        """Whether there is less than the reserve; it looks now and then."""
        if self._wall() < self._next_look:
            return False
        self._next_look = self._wall() + BETWEEN_LOOKS
        return self._free() < self._least

    def _free(self) -> int:
        found = os.statvfs(self._place)
        return found.f_bavail * found.f_frsize
