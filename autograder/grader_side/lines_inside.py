"""A student's function that a check is written around, for the search for its first wrong line.

The search is here, where the check's own functions are; the function runs where it always does, in forks.
"""

from __future__ import annotations

import copy
from binascii import a2b_base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.grader_side.line_search import SECONDS, UNREADABLE, Mending, Searching, read_json, with_repair
from course_lib.gradcheck.lines.around import Around
from course_lib.gradcheck.lines.edited import Edit, drafts_of
from course_lib.gradcheck.lines.question import Question
from course_lib.gradcheck.lines.result import WrongLine
from course_lib.gradcheck.lines.search import Search
from course_lib.gradcheck.lines.site import Site
from course_lib.gradcheck.lines.source import LONGEST, NotFollowed, Written, written
from course_lib.gradcheck.lines.tape import Event, Tape
from course_lib.gradcheck.text import printable

MOST_RIGHT = 4  # edits that are right at the first point, and tried at others
MOST_TRACED = 1 << 20  # of what passes places in one call
UNKNOWN = "no line was found where the function is"

#: The fields of a place, and their types.
_FIELDS: dict[str, type] = {
    "number": int,
    "function": str,
    "line": int,
    "name": str,
    "kind": str,
    "plain": bool,
    "container": str,
    "weight": int,
    "divides": bool,
    "part": bool,
    "attribute": bool,
    "unpacks": bool,
}


@dataclass(frozen=True)
class InsideThere:
    """The function, as `course_lib.gradcheck.lines.around.Inside` has it."""

    source: Written
    sites: dict[int, Site]
    _owner: Searching
    _function: Any
    _first: int

    def call(self, tape: Tape, *args: Any, **kwargs: Any) -> Any:
        """Call it over there, with what the tape changes of it."""
        changes = [
            [number, turn, change(np.zeros(0))] for (number, turn), change in _of(tape, self.sites).items()
        ]
        asked = (self._function, self._first, list(args), kwargs, changes, tape.recording)
        said = read_json(self._owner.search("traced", *asked), MOST_TRACED)
        if tape.recording:
            tape.events += _events(said, self.sites)
        return _value(said["result"])

    def edited(self, source: Written) -> Callable[..., Any]:
        """Not over there: each text would be another fork."""
        raise NotFollowed(UNKNOWN)


def _of(tape: Tape, sites: dict[int, Site]) -> dict[Any, Any]:
    return {moment: change for moment, change in tape.changes.items() if moment[0] in sites}


def inside(owner: Searching, function: Any, first: int) -> InsideThere:
    """The function's places, numbered from `first`. Raises NotFollowed where none are told."""
    try:
        said = read_json(owner.search("inside", function, first))
        if type(said["text"]) is not str or len(said["text"]) > LONGEST:
            raise ValueError("no text")
        sites = [_site(one) for one in said["sites"]]
        return InsideThere(written(said["text"]), {one.number: one for one in sites}, owner, function, first)
    except UNREADABLE:
        raise NotFollowed(UNKNOWN) from None


def mended(owner: Searching, function: Any, asked: Question, found: WrongLine) -> WrongLine:
    """What was found, with the change of the function that makes all gradients right, if one is found."""
    mending = Mending(owner)
    try:
        suspects = [(suspect.function, suspect.line) for suspect in found.candidates]
        edits = [change.edit for change in mending.of(drafts_of(asked), suspects)]
        change = mending.change(_first_right(owner, function, asked, edits) if edits else -1)
    except (NotFollowed, *UNREADABLE):
        return found
    return found if change is None else with_repair(found, change, mending.drafts)


def _first_right(owner: Searching, function: Any, asked: Question, edits: Sequence[Edit]) -> int:
    """The place of the first edit with which all gradients are right, at every point; -1 for none."""
    left = list(range(len(edits)))
    for number, maker in enumerate(asked.generic_subjects):
        search = asked.search if number == 0 else Search(maker())
        right = _right_at(search, owner, function, [edits[place] for place in left])
        left = [place for place, is_right in zip(left, right, strict=True) if is_right][:MOST_RIGHT]
        if not left:
            return -1
    return left[0]


def _right_at(search: Search, owner: Searching, function: Any, edits: Sequence[Edit]) -> list[bool]:
    """With which edits all gradients are right at a point; all are tried in one fork over there."""
    subject = search.subject
    assert isinstance(subject, Around)
    args, kwargs = subject.arguments_inside()
    texts = [[edit.statement, edit.text] for edit in edits]
    said = read_json(owner.search("tried", function, list(args), kwargs, texts, SECONDS), MOST_TRACED)
    right = {i for i, result in enumerate(said["results"]) if _mends(search, subject, _value(result))}
    return [which in right for which in said["which"][: len(edits)]]


def _mends(search: Search, subject: Around, result: Any) -> bool:
    try:
        _, gradients = subject.with_function(lambda *args, **kwargs: copy.deepcopy(result))
    except Exception:  # the check does with it what cannot be done
        return False
    return all(search.gradient_of(event).agrees(gradients.get(name)) for name, event in search.inputs.items())


def _site(said: Any) -> Site:
    for name, kind in _FIELDS.items():
        if type(said[name]) is not kind:
            raise TypeError(name)
    words = {name: printable(said[name], 80) for name, kind in _FIELDS.items() if kind is str}
    reads = frozenset(printable(name, 80) for name in said["reads"] if type(name) is str)
    return Site(**{**{name: said[name] for name in _FIELDS}, **words, "reads": reads})


def _events(said: Any, sites: dict[int, Site]) -> list[Event]:
    return [
        Event((number, turn), _array(value), bool(mask))
        for number, turn, value, mask in said["events"]
        if number in sites and type(turn) is int
    ]


def _value(said: Any) -> Any:
    if type(said) is dict and "parts" in said:
        return tuple(_value(part) for part in said["parts"])
    if type(said) is dict and "keys" in said:
        return {key: _value(part) for key, part in said["keys"].items()}
    array = _array(said)
    return float(array) if array is not None and array.ndim == 0 else array


def _array(said: Any) -> Any:
    if said is None:
        return None
    numbers = np.frombuffer(a2b_base64(said["bytes"]), dtype="<f8").astype(np.float64)
    return numbers.reshape([int(size) for size in said["shape"]])
