"""The first wrong line of a student's function, searched for in a fork: a hint, no score.

The search calls student functions again, changed.
"""

from __future__ import annotations

import contextlib
import json
import signal
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograder.student_side.forked import asking_in_a_fork, in_a_fork

SECONDS = 2  # of the processor, and twice as long by the wall's clock


def find_line(
    function: Any, rest: list[Any], dout: Any, seed: int, edits: Callable[[str], str], seconds: float
) -> tuple[str, int]:
    """What `course_lib.gradcheck.find_line` finds, as JSON, and the place of the first edit that mends it.

    The text is "" when that took too long or failed, the place -1 where no edit makes all gradients right
    within ``seconds`` of the processor. ``function`` and ``rest`` are the search's arguments; a method comes
    as its object and its name. Beside the line stand the functions' texts with what their values look like:
    of these ``edits`` makes what is tried, as JSON. The text is the student's to choose, like all that comes
    from here.
    """
    found = ""

    def answer(said: bytes) -> bytes:
        nonlocal found
        found = said.decode("utf-8", "replace")
        return edits(found).encode("utf-8", "replace")

    def work(ask: Callable[[bytes], bytes]) -> bytes:
        asked = _question(function, rest, dout, seed)
        return _tried(asked, ask(_searched(asked)), seconds)

    place = asking_in_a_fork(work, answer, 2 * SECONDS)
    return found, int(place) if place.isdigit() else -1


def inside(function: Any, first: int) -> str:
    """A function that a check is written around, for the search over there: its text and places, as JSON."""
    return in_a_fork(lambda: _inside(function, first), 2 * SECONDS).decode("utf-8", "replace")


def traced(function: Any, first: int, args: list[Any], kwargs: dict[str, Any], changes: list[Any]) -> str:
    """What that function returns and what passes its places when it is called with these changes, as JSON."""
    work = partial(_traced, function, first, args, kwargs, changes)
    return in_a_fork(work, 2 * SECONDS).decode("utf-8", "replace")


def _inside(function: Any, first: int) -> bytes:
    _limit()
    from course_lib.gradcheck.lines.source import read_source
    from course_lib.gradcheck.lines.twin import twin_of

    twin = twin_of(read_source(_found(function)), first)
    sites = [{**vars(site), "reads": sorted(site.reads)} for site in twin.sites.values()]
    return json.dumps({"text": twin.source.text, "sites": sites}).encode("utf-8", "replace")


def _traced(function: Any, first: int, args: list[Any], kwargs: dict[str, Any], changes: list[Any]) -> bytes:
    _limit()
    from course_lib.gradcheck import withheld
    from course_lib.gradcheck.lines.search import LARGEST
    from course_lib.gradcheck.lines.source import read_source
    from course_lib.gradcheck.lines.tape import Tape
    from course_lib.gradcheck.lines.twin import twin_of

    withheld._open.clear()
    there = {(number, turn): value for number, turn, value in changes}
    tape = Tape({moment: partial(_instead, value) for moment, value in there.items()})
    result = twin_of(read_source(_found(function)), first).call(tape, *args, **kwargs)
    events = [
        [*event.moment, _as_lists(event.value) if event.value.size <= LARGEST else None, event.mask]
        for event in tape.events
        if event.value is not None
    ]
    return json.dumps({"result": _as_lists(result), "events": events}).encode("utf-8", "replace")


def _instead(value: Any, _: Any) -> Any:
    return value


def _as_lists(value: Any) -> Any:
    """Numbers and arrays, and tuples of them; None for all else."""
    if isinstance(value, tuple | list):
        return {"parts": [_as_lists(part) for part in value]}
    if value is None or (not hasattr(value, "shape") and not isinstance(value, int | float)):
        return None
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        return None
    return {"shape": array.shape, "numbers": array.astype(float).ravel().tolist()}


def _searched(asked: Any) -> bytes:
    from course_lib.gradcheck.lines import api, edited

    found = api.answer(asked)
    said = {
        name: getattr(found, name)
        for name in ("function", "line", "source", "variable", "sentences", "right")
    }
    suspects = [[suspect.function, suspect.line] for suspect in found.candidates]
    drafts = [[draft.function, draft.text, draft.shapes] for draft in edited.drafts_of(asked)]
    return json.dumps({**said, "doubts": found.doubts, "suspects": suspects, "drafts": drafts}).encode(
        "utf-8", "replace"
    )


def _tried(asked: Any, edits: bytes, seconds: float) -> bytes:
    from course_lib.gradcheck.lines.edited import Edit, Trials

    tried = [Edit(*edit) for edit in json.loads(edits or b"[]")]
    number = Trials(asked).first_right(tried, seconds) if tried else None
    return b"" if number is None else b"%d" % number


def _question(function: Any, rest: list[Any], dout: Any, seed: int) -> Any:
    _limit()
    from course_lib.gradcheck import withheld
    from course_lib.gradcheck.lines.question import question

    withheld._open.clear()  # what is measured here is for the report, not for an answer
    return question(_found(function), tuple(rest), dout, seed)


def _found(function: Any) -> Any:
    """The function itself; a method comes as its object and its name."""
    return getattr(*function) if type(function) is list else function


def _limit() -> None:
    import resource

    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, 2 * SECONDS)  # also when nobody is left to watch
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
