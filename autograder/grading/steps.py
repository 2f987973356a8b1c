"""What is done to one notebook that a student handed in: read, rebuild, run, check, close, write.

All of it touches what a student wrote, and so happens in a process that is disposed of
(:func:`autograder.grading.warm.apart`); what comes back is text in a form of our own.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode, from_dict
from nbformat.v4.rwbase import split_lines, strip_transient
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution, is_task

from autograder.grader_side.cells import compiled_cell, compiled_setup, read_by
from autograder.grader_side.grader import GradedNotebook
from autograder.grader_side.names import names_in
from autograder.grader_side.scope import statements_of
from autograder.recorded.last_lock import close_cell
from autograder.recorded.record import FAILED, Record, keep_record, put_notes, record_of
from autograder.recorded.settled import answers_of
from autograder.roles import FACTS, facts_of, grade_id, is_checked, is_own, is_setup, role_of
from autograder.submission import Handed, Reading, ReadingStatus, harmless_outputs, parse, rebuild
from autograder.submission.copying import copied
from autograder.submission.page_size import fit_for_a_page

BUSY = "Something was stopped while the machine was busy or its disk full: grade it again, or look at it."


@lru_cache(maxsize=8)
def released(text: str) -> NotebookNode:
    """The notebook that a release's text stands for. What is found out about its cells is found out once.

    Called before a fork, the forks find it ready.
    """
    notebook = nbformat.reads(text, as_version=4)
    get_to_know(notebook)
    return notebook


def get_to_know(release: NotebookNode) -> None:
    """Find the names in a release's cells and compile those that are run on this side, for forks to have."""
    for cell in release.cells:
        if cell.cell_type == "code":
            names_in(cell.source)
            read_by(cell.source)
            statements_of(cell.source)
            try:
                if is_checked(cell):
                    compiled_cell(cell.source, grade_id(cell))
                elif is_setup(cell):
                    compiled_setup(cell.source, grade_id(cell))
            except (SyntaxError, ValueError):
                pass  # said where it is run


def taken_up(release: NotebookNode, handed: Handed) -> NotebookNode:
    """The released notebook with the student's answers, or without any, and how that went in its record."""
    notebook = _rebuilt(release, parse(handed))
    keep_record(notebook, answers=answers_of(notebook.cells))
    return notebook


def blank(release: NotebookNode, why: str) -> NotebookNode:
    """The released notebook of someone whose own could not be taken up; its record's ``failed`` says why."""
    # Its own sentence is the run's. A copy, for this may be done where the release is kept.
    notebook = copy.deepcopy(_rebuilt(release, Reading(ReadingStatus.REFUSED)))
    keep_record(notebook, failed=why)
    return notebook


def _rebuilt(release: NotebookNode, reading: Reading) -> NotebookNode:
    read = reading.notebook is not None
    result = rebuild(release, reading.notebook or nbformat.v4.new_notebook())
    notebook = result.notebook
    _keep_as_released(notebook, release)
    keep_record(
        notebook,
        intake=str(reading.status),
        # When nothing could be read, that nothing was handed in goes without saying.
        repairs=(*reading.sentences, *(result.repairs if read else ())),
        review=reading.status in (ReadingStatus.MISSING, ReadingStatus.REFUSED) or bool(result.missing),
    )
    return notebook


def _keep_as_released(notebook: NotebookNode, release: NotebookNode) -> None:
    """Keep with each plain cell, and with each answer that a student wrote in, its text as released.

    Whether a name that a graded cell reads is the release's is judged by that text.
    """
    known = {cell.get("id") for cell in release.cells}
    cells = (cell for cell in notebook.cells if not is_own(cell) or cell["id"] in known)
    for cell, original in zip(cells, release.cells, strict=True):
        if cell.cell_type == "code" and (not role_of(cell) or cell.source != original.source):
            facts = {**facts_of(cell), "released": original.source}
            cell.metadata = from_dict({**cell.metadata, FACTS: facts})


def scored(
    notebook: NotebookNode, result: GradedNotebook, seed: int, in_force: str, *, unprotected: bool
) -> NotebookNode:
    """The notebook with its outputs made harmless and its scores plain, and all in its record."""
    graded = _with_outputs(notebook, result.notebook)
    notes = [*result.notes, *([BUSY] if result.starved else []), *_close(graded)]
    report = {
        "starved": result.starved,
        "status": str(result.status),
        "in_force": in_force,
        "seconds": round(float(result.seconds), 3),
        "outcomes": _outcomes(result),
    }
    return _recorded(graded, report, notes, seed, review=unprotected or result.starved)


def unscored(notebook: NotebookNode, why: str, seed: int, *, again: bool = False) -> NotebookNode:
    """The notebook of someone who could not be graded, and why; ``again`` when a rerun may do better."""
    graded = copied(notebook)
    _close(graded)
    report = {"status": FAILED, "again": again}
    return _recorded(graded, report, [f"The submission could not be graded: {why}."], seed, review=True)


def of_the_solution(notes: Sequence[str]) -> str:
    """What :func:`unscored` says of a submission, said of the author's own solution."""
    return " ".join(notes).replace("The submission", "the solution", 1).removesuffix(".")


def _recorded(
    graded: NotebookNode, report: Mapping[str, Any], notes: list[str], seed: int, *, review: bool
) -> NotebookNode:
    before = record_of(graded)
    keep_record(graded, **report, notes=tuple(notes), seed=seed, review=review or before.review)
    put_notes(graded, [*before.repairs, *notes])
    return graded


def _close(graded: NotebookNode) -> list[str]:
    """Make outputs harmless and scores plain; a sentence for every cell that had no plain score."""
    notes = []
    for cell in graded.cells:
        if cell.cell_type != "code":
            continue
        if not is_checked(cell):
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


def _outcomes(result: GradedNotebook) -> dict[str, Any]:
    return {
        name: {
            "points": outcome.points,
            "max_points": outcome.max_points,
            "note": outcome.note,
            "tier": str(outcome.tier),
            "checks": [
                {
                    "name": check.name,
                    "status": str(check.status),
                    "points": check.points,
                    "max_points": check.max_points,
                    "message": check.message,
                    "causes": list(check.causes),
                    "line": check.line,
                    "repair": check.repair,
                }
                for check in outcome.checks
            ],
        }
        for name, outcome in result.outcomes.items()
    }


@dataclass(frozen=True)
class GradedText:
    """A graded notebook as text, and what is read off it: points by grade id, untouched answers, record."""

    content: str
    scores: Mapping[str, float | None]
    untouched: frozenset[str]
    record: Record

    def packed(self) -> bytes:
        """As bytes, for another process."""
        head: dict[str, Any] = {"scores": self.scores, "untouched": sorted(self.untouched)}
        head["record"] = self.record.as_metadata()
        return json.dumps(head).encode() + b"\0" + self.content.encode()

    @classmethod
    def unpacked(cls, data: bytes) -> GradedText:
        """The same again."""
        head, _, content = data.partition(b"\0")
        found = json.loads(head)
        record = Record.of_metadata(found["record"])
        return cls(content.decode(), found["scores"], frozenset(found["untouched"]), record)


def written(notebook: NotebookNode, **facts: str) -> GradedText:
    """A graded notebook, whose record gets ``facts``, written; it is used up."""
    kept = replace(keep_record(notebook, **facts), outcomes={}, answers=None)  # large, and nobody asks here
    scores, untouched = _scores(notebook), _untouched(notebook)
    return GradedText(as_text(notebook), scores, untouched, kept)  # the text last, for what it does


def as_text(notebook: NotebookNode) -> str:
    """A notebook as JSON; it is used up. nbformat.writes would copy, validate and, slowly, indent it."""
    lines = split_lines(notebook)
    return json.dumps(lines, sort_keys=True, ensure_ascii=False, separators=(",\n", ": ")) + "\n"


def from_text(text: str) -> NotebookNode:
    """The notebook that ``as_text`` wrote."""
    notebook = from_dict(json.loads(text))
    return strip_transient(nbformat.v4.rwbase.rejoin_lines(notebook))


def _scores(notebook: NotebookNode) -> dict[str, float | None]:
    """What nbgrader reads off each cell worth points; None for all when the submission could not be run.

    None too where a person gives the points: written answers and code that are no blank, and tasks.
    """
    failed = record_of(notebook).status == FAILED
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
