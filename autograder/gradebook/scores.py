"""What the gradebook holds, cell by cell."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from nbgrader.api import BaseCell, Grade, Gradebook, Notebook, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from autograder.course import Course

Scores = Mapping[str, float | None]  # grade id -> points; None where a person has yet to grade
Points = Mapping[tuple[str, str], float | None]  # the same by notebook and grade id


def submissions(gradebook: Gradebook, assignment: str, student: str = "") -> list[SubmittedAssignment]:
    """All submissions to an assignment by student, or one student's, with their notebooks.

    A few queries do for a whole class; nbgrader's objects would ask when somebody looks at a notebook.
    """
    found = (
        select(SubmittedAssignment)
        .where(SubmittedAssignment.assignment_id == gradebook.find_assignment(assignment).id)
        .options(selectinload(SubmittedAssignment.notebooks).selectinload(SubmittedNotebook.notebook))
        .order_by(SubmittedAssignment.student_id)
    )
    chosen = found.where(SubmittedAssignment.student_id == student) if student else found
    return list(gradebook.db.scalars(chosen))


def points_of(gradebook: Gradebook, assignment: str) -> dict[str, Points]:
    """By student, what counts of each score, given by a person or not: one query for a whole class.

    To ask for one student's, the database goes through everybody's: it has no index for that.
    """
    columns = Notebook.name, BaseCell.name, Grade.auto_score, Grade.manual_score, Grade.score
    found = (
        select(SubmittedAssignment.student_id, *columns)
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .where(SubmittedAssignment.assignment_id == gradebook.find_assignment(assignment).id)
    )
    points: dict[str, dict[tuple[str, str], float | None]] = {}
    for student, notebook, cell, automatic, by_hand, score in gradebook.db.execute(found):
        waits = automatic is None and by_hand is None
        points.setdefault(student, {})[notebook, cell] = None if waits else float(score)
    return dict(points)


def automatic_scores(course: Course, assignment: str) -> dict[str, Scores]:
    """For each student with a submission, the automatic points of every graded cell."""
    with course.api().gradebook as gradebook:
        return {
            submission.student.id: {
                grade.name: grade.auto_score for notebook in submission.notebooks for grade in notebook.grades
            }
            for submission in gradebook.assignment_submissions(assignment)
        }


def is_given_by_hand(grade: Any) -> bool:
    """Whether a grade of the gradebook's is a person's to give: of an answer, in words or code, or a task."""
    notebook = grade.notebook.notebook
    answers = {cell.name for cell in (*notebook.solution_cells, *notebook.task_cells)}
    return grade.cell_type != "code" or grade.name in answers


def total(points: Iterable[float]) -> float:
    """The sum of points, to a thousandth of one: full marks are the maximum whatever floats add up to."""
    return round(math.fsum(points), 3)


def exercise_of(grade_id: str) -> str:
    """The exercise of a graded cell: ``04_sigmoid_neuron-stages`` belongs to ``04_sigmoid_neuron``."""
    return grade_id.partition("-")[0]
