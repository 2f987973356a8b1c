"""How nbgrader's ``generate_feedback``, from the command line or Formgrader, makes our page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import GetGrades

from autograder.feedback import bounded_feedback_page
from autograder.gradebook.late_penalties import LatePenalties
from autograder.submission.files import log_name


class Grades(GetGrades):  # type: ignore[misc]
    """nbgrader's GetGrades, which besides tells what nobody has graded yet from what earned 0.

    Of comments it takes those that a person wrote: what was left empty is said where the points are.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Put points and comments into the notebook, after the late penalty is that of today's score."""
        ids = resources["nbgrader"]
        penalties = LatePenalties(self.config, Path(self.parent.parent.coursedir.root))
        with Gradebook(ids["db_url"]) as gradebook:
            penalties.bring_up_to_date(gradebook, ids["assignment"], ids["student"])
        notebook, resources = super().preprocess(nb, resources)
        return notebook, resources

    def _get_comment(self, cell: NotebookNode, resources: Any) -> None:
        name = cell.metadata.nbgrader.grade_id
        comment = self.gradebook.find_comment(name, self.notebook_id, self.assignment_id, self.student_id)
        cell.metadata.nbgrader["comment"] = comment.manual_comment

    def _get_score(self, cell: NotebookNode, resources: Any) -> None:
        super()._get_score(cell, resources)
        name = cell.metadata.nbgrader.grade_id
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        cell.metadata.nbgrader["waiting"] = grade.auto_score is None and grade.manual_score is None


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
