"""How long a process waited for a core that others had: time that a busy machine took, not the process."""

from __future__ import annotations

import os


def seconds_without_a_core(pid: int | str = "self") -> float:
    """Seconds in which a process's first thread could have run and did not; 0 where the kernel tells nothing.

    The second number of /proc/<pid>/schedstat; see the kernel's Documentation/scheduler/sched-stats.rst.
    """
    try:
        descriptor = os.open(f"/proc/{pid}/schedstat", os.O_RDONLY)
        try:
            return int(os.read(descriptor, 100).split()[1]) / 1e9
        finally:
            os.close(descriptor)
    except (OSError, IndexError, ValueError):
        return 0.0
