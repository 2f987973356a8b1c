"""The columns that each system documents, filled with standings.

Canvas: "How do I import grades in the Gradebook?" in its instructor guide; a column with ``(read only)`` in
the row of maximum points is shown to people and ignored by the import. Moodle: "Grade import" in its
documentation; a dash is no grade, any other text in place of a number stops the import, and a grade that is
imported without its feedback is lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.exports.roster import ID_COLUMNS, Placing, Roster, blank_row, no_roster
from autograder.exports.spreadsheet import Cell, Verbatim, number
from autograder.exports.standing import GradingStatus, Person, Standing

READ_ONLY = "(read only)"
NO_GRADE = "-"

Standings = Mapping[str, Sequence[Standing]]  # by assignment; the students are the same, in one order
Rows = list[list[Cell]]


def canvas_rows(standings: Standings, roster: Roster | None) -> tuple[Rows, Placing]:
    """A row for each line of the roster, then for each student whom it lacks; and who was found where.

    Without a roster, Canvas finds students by their login, which is taken to be their id here.
    """
    students = _students(standings)
    from_canvas = roster is not None
    roster = roster or no_roster(students)
    header: list[Cell] = list(roster.headers)
    most: list[Cell] = ["    Points Possible", *[""] * (len(roster.headers) - 1)]
    for assignment, found in standings.items():
        header += [roster.title(assignment), f"{assignment} status"]
        most += [found[0].max_score if found else None, READ_ONLY]
    placing = roster.place(students)
    owners = placing.owners
    cells = {each[0].student: _canvas_cells(each) for each in zip(*standings.values(), strict=True)}
    never_seen: list[Cell] = [None, str(GradingStatus.NOTHING)] * len(standings)
    rows: Rows = [
        [
            *(as_canvas_wrote(roster.headers, row) if from_canvas else row),
            *(cells[owners[index]] if index in owners else never_seen),
        ]
        for index, row in enumerate(roster.rows)
    ]
    rows += [[*blank_row(roster.headers, who), *cells[who]] for who in placing.strangers]
    return [header, most, *rows], placing


def as_canvas_wrote(headers: Sequence[str], row: Sequence[str]) -> list[Cell]:
    """A row of the roster; its ids stay byte for byte what they are, or Canvas would not know them again."""
    return [
        Verbatim(text) if header in ID_COLUMNS else text for header, text in zip(headers, row, strict=True)
    ]


def moodle_rows(standings: Standings) -> Rows:
    """A row for each student: who it is, then a grade and feedback for every assignment."""
    header: list[Cell] = ["First name", "Last name", "Username", "Email address"]
    for assignment in standings:
        header += [f"Assignment: {assignment}", f"Assignment: {assignment} (feedback)"]
    rows: Rows = [header]
    for each in zip(*standings.values(), strict=True):
        who = each[0].student
        row: list[Cell] = [who.first_name, who.last_name, who.id, who.email]
        for standing in each:
            grade = NO_GRADE if standing.score is None else standing.score
            row += [grade, standing.mark or _in_words(standing)]
        rows.append(row)
    return rows


def exercise_rows(standings: Standings) -> Rows:
    """A row for each student and assignment, with a column for every exercise; unsettled points are empty.

    ``score`` is the final one, less the penalty; ``raw_score`` is what is settled so far.
    """
    exercises = list(
        dict.fromkeys(
            exercise
            for found in standings.values()
            for exercise in sorted({name for standing in found for name in standing.exercises})
        )
    )
    who = ["student_id", "last_name", "first_name", "email"]
    what = ["timestamp", "status", "score", "max_score", "raw_score", "late_submission_penalty"]
    rows: Rows = [["assignment", *who, *what, *exercises]]
    for assignment, found in standings.items():
        for standing in found:
            person = standing.student
            submitted = standing.status not in (GradingStatus.NOTHING, GradingStatus.UNGRADED)
            rows.append(
                [
                    *(assignment, person.id, person.last_name, person.first_name, person.email),
                    "" if standing.timestamp is None else standing.timestamp.isoformat(" "),
                    standing.mark or str(standing.status),
                    *(standing.score, standing.max_score),
                    *((standing.points, standing.penalty) if submitted else (None, None)),
                    *(standing.exercises.get(exercise) for exercise in exercises),
                ]
            )
    return rows


def _students(standings: Standings) -> list[Person]:
    return [standing.student for standing in next(iter(standings.values()), ())]


def _canvas_cells(standings: Sequence[Standing]) -> list[Cell]:
    return [cell for each in standings for cell in (each.score, each.mark or str(each.status))]


def _in_words(standing: Standing) -> str:
    parts = [f"{name}: {number(points)}" for name, points in standing.exercises.items() if points is not None]
    late = [f"late: -{number(standing.penalty)}"] if standing.penalty else []
    return "; ".join([*parts, *late])
