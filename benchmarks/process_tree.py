"""What a command costs with everything it starts: wall time, CPU time, memory.

CPU time is what the kernel reports of every process that was waited for. Processes whose parents do not wait
for them become ours, for we are their subreaper, and are waited for here. What ends with a pid namespace
is counted with the namespace's first process. Memory is the proportional set size (shared pages are counted
once) of all processes together, sampled; a process that hides its memory from us counts with nothing.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
SAMPLE_SECONDS = 1.0


@dataclass(frozen=True)
class Cost:
    """Wall and CPU time in seconds, peak memory of the tree and of its largest process in MB."""

    status: int
    wall: float
    cpu: float
    tree_mb: float
    largest_mb: float


def run(command: Sequence[str], cwd: Path, log: Path, environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end; its output goes to ``log``. There must be no other child of ours."""
    become_subreaper()
    with log.open("w", encoding="utf-8") as out, _Sampler() as sampler:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        cpu, largest = usage.ru_utime + usage.ru_stime, usage.ru_maxrss
        left_cpu, left_largest = reap_all()
    return Cost(process.returncode, wall, cpu + left_cpu, sampler.peak_mb, max(largest, left_largest) / 1024)


def become_subreaper() -> None:
    """Have orphans among our descendants become our children, so that they can be waited for."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def reap_all() -> tuple[float, int]:
    """Wait for every child; their CPU time in seconds, and the largest resident set among them in KB."""
    cpu, largest = 0.0, 0
    while True:
        try:
            _, _, usage = os.wait4(-1, 0)
        except ChildProcessError:
            return cpu, largest
        cpu += usage.ru_utime + usage.ru_stime
        largest = max(largest, usage.ru_maxrss)


def descendants(pid: int) -> set[int]:
    """The processes that a process started, directly or not, zombies left out."""
    children: dict[int, list[int]] = {}
    for child, (_, parent) in _living_processes().items():
        children.setdefault(parent, []).append(child)
    found: set[int] = set()
    look = [pid]
    while look:
        new = children.get(look.pop(), [])
        found.update(new)
        look += new
    return found


def holders_of(pid: int, name: str) -> set[int]:
    """The descendants of a process that are parents of one called ``name``, and not called so themselves."""
    processes, ours = _living_processes(), descendants(pid)
    parents = {parent for child, (its, parent) in processes.items() if its == name and child in ours}
    return {parent for parent in parents & ours if processes[parent][0] != name}


def living(pids: set[int]) -> set[int]:
    """Those of the processes that have not ended."""
    return pids & _living_processes().keys()


def _living_processes() -> dict[int, tuple[str, int]]:
    """The name and the parent of every process, zombies left out."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            start, _, rest = path.read_text().rpartition(")")
        except OSError:  # gone meanwhile
            continue
        state, parent = rest.split()[:2]
        if state not in "ZX":
            found[int(path.parent.name)] = (start.partition("(")[2], int(parent))
    return found


class _Sampler(threading.Thread):
    """Looks at the memory of our descendants now and then."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._ended = threading.Event()
        self.peak_mb = 0.0

    def __enter__(self) -> _Sampler:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self.join()

    def run(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            self.peak_mb = max(
                self.peak_mb, sum(_proportional_kb(pid) for pid in descendants(os.getpid())) / 1024
            )


def _proportional_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # gone meanwhile, or not ours to look into
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
