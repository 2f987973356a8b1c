"""Work on what a student wrote, in a fork of this process that is disposed of: no bare hands.

Reading, rebuilding, finding names, checking, closing and rendering of a submission all happen in such a fork,
in every way of grading. It has bounds of its own on memory, time and the size of its result, which this
process enforces; whatever it raises or dies of ends here in a :class:`Lost` with the reason. It keeps no
descriptor but a socket, over which it can ask for what only this process may do, and a pipe for its result.

To make a fork, and to copy every page that it changes, takes a quarter of the time of a small submission. So
a fork may be kept for the next job if the work itself says that nothing of the last one is left in it.
"""

from __future__ import annotations

import contextlib
import math
import mmap
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from autograder.fork_side import (
    DONE_AND_AS_BEFORE,
    FAILED,
    HEADER,
    JOB,
    REQUEST,
    Done,
    Work,
    do_jobs,
    words_of,
)
from autograder.student_side.busy import seconds_without_a_core
from autograder.student_side.forked import fork

# Elsewhere nothing is graded but the demo's own answers, and those here.
FORKS = sys.platform == "linux" and hasattr(os, "fork")
CHUNK = 2**20
RESULT_BYTES = 2**26
LARGEST_JOB = 2**24  # for a fork that is there; a larger one gets a fork that has it from the start
PATIENCE = 5.0


@dataclass(frozen=True)
class Bounds:
    """What a job may take: seconds (from its start, or as an Answer says), memory, and its result.

    A busy machine may add ``patience`` seconds, as many as the job waited for a core. ``memory_bytes`` is
    address space beyond what the fork has when the job begins; one that is kept may grow by ``growth_bytes``
    in all, and do ``jobs`` jobs.
    """

    seconds: float
    memory_bytes: int
    result_bytes: int = RESULT_BYTES
    patience: float = PATIENCE
    growth_bytes: int = 2**26
    jobs: int = 1


@dataclass(frozen=True)
class Reply:
    """What a request of the work's gets: bytes, descriptors (closed here), and perhaps a new time limit."""

    data: bytes
    descriptors: Sequence[int] = ()
    deadline: float | None = None  # of time.monotonic


class Lost(Exception):  # noqa: N818 (what became of the work, not an error of ours)
    """The work has no result; its text says why. ``again``: the machine failed, so that a rerun may help."""

    def __init__(self, why: str, *, again: bool = False) -> None:
        super().__init__(why)
        self.again = again


Answering = Callable[[bytes], Reply]


def nothing_to_ask(request: bytes) -> Reply:
    """The answer to work that should need nothing."""
    raise Lost("it asked for what it may not have")


def in_a_fork(
    work: Callable[[socket.socket], bytes], bounds: Bounds, answer: Answering = nothing_to_ask
) -> bytes:
    """What ``work`` returns, done in a fork of this process; Lost when that has no result within ``bounds``.

    ``work`` gets a socket; each packet that it sends there is answered by ``answer``. Nothing that it changes
    is changed here. The fork is gone when this returns or raises. Where nothing FORKS it is done here.
    """
    if not FORKS:
        with socket.socket() as nobody:
            return done_here(lambda: work(nobody))
    fork = Fork(lambda: lambda asking, job: Done(work(asking)), bounds)
    try:
        return fork.do(b"", answer)
    finally:
        fork.close()


def done_here(work: Callable[[], bytes], passed_on: tuple[type[Exception], ...] = ()) -> bytes:
    """What ``work`` returns, done in this process; Lost when it raises, but for what is ``passed_on``."""
    try:
        return work()
    except passed_on:
        raise
    except Exception as error:
        raise Lost(words_of(error).decode()) from None


class Fork:
    """A fork of this process that does jobs, one after the other; a new one in its place after each that was
    out of the ordinary: it raised, died, took too much, or is not over without a trace.

    ``begin`` is called in a fork when it is new, and returns what does a job there, given its bytes and the
    socket for requests.
    """

    def __init__(self, begin: Callable[[], Work], bounds: Bounds) -> None:
        self._begin = begin
        self._bounds = bounds
        self._child = 0
        self._jobs = 0
        self._size = 0
        self._asking: socket.socket | None = None
        self._result = -1

    def do(self, job: bytes, answer: Answering = nothing_to_ask) -> bytes:
        """What the work makes of a job; Lost when there is no result within the bounds."""
        try:
            if len(job) > LARGEST_JOB or not self._is_there():
                self.close()
                self._start(job)
            else:
                self._hand_over(job)
            kind, payload = self._watched(answer)
            self._jobs += 1
            if kind != DONE_AND_AS_BEFORE or self._jobs >= self._bounds.jobs or self._has_grown():
                self.close()
        except BaseException:
            self.close()
            raise
        if kind == FAILED:
            raise Lost(payload.decode("utf-8", "replace"))
        return payload

    def close(self) -> None:
        """End the process, if there is one; can be called twice."""
        child, self._child = self._child, 0
        if self._asking is not None:
            self._asking.close()
            os.close(self._result)
            self._asking = None
        if child:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)

    def _is_there(self) -> bool:
        """Whether a process waits for a job; one may have died while it had none, by somebody else's hand."""
        if self._child and os.waitpid(self._child, os.WNOHANG)[0]:
            self._child = 0
        return self._child != 0

    def _start(self, job: bytes) -> None:
        self._asking, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._result, written = os.pipe()
        try:
            self._child = fork()
            if self._child == 0:
                do_jobs(self._begin, job, theirs, written, self._bounds.memory_bytes)
        finally:
            theirs.close()
            os.close(written)
        self._jobs, self._size = 0, _resident(self._child)

    def _hand_over(self, job: bytes) -> None:
        assert self._asking is not None
        descriptor = os.memfd_create("job")
        try:
            with open(descriptor, "wb", closefd=False) as file:
                file.write(job)
            socket.send_fds(self._asking, [JOB], [descriptor])
        except OSError:
            pass  # it died meanwhile, which the pipe tells
        finally:
            os.close(descriptor)

    def _watched(self, answer: Answering) -> tuple[bytes, bytes]:
        """What comes through the pipe, while requests are answered; Lost beyond a bound."""
        assert self._asking is not None
        waited = seconds_without_a_core(self._child)
        deadline = time.monotonic() + self._bounds.seconds
        ready = select.poll()
        ready.register(self._asking, select.POLLIN)
        ready.register(self._result, select.POLLIN)
        received = bytearray()
        while True:
            seconds = deadline - time.monotonic()
            if seconds <= 0:
                seconds += min(seconds_without_a_core(self._child) - waited, self._bounds.patience)
            if seconds <= 0:
                raise Lost("it took longer than it may")
            for descriptor, _ in ready.poll(math.ceil(1000 * seconds)):
                if descriptor == self._result:
                    chunk = os.read(self._result, CHUNK)
                    received += chunk
                    if not chunk:
                        raise Lost(self._ending())
                    if len(received) > HEADER + self._bounds.result_bytes:
                        raise Lost(f"what came of it has more than {self._bounds.result_bytes // 2**20} MB")
                    if len(received) >= HEADER + int.from_bytes(received[1:HEADER], "big"):
                        return bytes(received[:1]), bytes(received[HEADER:])
                elif request := _request(self._asking):
                    answered = answer(request)
                    deadline = answered.deadline or deadline
                    _send(self._asking, answered)
                else:
                    ready.unregister(self._asking)

    def _ending(self) -> str:
        """How the process ended, which gave no result, in words."""
        child, self._child = self._child, 0
        status = os.waitpid(child, 0)[1]
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            name = signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
            return f"its process was ended by {name}" + (
                ", most likely for its memory" if name == "SIGKILL" else ""
            )
        return f"its process exited with code {os.WEXITSTATUS(status)}"

    def _has_grown(self) -> bool:
        return _resident(self._child) > self._size + self._bounds.growth_bytes


def _request(asking: socket.socket) -> bytes:
    """What the work asks for; nothing when it is gone, perhaps without having read its last answer."""
    with contextlib.suppress(ConnectionResetError):
        return asking.recv(REQUEST)
    return b""


def _send(asking: socket.socket, answered: Reply) -> None:
    try:
        socket.send_fds(asking, [answered.data], list(answered.descriptors))
    except OSError:
        pass  # it died meanwhile, which the pipe tells
    finally:
        for descriptor in answered.descriptors:
            os.close(descriptor)


def _resident(pid: int) -> int:
    """The bytes of memory that a process has in use; 0 where the kernel does not tell."""
    try:
        with open(f"/proc/{pid}/statm", "rb") as file:
            return int(file.read().split()[1]) * mmap.PAGESIZE
    except (OSError, IndexError, ValueError):
        return 0
