"""Grading a rebuilt notebook: the student's cells behind the wall, the graded ones here, in their order."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from nbformat import NotebookNode

from autograder.grader_side.borrowed import Borrowed, Lender
from autograder.grader_side.cells import Code, bound_by, compiled_setup, may_draw, read_by
from autograder.grader_side.errors import StudentDied
from autograder.grader_side.left_open import left_open_in
from autograder.grader_side.limits import Limits
from autograder.grader_side.outputs import Budget, CellOutputs
from autograder.grader_side.sandbox import Rung, Sandbox
from autograder.grader_side.scope import Scope
from autograder.grader_side.scoring import CellOutcome, GradedCell, Tier, grade_cell, grade_inside
from autograder.grader_side.student import Student
from autograder.grader_side.workplace import Workplace
from autograder.roles import (
    as_released,
    facts_of,
    grade_id,
    is_answer,
    is_checked,
    is_released,
    is_setup,
    role_of,
)
from autograder.student_side.packages import NONE, Packages
from course_lib.grading import set_run_seed


class RunStatus(StrEnum):
    """How the run of a notebook went; each graded cell has its outcome in every case."""

    GRADED = "graded"
    REPLACED = "graded, after its process was replaced"
    OUT_OF_TIME = "out of time"


@dataclass(frozen=True)
class GradedNotebook:
    """The executed notebook, the outcome of each graded cell by grade_id, and how the run went.

    ``seconds`` is what the notebook took, without what the sandbox needed to get ready, and without waits for
    a core (``clock``). ``starved`` tells that the wall's clock stopped something on a busy machine, so that
    another run may come out otherwise.
    """

    notebook: NotebookNode
    outcomes: dict[str, CellOutcome]
    status: RunStatus
    notes: tuple[str, ...]
    seconds: float
    starved: bool = False


class Grader:
    """Grades notebooks one after the other behind one warm sandbox; use it as a context manager.

    ``sandbox`` is "auto" for the strongest wall this machine offers, a rung of the ladder by name, or "none",
    which protects nothing and says so in ``in_force``. Of the course's own ``packages``, student code may
    import those that are shown. Raises SandboxError when there is no wall to be had.
    """

    def __init__(
        self, limits: Limits | None = None, sandbox: Rung | str = "auto", packages: Packages = NONE
    ) -> None:
        if sandbox not in ("auto", "bubblewrap", "landlock", "none"):
            raise ValueError(f"sandbox should be auto, bubblewrap, landlock or none, not {sandbox!r}")
        self._limits = limits or Limits()
        self._sandbox = Sandbox(sandbox, self._limits, packages)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the sandbox and everything in it; can be called twice."""
        self._sandbox.close()

    @property
    def in_force(self) -> str:
        """One line: what protects, as probed when the sandbox was started."""
        return self._sandbox.in_force

    @property
    def limits(self) -> Limits:
        """What a notebook may use."""
        return self._limits

    @property
    def sandbox(self) -> Sandbox:
        """The sandbox, for work in this process itself."""
        return self._sandbox

    def lend(self) -> Lender:
        """The sandbox, to be lent to a fork of this process that calls ``grade_notebook``."""
        return Lender(self._sandbox, self._limits)

    def grade(self, notebook: NotebookNode, *, seed: int) -> GradedNotebook:
        """``grade_notebook`` in this process itself: for notebooks that nobody hostile wrote."""
        return grade_notebook(notebook, self._sandbox, self._limits, seed=seed)


def grade_notebook(
    notebook: NotebookNode,
    sandbox: Sandbox | Borrowed,
    limits: Limits,
    *,
    seed: int,
    workplace: Workplace | None = None,
) -> GradedNotebook:
    """Run a rebuilt notebook and score it; ``seed`` decides the hidden inputs and repeats a run.

    Whatever the student's code does ends in outcomes, not in exceptions; SandboxError when the sandbox was
    lost, so that the outcomes would be unfair: grade again. The notebook passed in is not changed. With a
    ``workplace``, this process works there meanwhile.
    """
    sandbox.draws = may_draw(notebook, sandbox.packages)
    set_run_seed(seed)
    executed = NotebookNode({**notebook, "cells": [NotebookNode(cell) for cell in notebook.cells]})
    outcomes: dict[str, CellOutcome] = {}
    student = Student(sandbox, limits, workplace)
    shown = Budget(limits.shown_mb * 1_000_000)
    try:
        with workplace.entered() if workplace is not None else contextlib.nullcontext():
            _run_cells(executed, student, limits, shown, outcomes)
    finally:
        student.close()
    notes = list(dict.fromkeys(student.deaths))
    status = RunStatus.REPLACED if notes else RunStatus.GRADED
    if student.seconds_left <= 0:
        status = RunStatus.OUT_OF_TIME
        notes.append(f"the notebook's time of {limits.notebook_seconds:g} s was used up")
    if shown.exceeded:
        notes.append(
            f"the cells show more than the {limits.shown_mb} MB they may; what came last is left out"
        )
    notes += dict.fromkeys(student.faults)
    return GradedNotebook(executed, outcomes, status, tuple(notes), student.seconds_used, student.starved)


def _run_cells(
    notebook: NotebookNode,
    student: Student,
    limits: Limits,
    shown: Budget,
    outcomes: dict[str, CellOutcome],
) -> None:
    setup: list[Code] = []
    code_cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    scope = Scope(only_imports=any(map(is_setup, code_cells)))
    later = [frozenset[str]()] * len(code_cells) if scope.only_imports else _read_further_down(code_cells)
    inside: list[str] = []
    for number, (cell, read) in enumerate(zip(code_cells, later, strict=True), start=1):
        cell.execution_count = number
        if is_checked(cell):
            graded = graded_cell(cell)
            if graded.lends:  # which the student's own code finds there in a notebook
                _student_cell("\n".join(graded.lends), CellOutputs(number, 0, 0, shown), student)
            if graded.tier is Tier.INSIDE:
                before = _needed(inside, graded)
                scored = grade_inside(graded, before, student, limits.output_kb)
                inside.append(graded.source)
            else:
                scored = grade_cell(graded, setup, scope, read, student)
            cell.outputs, outcomes[graded.name] = scored
            _number(cell.outputs, number)
        else:
            if is_setup(cell):
                setup.append(compiled_setup(cell.source, grade_id(cell) or f"setup {number}"))
            elif is_answer(cell):
                scope.add_answer(as_released(cell))
            elif is_released(cell):
                scope.add_released(as_released(cell), left_open_in(cell))
            outputs = CellOutputs(number, limits.output_kb, limits.rich_kb, shown)
            cell.outputs = _student_cell(cell.source, outputs, student)
        if student.lost is not None:
            raise student.lost


def _needed(inside: list[str], graded: GradedCell) -> tuple[str, ...]:
    """The earlier graded cells of the student's side that bind what a later one of them reads, in order.

    What it takes from the student, an answer binds last.
    """
    read, needed = read_by(graded.source) - set(graded.takes), []
    for earlier in reversed(inside):
        if bound_by(earlier) & read:
            needed.append(earlier)
            read |= read_by(earlier)
    return tuple(reversed(needed))


def _read_further_down(cells: list[Any]) -> list[frozenset[str]]:
    """For each cell, the names that graded and other released cells below it read."""
    read: frozenset[str] = frozenset()
    found = []
    for cell in reversed(cells):
        found.append(read)
        if is_checked(cell) or is_answer(cell) or is_released(cell):
            read |= read_by(cell.source if is_checked(cell) else as_released(cell))
    return found[::-1]


def graded_cell(cell: Any) -> GradedCell:
    """A graded cell of a notebook, with what is known of it by the solution."""
    role, known = role_of(cell), facts_of(cell)
    return GradedCell(
        cell.source,
        role["grade_id"],
        float(role["points"]),
        takes=tuple(known.get("takes", ())),
        imports=tuple(known.get("imports", ())),
        lends=tuple(known.get("lends", ())),
        shows=bool(known.get("shows")),
        watched=bool(known.get("watched")),
        unmoved=str(known.get("unmoved", "")),
        tier=Tier(known.get("tier", Tier.APART)),
    )


def _student_cell(source: str, shown: CellOutputs, student: Student) -> list[NotebookNode]:
    if not source.strip():
        return []
    try:
        student.run(source, shown.add)
    except StudentDied as error:
        shown.stopped(str(error))
    return shown.outputs


def _number(outputs: list[NotebookNode], number: int) -> None:
    for output in outputs:
        if output.output_type == "execute_result":
            output.execution_count = number
