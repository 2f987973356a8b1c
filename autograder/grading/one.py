"""One submission, graded: bytes and a release in, an executed notebook and scores out, and no more."""

from __future__ import annotations

import copy
import json
import secrets
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode
from nbformat.v4.rwbase import split_lines
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution, is_task

from autograder.grader_side import RunStatus
from autograder.grading.closed import close_cell
from autograder.grading.record import put_notes, record_of
from autograder.grading.settled import ANSWERS, answers_of
from autograder.grading.shows import without_shows
from autograder.grading.values import FAILED, Graded, Release, Settings, Task
from autograder.grading.warm import Run, grade_twice_if_need_be
from autograder.submission import Reading, Rebuilt, Status, harmless_outputs, parse, rebuild
from autograder.submission.copying import copied
from autograder.submission.page_size import fit_for_a_page
from autograder.submission.parse import parse_notebook


def grade(task: Task, release: Release, settings: Settings) -> Graded:
    """Grade a submission; whatever is in it ends in a value. SandboxError when nothing can be graded here."""
    notebooks = {}
    for name, text in release.notebooks.items():
        handed = task.handed[name]
        reading = parse(handed)
        data = None if reading.notebook is None else handed.data
        notebook = _taken_up(_same_for_all(text, data), reading)
        notebooks[name] = grade_rebuilt(notebook, task.seed, settings)
    return _graded(task, release, notebooks)


def without_result(task: Task, release: Release, note: str) -> Graded:
    """A submission that could not be graded at all; nothing of it is looked into."""
    notebooks = {}
    for name, text in release.notebooks.items():
        reading = Reading(Status.REFUSED)  # the sentence is the run's
        notebook = _taken_up(_same_for_all(text, None), reading)
        notebooks[name] = _scored(notebook, Run(None, note), task.seed or 0, unprotected=False)
    return _graded(task, release, notebooks)


def _graded(task: Task, release: Release, notebooks: Mapping[str, NotebookNode]) -> Graded:
    for notebook in notebooks.values():
        record_of(notebook).update(submission=task.digest, release=release.digest)
    records = [record_of(notebook) for notebook in notebooks.values()]
    statuses = [record["status"] for record in records]
    return Graded(
        student=task.student,
        timestamp=task.timestamp,
        scores={name: _scores(notebook) for name, notebook in notebooks.items()},
        untouched={name: _untouched(notebook) for name, notebook in notebooks.items()},
        contents={name: _written(notebook) for name, notebook in notebooks.items()},  # last, for what it does
        status=FAILED if FAILED in statuses else "; ".join(dict.fromkeys(statuses)),
        notes=tuple(note for record in records for note in (*record["repairs"], *record["notes"])),
        review=any(record["review"] for record in records),
        timed_out=RunStatus.OUT_OF_TIME in statuses,
        seconds=sum(record["seconds"] for record in records),
    )


def _written(notebook: NotebookNode) -> str:
    """The notebook as JSON; it is used up. nbformat.writes would copy, validate and, slowly, indent it."""
    lines = split_lines(notebook)
    return json.dumps(lines, sort_keys=True, ensure_ascii=False, separators=(",\n", ": ")) + "\n"


def rebuilt(released: NotebookNode, reading: Reading) -> NotebookNode:
    """The released notebook with the student's answers, or without any, and how that went in its record."""
    return _taken_up(rebuild(released, reading.notebook or nbformat.v4.new_notebook()), reading)


@lru_cache(maxsize=8)
def _released(text: str) -> NotebookNode:
    return nbformat.reads(text, as_version=4)


@lru_cache(maxsize=64)
def _same_for_all(text: str, data: bytes | None) -> Rebuilt:
    """What was handed in, rebuilt on a release: done once for all who hand in the same bytes."""
    submitted = nbformat.v4.new_notebook() if data is None else parse_notebook(data).notebook
    return rebuild(_released(text), submitted)


def _taken_up(result: Rebuilt, reading: Reading) -> NotebookNode:
    """A rebuilt notebook of this student's own, with the record of how it was read."""
    read = reading.notebook is not None
    notebook = copy.deepcopy(result.notebook)
    record = record_of(notebook)
    record["intake"] = str(reading.status)
    # When nothing could be read, that nothing was handed in goes without saying.
    record["repairs"] = [*reading.sentences, *(result.repairs if read else ())]
    record["review"] = reading.status in (Status.MISSING, Status.REFUSED) or bool(result.missing)
    return notebook


def grade_rebuilt(notebook: NotebookNode, seed: int | None, settings: Settings) -> NotebookNode:
    """Run and score a rebuilt notebook; one that defeats the grader twice earns nothing, and is marked."""
    seed = secrets.randbits(32) if seed is None else seed
    record_of(notebook)[ANSWERS] = answers_of(notebook.cells)
    run = grade_twice_if_need_be(without_shows(notebook), seed, settings)
    return _scored(notebook, run, seed, unprotected=settings.sandbox == "none")


def _scored(notebook: NotebookNode, run: Run, seed: int, *, unprotected: bool) -> NotebookNode:
    graded = copied(notebook) if run.result is None else _with_outputs(notebook, run.result.notebook)
    report = _report(run)
    notes = [*report["notes"], *_close(graded)]
    record = record_of(graded)
    review = record.get("review", False) or report["status"] == FAILED or unprotected
    record.update({**report, "notes": notes, "seed": seed, "review": review})
    put_notes(graded, [*record.get("repairs", []), *notes])
    return graded


def _close(graded: NotebookNode) -> list[str]:
    """Make outputs harmless and scores plain; a sentence for every cell that had no plain score."""
    notes = []
    for cell in graded.cells:
        if cell.cell_type != "code":
            continue
        if not is_grade(cell) or is_solution(cell):
            cell.outputs = harmless_outputs(cell.outputs)
        elif odd := close_cell(cell):
            notes.append(f"Cell {cell.metadata.nbgrader.grade_id} earned nothing: {odd}.")
    fit_for_a_page(graded)
    return notes


def _with_outputs(notebook: NotebookNode, executed: NotebookNode) -> NotebookNode:
    """``notebook`` with the outputs of its executed copy; a cell that does not correspond gets none."""
    graded = copied(notebook)
    outputs = {cell.get("id"): cell for cell in executed.cells if cell.cell_type == "code"}
    for cell in graded.cells:
        made = outputs.get(cell.get("id")) if cell.cell_type == "code" else None
        if made is not None and made.source == cell.source:
            cell.outputs = made.outputs
            cell.execution_count = made.execution_count
    return graded


def _report(run: Run) -> dict[str, Any]:
    result = run.result
    if result is None:
        return {"status": FAILED, "notes": [run.note], "in_force": "", "seconds": 0.0, "outcomes": {}}
    outcomes = {
        name: {
            "points": outcome.points,
            "max_points": outcome.max_points,
            "note": outcome.note,
            "checks": [
                {
                    "name": check.name,
                    "status": str(check.status),
                    "points": check.points,
                    "max_points": check.max_points,
                    "message": check.message,
                    "causes": list(check.causes),
                }
                for check in outcome.checks
            ],
        }
        for name, outcome in result.outcomes.items()
    }
    return {
        "status": str(result.status),
        "notes": list(result.notes),
        "in_force": run.note,
        "seconds": round(float(result.seconds), 3),
        "outcomes": outcomes,
    }


def _scores(notebook: NotebookNode) -> dict[str, float | None]:
    """What nbgrader reads off each cell worth points; None for all when the submission could not be run.

    None too where a person gives the points: written answers and code that are no blank, and tasks.
    """
    failed = record_of(notebook)["status"] == FAILED
    return {
        cell.metadata.nbgrader.grade_id: None if failed or is_task(cell) else determine_grade(cell)[0]
        for cell in notebook.cells
        if is_grade(cell) or is_task(cell)
    }


def _untouched(notebook: NotebookNode) -> frozenset[str]:
    """The answers that are still as they were released."""
    return frozenset(
        cell.metadata.nbgrader.grade_id
        for cell in notebook.cells
        if is_solution(cell) and cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
    )
