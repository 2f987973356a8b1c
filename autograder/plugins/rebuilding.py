"""The sanitizing step: whatever was submitted becomes the released notebook with the student's answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.grading.one import rebuilt
from autograder.grading.record import record_of
from autograder.submission import Reading, released_with_tests


class Rebuild(NbGraderPreprocessor):  # type: ignore[misc]
    """Replaces nbgrader's sanitizing steps, all of which it makes unnecessary.

    Outputs are dropped, kernel, metadata, points and order are the released ones, ids are unique, and
    graded cells have their source from the gradebook, hidden tests included.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Rebuild ``nb``, as SubmissionExporter read it; CourseError if there is no release to build on."""
        reading: Reading = resources["reading"]
        notebook = rebuilt(self._released(resources["nbgrader"]), reading)
        for sentence in record_of(notebook)["repairs"][len(reading.sentences) :]:
            self.log.warning(f"{resources['nbgrader']['student']}: {sentence}")
        return notebook, resources

    def _released(self, ids: dict[str, str]) -> NotebookNode:
        course = self.parent.parent.coursedir
        folder = course.format_path(course.release_directory, ".", ids["assignment"])
        with Gradebook(ids["db_url"]) as gradebook:
            path = Path(folder, f"{ids['notebook']}.ipynb")
            return released_with_tests(path, gradebook, ids["assignment"])
