"""The released notebook with its hidden tests: what every submission is rebuilt on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbformat import ValidationError
from nbformat.notebooknode import NotebookNode

from autograder.errors import CourseError
from autograder.roles import grade_id, has_role, is_answer

FIRST_WITH_IDS = 5  # nbformat_minor
PYTHON = ("python", "python3", "ipython")


def released_with_tests(path: Path, gradebook: Any, assignment: str) -> NotebookNode:
    """The notebook released at ``path``, its locked cells in full, as nbgrader's gradebook keeps them.

    ``gradebook`` is an open :class:`nbgrader.api.Gradebook`. Raises CourseError when the two do not belong to
    one build: other cells, other points, or a released line that the gradebook's cell lacks. And when
    the notebook is of another language: run as Python, it would earn nobody a point.
    """
    released = read_released(path, assignment)
    refuse_other_languages(path, released)
    give_ids(released)
    recorded = gradebook.find_notebook(path.stem, assignment)
    sources = {cell.name: cell for cell in recorded.source_cells}
    worth_points = (*recorded.grade_cells, *recorded.task_cells)
    points = {cell.name: float(cell.max_score) for cell in worth_points}
    known = {grade_id(cell): cell for cell in released.cells if has_role(cell)}
    graded = {
        name: float(c.metadata.nbgrader.points)
        for name, c in known.items()
        if c.metadata.nbgrader.grade or c.metadata.nbgrader.get("task")
    }
    if known.keys() != sources.keys() or graded != points:
        raise CourseError(_stale(path, assignment, "they differ in cells or points"))
    for name, cell in known.items():
        if not is_answer(cell):
            full = sources[name].source
            # A cell of hidden tests alone is released empty.
            if not set(filter(None, cell.source.split("\n"))) <= set(full.split("\n")):
                raise CourseError(_stale(path, assignment, f"they differ in cell {name}"))
            cell.source = full
    return released


def read_released(path: Path, assignment: str) -> NotebookNode:
    """The notebook released at ``path``; CourseError where there is none, or none that can be read."""
    try:
        released = nbformat.read(path, as_version=4)
        nbformat.validate(released)
    except (OSError, ValueError, KeyError, AttributeError, TypeError, ValidationError) as error:
        cause = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise CourseError(f"{path} cannot be read; {_again(assignment)}: {cause}") from error
    return released


def refuse_other_languages(path: Path, notebook: NotebookNode) -> None:
    """CourseError where a source or a release is written for another kernel than Python's."""
    kernel = notebook.metadata.get("kernelspec", {})
    language = kernel.get("language") or notebook.metadata.get("language_info", {}).get("name") or "python"
    if str(language).lower() not in PYTHON:
        name = kernel.get("display_name") or kernel.get("name") or language
        raise CourseError(f"{path} is written for the kernel {name!r}; only Python is graded here")


def give_ids(released: NotebookNode) -> None:
    """Give ids to the cells of a notebook of nbformat 4.4 or older, which has none, the same each time."""
    released.nbformat_minor = max(released.nbformat_minor, FIRST_WITH_IDS)
    for number, cell in enumerate(released.cells):
        cell.setdefault("id", f"released-{number}")


def _stale(path: Path, assignment: str, how: str) -> str:
    return f"{path} and the gradebook are not of one build ({how}); {_again(assignment)}"


def _again(assignment: str) -> str:
    by_nbgrader = f"`nbgrader generate_assignment {assignment}` where its source is a notebook"
    return f"run `course build {assignment}`, or {by_nbgrader}"
