"""A gradebook exported from Canvas, read for what only Canvas knows: its ids of students and assignments."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.errors import CourseError
from autograder.exports.standing import Student

INFO = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_NUMBERED = re.compile(r"\s*\(\d+\)\s*$")


@dataclass(frozen=True)
class Roster:
    """The columns about students, with one row for each, and the headers of the assignments."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    titles: Mapping[str, str]

    def title(self, assignment: str) -> str:
        """The header of an assignment's column: Canvas's own, with its id, if Canvas has it by this name."""
        return self.titles.get(assignment.casefold(), assignment)

    def place(self, students: Sequence[Student]) -> tuple[dict[int, Student], list[Student]]:
        """Which row is whose, and who has none; CourseError when a row or a student fits twice."""
        owners: dict[int, Student] = {}
        strangers = []
        for student in students:
            row = self._row_of(student)
            if row is None:
                strangers.append(student)
            elif row in owners:
                raise CourseError(
                    f"one row of the roster fits both {owners[row].id} and {student.id}: {self.rows[row][0]}"
                )
            else:
                owners[row] = student
        return owners, strangers

    def _row_of(self, student: Student) -> int | None:
        """The row with this student's id or address in one of Canvas's columns of ids."""
        for wanted in filter(None, (student.id.casefold(), student.email.casefold())):
            for header, rows in self._by_name.items():
                found = rows.get(wanted, [])
                if len(found) > 1:
                    raise CourseError(f"the roster has {len(found)} rows with {header} {wanted!r}")
                if found:
                    return found[0]
        return None

    @cached_property
    def _by_name(self) -> dict[str, dict[str, list[int]]]:
        """For each column of ids, in the order they are tried in, the rows by what they may be called."""
        found: dict[str, dict[str, list[int]]] = {}
        for header in ("SIS Login ID", "SIS User ID", "ID"):
            if header in self.headers:
                rows = found.setdefault(header, {})
                for index, row in enumerate(self.rows):
                    for name in _names(row[self.headers.index(header)]):
                        rows.setdefault(name, []).append(index)
        return found


def read_roster(path: Path) -> Roster:
    """Read a gradebook that Canvas exported; CourseError when it is none."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = [line for line in csv.reader(file) if line]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CourseError(f"{path} cannot be read as a roster: {error}") from error
    header = [name.strip() for name in lines[0]] if lines else []
    if not {"Student", "ID", "Section"} <= set(header):
        raise CourseError(
            f"{path} is no gradebook exported from Canvas: it has no columns Student, ID, Section"
        )
    width = header.index("Section") + 1
    rows = [tuple((*line, *[""] * width)[:width]) for line in lines[1:]]
    titles = {_NUMBERED.sub("", name).casefold(): name for name in header[width:]}
    return Roster(tuple(header[:width]), tuple(row for row in rows if _is_student(row)), titles)


def no_roster(students: Sequence[Student]) -> Roster:
    """What can be told without one: Canvas then finds students by their login, which is their id here."""
    return Roster(INFO, tuple(blank_row(INFO, student) for student in students), {})


def blank_row(headers: Sequence[str], student: Student) -> tuple[str, ...]:
    """A student's row as far as it is known without Canvas."""
    told = {"Student": student.sortable_name, "SIS Login ID": student.id}
    return tuple(told.get(header, "") for header in headers)


def _is_student(row: Sequence[str]) -> bool:
    # Besides students, Canvas writes a row of maximum points and one that says how grades are posted.
    return bool(row[0].strip()) and "Points Possible" not in row[0]


def _names(text: str) -> set[str]:
    """A login as it stands and, of an address, the part before the @."""
    login = text.strip().casefold()
    return {login, login.partition("@")[0]}
