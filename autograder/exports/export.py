"""One export, from the gradebook to a file, and what a person should know about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.errors import CourseError
from autograder.exports.formats import Rows, Standings, canvas_rows, exercise_rows, moodle_rows
from autograder.exports.roster import read_roster
from autograder.exports.spreadsheet import is_formula, write_csv
from autograder.exports.standing import Person, standings

FORMATS = ("canvas", "moodle", "csv")


@dataclass(frozen=True)
class Wanted:
    """What to export: in which format, to which file, and of whom; empty lists mean all."""

    kind: str
    to: Path
    assignments: Sequence[str] = ()
    students: Sequence[str] = ()
    roster: Path | None = None


def write_export(course: Course, gradebook: Any, wanted: Wanted) -> list[str]:
    """Write the file; returns sentences on who has no final score and whose rows may not be understood.

    CourseError, before anything is written: an unknown format, assignment or student, nothing handed in, a
    roster that is none, that another format does not take, or that the file would take the place of.
    """
    if wanted.kind not in FORMATS:
        raise CourseError(f"no format {wanted.kind!r}; there is: {', '.join(FORMATS)}")
    if wanted.roster is not None and wanted.kind != "canvas":
        raise CourseError("a roster is a gradebook exported from Canvas, for --format canvas alone")
    if wanted.roster is not None and wanted.roster.resolve() == wanted.to.resolve():
        raise CourseError(f"{wanted.to} is the roster, and stays: choose another --to")
    found = standings(course, gradebook, wanted.assignments, wanted.students)
    rows, sentences = _rows(found, wanted)
    write_csv(wanted.to, rows)
    return [*_unfinished(found), *sentences]


def _rows(found: Standings, wanted: Wanted) -> tuple[Rows, Iterable[str]]:
    students = [standing.student for standing in next(iter(found.values()), ())]
    if wanted.kind == "moodle":
        return moodle_rows(found), _changed(students)
    if wanted.kind == "csv":
        return exercise_rows(found), _changed(students)
    rows, placing = canvas_rows(found, None if wanted.roster is None else read_roster(wanted.roster))
    lacking = ", ".join(student.id for student in placing.strangers)
    told = [f"not in the roster, so that Canvas may not know them: {lacking}"] if lacking else []
    told += [
        f"the roster's {name} could be {' or '.join(student.id for student in who)}, and got no grade"
        for name, who in placing.unsure.items()
    ]
    here = students if wanted.roster is None else placing.strangers
    return rows, [*_changed(here), *told]


def _unfinished(found: Standings) -> Iterator[str]:
    for assignment, each in found.items():
        unfinished = [standing for standing in each if standing.score is None]
        if unfinished:
            yield f"{assignment}: {len(unfinished)} of {len(each)} students have no final score:"
            yield from (f"  {standing.student.id}: {standing.mark}" for standing in unfinished)


def _changed(students: Iterable[Person]) -> Iterator[str]:
    """An id that a spreadsheet would run is written so that it does not, and then is another id."""
    for student in students:
        if is_formula(student.id):
            yield f"{student.id}: written with an apostrophe in front, or a spreadsheet would run it"
