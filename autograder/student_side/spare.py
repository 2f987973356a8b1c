"""Memory kept back, so that a process whose student code took all that it may have can still answer.

Of what student code left, much may be rubbish that nobody collected: an error holds what its lines held.
Without this the process ends at whatever it does next, and a cell below pays for the one that took it all.
"""

from __future__ import annotations

import contextlib
import gc
import mmap

BYTES = 2**24


class Spare:
    """Address space that nothing is in; it costs nothing until it is given up for something else."""

    def __init__(self) -> None:
        self._kept: mmap.mmap | None = mmap.mmap(-1, BYTES)

    def give_up(self) -> None:
        """Make room, and collect what is rubbish."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None
        gc.collect()

    def keep(self) -> None:
        """Have it again, if there is room."""
        if self._kept is None:
            with contextlib.suppress(OSError, MemoryError):  # then the next lack of room is said without it
                self._kept = mmap.mmap(-1, BYTES)
