"""A function called in a process of its own, with limits: its value comes back, or the reason why none does.

For our own code at work on text that somebody hostile may have written: whatever the text makes of it, an
exception, an endless loop, too much memory or a crash, ends in a value here.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import signal
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn, ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Value = TypeVar("Value")
_HEADER = 8
_PIECE = 1 << 20
_MOST_WORDS = 200


@dataclass(frozen=True)
class Bounds:
    """What a call may take; ``memory_mb`` counts on top of what this process has already."""

    cpu_seconds: int = 10
    wall_seconds: float = 60.0
    memory_mb: int = 512
    value_mb: int = 100


class Stopped(Exception):  # noqa: N818 (it says what became of the call)
    """A call without a value; its text completes the sentence "it ..."."""


def bounded(
    bounds: Bounds, function: Callable[Parameters, Value], *args: Parameters.args, **kwargs: Parameters.kwargs
) -> Value:
    """The value of ``function(*args, **kwargs)``, called in a forked process; Stopped when there is none.

    What the call changes in memory is lost with its process, and the value has to be picklable. Where
    processes cannot be forked the call is made here, and only what it raises is turned into Stopped.
    """
    if not hasattr(os, "fork"):
        succeeded, value = _outcome(function, args, kwargs)
    else:
        # The other end is our own code, which runs nothing of what it reads: what it pickles can be trusted.
        succeeded, value = pickle.loads(_answer_of_a_child(bounds, lambda: _outcome(function, args, kwargs)))
    if not succeeded:
        raise Stopped(value)
    result: Value = value
    return result


def _outcome(function: Callable[..., Any], args: Any, kwargs: Any) -> tuple[bool, Any]:
    try:
        return True, function(*args, **kwargs)
    except MemoryError:
        return False, "needed more memory than it may have"
    except Exception as error:
        return False, _words(error)


def _words(error: Exception) -> str:
    text = " ".join(str(error)[: 4 * _MOST_WORDS].split())
    plain = "".join(letter if letter.isprintable() else "�" for letter in text[:_MOST_WORDS])
    return f"raised {type(error).__name__}: {plain}" if plain else f"raised {type(error).__name__}"


def _answer_of_a_child(bounds: Bounds, call: Callable[[], tuple[bool, Any]]) -> bytes:
    receiving, sending = os.pipe()
    with warnings.catch_warnings():
        # Python 3.12 warns of forking beside other threads: a child that waits for their locks is ended, too.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        _run(bounds, call, sending)
    os.close(sending)
    late = False
    answer = None
    try:
        answer = _received(receiving, bounds)
    except TimeoutError:
        late = True
    finally:
        os.close(receiving)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    if answer is None:
        raise Stopped(_why(status, late, bounds))
    return answer


def _run(bounds: Bounds, call: Callable[[], tuple[bool, Any]], sending: int) -> NoReturn:
    try:
        _limit(bounds)
        try:
            answer = pickle.dumps(call())
        except Exception as error:
            answer = pickle.dumps((False, _words(error)))
        if len(answer) > bounds.value_mb * 1_000_000:
            answer = pickle.dumps((False, f"made more than {bounds.value_mb} MB"))
        message = memoryview(len(answer).to_bytes(_HEADER, "big") + answer)
        while message:
            message = message[os.write(sending, message) :]
    finally:
        os._exit(0)  # neither the buffers nor the exit handlers of the process that was forked are ours


def _limit(bounds: Bounds) -> None:
    import resource

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGXCPU, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    signal.setitimer(signal.ITIMER_REAL, bounds.wall_seconds + 1)  # also when nobody is left to watch
    used = int(sum(os.times()[:2]))
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (used + bounds.cpu_seconds, used + bounds.cpu_seconds + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, ValueError):  # outside Linux, the other limits have to do
        with open("/proc/self/statm", encoding="ascii") as file:
            pages = int(file.read().split()[0])
        size = pages * resource.getpagesize() + bounds.memory_mb * 1_000_000
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _received(receiving: int, bounds: Bounds) -> bytes | None:
    """The child's answer; None when it ended without one, TimeoutError when it takes too long."""
    until = time.monotonic() + bounds.wall_seconds
    data = bytearray()
    while len(data) < _HEADER or len(data) < _HEADER + int.from_bytes(data[:_HEADER], "big"):
        ready, _, _ = select.select([receiving], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            raise TimeoutError
        piece = os.read(receiving, _PIECE)
        if not piece:
            return None
        data += piece
    return bytes(data[_HEADER:])


def _why(status: int, late: bool, bounds: Bounds) -> str:
    if late:
        return f"did not end within {bounds.wall_seconds:g} seconds"
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if number == signal.SIGXCPU:
        return f"took more than {bounds.cpu_seconds} seconds of the processor"
    return f"was ended by {signal.Signals(number).name}" if number else "ended without an answer"
