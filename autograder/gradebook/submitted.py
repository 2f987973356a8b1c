"""All submissions to an assignment as the gradebook has them: by three queries, however large the class.

nbgrader's objects ask for each notebook, grade and sum when somebody looks at it, and each time the database
goes through the grades of the whole class: it has no index for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nbgrader.api import BaseCell, Grade, Gradebook, Notebook, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import select

from autograder.gradebook.scores import total


@dataclass(frozen=True)
class Submitted:
    """One student's submission.

    ``points`` has by notebook and grade id what counts, None where nobody gave any yet; ``score`` is their
    sum, and ``penalty`` is not taken off it.
    """

    student: str
    seconds_late: float
    penalty: float
    points: Mapping[str, Mapping[str, float | None]]

    @property
    def score(self) -> float:
        """The points that were given."""
        return total(value or 0.0 for points in self.points.values() for value in points.values())


def submitted(gradebook: Gradebook, assignment: str) -> list[Submitted]:
    """Every submission to an assignment, by student; MissingEntry where there is no such assignment."""
    of_this = SubmittedAssignment.assignment_id == gradebook.find_assignment(assignment).id
    points: dict[str, dict[str, dict[str, float | None]]] = {}
    penalties: dict[str, list[float]] = {}
    books = (
        select(SubmittedNotebook.assignment_id, Notebook.name, SubmittedNotebook.late_submission_penalty)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .where(of_this)
        .order_by(Notebook.name)
    )
    for number, book, penalty in gradebook.db.execute(books):
        points.setdefault(number, {})[book] = {}
        penalties.setdefault(number, []).append(float(penalty or 0.0))
    grades = (
        select(
            SubmittedNotebook.assignment_id,
            Notebook.name,
            BaseCell.name,
            Grade.auto_score,
            Grade.manual_score,
            Grade.score,
        )
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .where(of_this)
    )
    for number, book, cell, automatic, by_hand, score in gradebook.db.execute(grades):
        waits = automatic is None and by_hand is None
        points[number][book][cell] = None if waits else float(score)
    found = gradebook.db.scalars(select(SubmittedAssignment).where(of_this))
    return [
        Submitted(
            student=each.student_id,
            seconds_late=float(each.total_seconds_late),
            penalty=total(penalties.get(each.id, ())),
            points=points.get(each.id, {}),
        )
        for each in sorted(found, key=lambda each: str(each.student_id))
    ]
