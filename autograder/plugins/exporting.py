"""The exporters for `nbgrader export --exporter ...`; `course export` writes the same files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from nbgrader.plugins import ExportPlugin
from traitlets import Unicode

from autograder.course import Course
from autograder.errors import CourseError
from autograder.exports.export import Wanted, write_export


class ExerciseExport(ExportPlugin):  # type: ignore[misc]
    """A row for each student and assignment, with the points of every exercise."""

    kind = "csv"
    roster = ""

    def export(self, gradebook: Any) -> None:
        """Write the file that ``--to`` names (grades.csv by default); a sentence and exit status 1 if not."""
        wanted = Wanted(
            self.kind,
            Path(self.to or "grades.csv"),
            [str(name) for name in self.assignment],
            [str(name) for name in self.student],
            Path(self.roster) if self.roster else None,
        )
        try:
            sentences = write_export(Course(Path(self.parent.coursedir.root)), gradebook, wanted)
        except CourseError as error:
            self.log.error(str(error))
            sys.exit(1)
        for sentence in sentences:
            self.log.warning(sentence)
        self.log.info(f"Exported grades to {wanted.to}")


class CanvasExport(ExerciseExport):
    """A gradebook for Canvas's import."""

    kind = "canvas"
    roster = Unicode("", help="A gradebook exported from Canvas, to take students' ids from.").tag(
        config=True
    )


class MoodleExport(ExerciseExport):
    """Grades and feedback for Moodle's import."""

    kind = "moodle"
