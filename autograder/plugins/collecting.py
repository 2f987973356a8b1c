"""How ``nbgrader zip_collect`` is kept from making folders for students whose names no page could show."""

from __future__ import annotations

from pathlib import Path

from nbgrader.plugins import FileNameCollectorPlugin

from autograder.submission.files import log_name
from autograder.submission.student_names import objection


class NamedCollector(FileNameCollectorPlugin):  # type: ignore[misc]
    """nbgrader's collector by file name; it leaves out, with a sentence, who cannot be a student's folder.

    The file stays where it was extracted.
    """

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """What the file's name says; None for a file that is to be skipped."""
        found: dict[str, str] | None = super().collect(submitted_file)
        why = objection(found["student_id"] or "") if found and "student_id" in found else ""
        if why:
            self.log.error(f"{log_name(Path(submitted_file).name)} is left out: {why}")
        return None if why else found
