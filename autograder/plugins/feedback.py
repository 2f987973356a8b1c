"""How nbgrader's ``generate_feedback``, from the command line or Formgrader, makes our page."""

from __future__ import annotations

import copy
import weakref
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import Exporter
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateFeedback
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution, is_task

from autograder.feedback import PageMaker
from autograder.feedback.half_made import remove_half_made
from autograder.feedback.recorded_points import comments_of, graded_of, grades_of
from autograder.gradebook.late_penalties import LatePenalties
from autograder.submission.files import log_name


class Grades(NbGraderPreprocessor):  # type: ignore[misc]
    """Puts points and comments into the notebook, as nbgrader's GetGrades does, by three queries and not by
    two for each cell; and tells what nobody has graded yet from what earned 0.

    Of comments it takes those that a person wrote: what was left empty is said where the points are.
    """

    @cached_property
    def _gradebook(self) -> Gradebook:
        """Opened for each page and closed again; its queries are compiled once."""
        return Gradebook(self.parent.parent.coursedir.db_url)

    @cached_property
    def _penalties(self) -> LatePenalties:
        return LatePenalties(self.config, Path(self.parent.parent.coursedir.root))

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Put points and comments into the notebook, after the late penalty is that of today's score."""
        ids = resources["nbgrader"]
        with self._gradebook as gradebook:
            self._penalties.bring_up_to_date(gradebook, ids["assignment"], ids["student"])
            names = ids["notebook"], ids["assignment"], ids["student"]
            graded = graded_of(gradebook, *names)
            grades, comments = grades_of(gradebook, graded), comments_of(gradebook, graded)
            for cell in nb.cells:
                if is_solution(cell) or is_task(cell):
                    name = cell.metadata.nbgrader.grade_id
                    comment = comments[name] if name in comments else gradebook.find_comment(name, *names)
                    cell.metadata.nbgrader["comment"] = comment.manual_comment
                if is_grade(cell) or is_task(cell):
                    name = cell.metadata.nbgrader.grade_id
                    _put_score(cell, grades[name] if name in grades else gradebook.find_grade(name, *names))
            late_penalty = graded.late_submission_penalty or 0
            score = sum(grade.score for grade in grades.values())
            ids["score"], ids["max_score"] = score - late_penalty, graded.max_score
            ids["late_penalty"] = late_penalty
        return nb, resources


def _put_score(cell: NotebookNode, grade: Any) -> None:
    waiting = grade.auto_score is None and grade.manual_score is None
    cell.metadata.nbgrader.update(score=grade.score, points=grade.max_score, waiting=waiting)


class FeedbackExporter(Exporter):  # type: ignore[misc]
    """Turns an autograded notebook into the student's page; the notebook itself stays as it is."""

    output_mimetype = "text/html"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if isinstance(self.parent, GenerateFeedback) and self.parent.coursedir.notebook_id == "*":
            remove_half_made(self.parent)

    def _file_extension_default(self) -> str:
        return ".html"

    @cached_property
    def _pages(self) -> PageMaker:
        pages = PageMaker(self._released())
        weakref.finalize(self, pages.close)
        return pages

    def _released(self) -> list[Path]:
        """The notebooks of the assignment as students got them."""
        directories = getattr(self.parent, "coursedir", None)
        if directories is None:
            return []
        release = directories.release_directory
        return sorted(Path(directories.format_path(release, ".", directories.assignment_id)).glob("*.ipynb"))

    def from_file(self, file_stream: Any, resources: Any = None, **kw: Any) -> tuple[str, Any]:
        """The page of a notebook as grading left it, which nobody else has to see unchanged."""
        notebook = nbformat.converter.convert(nbformat.reader.read(file_stream), 4)
        return self._page(notebook, resources)

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> tuple[str, Any]:
        """The page, once the preprocessors have put the gradebook's points into the notebook."""
        return self._page(copy.deepcopy(nb), resources)

    def _page(self, notebook: NotebookNode, resources: Any) -> tuple[str, Any]:
        """The page; between preprocessors nothing is copied or validated, for nothing of it is executed."""
        resources = self._init_resources(resources)
        for preprocessor in self._preprocessors:
            notebook, resources = preprocessor(notebook, resources)
        page, why = self._pages.page(notebook, resources["nbgrader"])
        if why:
            student = log_name(resources["nbgrader"]["student"])
            self.log.warning(
                f"{student}: the feedback page is in plain text, because it could not be rendered ({why})."
            )
        return page, resources
