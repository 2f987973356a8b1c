"""Each system's columns: only final scores are numbers, and why there is none is told where it may be."""

from datetime import datetime

import pytest

from autograder.exports.formats import as_canvas_wrote, canvas_rows, exercise_rows, moodle_rows
from autograder.exports.roster import Roster
from autograder.exports.spreadsheet import Verbatim
from autograder.exports.standing import GradingStatus, Person, Standing

ADA, BOB = Person("ada", "Ada", "King", "ada@uni.example"), Person("bob")


def standing(who, name, status=GradingStatus.GRADED, points=7.5, penalty=0.0, **more):
    return Standing(who, name, 10.0, status, points, penalty, **more)


@pytest.fixture
def standings():
    """Two students in two assignments."""
    late = {"penalty": 2.5, "timestamp": datetime(2026, 11, 2, 9, 30), "exercises": {"2_b": 3.0, "1_a": 4.5}}
    waits = {"exercises": {"1_a": 2.0, "3_c": None}, "unsettled": ("3_c",), "points": 2.0}
    return {
        "one": [standing(ADA, "one", **late), standing(BOB, "one", GradingStatus.WAITING, **waits)],
        "two": [
            standing(ADA, "two", GradingStatus.UNGRADED, 0.0),
            standing(BOB, "two", exercises={"0_z": 7.5}),
        ],
    }


def test_canvas_without_a_roster_finds_students_by_their_login(standings):
    (header, most, *rows), placing = canvas_rows(standings, None)
    assert header[5:] == ["one", "one status", "two", "two status"]
    assert most == ["    Points Possible", "", "", "", "", 10.0, "(read only)", 10.0, "(read only)"]
    assert rows == [
        ["King, Ada", "", "", "ada", "", 5.0, "graded", None, "handed in, not graded yet"],
        ["bob", "", "", "bob", "", None, "waits for a person: 3_c", 7.5, "graded"],
    ]
    assert (placing.owners, placing.strangers) == ({0: ADA, 1: BOB}, [])


def test_canvas_gets_its_own_rows_back_and_then_whom_it_lacks(standings):
    lines = (("Zoe", "3", "G"), ("Ada", "ada", "G"))
    roster = Roster(("Student", "ID", "Section"), lines, {"one": "One (4711)"})
    (header, _, *rows), placing = canvas_rows(standings, roster)
    assert header == ["Student", "ID", "Section", "One (4711)", "one status", "two", "two status"]
    assert rows == [
        ["Zoe", "3", "G", None, "no submission", None, "no submission"],
        ["Ada", "ada", "G", 5.0, "graded", None, "handed in, not graded yet"],
        ["bob", "", "", None, "waits for a person: 3_c", 7.5, "graded"],
    ]
    assert placing.strangers == [BOB]
    assert [type(row[1]) for row in rows] == [Verbatim, Verbatim, str]


def test_ids_alone_stay_byte_for_byte():
    row = as_canvas_wrote(("Student", "SIS Login ID", "SIS User ID", "ID"), ("=a", "=b", "=c", "=d"))
    assert row == ["=a", "=b", "=c", "=d"]
    assert [type(cell) for cell in row] == [str, Verbatim, Verbatim, Verbatim]


def test_a_course_without_students_has_headers_alone():
    (header, most), _ = canvas_rows({"one": []}, None)
    assert (header[5:], most[5:]) == (["one", "one status"], [None, "(read only)"])
    assert len(canvas_rows({}, None)[0]) == 2


def test_moodle_gets_numbers_or_dashes_with_feedback_beside_them(standings):
    header, ada, bob = moodle_rows(standings)
    assert header == [
        *("First name", "Last name", "Username", "Email address"),
        *("Assignment: one", "Assignment: one (feedback)", "Assignment: two", "Assignment: two (feedback)"),
    ]
    assert ada == [
        *("Ada", "King", "ada", "ada@uni.example"),
        *(5.0, "2_b: 3; 1_a: 4.5; late: -2.5", "-", "handed in, not graded yet"),
    ]
    assert bob == ["", "", "bob", "", "-", "waits for a person: 3_c", 7.5, "0_z: 7.5"]


def test_moodle_gets_a_zero_where_somebody_earned_none():
    nothing = standing(BOB, "one", points=0.0, exercises={"1_a": 0.0})
    assert moodle_rows({"one": [nothing]})[1][4:] == [0.0, "1_a: 0"]


def test_the_plain_table_has_the_points_of_every_exercise_and_of_no_submission_none(standings):
    header, *rows = exercise_rows(standings)
    assert header == [
        *("assignment", "student_id", "last_name", "first_name", "email"),
        *("timestamp", "status", "score", "max_score", "raw_score", "late_submission_penalty"),
        *("1_a", "2_b", "3_c", "0_z"),
    ]
    who = ["ada", "King", "Ada", "ada@uni.example"]
    assert rows == [
        ["one", *who, "2026-11-02 09:30:00", "graded", 5.0, 10.0, 7.5, 2.5, 4.5, 3.0, None, None],
        [
            "one",
            "bob",
            "",
            "",
            "",
            "",
            "waits for a person: 3_c",
            None,
            10.0,
            2.0,
            0.0,
            2.0,
            None,
            None,
            None,
        ],
        ["two", *who, "", "handed in, not graded yet", None, 10.0, None, None, None, None, None, None],
        ["two", "bob", "", "", "", "", "graded", 7.5, 10.0, 7.5, 0.0, None, None, None, 7.5],
    ]
    nothing = {"one": [standing(BOB, "one", GradingStatus.NOTHING, 0.0)]}
    assert exercise_rows(nothing)[1][5:] == ["", "no submission", None, 10.0, None, None]
