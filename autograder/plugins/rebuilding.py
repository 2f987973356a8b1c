"""The sanitizing step: whatever was submitted becomes the released notebook with the student's answers."""

from __future__ import annotations

from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.grading.grade import rebuilt
from autograder.grading.steps import released
from autograder.grading.task import Release, Task
from autograder.recorded.record import keep_record


class Rebuild(NbGraderPreprocessor):  # type: ignore[misc]
    """Replaces nbgrader's sanitizing steps, all of which it makes unnecessary.

    Outputs are dropped, kernel, metadata, points and order are the released ones, ids are unique, and
    graded cells have their source from the gradebook, hidden tests included.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """The release with what SubmissionExporter found to be handed in, in place of the empty ``nb``."""
        task: Task = resources["task"]
        release: Release = resources["release"]
        name = resources["nbgrader"]["notebook"]
        notebook = rebuilt(released(release.notebooks[name]), task.handed[name])
        # By these `course grade` knows that the submission has a current grade.
        record = keep_record(notebook, **task.facts, release=release.digest)
        for sentence in record.repairs:
            self.log.warning(f"{task.student}: {sentence.removeprefix(f'{task.student}: ')}")
        return notebook, resources
