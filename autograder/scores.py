"""What the gradebook holds, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping

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


def exercise_of(grade_id: str) -> str:
    """The exercise of a graded cell: ``04_sigmoid_neuron-stages`` belongs to ``04_sigmoid_neuron``."""
    return grade_id.partition("-")[0]
