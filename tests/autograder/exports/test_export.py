"""Grades as Canvas, Moodle and a spreadsheet read them: parsed back with the csv module, column by column."""

import csv
from datetime import datetime

import pytest
from commands import command, course_here
from nbgrader.api import Gradebook

from autograder.plugins import CanvasExport, ExerciseExport, MoodleExport

ASSIGNMENT = "01_square"
VALUES, WRITTEN = "01_square-values", "02_written"
UNSETTLED = {"needs_manual_grade": True}


@pytest.fixture
def graded(built_course):
    """A course whose gradebook holds one student in each state, two with names that are dangerous."""
    with built_course.api().gradebook as gradebook:
        names = {"first_name": 'Ada "Countess"', "last_name": "King, of Lovelace", "email": "ada@uni.example"}
        _submission(gradebook, "ada", {VALUES: 90.0}, {WRITTEN: 7.5}, **names)
        _submission(gradebook, "bob", {VALUES: 30.0, WRITTEN: None}, unsettled=[WRITTEN])
        _submission(gradebook, "cyd", {VALUES: None, WRITTEN: None}, unsettled=[VALUES, WRITTEN])
        _submission(gradebook, "eve", {VALUES: 30.0}, {WRITTEN: 0.0}, penalty=12.5)
        gradebook.add_student("dan", first_name="Dan", last_name="=1+1")
        _submission(gradebook, "=HYPERLINK(1)", {VALUES: 0.0}, {WRITTEN: 0.0}, first_name="@SUM(A1)")
    (built_course.submitted / "fay" / ASSIGNMENT).mkdir(parents=True)
    return built_course


def _submission(gradebook, student, auto, manual=(), unsettled=(), penalty=0.0, **names):
    gradebook.update_or_create_student(student, **names)
    submission = gradebook.update_or_create_submission(
        ASSIGNMENT, student, timestamp=datetime(2026, 11, 2, 9, 30)
    )
    submission.notebooks[0].late_submission_penalty = penalty
    for grade in submission.notebooks[0].grades:
        grade.auto_score = auto.get(grade.name)
        grade.manual_score = dict(manual).get(grade.name)
        grade.needs_manual_grade = grade.name in unsettled
    gradebook.db.commit()


def export(course, kind, to, *options):
    """`course export`: its exit status and the rows that the csv module reads back."""
    status = course_here("export", "--format", kind, "--to", to, "--course", course.root, *options)
    return status, read(to) if to.is_file() else None


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))


def by(rows, column):
    """Rows as dicts, by the value of one column."""
    header = rows[0]
    assert len(set(header)) == len(header)
    assert {len(row) for row in rows} == {len(header)}
    return {row[header.index(column)]: dict(zip(header, row, strict=True)) for row in rows[1:]}


def test_canvas_gets_its_columns_and_only_final_scores(graded, tmp_path, capsys):
    status, rows = export(graded, "canvas", tmp_path / "canvas.csv")
    assert status == 0
    assert rows[0][:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert rows[0][5:] == [ASSIGNMENT, f"{ASSIGNMENT} status"]
    assert rows[1] == ["    Points Possible", "", "", "", "", "100", "(read only)"]
    found = by(rows, "SIS Login ID")
    assert found["ada"]["Student"] == 'King, of Lovelace, Ada "Countess"'
    assert [found[who][ASSIGNMENT] for who in ("ada", "eve")] == ["97.5", "17.5"]
    for who in ("bob", "cyd", "dan", "fay"):
        assert found[who][ASSIGNMENT] == ""
    marks = {who: found[who][f"{ASSIGNMENT} status"] for who in ("ada", "bob", "cyd", "dan", "fay")}
    assert marks == {
        "ada": "graded",
        "bob": "waits for a person: 02_written",
        "cyd": "could not be graded: 01_square, 02_written",
        "dan": "no submission",
        "fay": "handed in, not graded yet",
    }
    told = capsys.readouterr().err
    assert "01_square: 4 of 7 students have no final score:" in told
    assert "  cyd: could not be graded" in told


def test_moodle_gets_numbers_or_dashes_with_feedback_beside_them(graded, tmp_path, capsys):
    status, rows = export(graded, "moodle", tmp_path / "moodle.csv")
    assert status == 0
    grade, feedback = f"Assignment: {ASSIGNMENT}", f"Assignment: {ASSIGNMENT} (feedback)"
    assert rows[0] == ["First name", "Last name", "Username", "Email address", grade, feedback]
    found = by(rows, "Username")
    assert found["ada"] == {
        "First name": 'Ada "Countess"',
        "Last name": "King, of Lovelace",
        "Username": "ada",
        "Email address": "ada@uni.example",
        grade: "97.5",
        feedback: "01_square: 90; 02_written: 7.5",
    }
    assert found["eve"][feedback] == "01_square: 30; 02_written: 0; late: -12.5"
    assert {who: found[who][grade] for who in ("bob", "cyd", "dan", "fay")} == dict.fromkeys(
        ("bob", "cyd", "dan", "fay"), "-"
    )
    assert found["cyd"][feedback].startswith("could not be graded")


def test_the_plain_table_has_the_points_of_every_exercise(graded, tmp_path, capsys):
    status, rows = export(graded, "csv", tmp_path / "points.csv")
    assert status == 0
    found = by(rows, "student_id")
    exercises = {who: (found[who]["01_square"], found[who]["02_written"]) for who in ("ada", "bob", "cyd")}
    assert exercises == {"ada": ("90", "7.5"), "bob": ("30", ""), "cyd": ("", "")}
    eve = found["eve"]
    assert (eve["raw_score"], eve["late_submission_penalty"], eve["score"]) == ("30", "12.5", "17.5")
    assert (found["bob"]["score"], found["bob"]["raw_score"]) == ("", "30")
    assert (found["dan"]["score"], found["dan"]["raw_score"]) == ("", "")
    assert found["ada"]["timestamp"] == "2026-11-02 09:30:00"


@pytest.mark.parametrize("kind", ["canvas", "moodle", "csv"])
def test_no_cell_is_a_formula(graded, tmp_path, capsys, kind):
    _, rows = export(graded, kind, tmp_path / "grades.csv")
    cells = {cell for row in rows for cell in row}
    assert {"'=HYPERLINK(1)"} <= cells
    assert [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell not in ("", "-")] == []
    assert "=HYPERLINK(1): written with an apostrophe in front" in capsys.readouterr().err


ROSTER = """\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,01_square (4711),Current Score
,,,,,Manual Posting,
    Points Possible,,,,,100,(read only)
"King, Ada",101,S-1,ADA@uni.example,Group 1,,
"Bobson, Bob",102,bob,bb7,Group 2,,
"Goodman, Gil",103,S-3,gil,Group 2,,
"""


def test_a_roster_gives_canvas_its_own_ids(graded, tmp_path, capsys):
    roster = tmp_path / "roster.csv"
    roster.write_text(ROSTER, encoding="utf-8")
    status, rows = export(graded, "canvas", tmp_path / "canvas.csv", "--roster", roster)
    assert status == 0
    found = by(rows, "Student")
    assert rows[0][5] == "01_square (4711)"
    assert rows[2] == ["King, Ada", "101", "S-1", "ADA@uni.example", "Group 1", "97.5", "graded"]
    assert found["Bobson, Bob"]["ID"] == "102"
    assert found["Goodman, Gil"]["01_square status"] == "no submission"
    assert found["eve"]["SIS Login ID"] == "eve"
    assert "Canvas may not know them: '=HYPERLINK(1), cyd".replace("'", "") in capsys.readouterr().err


def test_who_could_be_two_people_is_named_and_gets_no_grade(graded, tmp_path, capsys):
    lines = ['"E1",1,,eve@a.example,G', '"E2",2,,eve@b.example,G', '"King, Ada",101,,ada,G']
    lines += ["Hyper,4,,=HYPERLINK(1),G", ""]
    roster = tmp_path / "roster.csv"
    roster.write_text("\n".join(["Student,ID,SIS User ID,SIS Login ID,Section", *lines]), encoding="utf-8")
    status, rows = export(graded, "canvas", tmp_path / "canvas.csv", "--roster", roster)
    assert status == 0
    assert [row[5] for row in rows[2:5]] == ["", "", "97.5"]
    assert [row[3:6] for row in rows[5:] if row[3] == "eve"] == [["eve", "", "17.5"]]  # nobody is dropped
    told = capsys.readouterr().err
    assert "E1 could be eve, and got no grade" in told
    assert "not in the roster" in told
    assert "apostrophe" not in told  # an id of the roster stays as Canvas wrote it


@pytest.mark.parametrize(
    ("kind", "options", "says"),
    [
        ("excel", (), "no format 'excel'; there is: canvas, moodle, csv"),
        ("csv", ("--assignment", "99_none"), "no assignment '99_none' in the gradebook; there is: 01_square"),
        ("csv", (), "nothing was handed in yet: there are no grades to export"),
        ("moodle", ("--roster", "r.csv"), "for --format canvas alone"),
    ],
)
def test_a_wrong_wish_is_one_sentence_and_no_file(built_course, tmp_path, capsys, kind, options, says):
    assert export(built_course, kind, tmp_path / "x.csv", *options) == (2, None)
    assert says in capsys.readouterr().err


def test_the_roster_is_not_written_over(built_course, tmp_path, capsys):
    roster = tmp_path / "r.csv"
    roster.write_text("Student,ID\n", encoding="utf-8")
    same, again = tmp_path / "x" / ".." / "r.csv", tmp_path / "y" / ".." / "r.csv"
    status, _ = export(built_course, "canvas", same, "--roster", again)
    assert (status, roster.read_text(encoding="utf-8")) == (2, "Student,ID\n")
    assert "is the roster, and stays: choose another --to" in capsys.readouterr().err


def test_final_scores_are_the_gradebooks(graded, tmp_path, capsys):
    _, rows = export(graded, "canvas", tmp_path / "canvas.csv", "--student", "ada")
    with Gradebook(graded.api().coursedir.db_url) as gradebook:
        assert float(rows[2][5]) == gradebook.find_submission(ASSIGNMENT, "ada").score


PLUGINS = {"canvas": CanvasExport, "moodle": MoodleExport, "csv": ExerciseExport}


@pytest.mark.parametrize("kind", PLUGINS)
def test_the_plugins_write_the_same_files(graded, tmp_path, capsys, kind):
    _, rows = export(graded, kind, tmp_path / "ours.csv")
    plugin = PLUGINS[kind](parent=graded.api(), to=str(tmp_path / "theirs.csv"))
    with graded.api().gradebook as gradebook:
        plugin.export(gradebook)
    assert read(tmp_path / "theirs.csv") == rows


def test_a_plugin_refuses_in_one_sentence(graded, tmp_path):
    plugin = CanvasExport(parent=graded.api(), to=str(tmp_path / "x.csv"), assignment=["99_none"])
    with graded.api().gradebook as gradebook, pytest.raises(SystemExit) as ended:
        plugin.export(gradebook)
    assert ended.value.code == 1
    assert not (tmp_path / "x.csv").exists()


@pytest.mark.slow
def test_plain_nbgrader_exports_through_a_plugin_and_takes_its_options(graded, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text(ROSTER, encoding="utf-8")
    options = ["--to=theirs.csv", f"--CanvasExport.roster={roster}", "--student=ada"]
    command(graded.root, "nbgrader", "export", "--exporter=autograder.plugins.CanvasExport", *options)
    assert read(graded.root / "theirs.csv")[2][1:6] == ["101", "S-1", "ADA@uni.example", "Group 1", "97.5"]
