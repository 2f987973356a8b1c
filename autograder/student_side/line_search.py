"""The first wrong line of a student's function, searched for in a fork: a hint, no score.

The search calls student functions again, changed. Of a function that a check is written around, the search is
on the other side, which asks for single calls: `lines_inside` there.
"""

from __future__ import annotations

import contextlib
import json
import pickle
import signal
from binascii import b2a_base64
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograder.student_side.forked import StandingFork, in_a_fork

SECONDS = 2  # of the processor, and twice as long by the wall's clock
MOST_TRACED = 1 << 20  # bytes of what passes places in one call
MOST_NUMBERS = 60_000  # of more, the first and the last turn of each loop are told


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

    def begin() -> Callable[[bytes], bytes]:
        asked = _question(function, rest, dout, seed)
        return lambda edits: _tried(asked, edits, seconds) if edits else _searched(asked)

    fork = StandingFork(begin, 2 * SECONDS)
    try:
        found = (fork.do(b"") or b"").decode("utf-8", "replace")
        place = fork.do(edits(found).encode("utf-8", "replace")) if found else None
    finally:
        fork.end()
    return found, int(place) if place and place.isdigit() else -1


def inside(function: Any, first: int) -> str:
    """A function that a check is written around, for the search over there: its text and places, as JSON.

    What else the search asks about it is asked of the fork that found them.
    """
    while _standing:
        _standing.pop()[1].end()
    _standing.append((_who(function), StandingFork(lambda: _unpacking(_about(function, first)), 2 * SECONDS)))
    return _said(function, first, "places")


def traced(
    function: Any, first: int, args: list[Any], kwargs: dict[str, Any], changes: list[Any], recording: bool
) -> str:
    """What that function returns when it is called with these changes, and what passes its places, as JSON.

    Without `recording`, what it returns alone.
    """
    return _said(function, first, "traced", args, kwargs, changes, recording)


def tried(
    function: Any, args: list[Any], kwargs: dict[str, Any], edits: list[list[Any]], seconds: float
) -> str:
    """What that function returns with each of these edits, as JSON: different results, and whose is which.

    -1 stands for an edit that fails, or for which no time is left.
    """
    return _said(function, 0, "tried", args, kwargs, edits, seconds)


# The fork for the function whose lines are looked for last, with what `_who` says of that.
_standing: list[tuple[tuple[int, str], StandingFork]] = []


def _who(function: Any) -> tuple[int, str]:
    """A function, or an object's method; the other side holds on to it meanwhile."""
    return (id(function[0]), function[1]) if type(function) is list else (id(function), "")


def _said(function: Any, first: int, *asked: Any) -> str:
    said = None
    if _standing and _standing[0][0] == _who(function):
        # Not so for what is the other side's, or an object of the student's that cannot leave this process.
        with contextlib.suppress(Exception):
            said = _standing[0][1].do(pickle.dumps(asked), MOST_TRACED)
    if said is None:  # nothing came of it, perhaps for what was asked before
        said = in_a_fork(lambda: _about(function, first)(*asked), 2 * SECONDS, most=MOST_TRACED)
    return said.decode("utf-8", "replace")


def _unpacking(answer: Callable[..., bytes]) -> Callable[[bytes], bytes]:
    return lambda job: answer(*pickle.loads(job))


def _about(function: Any, first: int) -> Callable[..., bytes]:
    """What answers questions about a function, made ready in a fork."""
    _limit()
    from course_lib.gradcheck import withheld
    from course_lib.gradcheck.lines.source import read_source
    from course_lib.gradcheck.lines.twin import twin_of

    twin = twin_of(read_source(_found(function)), first)
    answers: dict[str, Callable[..., bytes]] = {"places": _places, "traced": _traced, "tried": _results}

    def answer(kind: str, *asked: Any) -> bytes:
        withheld._open.clear()  # what is measured here is for the report, not for an answer
        return answers[kind](twin, *asked)

    return answer


def _places(twin: Any) -> bytes:
    sites = [{**vars(site), "reads": sorted(site.reads)} for site in twin.sites.values()]
    return json.dumps({"text": twin.source.text, "sites": sites}).encode()


def _traced(twin: Any, args: list[Any], kwargs: dict[str, Any], changes: list[Any], recording: bool) -> bytes:
    from course_lib.gradcheck.lines.search import LARGEST
    from course_lib.gradcheck.lines.tape import Tape

    there = {(number, turn): value for number, turn, value in changes}
    tape = Tape({moment: partial(_instead, value) for moment, value in there.items()}, recording=recording)
    result = twin.call(tape, *args, **kwargs)
    made = [
        (event.moment, event.value, event.mask)
        for event in tape.events
        if event.value is not None and twin.sites[event.moment[0]].kind != "used"
    ]
    turns = {number: turn for (number, turn), _, _ in made}
    few = sum(value.size for _, value, _ in made) <= MOST_NUMBERS
    events = []
    for (number, turn), value, mask in made:
        told = value.size <= LARGEST and (few or turn in (0, turns[number]))
        events.append([number, turn, _as_text(value) if told else None, mask])
    return json.dumps({"result": _as_text(result), "events": events}).encode()


def _instead(value: Any, _: Any) -> Any:
    return value


def _results(
    twin: Any, args: list[Any], kwargs: dict[str, Any], edits: list[list[Any]], seconds: float
) -> bytes:
    from course_lib.gradcheck.lines.edited import results_of

    different: dict[str, int] = {}
    which = []
    for result in results_of(twin.source, edits, args, kwargs, seconds):
        text = "" if result is None else json.dumps(_as_text(result))
        which.append(different.setdefault(text, len(different)) if text else -1)
    return f'{{"results": [{", ".join(different)}], "which": {json.dumps(which)}}}'.encode()


def _as_text(value: Any) -> Any:
    """Numbers and arrays, as the bytes of their float64 in text, and tuples and dicts of them; None for all
    else.
    """
    if isinstance(value, tuple | list):
        return {"parts": [_as_text(part) for part in value]}
    if isinstance(value, dict):
        return {"keys": {key: _as_text(part) for key, part in value.items() if type(key) is str}}
    if not hasattr(value, "shape") and not isinstance(value, int | float):
        return None
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        return None
    return {"shape": array.shape, "bytes": b2a_base64(array.astype("<f8").tobytes(), newline=False).decode()}


def _searched(asked: Any) -> bytes:
    from course_lib.gradcheck.lines import api, edited

    found = api.answer(asked)
    said = {
        name: getattr(found, name)
        for name in ("function", "line", "source", "variable", "sentences", "right")
    }
    suspects = [[suspect.function, suspect.line] for suspect in found.candidates]
    drafts = [[draft.function, draft.text, draft.shapes] for draft in edited.drafts_of(asked)]
    return json.dumps({**said, "doubts": found.doubts, "suspects": suspects, "drafts": drafts}).encode()


def _tried(asked: Any, edits: bytes, seconds: float) -> bytes:
    from course_lib.gradcheck.lines.edited import Edit, Trials

    tried = [Edit(*edit) for edit in json.loads(edits)]
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
