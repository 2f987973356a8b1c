"""The sanitizing step: whatever was submitted becomes the released notebook with the student's answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.plugins.record import record_of
from autograder.submission import Reading, Status, rebuild, released_with_tests


class Rebuild(NbGraderPreprocessor):  # type: ignore[misc]
    """Replaces nbgrader's sanitizing steps, all of which it makes unnecessary.

    Outputs are dropped, kernel, metadata, points and order are the released ones, ids are unique, and
    graded cells have their source from the gradebook, hidden tests included.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Rebuild ``nb``, as SubmissionExporter read it; CourseError if there is no release to build on."""
        reading: Reading = resources["reading"]
        rebuilt = rebuild(self._released(resources["nbgrader"]), nb)
        read = reading.notebook is not None
        record = record_of(rebuilt.notebook)
        record["intake"] = str(reading.status)
        # When nothing could be read, that nothing was handed in goes without saying.
        record["repairs"] = [*reading.sentences, *(rebuilt.repairs if read else ())]
        record["review"] = reading.status in (Status.MISSING, Status.REFUSED) or bool(rebuilt.missing)
        for sentence in rebuilt.repairs if read else ():
            self.log.warning(f"{resources['nbgrader']['student']}: {sentence}")
        return rebuilt.notebook, resources

    def _released(self, ids: dict[str, str]) -> NotebookNode:
        course = self.parent.parent.coursedir
        folder = course.format_path(course.release_directory, ".", ids["assignment"])
        with Gradebook(ids["db_url"]) as gradebook:
            path = Path(folder, f"{ids['notebook']}.ipynb")
            return released_with_tests(path, gradebook, ids["assignment"])
