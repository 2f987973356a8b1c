"""What the gradebook holds, cell by cell."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from autograder.course import Course

Scores = Mapping[str, float | None]  # grade id -> points; None where a person has yet to grade


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
