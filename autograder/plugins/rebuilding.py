"""The sanitizing step: whatever was submitted becomes the released notebook with the student's answers."""

from __future__ import annotations

from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.grading.one import rebuilt
from autograder.grading.record import record_of
from autograder.submission import Reading


class Rebuild(NbGraderPreprocessor):  # type: ignore[misc]
    """Replaces nbgrader's sanitizing steps, all of which it makes unnecessary.

    Outputs are dropped, kernel, metadata, points and order are the released ones, ids are unique, and
    graded cells have their source from the gradebook, hidden tests included.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Rebuild ``nb``, as SubmissionExporter read it; CourseError if there is no release to build on."""
        reading: Reading = resources["reading"]
        ids = resources["nbgrader"]
        release = self.parent.release(ids["assignment"])
        notebook = rebuilt(nbformat.reads(release.notebooks[ids["notebook"]], as_version=4), reading)
        record_of(notebook).update(submission=resources["submission"], release=release.digest)
        for sentence in record_of(notebook)["repairs"][len(reading.sentences) :]:
            self.log.warning(f"{ids['student']}: {sentence}")
        return notebook, resources
