"""The grading steps: run the student's cells behind the wall, score the graded cells, record the scores."""

from __future__ import annotations

import atexit
import copy
import os
import secrets
from collections.abc import Mapping
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from nbgrader.utils import is_grade
from traitlets import Dict, Enum, Integer

from autograder.grader_side import Grader, Limits, SandboxError
from autograder.plugins.closed import close_cell
from autograder.plugins.record import put_notes, record_of
from autograder.submission import harmless_outputs
from autograder.submission.files import printable

FAILED = "failed"

_graders: dict[tuple[Any, ...], Grader] = {}


class GradeApart(NbGraderPreprocessor):  # type: ignore[misc]
    """Replaces nbgrader's Execute: student code runs in a sandbox, graded cells in this process."""

    sandbox = Enum(
        ("auto", "none"),
        default_value="auto",
        help="`auto` takes the strongest sandbox there is and refuses without one; `none` runs student code "
        "unprotected, and marks every score it makes.",
    ).tag(config=True)
    seed = Integer(
        None, allow_none=True, help="Seed of the hidden inputs, to repeat a run; drawn anew by default."
    ).tag(config=True)
    limits = Dict(help="Limits on the student's side, by field of autograder.grader_side.Limits.").tag(
        config=True
    )

    def grader(self) -> Grader:
        """This process's warm grader with these settings; NbGraderException when there is no sandbox."""
        return warm_grader(self.sandbox, self.limits)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Grade a rebuilt notebook; one that defeats the grader twice earns nothing, and is marked."""
        seed = secrets.randbits(32) if self.seed is None else self.seed
        graded, report = self._graded(nb, seed)
        notes = list(report["notes"])
        for cell in graded.cells:
            if cell.cell_type != "code":
                continue
            if not is_grade(cell):
                cell.outputs = harmless_outputs(cell.outputs)
            elif odd := close_cell(cell):
                notes.append(f"Cell {cell.metadata.nbgrader.grade_id} earned nothing: {odd}.")
        record = record_of(graded)
        review = record.get("review", False) or report["status"] == FAILED or self.sandbox == "none"
        record |= {**report, "notes": notes, "seed": seed, "review": review}
        put_notes(graded, [*record.get("repairs", []), *notes])
        for note in notes:
            self.log.warning(f"{resources['nbgrader']['student']}: {note}")
        return graded, resources

    def _graded(self, nb: NotebookNode, seed: int) -> tuple[NotebookNode, dict[str, Any]]:
        """The executed notebook, every cell's source and metadata as before, and the report on it."""
        reason = ""
        for _ in range(2):
            grader = self.grader()
            try:
                result = grader.grade(copy.deepcopy(nb), seed=seed)
            except Exception as error:  # whatever it is, it must not stop the class, and is recorded
                # The server may have been killed from outside: a fresh one shows if it was this notebook.
                reason = f"{type(error).__name__}: {error}"
                close_graders()
                continue
            return _with_outputs(nb, result.notebook), _report(result, grader.in_force)
        note = f"The submission could not be graded ({printable(reason, 200)})."
        return copy.deepcopy(nb), {
            "status": FAILED,
            "notes": [note],
            "in_force": "",
            "seconds": 0.0,
            "outcomes": {},
        }


class SaveScores(SaveAutoGrades):  # type: ignore[misc]
    """nbgrader's SaveAutoGrades, which besides asks for a person's review where the record says so."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Record the scores of all graded cells."""
        self._review = bool(record_of(nb).get("review"))
        notebook, resources = super().preprocess(nb, resources)
        return notebook, resources

    def _add_score(self, cell: NotebookNode, resources: Any) -> None:
        super()._add_score(cell, resources)
        if self._review:
            name = cell.metadata.nbgrader.grade_id
            grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
            grade.needs_manual_grade = True
            self.gradebook.db.commit()


def warm_grader(sandbox: str, limits: Mapping[str, Any]) -> Grader:
    """This process's grader with these settings, started if need be; NbGraderException if it cannot be."""
    key = (os.getpid(), sandbox, *sorted(limits.items()))
    if key not in _graders:
        try:
            grader = Grader(limits=Limits(**limits), sandbox=sandbox)
            _graders[key] = grader.__enter__()
        except SandboxError as error:
            raise NbGraderException(str(error)) from error
    return _graders[key]


def close_graders() -> None:
    """Close the graders that this process started."""
    for key in [key for key in _graders if key[0] == os.getpid()]:
        _graders.pop(key).__exit__(None, None, None)


atexit.register(close_graders)


def _with_outputs(nb: NotebookNode, executed: NotebookNode) -> NotebookNode:
    """``nb`` with the outputs of its executed copy; cells that do not correspond stay without outputs."""
    graded = copy.deepcopy(nb)
    outputs = {cell.get("id"): cell for cell in executed.cells if cell.cell_type == "code"}
    for cell in graded.cells:
        made = outputs.get(cell.get("id")) if cell.cell_type == "code" else None
        if made is not None and made.source == cell.source:
            cell.outputs = made.outputs
            cell.execution_count = made.execution_count
    return graded


def _report(result: Any, in_force: str) -> dict[str, Any]:
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
        "in_force": in_force,
        "seconds": round(float(result.seconds), 3),
        "outcomes": outcomes,
    }
