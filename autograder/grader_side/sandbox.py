"""The ladder: the strongest wall that this machine offers, probed before the first notebook, and said."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

from autograder.grader_side import command, obstacles, visible
from autograder.grader_side.alone import FreshProcesses
from autograder.grader_side.cgroup import MemoryGroup
from autograder.grader_side.clock import Clock, Deadline
from autograder.grader_side.connection import Connection
from autograder.grader_side.errors import SandboxError
from autograder.grader_side.limits import Limits
from autograder.grader_side.obstacles import Obstacle
from autograder.grader_side.scratch import Scratch
from autograder.grader_side.server import ServerProcess
from autograder.student_side import landlock
from autograder.student_side.busy import Waits
from autograder.student_side.confine import Confinement
from autograder.student_side.packages import NONE, Packages

Rung = Literal["bubblewrap", "landlock", "none"]
REFUSED = "no sandbox holds here, so nothing is graded"
UNSAFE = "NO SANDBOX: student code runs with this user's rights; scores made so prove nothing"
_User = tuple[int, int]  # and group
_OBSTACLES: dict[Rung, Callable[[], Obstacle | None]] = {
    "bubblewrap": lambda: obstacles.of_bubblewrap(),
    "landlock": lambda: obstacles.of_landlock(),
    "none": lambda: None,
}
PROBE_SECONDS = 10.0
SERVER_MB = 512  # what the warm server itself may take of a memory group


class Sandbox:
    """A wall in force: starts servers behind it, and children in them, one for each notebook."""

    def __init__(self, wanted: Rung | Literal["auto"], limits: Limits, packages: Packages = NONE) -> None:
        self._server: ServerProcess | FreshProcesses | None = None
        self.draws = False  # whether the next notebook may draw: then its child should be ready to
        self._waits: Waits | None = None
        self._scratch: Scratch | None = None
        self._user: _User | None = None
        self._limits = limits
        self.packages = packages
        self._group = MemoryGroup.make((limits.memory_mb + SERVER_MB) * 2**20) if wanted != "none" else None
        self._confinement = _confinement(limits)
        self._why_not: list[str] = []
        self.in_force = ""
        rungs: tuple[Rung, ...] = ("bubblewrap", "landlock") if wanted == "auto" else (wanted,)
        try:
            self.rung = self._first_that_holds(rungs)
        except BaseException:
            self.close()
            raise

    def _first_that_holds(self, rungs: tuple[Rung, ...]) -> Rung:
        for rung in rungs:
            if self._holds(rung):
                return rung
        raise SandboxError(f"{REFUSED}: {'; '.join(self._why_not)}")

    @property
    def shares_machine(self) -> bool:
        """Whether children write to the machine's own disk and fork at will: one could take all there is."""
        return not self._confinement.own_namespaces and sys.platform == "linux"

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
        if sys.platform != "linux":
            return self._confinement
        return replace(self._confinement, cores=sorted(os.sched_getaffinity(0)))

    def end_child(self) -> str:
        """Kill the child and all that it started; what it died of, if it was dead before, in words."""
        if self._server is None:
            return ""
        how = self._server.end_child()
        self._server.prepare_child(self._wanted())
        return how

    def seconds_without_a_core(self) -> float:
        """How long this notebook's children waited for a core that others had, since this was first asked.

        To ask takes milliseconds: it is for what has run so long that they do not matter.
        """
        server = self._server
        if not isinstance(server, ServerProcess):
            return 0.0
        if self._waits is None:
            self._waits = Waits(server.below.look)
        return self._waits.seconds()

    def end_notebook(self) -> None:
        """Kill the child; whatever it started or wrote is out of the next notebook's reach."""
        self._waits = None
        if self._confinement.own_namespaces or self.rung == "none" or self._server is None:
            self.end_child()
            return
        try:
            self._server.end_child()
            # Behind Landlock no process leaves the group that ends here: what remains is what was written.
            if self._scratch is not None and self.rung == "landlock" and self._scratch.renewed():
                self._server.prepare_child(self._wanted())
                return
        except BaseException:
            self.close_server()
            raise
        # What escaped ends with the server's own sandbox, or can no longer write.
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
        obstacle = _OBSTACLES[rung]()
        if obstacle is not None:
            self._why_not.append(f"{rung}: {obstacle}")
            return False
        reasons: list[str] = []
        for own_namespaces, user in _ways(rung, self.packages):
            try:
                self._prepare(rung, own_namespaces)
                self._user = user
                self._server = self._new_server(rung)
                if rung == "none":  # nothing is to hold
                    self.in_force = UNSAFE
                    return True
                with Connection(self._server.start_child(self._confinement)) as connection:
                    facts = connection.probe(Deadline(Clock(), PROBE_SECONDS))
                self._server.end_child()
                self.in_force = _described(rung, facts, self._limits, self._group is not None)
            except (SandboxError, OSError) as error:  # such as a user that a container does not have
                reasons.append(str(error))
                self.close_server()
                continue
            return True
        cause = obstacles.of_namespaces() if rung == "bubblewrap" else None
        words = "; then ".join(dict.fromkeys(reasons))
        self._why_not.append(f"{rung}: {cause} ({words})" if cause else f"{rung}: {words}")
        return False

    def _prepare(self, rung: Rung, own_namespaces: bool) -> None:
        self._confinement = replace(self._confinement, own_namespaces=own_namespaces)
        if rung == "bubblewrap":
            under = [str(path) for path in visible.environment() if path.is_relative_to("/tmp")]
            self._confinement = replace(self._confinement, kept=under)
            return
        if rung == "landlock":
            self._confinement = replace(
                self._confinement, landlock=True, readable=visible.readable(self.packages.shown)
            )
        self._confinement = replace(self._confinement, seccomp=rung == "landlock")

    def _new_server(self, rung: Rung) -> ServerProcess | FreshProcesses:
        if rung == "bubblewrap":
            try:
                return ServerProcess(self._joined(command.bubblewrap(self.packages)), {})
            except FileNotFoundError as error:
                raise SandboxError(str(error)) from None
        self._scratch = Scratch(self._user)
        path = self._scratch.path
        self._confinement = replace(self._confinement, scratch=path)
        if sys.platform != "linux":
            return FreshProcesses(command.alone(self.packages), command.bare_environment(path), path)
        return ServerProcess(
            self._joined(command.bare(path, self.packages)), command.bare_environment(path), self._user
        )

    def _joined(self, line: list[str]) -> list[str]:
        return self._group.joined(line) if self._group is not None else line


def _ways(rung: Rung, packages: Packages) -> list[tuple[bool, _User | None]]:
    """The ways to try a rung, best first: with namespaces for each notebook or not, and as which user.

    bubblewrap changes the user by itself. For Landlock, root becomes nobody, or, where a closed home is in
    the way, its owner: root itself, most often, whose child then has none of root's capabilities.
    """
    if rung == "bubblewrap":
        return [(True, None), (False, None)]
    if rung == "none" or os.getuid():
        return [(False, None)]
    owners = {(found.st_uid, found.st_gid) for found in map(os.stat, visible.closed(packages.shown))}
    users = sorted(owners) or [(command.NOBODY, command.NOBODY)]
    return [(False, user) for user in dict.fromkeys((*users, (0, 0)))]


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
    name = {"bubblewrap": "bubblewrap", "landlock": f"Landlock version {landlock.version()}"}[rung]
    if not facts["reads"]:
        raise SandboxError(f"{name}, as user {facts['uid']}, cannot read Python's own files")
    if facts["network"] or facts["writable"]:
        raise SandboxError(f"{name} does not hold: a probe reached the network or could write outside")
    if facts["capabilities"] or not facts["no_new_privs"]:
        raise SandboxError(f"{name} does not hold: a probe kept privileges, or could gain some")
    parts = [
        name,
        f"user {facts['uid']}{'' if facts['uid'] else ' without capabilities'}",
        "no network",
        "system and environment read-only",
        "no new privileges",
    ]
    parts.append(
        "own processes, mounts and memory segments for each notebook"
        if facts["own_pids"]
        else "each notebook confined anew"
        if rung == "landlock"
        else "a new sandbox for each notebook"
    )
    parts.append("system calls filtered" if facts["seccomp"] else "system calls not filtered (no libseccomp)")
    memory = "all of a notebook's processes" if group else "each process"
    parts.append(f"{limits.memory_mb} MB for {memory}")
    return ", ".join(parts)
