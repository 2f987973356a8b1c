"""The first wrong line of a student's function, searched for in a process of its own: a hint, no score.

The search calls student functions again, changed: what they break, keep or never finish is lost with the
process that they ran in.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import time
import warnings
from typing import Any, NoReturn

SECONDS = 2  # of the processor, and twice as long by the wall's clock
MOST_BYTES = 1 << 16
PIECE = 1 << 14


def find_line(function: Any, rest: list[Any], dout: Any, seed: int) -> str:
    """What `course_lib.gradcheck.find_line` finds, as JSON; "" when that took too long or failed.

    ``function`` and ``rest`` are its arguments; a method comes as its object and its name. The text is the
    student's to choose, like all that comes from here.
    """
    receiving, sending = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # student code may have started threads
        child = os.fork()
    if child == 0:
        _search(sending, function, rest, dout, seed)
    os.close(sending)
    try:
        return _received(receiving)
    finally:
        os.close(receiving)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _search(sending: int, function: Any, rest: list[Any], dout: Any, seed: int) -> NoReturn:
    try:
        _limit()
        from course_lib.gradcheck import find_line, withheld

        withheld._open.clear()  # what is measured here is for the report, not for an answer
        if type(function) is list:
            function = getattr(*function)
        found = find_line(function, *rest, dout=dout, seed=seed)
        if found.line is not None:
            first = {"function": found.function, "variable": found.variable, "sentences": found.sentences}
            text = json.dumps({**first, "line": found.line, "source": found.source})
            os.write(sending, text.encode("utf-8", "replace")[:MOST_BYTES])
    finally:
        os._exit(0)


def _limit() -> None:
    import resource

    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, 2 * SECONDS)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def _received(receiving: int) -> str:
    """The other process's text; "" when it takes too long."""
    until = time.monotonic() + 2 * SECONDS
    data = bytearray()
    while len(data) <= MOST_BYTES:
        ready, _, _ = select.select([receiving], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            return ""
        piece = os.read(receiving, PIECE)
        if not piece:
            return data.decode("utf-8", "replace")
        data += piece
    return ""
