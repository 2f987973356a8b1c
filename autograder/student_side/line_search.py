"""The first wrong line of a student's function, searched for in a fork: a hint, no score.

The search calls student functions again, changed.
"""

from __future__ import annotations

import contextlib
import json
import signal
from typing import Any

from autograder.student_side.forked import in_a_fork

SECONDS = 2  # of the processor, and twice as long by the wall's clock


def find_line(function: Any, rest: list[Any], dout: Any, seed: int) -> str:
    """What `course_lib.gradcheck.find_line` finds, as JSON; "" when that took too long or failed.

    ``function`` and ``rest`` are its arguments; a method comes as its object and its name. The text is the
    student's to choose, like all that comes from here.
    """
    return in_a_fork(lambda: _searched(function, rest, dout, seed), 2 * SECONDS).decode("utf-8", "replace")


def _searched(function: Any, rest: list[Any], dout: Any, seed: int) -> bytes:
    _limit()
    from course_lib.gradcheck import find_line, withheld

    withheld._open.clear()  # what is measured here is for the report, not for an answer
    if type(function) is list:
        function = getattr(*function)
    found = find_line(function, *rest, dout=dout, seed=seed)
    if found.line is None:
        return b""
    said = {name: getattr(found, name) for name in ("function", "line", "source", "variable", "sentences")}
    return json.dumps(said).encode("utf-8", "replace")


def _limit() -> None:
    import resource

    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, 2 * SECONDS)  # also when nobody is left to watch
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
