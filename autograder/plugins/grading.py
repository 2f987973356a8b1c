"""The grading steps: run the student's cells behind the wall, score the graded cells, record the scores."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from nbgrader.utils import is_grade, is_task

from autograder.errors import CourseError
from autograder.grader_side.errors import SandboxError
from autograder.grader_side.grader import Grader
from autograder.grading.grade import grade_rebuilt
from autograder.grading.warm import warm_grader
from autograder.grading_settings import Configured, Settings, packages_shown
from autograder.recorded.record import FAILED, record_of
from autograder.recorded.settled import needs_a_person
from autograder.submission.extra import allowed_files


class GradeApart(Configured, NbGraderPreprocessor):  # type: ignore[misc]
    """Replaces nbgrader's Execute: student code runs in a sandbox, graded cells in a fork of this process."""

    def grader(self) -> Grader:
        """This process's warm grader with these settings; NbGraderException when there is no sandbox."""
        try:
            return warm_grader(self.settings)
        except (CourseError, SandboxError) as error:
            raise NbGraderException(str(error)) from error

    @property
    def settings(self) -> Settings:
        """The settings as the rest of the grader takes them."""
        return Settings(self.sandbox, self.limits, packages_shown(self.config, self.sandbox))

    def _folders(self, resources: Any) -> tuple[Path | None, Path | None]:
        """Where the assignment's release is, and what was handed in; None outside nbgrader's own run."""
        course = getattr(getattr(self.parent, "parent", None), "coursedir", None)  # exporter, converter
        if course is None:
            return None, None
        name, student = resources["nbgrader"]["assignment"], resources["nbgrader"]["student"]
        return (
            Path(course.format_path(course.release_directory, ".", name)),
            Path(course.format_path(course.submitted_directory, student, name)),
        )

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Grade a rebuilt notebook; one that could not be graded has no score, and is marked."""
        self.grader()
        release, handed_in = self._folders(resources)
        extra = allowed_files(handed_in, self.student_files) if handed_in is not None else {}
        graded = grade_rebuilt(nb, self.seed, self.settings, release, extra)
        for note in record_of(graded).notes:
            self.log.warning(f"{resources['nbgrader']['student']}: {note}")
        return graded, resources


class SaveScores(SaveAutoGrades):  # type: ignore[misc]
    """nbgrader's SaveAutoGrades, which besides tells what a person should look at.

    That is what the record asks to have reviewed, and of the scores that a person gave those whose answer or
    cell is no longer what that person saw (:mod:`autograder.recorded.settled`).
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Record the scores of all graded cells."""
        ids = resources["nbgrader"]
        self._record = record_of(nb)
        self._before = self.parent.answers_before.get((ids["student"], ids["notebook"]), {})
        notebook, resources = super().preprocess(nb, resources)
        return notebook, resources

    def preprocess_cell(self, cell: NotebookNode, resources: Any, index: int) -> tuple[NotebookNode, Any]:
        """Record the score and the comment of one cell."""
        if not (is_grade(cell) or is_task(cell)):
            super().preprocess_cell(cell, resources, index)
            return cell, resources
        name = cell.metadata.nbgrader.grade_id
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        was_open = grade.needs_manual_grade
        super().preprocess_cell(cell, resources, index)
        if self._record.status == FAILED:
            grade.auto_score = None  # what could not be run has no score, which is not the same as 0
        grade.needs_manual_grade = needs_a_person(
            grade,
            name,
            self._before,
            self._record.answers or {},
            was_open=was_open,
            review=self._record.review,
        )
        self.gradebook.db.commit()
        return cell, resources
