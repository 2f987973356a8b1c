"""The ladder: the strongest wall that this machine offers, probed before the first notebook, and said."""

from __future__ import annotations

import os
import socket
import time
from dataclasses import replace
from typing import Any, Literal

from autograder.grader_side import command, visible
from autograder.grader_side.cgroup import MemoryGroup
from autograder.grader_side.connection import Connection
from autograder.grader_side.errors import SandboxError
from autograder.grader_side.limits import Limits
from autograder.grader_side.scratch import Scratch
from autograder.grader_side.server import ServerProcess
from autograder.student_side import landlock, seccomp
from autograder.student_side.busy import seconds_below_without_a_core
from autograder.student_side.confine import Confinement

Rung = Literal["bubblewrap", "landlock", "none"]
INSTALL = (
    "no sandbox can be set up here: install bubblewrap (`apt install bubblewrap`) and allow unprivileged "
    "user namespaces, or install libseccomp on a kernel with Landlock"
)
UNSAFE = "NO SANDBOX: student code runs with this user's rights; scores made so prove nothing"
PROBE_SECONDS = 10.0
SERVER_MB = 512  # what the warm server itself may take of a memory group


class Sandbox:
    """A wall in force: starts servers behind it, and children in them, one for each notebook."""

    def __init__(self, wanted: Rung | Literal["auto"], limits: Limits) -> None:
        self._server: ServerProcess | None = None
        self.draws = False  # whether the next notebook may draw: then its child should be ready to
        self._scratch: Scratch | None = None
        self._limits = limits
        self._group = MemoryGroup.make((limits.memory_mb + SERVER_MB) * 2**20) if wanted != "none" else None
        self._confinement = _confinement(limits)
        self._why_not: list[str] = []
        self.in_force = ""
        rungs: tuple[Rung, ...] = ("bubblewrap", "landlock") if wanted == "auto" else (wanted,)
        held = next((rung for rung in rungs if self._holds(rung)), None)
        if held is None:
            self.close()
            raise SandboxError("; ".join([INSTALL, *self._why_not]))
        self.rung: Rung = held

    def start_child(self) -> socket.socket:
        """The connection to a fresh child, in a fresh server if the last one is gone."""
        if self._server is None or not self._server.alive:
            self.close_server()
            self._server = self._new_server(self.rung)
        if self.draws:
            self._server.warm_figures()
        return self._server.start_child(self._wanted())

    def _wanted(self) -> Confinement:
        """How the next child is confined; it runs where this thread does, which takes turns with it."""
        return replace(self._confinement, cores=sorted(os.sched_getaffinity(0)))

    def end_child(self) -> str:
        """Kill the child and all that it started; what it died of, if it was dead before, in words."""
        if self._server is None:
            return ""
        how = self._server.end_child()
        self._server.prepare_child(self._wanted())
        return how

    def seconds_without_a_core(self) -> float:
        """How long the child had to wait for a core that others had, since it started."""
        return seconds_below_without_a_core(self._server.pid) if self._server is not None else 0.0

    def end_notebook(self) -> None:
        """Kill the child; whatever it started or wrote is out of the next notebook's reach."""
        if self._confinement.own_namespaces or self.rung == "none" or self._server is None:
            self.end_child()
            return
        try:
            self._server.end_child()
        finally:
            # What escaped from its process group ends with the server's own sandbox, or can no longer write.
            self.close_server()
        self._server = self._new_server(self.rung)  # it warms up while we look at the next notebook

    def close_server(self) -> None:
        """End the server and everything inside; the next child gets a new one."""
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._scratch is not None:
            self._scratch.remove()
            self._scratch = None

    def close(self) -> None:
        """End the server and remove what it needed; can be called twice."""
        self.close_server()
        if self._group is not None:
            self._group.remove()

    def _holds(self, rung: Rung) -> bool:
        """Whether a child starts behind this rung; what it then finds to hold becomes ``in_force``."""
        for own_namespaces in (True, False) if rung == "bubblewrap" else (False,):
            try:
                self._prepare(rung, own_namespaces)
                self._server = self._new_server(rung)
                with Connection(self._server.start_child(self._confinement)) as connection:
                    facts = connection.probe(time.monotonic() + PROBE_SECONDS)
                self._server.end_child()
                self.in_force = _described(rung, facts, self._limits, self._group is not None)
            except SandboxError as error:
                self._why_not.append(f"{rung}: {error}")
                self.close_server()
                continue
            return True
        return False

    def _prepare(self, rung: Rung, own_namespaces: bool) -> None:
        self._confinement = replace(self._confinement, own_namespaces=own_namespaces)
        if rung == "bubblewrap":
            under = [str(path) for path in visible.environment() if path.is_relative_to("/tmp")]
            self._confinement = replace(self._confinement, kept=under)
            return
        if rung == "landlock":
            if not landlock.version() or seccomp.library() is None:
                raise SandboxError("this kernel has no Landlock, or libseccomp is not installed")
            self._confinement = replace(self._confinement, landlock=True, readable=visible.readable())
        self._confinement = replace(self._confinement, seccomp=rung == "landlock")

    def _new_server(self, rung: Rung) -> ServerProcess:
        if rung == "bubblewrap":
            try:
                return ServerProcess(self._joined(command.bubblewrap()), {})
            except FileNotFoundError as error:
                raise SandboxError(str(error)) from None
        user = command.NOBODY if rung == "landlock" and os.getuid() == 0 else None
        self._scratch = Scratch(user)
        self._confinement = replace(self._confinement, scratch=self._scratch.path)
        return ServerProcess(self._joined(command.bare()), command.bare_environment(self._scratch.path), user)

    def _joined(self, line: list[str]) -> list[str]:
        return self._group.joined(line) if self._group is not None else line


def _confinement(limits: Limits) -> Confinement:
    return Confinement(
        memory_bytes=limits.memory_mb * 2**20,
        cpu_seconds=int(2 * limits.notebook_seconds) + 1,
        processes=limits.processes,
        file_bytes=limits.file_mb * 2**20,
        open_files=limits.open_files,
        output_bytes=limits.output_kb * 1000,
        rich_bytes=limits.rich_kb * 1000,
    )


def _described(rung: Rung, facts: dict[str, Any], limits: Limits, group: bool) -> str:
    """One line: what protects, as the probe found it."""
    if rung == "none":
        return UNSAFE
    name = {"bubblewrap": "bubblewrap", "landlock": f"Landlock version {landlock.version()}"}[rung]
    if facts["network"] or facts["writable"] or not facts["no_new_privs"]:
        raise SandboxError(f"{name} does not hold: a probe reached the network or could write outside")
    parts = [
        name,
        f"user {facts['uid']}",
        "no network",
        "system and environment read-only",
        "no new privileges",
    ]
    parts.append(
        "own processes, mounts and memory segments for each notebook"
        if facts["own_pids"]
        else "a new sandbox for each notebook"
    )
    parts.append("system calls filtered" if facts["seccomp"] else "system calls not filtered (no libseccomp)")
    memory = "all of a notebook's processes" if group else "each process"
    parts.append(f"{limits.memory_mb} MB for {memory}")
    return ", ".join(parts)
