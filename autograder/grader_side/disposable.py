"""Work on what a student wrote, in a fork of this process that is disposed of: no bare hands.

Reading, rebuilding, finding names, checking and closing of one submission all happen in such a fork, in every
way of grading. It has bounds of its own on memory, time and the size of its result, which this process
enforces; whatever it raises or dies of ends here in a :class:`Lost` with the reason. It keeps no descriptor
but a socket, over which it can ask for what only this process may do, and a pipe for its result.
"""

from __future__ import annotations

import gc
import math
import os
import select
import signal
import socket
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn

from autograder.grader_side.watch import bounded_memory
from autograder.student_side import namespaces
from autograder.student_side.busy import seconds_without_a_core

CHUNK = 2**20
REQUEST = 2**12
RESULT_BYTES = 2**26
MAX_WORDS = 300
MOST_PATIENCE = 5.0  # seconds that a busy machine may add to a deadline


@dataclass(frozen=True)
class Bounds:
    """What the work may take: seconds (from its start, or as an Answer says), memory, and its result."""

    seconds: float
    memory_bytes: int
    result_bytes: int = RESULT_BYTES


@dataclass(frozen=True)
class Answer:
    """What a request of the work's gets: bytes, descriptors (closed here), and perhaps a new time limit."""

    data: bytes
    descriptors: Sequence[int] = ()
    deadline: float | None = None  # of time.monotonic


class Lost(Exception):  # noqa: N818 (what became of the work, not an error of ours)
    """The work has no result; its text says why. ``again``: the machine failed, so that a rerun may help."""

    def __init__(self, why: str, *, again: bool = False) -> None:
        super().__init__(why)
        self.again = again


def nothing_to_ask(request: bytes) -> Answer:
    """The answer to work that should need nothing."""
    raise Lost("it asked for what it may not have")


def in_a_fork(
    work: Callable[[socket.socket], bytes],
    bounds: Bounds,
    answer: Callable[[bytes], Answer] = nothing_to_ask,
) -> bytes:
    """What ``work`` returns, done in a fork of this process; Lost when that has no result within ``bounds``.

    ``work`` gets a socket; each packet that it sends there is answered by ``answer``. Nothing that it changes
    is changed here. The fork is gone when this returns or raises.
    """
    asking, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    result, written = os.pipe()
    child = 0
    status = None
    try:
        child = _fork()
        if child == 0:
            _do(work, theirs, written, bounds)
        theirs.close()
        os.close(written)
        written = -1
        payload = _watched(child, asking, result, bounds, answer)
        status = os.waitpid(child, 0)[1]
    finally:
        asking.close()
        theirs.close()
        for descriptor in (result, written):
            if descriptor >= 0:
                os.close(descriptor)
        if child and status is None:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    if status or payload[:1] != b"=":
        raise Lost(_ending(status) or payload[1:].decode("utf-8", "replace"))
    return payload[1:]


def _watched(
    child: int, asking: socket.socket, result: int, bounds: Bounds, answer: Callable[[bytes], Answer]
) -> bytes:
    """The bytes that come through the pipe, while requests are answered; Lost beyond a bound."""
    deadline = time.monotonic() + bounds.seconds
    ready = select.poll()
    ready.register(asking, select.POLLIN)
    ready.register(result, select.POLLIN)
    chunks: list[bytes] = []
    left = bounds.result_bytes
    while True:
        seconds = deadline - time.monotonic()
        if seconds <= 0:
            seconds += min(seconds_without_a_core(child), MOST_PATIENCE)
        if seconds <= 0:
            raise Lost("it took longer than it may")
        for descriptor, _ in ready.poll(math.ceil(1000 * seconds)):
            if descriptor == result:
                chunk = os.read(result, CHUNK)
                if not chunk:
                    return b"".join(chunks)
                chunks.append(chunk)
                left -= len(chunk)
                if left < 0:
                    raise Lost(f"what came of it has more than {bounds.result_bytes // 2**20} MB")
            elif request := asking.recv(REQUEST):
                answered = answer(request)
                deadline = answered.deadline or deadline
                _send(asking, answered)
            else:
                ready.unregister(asking)


def _send(asking: socket.socket, answered: Answer) -> None:
    try:
        socket.send_fds(asking, [answered.data], list(answered.descriptors))
    except OSError:
        pass  # it died meanwhile, which the pipe tells
    finally:
        for descriptor in answered.descriptors:
            os.close(descriptor)


def _fork() -> int:
    with warnings.catch_warnings():
        # Newer Pythons warn of other threads' locks; the fork does our work alone, and never returns.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _do(
    work: Callable[[socket.socket], bytes], asking: socket.socket, written: int, bounds: Bounds
) -> NoReturn:
    """What the fork does, from its first line to its end."""
    try:
        _settle({asking.fileno(), written})
        with bounded_memory(bounds.memory_bytes):
            payload = b"=" + work(asking)
    except MemoryError:
        payload = f"!it needed more than {bounds.memory_bytes // 2**20} MB of memory".encode()
    except BaseException as error:
        payload = b"!" + _words(error)
    try:
        rest = memoryview(payload)
        while rest:
            rest = rest[os.write(written, rest) :]
    except BaseException:
        os._exit(1)
    os._exit(0)


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
    return (f"{type(error).__name__}: {text}" if text else type(error).__name__).encode("utf-8", "replace")


def _ending(status: int) -> str:
    """How a fork ended that gave no result, from its wait status, in words; "" for one that ended well."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        name = signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
        return f"its process was ended by {name}" + (
            ", most likely for its memory" if name == "SIGKILL" else ""
        )
    return f"its process exited with code {os.WEXITSTATUS(status)}" if status else ""
