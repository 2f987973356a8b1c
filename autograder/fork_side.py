"""What a fork of :mod:`autograder.disposable` does, from its first line to its end: jobs, one after another.

It writes into a pipe what came of each: a letter for what that is, its length, and the bytes. The next job
comes over the socket, over which the work asks too.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from autograder.student_side import namespaces
from autograder.watch import bounded_memory

REQUEST = 2**12
MAX_WORDS = 300
HEADER = 9  # what a result is, and its length
DONE, DONE_AND_AS_BEFORE, FAILED = b"=", b"~", b"!"
JOB = b"job"


@dataclass(frozen=True)
class Done:
    """What came of a job; ``as_before``: nothing of it is left in the process, which may do the next one."""

    result: bytes
    as_before: bool = False


Work = Callable[[socket.socket, bytes], Done]


def do_jobs(
    begin: Callable[[], Work], job: bytes | None, asking: socket.socket, written: int, memory_bytes: int
) -> NoReturn:
    """What the fork does, from its first line to its end."""
    try:
        _settle({asking.fileno(), written})
        work: Work | None = None
        while job is not None:
            payload: bytes | memoryview
            try:
                work = work or begin()
                kind, payload = _did(work, asking, job, memory_bytes)
            except BaseException as error:
                kind, payload = FAILED, words_of(error)
            del job  # nothing of it is kept while the next one is waited for
            _write(written, kind + len(payload).to_bytes(HEADER - 1, "big"), payload)
            del payload
            job = _next_job(asking) if kind == DONE_AND_AS_BEFORE else None
    except BaseException:  # the parent is gone, or did not read; that no result came it sees for itself
        os._exit(1)
    os._exit(0)


def _did(
    work: Work, asking: socket.socket, job: bytes, memory_bytes: int
) -> tuple[bytes, memoryview | bytes]:
    try:
        with bounded_memory(memory_bytes):
            done = work(asking, job)
    except MemoryError:
        return FAILED, f"it needed more than {memory_bytes // 2**20} MB of memory".encode()
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


def words_of(error: BaseException) -> bytes:
    """What an error is, in one short line; its type alone where it has no text."""
    try:
        text = str(error)[:MAX_WORDS]
    except Exception:  # of a text that cannot be made, there is the type
        text = ""
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return (f"{type(error).__name__}: {text}" if text else type(error).__name__).encode("utf-8", "replace")
