"""How nbgrader's ``generate_feedback``, from the command line or Formgrader, makes our page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Comment, Grade, Gradebook, SubmittedNotebook
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution, is_task
from sqlalchemy.orm import joinedload

from autograder.feedback import bounded_feedback_page
from autograder.gradebook.late_penalties import LatePenalties
from autograder.submission.files import log_name

#: Queries as SQL: every page has the same, and an engine of its own.
_compiled: dict[Any, Any] = {}


class Grades(NbGraderPreprocessor):  # type: ignore[misc]
    """Puts points and comments into the notebook, as nbgrader's GetGrades does, by two queries and not by two
    for each cell; and tells what nobody has graded yet from what earned 0.

    Of comments it takes those that a person wrote: what was left empty is said where the points are.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Put points and comments into the notebook, after the late penalty is that of today's score."""
        ids = resources["nbgrader"]
        penalties = LatePenalties(self.config, Path(self.parent.parent.coursedir.root))
        with Gradebook(ids["db_url"]) as gradebook:
            gradebook.engine.update_execution_options(compiled_cache=_compiled)
            penalties.bring_up_to_date(gradebook, ids["assignment"], ids["student"])
            names = ids["notebook"], ids["assignment"], ids["student"]
            graded = gradebook.find_submission_notebook(*names)
            grades, comments = _by_cell(gradebook, Grade, graded), _by_cell(gradebook, Comment, graded)
            for cell in nb.cells:
                if is_solution(cell) or is_task(cell):
                    name = cell.metadata.nbgrader.grade_id
                    _put_comment(cell, comments.get(name) or gradebook.find_comment(name, *names))
                if is_grade(cell) or is_task(cell):
                    name = cell.metadata.nbgrader.grade_id
                    _put_score(cell, grades.get(name) or gradebook.find_grade(name, *names))
            late_penalty = graded.late_submission_penalty or 0
            ids["score"], ids["max_score"] = graded.score - late_penalty, graded.max_score
            ids["late_penalty"] = late_penalty
        return nb, resources


def _by_cell(gradebook: Gradebook, kind: Any, notebook: SubmittedNotebook) -> dict[str, Any]:
    """A submitted notebook's grades or comments by the names of their cells."""
    found = gradebook.db.query(kind).options(joinedload(kind.cell)).filter(kind.notebook_id == notebook.id)
    return {row.cell.name: row for row in found}


def _put_comment(cell: NotebookNode, comment: Comment) -> None:
    cell.metadata.nbgrader["comment"] = comment.manual_comment


def _put_score(cell: NotebookNode, grade: Grade) -> None:
    waiting = grade.auto_score is None and grade.manual_score is None
    cell.metadata.nbgrader.update(score=grade.score, points=grade.max_score, waiting=waiting)


class FeedbackExporter(Exporter):  # type: ignore[misc]
    """Turns an autograded notebook into the student's page; the notebook itself stays as it is."""

    output_mimetype = "text/html"

    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> tuple[str, Any]:
        """The page, once the preprocessors have put the gradebook's points into the notebook."""
        notebook, resources = super().from_notebook_node(nb, resources=resources, **kw)
        page, why = bounded_feedback_page(notebook, resources["nbgrader"])
        if why:
            student = log_name(resources["nbgrader"]["student"])
            self.log.warning(
                f"{student}: the feedback page is in plain text, because it could not be rendered ({why})."
            )
        return page, resources
