"""The warm server: imports once what notebooks import, then forks one confined child for each notebook.

It speaks with the grader's side over its standard input, a socket, and never runs student code itself. A
child gets a connection of its own and keeps no other descriptor.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import sys
import traceback
from collections.abc import Sequence
from typing import Any

from autograder.student_side import namespaces, scratch
from autograder.student_side.alarm import Alarm
from autograder.student_side.busy import opened, stat
from autograder.student_side.channel import Channel
from autograder.student_side.child import Child
from autograder.student_side.confine import Confinement, confine, prepare
from autograder.student_side.forked import fork
from autograder.student_side.frames import WireError
from autograder.student_side.outputs import Outputs
from autograder.student_side.packages import Packages
from autograder.student_side.shell import StudentShell, use, warm_figures, warm_shell
from autograder.student_side.spare import Spare
from autograder.student_side.wire import message_of, payload_of

CONTROL = 0
CONTROL_FRAME = 2**20
FAILED_TO_START = 71
# A block so large makes the C library sort what was freed before, all over its memory.
CONSOLIDATES = 100_000


class Server:
    """Starts and ends children as told; at most one at a time. Each answer has the number of its request."""

    def __init__(
        self, control: socket.socket, shell: StudentShell, packages: Packages, places: Sequence[str] = ()
    ) -> None:
        self._control = control
        self._places = places
        self._packages = packages
        self._shell = shell
        self._child = 0

    def serve(self) -> None:
        """Answer the grader's side until it is gone."""
        while True:
            data, descriptors, _, _ = socket.recv_fds(self._control, CONTROL_FRAME, 1)
            if not data:
                return
            kind, number, *rest = message_of(data)
            if kind == "start":
                reply = self._start(descriptors[0], Confinement(**dict(zip(*rest, strict=True))))
            elif kind == "figures":
                reply = self._get_ready_for_figures()
            else:
                reply = ["ended", self._end()]
            self._control.send(payload_of([number, *reply]))

    def close(self) -> None:
        """End the child, and all that it started."""
        self._end()

    def _start(self, descriptor: int, wanted: Confinement) -> list[Any]:
        self._end()
        try:
            self._child = _fork(descriptor, self._shell, wanted)
        except OSError as error:
            return ["failed", str(error)]
        finally:
            os.close(descriptor)
        return ["started"]

    def _get_ready_for_figures(self) -> list[Any]:
        self._end()
        with contextlib.suppress(Exception):  # what is wrong with it is said where a student draws
            warm_figures(self._shell, self._packages)
        self.leave_nothing()
        _keep_for_forks()
        return ["ready"]

    def leave_nothing(self) -> None:
        """Remove what libraries wrote here as they got warm: else the first notebook alone would find it."""
        for place in self._places:
            scratch.empty(place)

    def _end(self) -> int | None:
        """Kill the child and all that it started; the wait status of one that was dead before, or None."""
        child, self._child = self._child, 0
        if not child:
            return None
        dead = os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        _kill_group(child)
        status = os.waitpid(child, 0)[1]
        _end_adopted()
        killed_by_us = not dead and os.WTERMSIG(status) == signal.SIGKILL
        return None if killed_by_us else status


def _kill_group(child: int) -> None:
    """Kill a child that was not waited for yet, and at once all that is in its group.

    Where it has no pid namespace of its own, nothing of it may leave that group, and processes that fork and
    end, one after the other, outrun whoever looks for each.
    """
    with contextlib.suppress(ProcessLookupError):  # it was not yet given one
        os.killpg(child, signal.SIGKILL)
    os.kill(child, signal.SIGKILL)


def _end_adopted() -> None:
    """Kill what a child left behind where it had no pid namespace of its own: such processes become ours."""
    while True:
        for child in _children():
            os.kill(child, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
            while os.waitpid(-1, os.WNOHANG)[0]:  # thousands may have ended meanwhile
                pass
        except ChildProcessError:
            return


def _children() -> list[int]:
    me = os.getpid()
    stats = {int(pid): stat(int(pid)) for pid in os.listdir("/proc") if pid.isdigit()}
    return [pid for pid, found in stats.items() if found is not None and found[0] == me]


def _fork(descriptor: int, shell: StudentShell, wanted: Confinement) -> int:
    """Fork the child of a notebook and return its pid; raises OSError with what could not be set up."""
    prepare(wanted)
    bytearray(CONSOLIDATES)  # else every child would do that, and copy hundreds of pages for it
    user = os.getuid(), os.getgid()
    read_end, write_end = os.pipe()
    inherited = {int(number) for number in os.listdir("/dev/fd")}
    try:
        child = namespaces.fork_apart() if wanted.own_namespaces else fork()
    except OSError:
        os.close(read_end)
        os.close(write_end)
        raise
    if child == 0:
        _run_and_exit(_be_child, descriptor, write_end, inherited, shell, wanted, user)
    os.close(write_end)
    with os.fdopen(read_end, "r") as report:
        problem = report.read()  # ends when the child closes what it does not need
    if problem:
        os.waitpid(child, 0)
        raise OSError(problem)
    return child


def _be_child(
    descriptor: int,
    report: int,
    inherited: set[int],
    shell: StudentShell,
    wanted: Confinement,
    user: tuple[int, int],
) -> None:
    try:
        if wanted.own_namespaces:
            namespaces.keep_user(*user)
        os.setsid()
        Alarm.schedule = opened()
        spare = Spare()  # before memory is counted: it is no student's
        confine(wanted)
    except OSError as error:
        os.write(report, str(error).encode())
        return
    connection = socket.socket(fileno=descriptor)
    _keep_only({connection.fileno(), Alarm.schedule} - {-1}, inherited)
    channel = Channel(connection)
    outputs = Outputs(channel.send, wanted.output_bytes, wanted.rich_bytes)
    use(shell, outputs)
    gc.enable()
    Child(channel, shell, outputs, spare).serve()


def _keep_only(kept: set[int], inherited: set[int]) -> None:
    """Have every other descriptor lead nowhere.

    Those inherited are not closed, as objects of the warm server still hold them: a font that figures forget
    closes its own, and would close by that whatever file has its number by then.
    """
    most = os.sysconf("SC_OPEN_MAX")
    null = os.open("/dev/null", os.O_RDWR)
    inherited = {0, 1, 2} | {descriptor for descriptor in inherited if descriptor < most}
    for descriptor in inherited - kept:
        os.dup2(null, descriptor)
    first = 3
    for descriptor in sorted((inherited | kept) - {0, 1, 2}):
        os.closerange(first, descriptor)
        first = descriptor + 1
    os.closerange(first, most)


def _run_and_exit(function: Any, *args: Any) -> None:
    """Run the rest of a forked process; nothing may return into the server's own code."""
    try:
        with contextlib.suppress(EOFError):  # the grader's side is gone
            function(*args)
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(FAILED_TO_START)


def _keep_for_forks() -> None:
    """Have no collector look at, and so copy, the memory that forks share with us."""
    gc.collect()
    gc.freeze()


def main() -> None:
    """Warm up, say so, serve."""

    control = socket.socket(fileno=os.dup(CONTROL))
    os.dup2(os.open("/dev/null", os.O_RDONLY), CONTROL)
    namespaces.prctl(namespaces.PR_SET_CHILD_SUBREAPER, 1)
    packages, *to_remove = sys.argv[1:]
    ours = Packages.of_argument(packages)
    shell = warm_shell(ours)
    gc.disable()
    _keep_for_forks()
    server = Server(control, shell, ours, to_remove)
    server.leave_nothing()
    try:
        with contextlib.suppress(WireError, BrokenPipeError, ConnectionResetError):  # the grader is gone
            control.send(payload_of([0, "warm", sys.version.split()[0]]))
            server.serve()
    finally:
        # The grader's side may have been killed: then nobody else is there to tidy up.
        server.close()
        for path in to_remove:
            scratch.remove(path)
