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

    ``function`` and ``rest`` are its arguments; a method comes as its object and its name. Beside the line
    stand the functions' texts with what their values look like. The text is the student's to choose, like all
    that comes from here.
    """
    return in_a_fork(lambda: _searched(function, rest, dout, seed), 2 * SECONDS).decode("utf-8", "replace")


def first_right(
    function: Any, rest: list[Any], dout: Any, seed: int, edits: list[tuple[str, int, str]], seconds: float
) -> int:
    """The place of the first of these edits with which all gradients are right; -1 where none is, in time."""
    said = in_a_fork(lambda: _tried(function, rest, dout, seed, edits, seconds), 2 * SECONDS)
    return int(said) if said.isdigit() else -1


def _searched(function: Any, rest: list[Any], dout: Any, seed: int) -> bytes:
    asked = _question(function, rest, dout, seed)
    from course_lib.gradcheck.lines import api, edited

    found = api.answer(asked)
    said = {name: getattr(found, name) for name in ("function", "line", "source", "variable", "sentences")}
    suspects = [[suspect.function, suspect.line] for suspect in found.candidates]
    drafts = [[draft.function, draft.text, draft.shapes] for draft in edited.drafts_of(asked)]
    return json.dumps({**said, "suspects": suspects, "drafts": drafts}).encode("utf-8", "replace")


def _tried(
    function: Any, rest: list[Any], dout: Any, seed: int, edits: list[tuple[str, int, str]], seconds: float
) -> bytes:
    asked = _question(function, rest, dout, seed)
    from course_lib.gradcheck.lines.edited import Edit, Trials

    number = Trials(asked.generic_subjects).first_right([Edit(*edit) for edit in edits], seconds)
    return b"" if number is None else b"%d" % number


def _question(function: Any, rest: list[Any], dout: Any, seed: int) -> Any:
    _limit()
    from course_lib.gradcheck import withheld
    from course_lib.gradcheck.lines.question import question

    withheld._open.clear()  # what is measured here is for the report, not for an answer
    return question(getattr(*function) if type(function) is list else function, tuple(rest), dout, seed)


def _limit() -> None:
    import resource

    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, 2 * SECONDS)  # also when nobody is left to watch
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
