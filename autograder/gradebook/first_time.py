"""Submissions that the gradebook does not know yet: their rows, as nbgrader's API would make them.

nbgrader makes an object for every grade and comment of a submission, which takes three quarters of the time
that it takes to record one. A gradebook that ``opening`` opens is of nbgrader's own schema.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from nbgrader.api import (
    Comment,
    Grade,
    Gradebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from sqlalchemy import insert, select

from autograder.grading.task import Graded

BLANK = "No response."  # as nbgrader comments an answer that is as it was released


@dataclass(frozen=True)
class _Parts:
    """A notebook of an assignment: its id, and the ids and names of what gets grades, and comments."""

    id: str
    name: str
    grades: tuple[tuple[str, str], ...]
    comments: tuple[tuple[str, str], ...]


class FirstTime:
    """Records submissions to one assignment that have no row yet."""

    def __init__(self, gradebook: Gradebook, assignment: str) -> None:
        found = gradebook.find_assignment(assignment)
        self._gradebook, self._assignment = gradebook, found.id
        self._notebooks = [
            _Parts(
                book.id,
                book.name,
                tuple((cell.id, cell.name) for cell in (*book.grade_cells, *book.task_cells)),
                tuple((cell.id, cell.name) for cell in (*book.solution_cells, *book.task_cells)),
            )
            for book in found.notebooks
        ]
        self._known: set[str] = set()
        self._students: set[str] = set()
        self.look()

    def look(self) -> None:
        """Find out whom the gradebook knows, and who has a submission."""
        session = self._gradebook.db
        of_this = SubmittedAssignment.assignment_id == self._assignment
        self._known = set(session.scalars(select(SubmittedAssignment.student_id).where(of_this)))
        self._students = set(session.scalars(select(Student.id)))

    def is_for(self, student: str) -> bool:
        """Whether a student had no submission in the gradebook when it was last asked."""
        return student not in self._known

    def add(self, graded: Iterable[Graded]) -> None:
        """Write the rows of submissions, to be committed. Raises IntegrityError where one is there by now."""
        rows: dict[Any, list[dict[str, Any]]] = {
            kind: [] for kind in (Student, SubmittedAssignment, SubmittedNotebook, Grade, Comment)
        }
        for each in graded:
            if each.student not in self._students:
                rows[Student].append({"id": each.student})
            self._put(each, rows)
        for kind, values in rows.items():
            if values:
                self._gradebook.db.execute(insert(kind), values)

    def added(self, graded: Iterable[Graded]) -> None:
        """Take note that what was added is committed."""
        students = {each.student for each in graded}
        self._known |= students
        self._students |= students

    def _put(self, graded: Graded, rows: dict[Any, list[dict[str, Any]]]) -> None:
        submission = {"id": new_uuid(), "assignment_id": self._assignment, "student_id": graded.student}
        rows[SubmittedAssignment].append({**submission, "timestamp": graded.timestamp})
        for notebook in self._notebooks:
            scores, untouched = graded.scores[notebook.name], graded.untouched[notebook.name]
            number = new_uuid()
            rows[SubmittedNotebook].append(
                {"id": number, "notebook_id": notebook.id, "assignment_id": submission["id"]}
            )
            for cell, name in notebook.grades:
                score = scores[name]
                open_ = score is None or graded.review
                rows[Grade].append(
                    {
                        "id": new_uuid(),
                        "notebook_id": number,
                        "cell_id": cell,
                        "auto_score": score,
                        "needs_manual_grade": open_,
                    }
                )
            for cell, name in notebook.comments:
                comment = BLANK if name in untouched else None
                rows[Comment].append(
                    {"id": new_uuid(), "notebook_id": number, "cell_id": cell, "auto_comment": comment}
                )
