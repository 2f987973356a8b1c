"""What a cell is, by what nbgrader and we keep in its metadata: an answer, a graded cell, a student's own."""

from __future__ import annotations

import re
from typing import Any

OWN_CELL = re.compile(r"student-\d+")  # as autograder.submission.rebuild names them
MAY_FAIL = "raises-exception"  # the tag of a cell after whose error *Run All* goes on
FACTS = "autograder"  # the key of what is kept with a released cell for grading


def role_of(cell: Any) -> Any:
    """What nbgrader says of a cell, a mapping; empty for one that it does not know."""
    return cell["metadata"].get("nbgrader") or {}


def grade_id(cell: Any) -> str:
    """nbgrader's name of a cell, or ""."""
    return str(role_of(cell).get("grade_id", ""))


def has_role(cell: Any) -> bool:
    """Whether nbgrader knows the cell: an answer, a graded, a read-only or a task cell."""
    known = role_of(cell).get
    return bool(known("grade") or known("solution") or known("locked") or known("task"))


def is_answer(cell: Any) -> bool:
    """Whether students write in a cell that nbgrader knows: an answer in code or words."""
    return bool(role_of(cell).get("solution"))


def is_fixed(cell: Any) -> bool:
    """Whether the student has no say in the cell's source: graded, read-only and task cells."""
    return has_role(cell) and not is_answer(cell)


def is_checked(cell: Any) -> bool:
    """Whether a cell is run on the grader's side, for its score."""
    return bool(role_of(cell).get("grade")) and not is_answer(cell)


def is_read_only(cell: Any) -> bool:
    """Whether a cell is locked, and neither graded nor an answer."""
    return bool(role_of(cell).get("locked")) and not is_answer(cell) and not is_checked(cell)


def is_setup(cell: Any) -> bool:
    """Whether a cell runs on the grader's side too: tagged, and read-only, so that no student wrote it."""
    return is_read_only(cell) and "setup" in cell.metadata.get("tags", [])


def is_own(cell: Any) -> bool:
    """Whether a cell is a student's own, in a rebuilt notebook."""
    return not role_of(cell) and bool(OWN_CELL.fullmatch(str(cell.get("id", ""))))


def facts_of(cell: Any) -> Any:
    """What is kept with a released cell for grading; nothing of it can be handed in."""
    return cell.metadata.get(FACTS, {})


def is_released(cell: Any) -> bool:
    """Whether a cell is the release's alone: no student writes in it, or it says what it was before one did.

    What says nothing is taken for a student's: it is never run on the grader's side.
    """
    if role := role_of(cell):
        return bool(role.get("locked")) and not is_answer(cell)
    return "released" in facts_of(cell) and not is_own(cell)


def as_released(cell: Any) -> str:
    """The text of an answer or a plain cell before a student wrote in it."""
    return str(facts_of(cell).get("released", cell.source))


def mark_released(notebook: Any) -> None:
    """Say of the plain cells of a notebook that is an author's that they are as released."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and not role_of(cell):
            cell.metadata[FACTS] = {**facts_of(cell), "released": cell.source}


def words_of(name: str) -> str:
    """What a grade id says beside its number: ``04_loss-values`` says ``loss-values``, ``sum_of_two`` all."""
    return (name[:1].isdigit() and name.partition("_")[2]) or name
