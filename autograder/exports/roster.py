"""A gradebook exported from Canvas, read for what only Canvas knows: its ids of students and assignments."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.errors import CourseError
from autograder.exports.standing import Person

ID_COLUMNS = ("SIS Login ID", "SIS User ID", "ID")  # in the order in which they are tried
INFO = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_NUMBERED = re.compile(r"\s*\(\d+\)\s*$")


@dataclass(frozen=True)
class Placing:
    """Whose each row is, who has none, and the rows that could be of people who are not sure to be they."""

    owners: Mapping[int, Person]
    strangers: Sequence[Person]
    unsure: Mapping[str, Sequence[Person]]  # by the name in the roster


@dataclass(frozen=True)
class Roster:
    """The columns about students, with one row for each, and the headers of the assignments."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    titles: Mapping[str, str]

    def title(self, assignment: str) -> str:
        """The header of an assignment's column: Canvas's own, with its id, if Canvas has it by this name."""
        return self.titles.get(assignment.casefold(), assignment)

    def place(self, students: Sequence[Person]) -> Placing:
        """Which rows are whose; a student may have several, one for each section.

        A row is a student's when one of its ids is the student's id or address; failing that, when it differs
        from the id by a domain alone. What could be of several people is nobody's, and is named.
        """
        found = {student: self._rows_with((student.id, student.email)) for student in students}
        taken = {index for rows in found.values() for index in rows}
        for student in students:
            if not found[student]:
                found[student] = [index for index in self._but_for_a_domain(student) if index not in taken]
        claims: dict[int, list[Person]] = {}
        for student, rows in found.items():
            for index in rows:
                claims.setdefault(index, []).append(student)
        sure = {
            student
            for student, rows in found.items()
            if len({self._person(index) for index in rows}) == 1
            and all(claims[index] == [student] for index in rows)
        }
        owners = {index: who[0] for index, who in claims.items() if who[0] in sure}
        unsure = {self.rows[index][0]: who for index, who in claims.items() if index not in owners}
        return Placing(owners, [student for student in students if student not in sure], unsure)

    def _rows_with(self, ids: Sequence[str]) -> list[int]:
        """The rows with the first of the ids that there is, in the first of Canvas's columns that has it."""
        for wanted in filter(None, map(_plain, ids)):
            for rows in self._by_id:
                if wanted in rows:
                    return rows[wanted]
        return []

    def _but_for_a_domain(self, student: Person) -> list[int]:
        """The rows with ``ada@uni.example`` where the id is ``ada``, or the other way round."""
        wanted = _plain(student.id)
        if "@" in wanted:
            return self._rows_with([wanted.partition("@")[0]])
        for rows in self._by_id:
            found = [i for name, each in rows.items() if name.partition("@")[0] == wanted for i in each]
            if found:
                return found
        return []

    def _person(self, index: int) -> str:
        """Who stands in a row: Canvas's own id, which is the same in all sections, or else another one."""
        row = dict(zip(self.headers, self.rows[index], strict=True))
        return next((row[name] for name in reversed(ID_COLUMNS) if row.get(name)), f"row {index}")

    @cached_property
    def _by_id(self) -> list[dict[str, list[int]]]:
        """For each column of ids, in the order they are tried in, the rows by what stands there."""
        indexed: list[dict[str, list[int]]] = []
        for column in (self.headers.index(name) for name in ID_COLUMNS if name in self.headers):
            rows: dict[str, list[int]] = {}
            for index, row in enumerate(self.rows):
                if _plain(row[column]):
                    rows.setdefault(_plain(row[column]), []).append(index)
            indexed.append(rows)
        return indexed


def read_roster(path: Path) -> Roster:
    """Read a gradebook that Canvas exported, with commas or semicolons; CourseError when it is none."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        table = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        header, *lines = [line for line in table if line]
    except UnicodeDecodeError:
        raise CourseError(
            f"{path} cannot be read as a roster: it is not UTF-8 text; save it as that"
        ) from None
    except (OSError, csv.Error) as error:
        why = getattr(error, "strerror", None) or error
        raise CourseError(f"{path} cannot be read as a roster: {why}") from error
    except ValueError:
        header, lines = [], []
    header = [name.strip() for name in header]
    if not {"Student", "ID", "Section"} <= set(header):
        raise CourseError(
            f"{path} is no gradebook exported from Canvas: it has no columns Student, ID, Section"
        )
    width = header.index("Section") + 1
    if header.index("ID") >= width or header[0] != "Student":
        raise CourseError(
            f"{path} is no gradebook exported from Canvas: Student does not come first, or ID after Section"
        )
    rows = [tuple((*line, *[""] * width)[:width]) for line in lines]
    titles = {_NUMBERED.sub("", name).casefold(): name for name in header[width:]}
    return Roster(tuple(header[:width]), tuple(row for row in rows if _is_student(row)), titles)


def no_roster(students: Sequence[Person]) -> Roster:
    """What can be told without one: Canvas then finds students by their login, which is their id here."""
    return Roster(INFO, tuple(blank_row(INFO, student) for student in students), {})


def blank_row(headers: Sequence[str], student: Person) -> tuple[str, ...]:
    """A student's row as far as it is known without Canvas."""
    told = {"Student": student.sortable_name, "SIS Login ID": student.id}
    return tuple(told.get(header, "") for header in headers)


def _is_student(row: Sequence[str]) -> bool:
    # Besides students, Canvas writes a row of maximum points and one that says how grades are posted.
    return bool(row[0].strip()) and "Points Possible" not in row[0]


def _delimiter(text: str) -> str:
    """A comma, or the semicolon that spreadsheets of half of Europe save."""
    first = re.split(r"[\r\n]", text, maxsplit=1)[0]
    return ";" if first.count(";") > first.count(",") else ","


def _plain(text: str) -> str:
    return text.strip().casefold()
