"""What the gradebook says of one submitted notebook, by a query for each kind and not for each cell."""

from __future__ import annotations

from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import select


def graded_of(gradebook: Gradebook, notebook: str, assignment: str, student: str) -> Any:
    """A submitted notebook: ids, what it is worth, penalty; nbgrader's MissingEntry where there is none."""
    row = SubmittedNotebook
    found = (
        gradebook.db.query(row.id, row.notebook_id, row.max_score, row.late_submission_penalty)
        .join(Notebook, Notebook.id == row.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == row.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .filter(
            Notebook.name == notebook,
            Assignment.name == assignment,
            SubmittedAssignment.student_id == student,
        )
    )
    return found.one_or_none() or gradebook.find_submission_notebook(notebook, assignment, student)


def grades_of(gradebook: Gradebook, graded: Any) -> dict[str, Any]:
    """A submitted notebook's scores by the names of their cells."""
    row = Grade
    found = (
        gradebook.db.query(BaseCell.name, row.score, row.max_score, row.auto_score, row.manual_score)
        .join(row.cell)
        .filter(row.cell_id.in_(_cells(graded)), row.notebook_id == graded.id)
    )
    return {grade.name: grade for grade in found}


def comments_of(gradebook: Gradebook, graded: Any) -> dict[str, Any]:
    """A submitted notebook's comments by the names of their cells."""
    found = (
        gradebook.db.query(BaseCell.name, Comment.manual_comment)
        .join(Comment.cell)
        .filter(Comment.cell_id.in_(_cells(graded)), Comment.notebook_id == graded.id)
    )
    return {comment.name: comment for comment in found}


def _cells(graded: Any) -> Any:
    """The assignment's cells, by which scores and comments are found: the database has an index for these.

    By the submitted notebook alone, it goes through those of the whole class.
    """
    return select(BaseCell.id).where(BaseCell.notebook_id == graded.notebook_id)
