"""Which scores that a person gave still stand: those whose answer and whose cell are what the person saw.

Grading notes in the autograded notebook what each score is about. Where a later run finds the same, there is
nothing for a person to look at again, whatever else was changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.recorded.record import FAILED, NOTES_CELL, RECORD, Record
from autograder.roles import is_answer, is_fixed, is_own, role_of

Answers = Mapping[str, str]  # by grade id, a digest of a cell worth points and of what is judged in it


def answers_of(cells: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What each score of a rebuilt notebook is about: the cell itself, and the student's work it looks at.

    For a cell that is checked automatically, that is all code of the student's above it; for a task, whose
    answer stands in cells of the student's own, all that the student wrote; else the cell is the answer.
    """
    cells = [cell for cell in cells if cell.get("id") != NOTES_CELL]
    everything, code_above = hashlib.sha256(), hashlib.sha256()
    for cell in filter(_is_written, cells):
        everything.update(_content(cell))
    found = {}
    for cell in cells:
        role = role_of(cell)
        about = hashlib.sha256(_content(cell))
        if role.get("task"):
            about.update(everything.digest())
        elif not role.get("solution"):
            about.update(code_above.digest())
        if role.get("grade") or role.get("task"):
            found[str(role["grade_id"])] = about.hexdigest()[:32]
        if cell["cell_type"] == "code" and _is_written(cell):
            code_above.update(_content(cell))
    return found


def answers_in(text: str) -> Answers:
    """What the scores of an autograded notebook are about; empty where that is not known.

    It is not known of a submission that could not be looked into, and of what is no notebook.
    """
    try:
        notebook = json.loads(text)
        record = Record.of_metadata(notebook["metadata"].get(RECORD))
        if record.answers is not None:
            return record.answers
        return {} if record.status == FAILED else answers_of(notebook["cells"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def answers_at(path: Path) -> Answers:
    """The same of a file, which need not be there."""
    try:
        return answers_in(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return {}


def with_answers(text: str, answers: Answers) -> str:
    """An autograded notebook that says what its scores are about, as an earlier run of it knew."""
    notebook = json.loads(text)
    record = replace(Record.of_metadata(notebook["metadata"].get(RECORD)), answers=dict(answers))
    notebook["metadata"][RECORD] = record.as_metadata()
    return json.dumps(notebook, sort_keys=True, ensure_ascii=False, separators=(",\n", ": ")) + "\n"


def needs_a_person(
    grade: Any, name: str, before: Answers, after: Answers, *, was_open: bool, review: bool
) -> bool:
    """Whether somebody should look at a score that was just recorded.

    ``before`` and ``after`` tell what the scores were and are about. A score that a person gave is open again
    if its answer or its cell changed, or if nobody can tell what the person saw; a run that could not look
    into the submission (``after`` is empty) changes nothing. Other scores are open when there is none yet,
    and when the run asks for a review.
    """
    if grade.manual_score is None:
        return grade.auto_score is None or review
    return was_open or (bool(after) and after.get(name) != before.get(name))


def _is_written(cell: Mapping[str, Any]) -> bool:
    """Whether a cell is the student's: an answer, a cell of their own, or an example to play with."""
    return not is_fixed(cell) and (is_answer(cell) or is_own(cell) or cell["cell_type"] == "code")


def _content(cell: Mapping[str, Any]) -> bytes:
    role = role_of(cell)
    source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    worth = [role.get("points"), role.get("checksum")]  # the checksum is that of the cell as released
    parts = [cell["cell_type"], source, cell.get("attachments") or {}, worth]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).digest()
