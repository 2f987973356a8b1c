"""What the gradebook knows of an assignment's cells, and how a build changes it: all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.api import MissingEntry
from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import SaveCells
from nbgrader.utils import is_grade, is_locked, is_solution, is_task
from sqlalchemy import make_url

from autograder.course import Course, patient
from autograder.errors import CourseError
from autograder.gradebook.opening import NotBuilt, begin_gradebook, one_transaction, open_gradebook

NAMED = 6
_NAMES = ("nbgrader.preprocessors.SaveCells", "nbgrader.preprocessors.savecells.SaveCells")
_KINDS: dict[str, Callable[[NotebookNode], bool]] = {
    "grade_cells": is_grade,
    "solution_cells": is_solution,
    "task_cells": is_task,
    "source_cells": lambda cell: is_grade(cell) or is_solution(cell) or is_locked(cell) or is_task(cell),
}


class SaveCellsAtOnce(SaveCells):  # type: ignore[misc]
    """nbgrader's SaveCells, which commits after each cell, in one transaction."""

    def _create_notebook(self, nb: NotebookNode) -> None:
        with one_transaction(self.gradebook):
            super()._create_notebook(nb)


def in_one_transaction(course: Course) -> dict[str, dict[str, Any]]:
    """Settings with which `generate_assignment` leaves the gradebook as it was unless it comes to its end.

    Where there is no gradebook, there is an empty one when this returns.
    """
    begin_gradebook(address := _address(course))
    steps = (
        course.config().GenerateAssignment.get("preprocessors") or GenerateAssignment.preprocessors.default()
    )
    ours = [SaveCellsAtOnce if step is SaveCells or step in _NAMES else step for step in steps]
    return {"GenerateAssignment": {"preprocessors": ours}, "CourseDirectory": {"db_url": address}}


def _address(course: Course) -> str:
    """The gradebook's address, the same from any directory."""
    url = make_url(str(course.directories().db_url))
    if url.get_backend_name() == "sqlite" and url.database:
        url = url.set(database=str(course.root / url.database))
    return patient(url.render_as_string(hide_password=False))


def refuse_what_submissions_forbid(course: Course, source: Path, cells: Sequence[NotebookNode]) -> None:
    """CourseError where nbgrader would refuse a build for the submissions that are recorded already.

    ``cells`` are those of the source that have a grade id.

    nbgrader finds out in the middle of its work. A submission has a row for each graded cell, so that once
    there is one, no notebook, graded, answer, task or read-only cell can be added or removed.
    """
    assignment = source.parent.name
    try:
        opened = open_gradebook(course)
    except NotBuilt:
        return  # the first build makes it
    with opened as gradebook:
        try:
            known = gradebook.find_assignment(assignment)
        except MissingEntry:
            return
        if not known.submissions:
            return
        before = {notebook.name: notebook for notebook in known.notebooks}
        how = _difference(before.get(source.stem), set(before), source.stem, cells)
        count = len(known.submissions)
    if how:
        raise CourseError(
            f"{source}: the gradebook holds submissions of {assignment} ({count}), so that {how}. Put "
            "that back; or give the assignment another name; or, if what people graded by hand may go, run "
            f"`nbgrader db assignment remove {assignment} --force`, build, and grade again"
        )


def _difference(notebook: Any, names: set[str], name: str, cells: Sequence[NotebookNode]) -> str:
    if names != {name}:
        was = ", ".join(sorted(names))
        return f"its notebook cannot be called {name} any more, but {was}"
    added, removed = set(), set()
    for kind, belongs in _KINDS.items():
        old = {cell.name for cell in getattr(notebook, kind)}
        new = {cell.metadata.nbgrader.grade_id for cell in cells if belongs(cell)}
        added |= new - old
        removed |= old - new
    parts = [("added", added - removed), ("removed", removed - added), ("of another kind", added & removed)]
    said = "; ".join(f"{word}: {_named(differing)}" for word, differing in parts if differing)
    return f"none of its cells can be added, removed or given another role ({said})" if said else ""


def _named(names: set[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(sorted(names)[:NAMED]) + more
