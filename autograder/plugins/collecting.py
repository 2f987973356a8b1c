"""How ``nbgrader zip_collect`` takes what a learning management system lets one download.

It opens no archive that a student packed, and makes no folder for a name that no page could show.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

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
