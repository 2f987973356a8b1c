"""What is kept, in the autograded notebook's metadata, about how it was graded: one value, of one version.

What earlier versions of this project wrote is read into the same value; what they did not know has the value
that stands for that. Whatever else somebody put there is taken for no record.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict

from autograder.submission import harmless_markdown

RECORD = "autograder"
NOTES_CELL = "grading-notes"
VERSION = 2  # the first that says so
FAILED = "failed"

RecordedOutcome = Mapping[str, Any]  # points, max_points, note, and checks, with what is known of each


@dataclass(frozen=True)
class Record:
    """How a submission was read and rebuilt, run and scored."""

    intake: str = ""  # how the reading ended: autograder.submission.ReadingStatus
    repairs: tuple[str, ...] = ()  # in sentences
    failed: str = ""  # why it could not be taken up at all
    answers: Mapping[str, str] | None = None  # what each score is about (recorded.settled); None: not known
    submission: str = ""  # digests: by these `course grade` knows that it was graded as it is
    release: str = ""
    files: str = ""  # of the very bytes that were handed in; where they are the same, nobody looks into them
    status: str = ""  # how the run ended: grader_side.RunStatus, or FAILED; "" before it ran
    notes: tuple[str, ...] = ()  # what was remarked while it ran
    seed: int | None = None  # of the hidden inputs
    in_force: str = ""  # what protected the machine
    seconds: float = 0.0
    review: bool = False  # whether a person should look at the scores
    starved: bool = False  # whether something was stopped while the machine was busy, or its disk full
    again: bool = False  # whether a rerun may help, for it was the machine that failed
    outcomes: Mapping[str, RecordedOutcome] = field(default_factory=dict)  # by grade id

    def as_metadata(self) -> dict[str, Any]:
        """As JSON has it."""
        known = {name: value for name, value in vars(self).items() if value is not None}
        return {**known, "version": VERSION, "repairs": list(self.repairs), "notes": list(self.notes)}

    @classmethod
    def of_metadata(cls, found: object) -> Record:
        """What metadata says, in whichever version; a record of nothing where there is none."""
        if not isinstance(found, Mapping):
            return cls()
        read = {
            item.name: _READERS[str(item.type)](found[item.name])
            for item in fields(cls)
            if item.name in found
        }
        return cls(**{name: value for name, value in read.items() if value is not None})


def record_of(notebook: NotebookNode) -> Record:
    """The record in a notebook's metadata."""
    return Record.of_metadata(notebook.metadata.get(RECORD))


def keep_record(notebook: NotebookNode, **changes: Any) -> Record:
    """Write the record, with these fields changed, into the notebook's metadata; returns it."""
    record = replace(record_of(notebook), **changes)
    notebook.metadata[RECORD] = from_dict(record.as_metadata())
    return record


def put_notes(notebook: NotebookNode, sentences: Iterable[str]) -> None:
    """Show sentences to whoever opens the notebook, in a cell of their own at its top."""
    lines = [f"- {harmless_markdown(sentence)}" for sentence in sentences]
    notebook.cells = [cell for cell in notebook.cells if cell.get("id") != NOTES_CELL]
    if lines:
        text = "\n".join(["**Notes on this submission**", "", *lines])
        cell = {"id": NOTES_CELL, "cell_type": "markdown", "metadata": {}, "source": text}
        notebook.cells.insert(0, from_dict(cell))


def _text(found: object) -> str | None:
    return found if isinstance(found, str) else None


def _sentences(found: object) -> tuple[str, ...] | None:
    return tuple(item for item in found if isinstance(item, str)) if isinstance(found, list | tuple) else None


def _flag(found: object) -> bool | None:
    return found if isinstance(found, bool) else None


def _number(found: object) -> float | None:
    usable = isinstance(found, int | float) and not isinstance(found, bool) and math.isfinite(found)
    return float(found) if usable else None  # type: ignore[arg-type]


def _whole(found: object) -> int | None:
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def _digests(found: object) -> dict[str, str] | None:
    if not isinstance(found, Mapping):
        return None
    return {str(name): item for name, item in found.items() if isinstance(item, str)}


def _outcomes(found: object) -> dict[str, RecordedOutcome] | None:
    if not isinstance(found, Mapping):
        return None
    return {str(name): _outcome(item) for name, item in found.items() if isinstance(item, Mapping)}


def _outcome(found: Mapping[str, Any]) -> RecordedOutcome:
    checks = found.get("checks")
    listed = checks if isinstance(checks, list | tuple) else ()
    return {
        **found,
        "points": _number(found.get("points")) or 0.0,
        "max_points": _number(found.get("max_points")) or 0.0,
        "note": _text(found.get("note")) or "",
        "checks": [_check(check) for check in listed if isinstance(check, Mapping)],
    }


def _check(found: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        **found,
        "name": _text(found.get("name")) or "",
        "status": _text(found.get("status")) or "",
        "points": _number(found.get("points")) or 0.0,
        "max_points": _number(found.get("max_points")) or 0.0,
        "message": _text(found.get("message")) or "",
        "causes": list(_sentences(found.get("causes")) or ()),
    }


# By the type of a field, as it is written above.
_READERS: dict[str, Any] = {
    "str": _text,
    "tuple[str, ...]": _sentences,
    "bool": _flag,
    "float": _number,
    "int | None": _whole,
    "Mapping[str, str] | None": _digests,
    "Mapping[str, RecordedOutcome]": _outcomes,
}
