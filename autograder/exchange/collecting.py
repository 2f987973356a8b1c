"""How what students handed in is fetched: their own regular files alone.

A student's folder in nbgrader's exchange may hold links, to another's work or to a solution, which nbgrader
follows with the instructor's rights; and pipes, or a name that is none, at which it ends all collecting. It
may also be called as if another had handed it in, of which nbgrader warns, and takes it.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect

from autograder.submission.files import BadFileError, list_files, log_name, read_regular_file
from autograder.submission.student_names import objection
from autograder.submission.timestamp import TIMESTAMP, read_timestamp
from autograder.whole import remove

try:
    import pwd
except ImportError:  # not on Windows, where nbgrader looks at no owner either
    pwd = None  # type: ignore[assignment]


class Collect(ExchangeCollect):  # type: ignore[misc]
    """nbgrader's own, which takes regular files alone, follows no link, and goes on with the others."""

    src_records: list[dict[str, Any]]

    def _path_to_record(self, path: str) -> dict[str, Any]:
        """Whose a folder is and when it was handed in, by its name; nobody's if that says nothing."""
        name = Path(path).name
        try:
            if stat.S_ISDIR(Path(path).lstat().st_mode) and name.count("+") > 1:
                record: dict[str, Any] = super()._path_to_record(path)
                why = objection(record["username"]) or self._not_by(record["username"], Path(path))
            else:
                why = "it is no folder that `nbgrader submit` makes"
        except (OSError, ValueError, OverflowError) as error:
            why = str(error)
        if why:
            self.log.error(f"{log_name(name)} is left out: {log_name(why, 300)}")
            record = {"username": "", "filename": name, "timestamp": datetime.min}
        return record

    def _not_by(self, student: str, folder: Path) -> str:
        """Whose a folder is in place of the student whom its name says; "" if it may be theirs.

        Owners say nothing where everybody works as one user, nor of what whoever collects put there.
        """
        owner = _owner(folder) if self.check_owner and pwd is not None else student
        if owner == student or folder.lstat().st_uid == os.getuid() or not self._owners_hand_in:
            return ""
        return f"it says that {student} handed it in, but it belongs to {owner or 'somebody unknown'}"

    @cached_property
    def _owners_hand_in(self) -> bool:
        """Whether somebody's folder belongs to a user of the machine who is called as the student is."""
        return any(path.name.startswith(f"{_owner(path)}+") for path in Path(self.inbound_path).iterdir())

    def copy_files(self) -> None:
        """Collect what there is of each student."""
        self.src_records = [record for record in self.src_records if record["username"]]
        self.coursedir.get_existing_timestamp = _time_of
        super().copy_files()

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy a student's regular files; whatever keeps them from it is said, and is no other's trouble.

        All of them are there at once: half of a submission, time stamp included, would pass for collected.
        """
        new = Path(dest).with_name(f".{Path(dest).name}.new")
        try:
            with tempfile.TemporaryDirectory() as place:
                own = Path(place, "own")
                own.mkdir()
                self._take(Path(src), own)
                self._see_to_the_time(own, Path(src).name)
                remove(new)  # of a run that was killed
                super().do_copy(str(own), str(new), log)
            new.rename(dest)
        except (BadFileError, OSError, RuntimeError) as error:
            shutil.rmtree(new, ignore_errors=True)
            self.log.error(f"{log_name(Path(src).name)} is not collected: it {log_name(error, 300)}")

    def _take(self, folder: Path, own: Path) -> None:
        left = 1000 * self.coursedir.max_dir_size
        for entry in list_files(folder):
            try:
                data = read_regular_file(folder / entry.path, within=folder)
            except BadFileError as error:
                self.log.error(f"{log_name(folder.name)}: {log_name(entry.path)} {error}; it is left out.")
                continue
            left -= len(data)
            if left < 0:
                raise BadFileError(f"holds more than the {self.coursedir.max_dir_size / 1000:g} MB allowed")
            path = own / entry.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    def _see_to_the_time(self, own: Path, name: str) -> None:
        """Leave out a time stamp that says no time: Formgrader lists nobody's submissions where one lies."""
        stamp = own / TIMESTAMP
        try:
            why = "" if read_timestamp(own) or not stamp.exists() else f"{TIMESTAMP} is empty"
        except ValueError as error:
            why = str(error)
        if why:
            self.log.error(f"{log_name(name)}: {why}; it is left out.")
            remove(stamp)


def _owner(path: Path) -> str:
    """The login of whom a file belongs to; "" if nobody has it."""
    try:
        return str(pwd.getpwuid(path.lstat().st_uid).pw_name)
    except (KeyError, OSError):
        return ""


def _time_of(folder: str) -> datetime | None:
    try:
        return read_timestamp(Path(folder))
    except ValueError:  # then it is collected anew
        return None
