"""The first wrong line of student code, looked for where that code is: a hint that never touches a score."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Protocol

from autograder.grader_side.repair.search import worth_trying
from autograder.grader_side.repair.statements import Change
from course_lib.gradcheck.lines.edited import MOST_SHAPES, Draft
from course_lib.gradcheck.lines.result import RIGHT, Suspect, WrongLine
from course_lib.gradcheck.lines.source import LONGEST
from course_lib.gradcheck.text import printable

MOST_BYTES = 1 << 16  # of what is said, before it is read
MOST_LINE = 100_000
MOST_SENTENCES = 6
SENTENCE = 300
SOURCE = 200
MOST_DRAFTS = 16
MOST_EDITS = 100  # tried of a function: 28 of 30 edits that mended an answer of assignment 1 were among them
MOST_MENDED = 8  # functions of a notebook
SECONDS = 0.1  # of the processor, for the edits of one
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError)
MENDED = "no name tells which gradient is wrong first, but with another expression on this line all are right"


class Searching(Protocol):
    """Who asks the student's process."""

    def search(self, operation: str, *args: Any) -> Any:
        """What an operation of student_side.line_search says; None where there is nothing to be said."""

    #: what was found of functions, by their texts
    repairs: dict[tuple[str, ...], Change | None]


@dataclass(frozen=True)
class Repaired(WrongLine):
    """A wrong line, and the change that mends it: for instructors, no report of a check shows it."""

    repair: str = ""


def asked(owner: Searching, function: Any, rest: Sequence[Any], *, dout: Any, seed: int) -> WrongLine:
    """What the student's process finds; no line where it finds none, fails, or says what cannot be."""
    name = printable(function[1] if type(function) is list else getattr(function, "__name__", "function"))
    nothing = WrongLine(name, reason="no line was found where the function is")
    mending = Mending(owner)
    heard = owner.search("find_line", function, list(rest), dout, seed, mending.edits, SECONDS)
    try:
        text, place = heard
        said = read_json(text)
        found = _no_line(nothing, said) if said["line"] is None else _read(said)
    except UNREADABLE:
        return nothing
    change = mending.change(place)
    return found if change is None else with_repair(found, change, mending.drafts)


def _no_line(nothing: WrongLine, said: Any) -> WrongLine:
    return replace(nothing, reason=RIGHT) if said["right"] is True else nothing


class Mending:
    """The change that mends functions, of those that are tried where they are; functions are tried once."""

    def __init__(self, owner: Searching) -> None:
        self._owner = owner
        self._tried: list[Change] | None = None
        self.drafts: list[Draft] = []

    def edits(self, said_there: Any) -> str:
        """What is to be tried of the functions that the student's process tells of, as JSON; once."""
        if self._tried is not None:
            return "[]"
        try:
            said = read_json(said_there)
            tried = self.of(_drafts(said), _suspects(said))
        except UNREADABLE:
            tried = self.of([], [])
        text = _as_json(tried)
        while len(text) > MOST_BYTES:
            self._tried = tried = tried[: len(tried) // 2]
            text = _as_json(tried)
        return text

    def of(self, drafts: list[Draft], suspects: Sequence[tuple[str, int]]) -> list[Change]:
        """What is to be tried of functions; nothing where that was done before, or often enough."""
        self.drafts, known = drafts, self._owner.repairs
        new = bool(self._texts) and self._texts not in known and len(known) < MOST_MENDED
        self._tried = worth_trying(drafts, suspects, MOST_EDITS) if new else []
        return self._tried

    def change(self, place: Any) -> Change | None:
        """The change at this place of what was tried, or what was found of the same functions before."""
        if self._tried:
            known = type(place) is int and 0 <= place < len(self._tried)
            self._owner.repairs[self._texts] = self._tried[place] if known else None
        return self._owner.repairs.get(self._texts)

    @property
    def _texts(self) -> tuple[str, ...]:
        return tuple(draft.text for draft in self.drafts)


def _as_json(tried: list[Change]) -> str:
    edits = [change.edit for change in tried]
    return json.dumps([[edit.function, edit.statement, edit.text] for edit in edits])


def read_json(text: Any, most: int = MOST_BYTES) -> Any:
    """What a text of the student's process says, of at most so many bytes; raises one of the UNREADABLE."""
    return json.loads(text if type(text) is str and len(text) <= most else "")


def with_repair(found: WrongLine, change: Change, drafts: list[Draft]) -> Repaired:
    """The line with its change; where no name told a line, that of the change."""
    shown = printable(f"line {change.line}: {change.after}  ({change.words})", SENTENCE)
    if found.line is not None:
        known = {field.name: getattr(found, field.name) for field in fields(found)}
        return Repaired(**known, repair=shown)
    name = change.edit.function
    text = next(draft.text for draft in drafts if draft.function == name)
    source = _text(text.split("\n")[change.line - 1].strip(), SOURCE)
    suspect = Suspect(name, change.line, source, "")
    return Repaired(name, change.line, source, "", (suspect,), (MENDED,), repair=shown)


def _drafts(said: Any) -> list[Draft]:
    """The functions' texts and their values' shapes, as far as they are what they should be."""
    found = [(_text(name, 80), text, shapes) for name, text, shapes in said["drafts"][:MOST_DRAFTS]]
    return [
        Draft(name, text, {key: _shape(shape) for key, shape in list(shapes.items())[:MOST_SHAPES]})
        for name, text, shapes in found
        if type(text) is str and len(text) <= LONGEST and type(shapes) is dict
    ]


def _shape(said: Any) -> tuple[int, ...]:
    if type(said) is not list or not all(type(size) is int for size in said):
        raise TypeError("no shape")
    return tuple(said[:8])


def _suspects(said: Any) -> list[tuple[str, int]]:
    return [(_text(name, 80), int(line)) for name, line in said["suspects"][:MOST_DRAFTS]]


def _read(said: Any) -> WrongLine:
    """The student's words, bounded and printable."""
    line, sentences, doubts = said["line"], said["sentences"], said["doubts"]
    if type(line) is not int or not 0 < line <= MOST_LINE or type(sentences) is not list:
        raise ValueError("no line")
    if type(doubts) is not int or doubts < 0:
        raise ValueError("no number of lines")
    function, variable = _text(said["function"], 80), _text(said["variable"], 80)
    source = _text(said["source"], SOURCE)
    return WrongLine(
        function=function,
        line=line,
        source=source,
        variable=variable,
        candidates=(Suspect(function, line, source, variable),),
        sentences=tuple(_text(sentence, SENTENCE) for sentence in sentences[:MOST_SENTENCES]),
        doubts=min(doubts, MOST_SENTENCES),
    )


def _text(said: Any, most: int) -> str:
    if type(said) is not str:
        raise TypeError("no text")
    return printable(said, most)
