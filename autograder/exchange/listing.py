"""What lies in nbgrader's exchange is listed whatever one student put there: nbgrader reads every notebook.

It waits at a pipe for ever, reads a link to a device until the memory is full, and ends all of the list at
what it cannot open.
"""

from __future__ import annotations

from pathlib import Path

from nbgrader.exchange.default import ExchangeList

from autograder.submission.files import BadFileError, log_name, read_regular_file


class List(ExchangeList):  # type: ignore[misc]
    """nbgrader's own, of folders whose notebooks are files; all can still be removed."""

    assignments: list[str]

    def init_dest(self) -> None:
        """Find the folders, and leave out, with the reason, those that cannot be read."""
        super().init_dest()
        if self.inbound and not self.remove:
            self.assignments = [path for path in self.assignments if self._may_be_read(Path(path))]

    def _may_be_read(self, folder: Path) -> bool:
        try:
            for path in folder.glob("*.ipynb"):
                read_regular_file(path)
            for path in folder.glob("submission_secret.txt"):  # by which feedback is found
                read_regular_file(path).decode()
        except (BadFileError, UnicodeDecodeError) as error:
            why = f"{path.name} {error}"
            self.log.error(f"{log_name(folder.name)} is not listed: {log_name(why, 300)}")
            return False
        return True
