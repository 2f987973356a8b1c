"""A memory limit for a sandbox as a whole, where control groups (version 2) are delegated to this user.

See the kernel's Documentation/admin-guide/cgroup-v2.rst, "Delegation". The limit per process always holds.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from pathlib import Path
from typing import Self

ROOT = Path("/sys/fs/cgroup")
MEMBERSHIP = Path("/proc/self/cgroup")
PATIENCE_SECONDS = 1.0


class MemoryGroup:
    """A control group beside our own, limited in memory; a command joins it before it starts the sandbox."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @classmethod
    def make(cls, limit_bytes: int) -> Self | None:
        """A new group with this limit, or None where no memory controller is delegated to this user."""
        parent = _parent()
        if parent is None:
            return None
        group = cls(parent / f"notebook-{os.getpid()}-{time.monotonic_ns()}")
        try:
            group._directory.mkdir()
            (group._directory / "memory.max").write_text(str(limit_bytes))
        except OSError:
            group.remove()
            return None
        if subprocess.run(group.joined(["true"]), capture_output=True, check=False).returncode:
            group.remove()
            return None
        return group

    def joined(self, command: list[str]) -> list[str]:
        """The command line that joins the group and then becomes ``command``."""
        return [
            "/bin/sh",
            "-c",
            'echo 0 > "$0" && exec "$@"',
            str(self._directory / "cgroup.procs"),
            *command,
        ]

    def remove(self) -> None:
        """Remove the group, as soon as the processes in it are gone; can be called twice."""
        end = time.monotonic() + PATIENCE_SECONDS
        while self._directory.exists() and time.monotonic() < end:
            with contextlib.suppress(OSError):
                self._directory.rmdir()
                return
            time.sleep(0.01)


def _parent() -> Path | None:
    """The directory above our own group, for groups beside it; None unless memory is handed on."""
    try:
        lines = MEMBERSHIP.read_text().splitlines()
        own = next((line[3:] for line in lines if line.startswith("0::/")), "/")
        parent = (ROOT / own.lstrip("/")).parent
        handed_on = own != "/" and "memory" in (parent / "cgroup.subtree_control").read_text().split()
    except OSError:
        return None
    return parent if handed_on and os.access(parent, os.W_OK) else None
