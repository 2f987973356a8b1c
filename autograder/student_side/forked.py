"""Work in a fork of this process: what it breaks, keeps or never finishes is lost with the fork."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
import warnings
from collections.abc import Callable

Answer = Callable[[bytes], bytes]

MOST_BYTES = 1 << 16
SIZE = 8  # bytes that say how long a job or its answer is
MOMENT = 0.5  # seconds in which a fork whose work is over ends

# A fork may not go on, whatever student code made of the name, or where no signals may be sent.
_exit = os._exit


def in_a_fork(work: Callable[[], bytes], wall_seconds: float | None = None, most: int = MOST_BYTES) -> bytes:
    """What ``work`` returns, done in a fork that ends with it; nothing if it died before, or took too long.

    No more than ``most`` bytes come back. Where processes cannot be forked all is done here.
    """
    if not hasattr(os, "fork"):
        return work()
    until = None if wall_seconds is None else time.monotonic() + wall_seconds
    receiving, sending = os.pipe()
    child = fork()
    if child == 0:
        try:
            _write(sending, work(), most)
        finally:
            _exit(0)
    os.close(sending)
    try:
        return _received(receiving, until, most)
    finally:
        os.close(receiving)
        _end(child)


class StandingFork:
    """A fork of this process that does one job after another, within so many seconds of the wall's clock.

    What a job changes is there for the next one, and never here. ``begin`` is called in the fork, once, and
    returns what does the jobs; nothing comes of one that raises, or of any where that does.
    """

    def __init__(self, begin: Callable[[], Answer], wall_seconds: float) -> None:
        self._until = time.monotonic() + wall_seconds
        (jobs, self._giving), (self._answers, answering) = os.pipe(), os.pipe()
        self._child = fork()
        if self._child == 0:
            try:
                os.close(self._giving)
                _do_jobs(begin, jobs, answering)
            finally:
                _exit(0)
        os.close(jobs)
        os.close(answering)

    def do(self, job: bytes, most: int = MOST_BYTES) -> bytes | None:
        """What comes of a job, no more than ``most`` bytes; None if the fork is dead or late, and ends."""
        with contextlib.suppress(OSError, EOFError):
            if self._child:
                _put(self._giving, job)
                size = int.from_bytes(self._taken(SIZE), "big")
                if size <= most:
                    return self._taken(size)
        self.end()
        return None

    def end(self) -> None:
        """End the fork; can be called twice."""
        child, self._child = self._child, 0
        if child:
            os.close(self._giving)
            os.close(self._answers)
            with contextlib.suppress(OSError):  # student code may have waited for it
                _end(child)

    def _taken(self, size: int) -> bytes:
        data = bytearray()
        while len(data) < size:
            ready, _, _ = select.select([self._answers], [], [], max(0.0, self._until - time.monotonic()))
            piece = os.read(self._answers, size - len(data)) if ready else b""
            if not piece:
                raise EOFError
            data += piece
        return bytes(data)


def _do_jobs(begin: Callable[[], Answer], jobs: int, answering: int) -> None:
    work: Answer | None = None
    with contextlib.suppress(Exception):  # of student code it calls, for one; then nothing comes of any job
        work = begin()
    with open(jobs, "rb") as file:
        while size := file.read(SIZE):
            job, answer = file.read(int.from_bytes(size, "big")), b""
            with contextlib.suppress(Exception):  # likewise of this job
                answer = work(job) if work is not None else b""
            _put(answering, answer)


def _put(pipe: int, data: bytes) -> None:
    rest = memoryview(len(data).to_bytes(SIZE, "big") + data)
    while rest:
        rest = rest[os.write(pipe, rest) :]


def fork() -> int:
    """Fork this process: the child's pid, and 0 in it, which does its work alone and never returns."""
    with warnings.catch_warnings():
        # Newer Pythons warn of other threads' locks; student code may have started some.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _end(child: int) -> None:
    """End a fork. Where nobody may send a signal, as behind an older Landlock, it has a moment to end itself.

    One that does not ends with the notebook.
    """
    options = 0
    try:
        os.kill(child, signal.SIGKILL)
    except PermissionError:
        options = os.WNOHANG
    until = time.monotonic() + MOMENT
    while os.waitpid(child, options) == (0, 0) and time.monotonic() < until:
        time.sleep(0.001)


def _write(pipe: int, data: bytes, most: int = MOST_BYTES) -> None:
    with open(pipe, "wb") as file:
        file.write(data[:most])


def _received(receiving: int, until: float | None, most: int) -> bytes:
    data = bytearray()
    while len(data) <= most:
        left = None if until is None else max(0.0, until - time.monotonic())
        ready, _, _ = select.select([receiving], [], [], left)
        if not ready:
            return b""
        piece = os.read(receiving, MOST_BYTES)
        if not piece:
            return bytes(data)
        data += piece
    return b""
