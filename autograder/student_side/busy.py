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


def seconds_below_without_a_core(pid: int) -> float:
    """The longest that one of the processes that ``pid`` started, directly or not, had to wait for a core.

    Only those count that started no other themselves: of a sandbox, what runs in it.
    """
    started: dict[int, list[int]] = {}
    for entry in os.listdir("/proc") if os.path.isdir("/proc/self") else []:
        if entry.isdigit():
            started.setdefault(_parent(entry), []).append(int(entry))
    found, below = [], list(started.get(pid, []))
    while below:
        one = below.pop()
        below += started.get(one, [])
        if one not in started:
            found.append(seconds_without_a_core(one))
    return max(found, default=seconds_without_a_core(pid))


def _parent(pid: str) -> int:
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return int(file.read().rsplit(b")", 1)[1].split()[1])
    except (OSError, IndexError, ValueError):  # gone meanwhile
        return 0
