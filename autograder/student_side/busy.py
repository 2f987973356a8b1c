"""How long a process waited for a core that others had: time that a busy machine took, not the process.

Time limits count the wall's time less that, so a process that computes and one that sleeps are stopped after
the same time on a quiet machine; a wall clock (``longest``) stands behind every limit.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

LONGEST_TIMES, LONGEST_MORE = 4, 10.0  # of a limit, and seconds at least


def longest(seconds: float) -> float:
    """How long, by the wall's clock, what has so many seconds may take on the busiest machine."""
    return max(LONGEST_TIMES * seconds, seconds + LONGEST_MORE)


def seconds_without_a_core(pid: int | str = "self") -> float:
    """Seconds in which a process's first thread could have run and did not; 0 where the kernel tells nothing.

    The second number of /proc/<pid>/schedstat; see the kernel's Documentation/scheduler/sched-stats.rst.
    """
    return _schedule(f"/proc/{pid}/schedstat")[1]


@dataclass(frozen=True)
class Use:
    """What the processes below one have used: seconds of CPU, and of each thread those it ran and waited."""

    cpu: float = 0.0
    threads: dict[int, tuple[float, float]] = field(default_factory=dict)


class Below:
    """What the processes that ``pid`` started, directly or not, have used, with what they started before.

    Who is no such process never becomes one: on a machine that runs thousands, only new ones are asked.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._strangers: set[int] = set()

    def look(self) -> Use:
        """The use up to now; none where the kernel tells nothing."""
        listed = {int(entry) for entry in _listed("/proc") if entry.isdigit()}
        self._strangers &= listed  # the number of one that has ended may be another's later
        used: dict[int, float] = {}
        children: dict[int, list[int]] = {}
        for one in listed - self._strangers:
            if (found := stat(one)) is not None:
                children.setdefault(found[0], []).append(one)
                used[one] = found[1]
        # From the top, not whoever is not below: the parent of one of ours may have ended while we read.
        self._strangers.update(_all_below({0, *self._strangers}, children, without=self.pid))
        cpu, threads = 0.0, {}
        for one in _all_below({self.pid}, children):
            cpu += used[one]
            for thread in _listed(f"/proc/{one}/task"):
                threads[int(thread)] = _schedule(f"/proc/{one}/task/{thread}/schedstat")
        return Use(cpu, threads)


def _all_below(tops: set[int], children: dict[int, list[int]], without: int | None = None) -> Iterator[int]:
    below = [child for top in tops for child in children.get(top, [])]
    while below:
        one = below.pop()
        if one != without:
            yield one
            below += children.get(one, [])


class Waits:
    """How long what runs below a process waited for a core that others had, added up from look to look.

    Of each time between two looks, what counts is the longest that one thread wanted to run, less all that
    any of them ran: threads and processes that take the core from each other have not waited. Nor is it more
    than the time in which none of them ran: the kernel adds a wait when it is over, and of many threads each
    look finds another long one.
    """

    def __init__(self, look: Callable[[], Use], wall: Callable[[], float] = time.monotonic) -> None:
        self._look = look
        self._wall = wall
        self._looked = wall()
        self._last = look()
        self._room = 0.0  # time in which none ran, and which was not counted
        self._seconds = 0.0

    def seconds(self) -> float:
        """The seconds since this was made, as far as the kernel tells."""
        looked, now, last = self._wall(), self._look(), self._last
        longest, ran = 0.0, 0.0
        for thread, (running, waiting) in now.threads.items():
            before = last.threads.get(thread, (0.0, 0.0))
            longest = max(longest, running - before[0] + waiting - before[1])
            ran += running - before[0]
        # Threads that have ended meanwhile are in the sum of their processes alone, which the kernel rounds.
        ran = max(ran, now.cpu - last.cpu)
        self._room += max(looked - self._looked - ran, 0.0)
        waited = min(max(longest - ran, 0.0), self._room)
        self._room -= waited
        self._seconds += waited
        self._looked, self._last = looked, now
        return self._seconds


def opened() -> int:
    """A descriptor of this process's own schedstat, for when it may open none; -1 where there is none."""
    try:
        return os.open("/proc/self/schedstat", os.O_RDONLY)
    except OSError:
        return -1


def seconds_waited(descriptor: int) -> float:
    """``seconds_without_a_core`` of the process whose schedstat is open there."""
    return _read(descriptor)[1] if descriptor >= 0 else 0.0


def _schedule(path: str) -> tuple[float, float]:
    """The seconds that a thread ran, and that it waited for a core."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return 0.0, 0.0
    try:
        return _read(descriptor)
    finally:
        os.close(descriptor)


def _read(descriptor: int) -> tuple[float, float]:
    try:
        ran, waited = os.pread(descriptor, 100, 0).split()[:2]
        return int(ran) / 1e9, int(waited) / 1e9
    except (OSError, ValueError):
        return 0.0, 0.0


def stat(pid: int) -> tuple[int, float] | None:
    """A process's parent, and the CPU time of it and of those it waited for; None for one that is gone."""
    try:
        with open(f"/proc/{pid}/stat", "rb", buffering=0) as file:
            fields = file.read().rsplit(b")", 1)[1].split()
        return int(fields[1]), sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError, ValueError):
        return None


def _listed(path: str) -> list[str]:
    try:
        return os.listdir(path)
    except OSError:  # gone meanwhile
        return []
