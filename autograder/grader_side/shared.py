"""What student code shares with others on some rungs, and may not have the last of: disk and processes."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Callable

RESERVE = 2**28  # bytes that stay free for everybody else, or half of what is free at first
FILES = 2**16  # more than at first: more than that take minutes to remove
PER_CORE = 128  # more processes than at first: more than that take seconds to end
BETWEEN_LOOKS = 0.02  # seconds, in which nobody writes as much, or forks as often


class Shared:
    """Tells when much of the machine is taken, compared with when this was made; by whom cannot be told."""

    def __init__(self, wall: Callable[[], float] = time.monotonic) -> None:
        self._wall = wall
        self._place = tempfile.gettempdir()
        free, files = self._disk()
        self._least, self._most_files = min(RESERVE, free // 2), files + FILES
        self._most = _processes() + PER_CORE * (os.cpu_count() or 1)
        self._next_look = 0.0

    def is_scarce(self) -> str:
        """What there is too little left of, in words, and "" for nothing; it looks now and then."""
        if self._wall() < self._next_look:
            return ""
        self._next_look = self._wall() + BETWEEN_LOOKS
        free, files = self._disk()
        if free < self._least:
            return "the disk was nearly full"
        if files > self._most_files:
            return "there were very many new files"
        return "there were very many processes" if _processes() > self._most else ""

    def _disk(self) -> tuple[int, int]:
        """How many bytes are free, and how many files there are: none where a file system does not count."""
        found = os.statvfs(self._place)
        return found.f_bavail * found.f_frsize, found.f_files - found.f_ffree


def _processes() -> int:
    """How many processes can be seen, within a number that does not change; 0 where there is no /proc."""
    with contextlib.suppress(OSError):
        return len(os.listdir("/proc"))
    return 0
