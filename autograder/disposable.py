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
import gc
import math
import mmap
import os
import select
import signal
import socket
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn

from autograder.student_side import namespaces
from autograder.student_side.busy import seconds_without_a_core
from autograder.watch import bounded_memory

# Elsewhere nothing is graded but the demo's own answers, and those here.
FORKS = sys.platform == "linux" and hasattr(os, "fork")
CHUNK = 2**20
REQUEST = 2**12
RESULT_BYTES = 2**26
LARGEST_JOB = 2**24  # for a fork that is there; a larger one gets a fork that has it from the start
MAX_WORDS = 300
PATIENCE = 5.0
HEADER = 9  # what a result is, and its length
DONE, DONE_AND_AS_BEFORE, FAILED = b"=", b"~", b"!"
JOB = b"job"


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
class Answer:
    """What a request of the work's gets: bytes, descriptors (closed here), and perhaps a new time limit."""

    data: bytes
    descriptors: Sequence[int] = ()
    deadline: float | None = None  # of time.monotonic


@dataclass(frozen=True)
class Done:
    """What came of a job; ``as_before``: nothing of it is left in the process, which may do the next one."""

    result: bytes
    as_before: bool = False


class Lost(Exception):  # noqa: N818 (what became of the work, not an error of ours)
    """The work has no result; its text says why. ``again``: the machine failed, so that a rerun may help."""

    def __init__(self, why: str, *, again: bool = False) -> None:
        super().__init__(why)
        self.again = again


Work = Callable[[socket.socket, bytes], Done]
Answering = Callable[[bytes], Answer]


def nothing_to_ask(request: bytes) -> Answer:
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
        raise Lost(_words(error).decode()) from None


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
            self._child = _fork()
            if self._child == 0:
                _do_jobs(self._begin, job, theirs, written, self._bounds)
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


def _send(asking: socket.socket, answered: Answer) -> None:
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


def _fork() -> int:
    with warnings.catch_warnings():
        # Newer Pythons warn of other threads' locks; the fork does our work alone, and never returns.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _do_jobs(
    begin: Callable[[], Work], job: bytes | None, asking: socket.socket, written: int, bounds: Bounds
) -> NoReturn:
    """What the fork does, from its first line to its end."""
    try:
        _settle({asking.fileno(), written})
        work: Work | None = None
        while job is not None:
            payload: bytes | memoryview
            try:
                work = work or begin()
                kind, payload = _did(work, asking, job, bounds)
            except BaseException as error:
                kind, payload = FAILED, _words(error)
            del job  # nothing of it is kept while the next one is waited for
            _write(written, kind + len(payload).to_bytes(HEADER - 1, "big"), payload)
            del payload
            job = _next_job(asking) if kind == DONE_AND_AS_BEFORE else None
    except BaseException:
        os._exit(1)
    os._exit(0)


def _did(work: Work, asking: socket.socket, job: bytes, bounds: Bounds) -> tuple[bytes, memoryview | bytes]:
    try:
        with bounded_memory(bounds.memory_bytes):
            done = work(asking, job)
    except MemoryError:
        return FAILED, f"it needed more than {bounds.memory_bytes // 2**20} MB of memory".encode()
    # An answer that nobody took would be the next job's.
    quiet = not select.select([asking], [], [], 0)[0]
    return DONE_AND_AS_BEFORE if done.as_before and quiet else DONE, memoryview(done.result)


def _write(written: int, *parts: bytes | memoryview) -> None:
    for part in parts:
        rest = memoryview(part)
        while rest:
            rest = rest[os.write(written, rest) :]


def _next_job(asking: socket.socket) -> bytes | None:
    """The bytes of the next job; None when there is none to come."""
    data, descriptors, _, _ = socket.recv_fds(asking, REQUEST, 1)
    if data != JOB:
        return None
    with open(descriptors[0], "rb") as file:
        file.seek(0)
        return file.read()


def _settle(kept: set[int]) -> None:
    gc.freeze()  # what it shares with this process is not looked at, and so not copied
    namespaces.prctl(namespaces.PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    null = os.open("/dev/null", os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    first = 3
    for descriptor in sorted(kept):
        os.closerange(first, descriptor)
        first = descriptor + 1
    os.closerange(first, os.sysconf("SC_OPEN_MAX"))


def _words(error: BaseException) -> bytes:
    try:
        text = str(error)[:MAX_WORDS]
    except Exception:  # of a text that cannot be made, there is the type
        text = ""
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return (f"{type(error).__name__}: {text}" if text else type(error).__name__).encode("utf-8", "replace")
