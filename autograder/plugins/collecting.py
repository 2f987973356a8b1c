"""How ``nbgrader zip_collect`` takes what a learning management system lets one download.

It opens no archive that a student packed, and makes no folder for a name that no page could show.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin
from nbgrader.utils import unzip

from autograder.submission.files import log_name
from autograder.submission.student_names import objection


class OuterExtractor(ExtractorPlugin):  # type: ignore[misc]
    """nbgrader's extractor; it opens what was downloaded, and nothing that a student packed.

    nbgrader opens archives within archives, too. The files in a student's may be called as another's are, and
    one that is broken, or holds itself, keeps it from ending.
    """

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Extract the archives, and copy other files."""
        for root, _, names in os.walk(archive_path):
            place = Path(extracted_path, os.path.relpath(root, archive_path))
            place.mkdir(parents=True, exist_ok=True)
            for name in names:
                if Path(name).suffix in self.zip_ext:
                    unzip(str(Path(root, name)), str(place), zip_ext=self.zip_ext, create_own_folder=True)
                else:
                    shutil.copy(Path(root, name), place)
        for path in sorted(Path(extracted_path).rglob("*")):
            if path.suffix in self.zip_ext and path.is_file():
                self.log.error(f"{log_name(path.name)} is an archive in an archive, and is not opened.")


class NamedCollector(FileNameCollectorPlugin):  # type: ignore[misc]
    """nbgrader's collector by file name; it leaves out, with a sentence, what cannot be collected.

    That is what has no possible student's name, and the second of two files for one place: with no
    time to tell which is newer, nbgrader gives up on the whole class. The file stays where it was extracted.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._takes: dict[tuple[str, str], str] = {}

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """What the file's name says; None for a file that is to be skipped."""
        found: dict[str, str] | None = super().collect(submitted_file)
        why = objection(found["student_id"] or "") if found and "student_id" in found else ""
        if found and not why and "file_id" in found and not found.get("timestamp"):
            stem, kind = os.path.splitext(found["file_id"])[0], Path(submitted_file).suffix
            place = found["student_id"], stem + kind
            first = self._takes.setdefault(place, submitted_file)
            if first != submitted_file:
                why = f"{_shown(first)} is taken as {log_name(place[1])} of {place[0]}"
        if why:
            self.log.error(f"{_shown(submitted_file)} is left out: {why}")
        return None if why else found


def _shown(path: str) -> str:
    """A file's name, with that of its folder: Moodle's folders are called as students are."""
    return log_name("/".join(Path(path).parts[-2:]))
