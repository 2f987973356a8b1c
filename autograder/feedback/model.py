"""What a feedback page says, read off an autograded notebook into which the gradebook's points were put.

Of a graded cell only its points and its record are used, never its source, which holds the hidden tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup
from nbformat.notebooknode import NotebookNode

from autograder.feedback.outputs import Shown, failed
from autograder.feedback.rendering import RICH, Rendering
from autograder.gradebook.naming import DEFAULT_ID
from autograder.gradebook.scores import total
from autograder.grading.tiers import INSIDE
from autograder.pages import heading, report_lines, without_paths
from autograder.recorded.record import FAILED, NOTES_CELL, record_of
from autograder.roles import is_own, role_of, words_of
from course_lib.gradcheck import Cause
from course_lib.grading import Status

NOTHING = Markup()
# Of an exception the report says more; and no simple slip is no cause that several exercises could share.
NAMELESS = frozenset({str(Cause.RAISED), str(Cause.LOCAL_DERIVATIVE)})
_MARK_SCHEME = re.compile(
    r"^[^\n]*BEGIN MARK SCHEME.*?(?:END MARK SCHEME[^\n]*|\Z)", re.MULTILINE | re.DOTALL
)
_SEED = re.compile(r", seed \d+$", re.MULTILINE)


@dataclass(frozen=True)
class Check:
    """One check of a graded cell; ``report`` is what the checker said, line by line."""

    name: str
    status: str
    points: float
    max_points: float
    causes: str = ""
    report: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether it earned its points."""
        return self.status == Status.PASSED

    @property
    def attempted(self) -> bool:
        """Whether there was an answer to check."""
        return self.status != Status.NOT_WRITTEN


@dataclass(frozen=True)
class Piece:
    """One cell as the page shows it: an answer, a student's own cell or a graded cell.

    ``points`` is None where a person has yet to give them; ``text`` is the output of a graded cell without a
    record of its checks, and ``note`` says why one earned nothing by rule.
    """

    kind: str
    label: str
    body: Markup = NOTHING
    outputs: tuple[Shown, ...] = ()
    comment: Markup = NOTHING
    max_points: float = 0.0
    points: float | None = 0.0
    checks: tuple[Check, ...] = ()
    text: str = ""
    note: str = ""
    inside: bool = False  # whether it was checked in the student's own process


@dataclass
class Section:
    """A section of the notebook: its title, what it teaches, and what the student did there."""

    anchor: str
    title: str
    teaching: list[Markup] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)

    @property
    def graded(self) -> list[Piece]:
        """The cells that are worth points."""
        return [piece for piece in self.pieces if piece.max_points]

    @property
    def checks(self) -> list[Check]:
        """All checks of the exercise."""
        return [check for piece in self.pieces for check in piece.checks]

    @property
    def points(self) -> float:
        """The points given so far."""
        return total(piece.points or 0.0 for piece in self.graded)

    @property
    def max_points(self) -> float:
        """What the exercise is worth."""
        return total(piece.max_points for piece in self.graded)

    @property
    def waiting(self) -> float:
        """The points on which a person has yet to decide."""
        return sum(piece.max_points for piece in self.graded if piece.points is None)


@dataclass(frozen=True)
class Feedback:
    """Everything a page shows."""

    title: str
    student: str
    assignment: str
    score: float
    max_score: float
    late_penalty: float
    failed: bool
    notes: tuple[str, ...]
    exercises: tuple[Section, ...]

    @property
    def waiting(self) -> float:
        """The points on which a person has yet to decide."""
        return sum(exercise.waiting for exercise in self.exercises)


def read_feedback(notebook: NotebookNode, grades: Mapping[str, Any], rendering: Rendering = RICH) -> Feedback:
    """The page's content; ``grades`` is nbgrader's dict of ids and totals for this notebook."""
    record = record_of(notebook)
    sections = [section for section in _sections(notebook, rendering) if section.pieces]
    return Feedback(
        title=_title(notebook) or grades["notebook"],
        student=grades["student"],
        assignment=grades["assignment"],
        score=total((max(0.0, grades["score"]),)),
        max_score=total((grades["max_score"],)),
        late_penalty=total((grades["late_penalty"],)),
        failed=record.status == FAILED,
        notes=tuple(without_paths(note) for note in (*record.repairs, *record.notes)),
        exercises=tuple(sections),
    )


def _sections(notebook: NotebookNode, rendering: Rendering) -> Iterator[Section]:
    """The notebook cut at its released headings of level 2; what stands above the first is a section too."""
    outcomes = record_of(notebook).outcomes
    section = Section("top", _title(notebook) or "The beginning of the notebook")
    for cell in notebook.cells:
        title = _heading(cell, 2)
        if title:
            yield section
            section = Section(f"section-{cell.get('id', '')}", title)
        if cell.get("id") == NOTES_CELL:
            continue
        if cell.cell_type == "markdown" and not role_of(cell) and not is_own(cell):
            text = cell.source.strip().partition("\n")[2] if title else cell.source
            if text.strip():
                section.teaching += rendering.text(text)
        else:
            section.pieces += _pieces(cell, outcomes, rendering)
    yield section


def _pieces(cell: NotebookNode, outcomes: Mapping[str, Any], rendering: Rendering) -> Iterator[Piece]:
    role = role_of(cell)
    if role.get("solution") or role.get("task"):
        yield Piece(
            kind="answer" if cell.cell_type == "code" else "written",
            label="The task" if role.get("task") else "Your answer",
            body=rendering.body(without_mark_scheme(cell) if role.get("task") else cell),
            outputs=rendering.outputs(cell),
            comment=rendering.markdown(role.get("comment") or ""),
            max_points=float(role.get("points", 0.0)),
            points=_points(role),
        )
    elif role.get("grade"):
        yield _graded(cell, outcomes.get(role["grade_id"]))
    elif is_own(cell) or (not role and cell.cell_type == "code" and failed(cell)):
        label = "Your own cell" if is_own(cell) else "This cell of the notebook raised an error"
        yield Piece(kind="own", label=label, body=rendering.body(cell), outputs=rendering.outputs(cell))


def _graded(cell: NotebookNode, outcome: Mapping[str, Any] | None) -> Piece:
    role = cell.metadata.nbgrader
    text = "".join(output.get("text", "") for output in cell.get("outputs", []) if "text" in output)
    return Piece(
        kind="graded",
        label=_label(str(role["grade_id"])),
        max_points=float(role.get("points", 0.0)),
        points=_points(role),
        checks=tuple(_check(check) for check in outcome["checks"]) if outcome else (),
        text="" if outcome else without_paths(text),
        note=without_paths(str(outcome["note"])) if outcome else "",
        inside=(outcome or {}).get("tier") == INSIDE,
    )


def _label(grade_id: str) -> str:
    """What a graded cell is about: ``04_loss-values`` about ``loss: values``; a default id says nothing."""
    if DEFAULT_ID.fullmatch(grade_id):
        return "Checks"
    return words_of(grade_id).replace("-", ": ", 1).replace("-", " ")


def _check(check: Mapping[str, Any]) -> Check:
    report = without_paths(_SEED.sub("", str(check.get("message", ""))))
    return Check(
        name=str(check["name"]),
        status=str(check["status"]),
        points=float(check["points"]),
        max_points=float(check["max_points"]),
        causes=" or ".join(dict.fromkeys(cause for cause in check["causes"] if cause not in NAMELESS)),
        report=tuple(report_lines(report)),
    )


def without_mark_scheme(cell: NotebookNode) -> NotebookNode:
    """A task as students saw it: what people grade by stands in the gradebook's copy of it."""
    return NotebookNode({**cell, "source": _MARK_SCHEME.sub("", cell.source).strip()})


def _points(role: Mapping[str, Any]) -> float | None:
    return None if role.get("waiting") else float(role.get("score") or 0.0)


def _title(notebook: NotebookNode) -> str:
    return next((found for cell in notebook.cells if (found := _heading(cell, 1))), "")


def _heading(cell: NotebookNode, level: int) -> str | None:
    return None if cell.cell_type != "markdown" or is_own(cell) else heading(cell.source, level)
