"""Whether a solution earns full marks, and no answer none: both are graded as submissions, before a build."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.course import Course
from autograder.errors import CourseError
from autograder.grader_side.errors import SandboxError
from autograder.grading.grade import grade_rebuilt
from autograder.grading.steps import of_the_solution
from autograder.grading.tiers import put_tiers, read_tiers
from autograder.grading_settings import settings_of
from autograder.recorded.record import FAILED, RecordedOutcome, record_of
from autograder.rehearsal.printed import printed_failure
from autograder.roles import grade_id, is_answer, mark_released
from autograder.sources.source import Source, SourceCell

SEED = 0  # a build says the same each time; whether luck decides is for the tests of the checks
SHOWN = 3
PASSED = "passed"
IN_A_CELL = re.compile(r"\(<ipython-input[^>]*>, (line \d+)\)")
UNPROTECTED = "no sandbox here: the solution, which is the author's own code, was graded without one"


def grade_solution(course: Course, source: Source, folder: Path) -> str:
    """Grade the solution behind the wall; CourseError, naming cell and reason, unless it earns full marks.

    ``folder`` is the release, with the files beside it that its cells read.
    Returns what the author should know, in one line, or nothing. Where no sandbox can be had, the solution
    runs without one: it is the author's own code, which the author runs in any case.
    """
    automatic = _automatic(source)
    if not automatic:
        return ""
    graded, told = _graded(course, source, source.notebook(), folder)
    record = record_of(graded)
    if record.status == FAILED:
        raise CourseError(f"{source.path}: {of_the_solution(record.notes)}")
    outcomes = record.outcomes
    short = [item for item in automatic if outcomes[item.grade_id]["points"] < item.points - 1e-9]
    if short:
        shown = "; ".join(_why(source, item, outcomes[item.grade_id], graded) for item in short[:SHOWN])
        more = f"; and {len(short) - SHOWN} more" if len(short) > SHOWN else ""
        first = next(_raised(source, graded), "")
        raise CourseError(f"the solution does not earn full marks: {first}{shown}{more}")
    for item in automatic:
        names = [check["name"] for check in outcomes[item.grade_id]["checks"]]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise CourseError(f"{source.path}:{item.line}: {item.grade_id} has two checks {twice!r}")
    return told


def earned_unanswered(course: Course, source: Source, folder: Path) -> Iterator[str]:
    """The graded cells that give points where nothing was answered: one sentence each, with file and line."""
    if not (automatic := _automatic(source)):
        return
    notebook = source.notebook()
    released = nbformat.read(folder / f"{source.path.stem}.ipynb", as_version=4).cells
    stubs = {grade_id(cell): cell.source for cell in released if is_answer(cell)}
    for cell in notebook.cells:
        cell.source = stubs.get(grade_id(cell), cell.source)
    outcomes = record_of(_graded(course, source, notebook, folder)[0]).outcomes
    for item in automatic:
        outcome = outcomes.get(item.grade_id)
        if outcome and outcome["points"] > 0:
            passed = "; ".join(repr(one["name"]) for one in outcome["checks"] if one["status"] == PASSED)
            points = f"{outcome['points']:g} of {item.points:g} points"
            where = f"{source.path}:{item.line}: {item.grade_id} gives {points} where nothing is answered"
            yield f"{where}{passed and f', by {passed}'}: ask there for what only an answer gives"


def _automatic(source: Source) -> list[SourceCell]:
    return [item for item in source.cells if item.role == "graded"]


def _graded(course: Course, source: Source, notebook: NotebookNode, folder: Path) -> tuple[NotebookNode, str]:
    """A notebook of the author's, graded as a submission, and what is to be told of the way that was done."""
    settings = settings_of(course.config())
    mark_released(notebook)
    put_tiers(notebook, read_tiers(course.root, source.path.parent.name).get(source.path.stem, {}))
    try:
        return grade_rebuilt(notebook, SEED, settings, folder), ""
    except SandboxError:
        return grade_rebuilt(notebook, SEED, replace(settings, sandbox="none"), folder), UNPROTECTED


def _raised(source: Source, graded: NotebookNode) -> Iterator[str]:
    """The cells that are not graded and raised, most often the cause of what follows."""
    lines = {item.cell.id: item.line for item in source.cells if item.role != "graded"}
    for cell in graded.cells:
        for output in cell.get("outputs", []) if cell.get("id") in lines else []:
            if output.output_type == "error":
                says = IN_A_CELL.sub(
                    r"(\1 of the cell)", f"{output.ename}: {output.evalue}".split("\n", 1)[0]
                )
                yield f"{source.path}:{lines[cell.id]}: this cell raises {says}; "


def _why(source: Source, item: SourceCell, outcome: RecordedOutcome, graded: NotebookNode) -> str:
    reasons = "; ".join([*_failures(outcome), *([outcome["note"]] if outcome["note"] else [])])
    reasons = reasons or printed_failure(graded, item.grade_id) or "its checks say so"
    points = f"{outcome['points']:g} of {item.points:g} points"
    return f"{source.path}:{item.line}: {item.grade_id} gives {points}: {reasons}"


def _failures(outcome: RecordedOutcome) -> Iterator[str]:
    for check in outcome["checks"]:
        if check["status"] != PASSED:
            says = " ".join(str(check["message"]).split("\n", 1)[0].split())
            yield f"{check['name']!r} ({says})" if says else repr(check["name"])
