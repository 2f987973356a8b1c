"""A course that knows nothing of this one: checked, graded, reported on, exported, with feedback for all."""

import csv
import json

import nbformat
import pytest
import second_course as course

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

FORGED_STACK = """class Stack(list):
    def top(self):
        import sys
        frame = sys._getframe(1)
        return type("Any", (), {"__eq__": lambda self, other: True})()
"""
PATCHED = """
import builtins, string
same = is_vowel = lambda *a: True
expected = {}
builtins.open = builtins.max = builtins.len = lambda *a, **k: ""
class score:
    __iadd__ = __eq__ = lambda self, other: True
class Dict(dict):
    __eq__ = lambda self, other: True
    __hash__ = None
"""
HOSTILE = {
    ("letters", 2): PATCHED + "def vowels(word):\n    return Dict()",
    ("letters", 4): PATCHED + "def count(word):\n    return Dict()",
    ("letters", 7): PATCHED + "def longest(path):\n    open(path, 'w')\n    return ''",
    ("letters", 9): "def keep(words, path):\n    import os\n    os.symlink('/etc/passwd', path)",
    ("classes", 2): FORGED_STACK,
}


@pytest.fixture(scope="module", name="root")
def root_fixture(tmp_path_factory):
    root = course.make(tmp_path_factory.mktemp("second") / "course (2)")
    course.release(root)
    course.command(root, "course", "check", course.ASSIGNMENT)
    course.hand_in(root, "ada", root / "source" / course.ASSIGNMENT)
    course.hand_in(root, "bob")
    course.hand_in(root, "eve", edit=course.with_answers(HOSTILE))
    course.hand_in(root, "zoe", root / "source" / course.ASSIGNMENT)
    course.command(root, "course", "grade", course.ASSIGNMENT)
    return root


@pytest.fixture(scope="module", name="outcomes")
def outcomes_fixture(root):
    def outcomes(student):
        found = {}
        for name in course.NOTEBOOKS:
            path = root / "autograded" / student / course.ASSIGNMENT / f"{name}.ipynb"
            record = nbformat.read(path, as_version=4).metadata.autograder
            for grade_id, outcome in record.outcomes.items():
                found[name, int(grade_id.partition("-")[2], 16)] = outcome
        return found

    return outcomes


def test_check_puts_a_cell_inside_only_where_its_solution_needs_it(root):
    tiers = json.loads((root / "tiers.json").read_text(encoding="utf-8"))[course.ASSIGNMENT]
    assert {facts["tier"] for facts in tiers["letters"].values()} == {"apart"}
    assert {facts["tier"] for facts in tiers["classes"].values()} == {"inside"}


def test_check_says_and_writes_the_same_each_time(root):
    before = (root / "tiers.json").read_bytes()
    said = course.command(root, "course", "check", course.ASSIGNMENT)
    assert (root / "tiers.json").read_bytes() == before
    assert "inside: " in said
    assert "to have it apart" in said
    assert "5 of 6 graded cells are graded apart" in said


@pytest.mark.parametrize("student", ["ada", "zoe"])
def test_the_solution_earns_full_marks(outcomes, student):
    assert all(item["points"] == item["max_points"] for item in outcomes(student).values())


def test_an_untouched_release_earns_nothing(outcomes):
    assert not any(item["points"] for item in outcomes("bob").values())


def test_a_hostile_student_gains_nothing_apart_and_inside_only_their_own(outcomes):
    found = outcomes("eve")
    apart = {key: item["points"] for key, item in found.items() if item["tier"] == "apart"}
    assert apart
    assert not any(apart.values())
    assert {key for key, item in found.items() if item["tier"] == "inside"} == {("classes", 3)}
    assert all(item["points"] == item["max_points"] for item in outcomes("zoe").values())  # in the same run


def test_the_export_has_exercises_by_their_headings(root):
    course.command(root, "course", "export", "--format", "csv", "--to", "grades.csv")
    with (root / "grades.csv").open(encoding="utf-8") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    exercises = {"A stack": "2", "Counting": "3", "In your own words": "", "Poems": "2", "Vowels": "2"}
    assert {name: rows["ada"][name] for name in exercises} == exercises
    assert rows["ada"]["status"] == "waits for a person: In your own words"
    assert rows["bob"]["score"] == "0"


def test_the_report_counts_points_by_tier_and_says_what_went_wrong_in_plain_cells(root):
    said = json.loads(course.command(root, "course", "report", course.ASSIGNMENT, "--json"))
    assert said["summary"]["max_score"] == 12.0
    assert said["summary"]["points_inside"] == 2.0
    assert [row["title"] for row in said["exercises"]] == [
        *("A stack", "In your own words", "Vowels", "Counting", "Poems")
    ]
    assert {row["title"] for row in said["causes"]} >= {"Counting", "Poems", "Vowels"}
    assert {name for row in said["causes"] for name in row["students"]} == {"eve"}  # bob has not begun
    assert {row["title"]: row["unwritten"] for row in said["exercises"]}["Vowels"] == 1


def test_feedback_is_made_of_every_notebook_and_shows_no_line_of_a_hidden_test(root):
    course.command(root, "nbgrader", "generate_feedback", course.ASSIGNMENT)
    for student in ("ada", "bob", "eve", "zoe"):
        for name in course.NOTEBOOKS:
            page = (root / "feedback" / student / course.ASSIGNMENT / f"{name}.html").read_text(
                encoding="utf-8"
            )
            assert "xyz" not in page
            assert ("in the process that ran it" in page) == (name == "classes")


def test_plain_nbgrader_gives_the_same_points(root, outcomes):
    before = outcomes("zoe"), outcomes("eve")
    course.command(root, "nbgrader", "autograde", course.ASSIGNMENT, "--force")
    assert (outcomes("zoe"), outcomes("eve")) == before


def test_a_course_may_refuse_what_runs_inside(root):
    config = root / "nbgrader_config.py"
    text = config.read_text(encoding="utf-8")
    try:
        config.write_text(text + "c.GradeApart.refuse_inside = True\n", encoding="utf-8")
        for line in (
            ["course", "grade", course.ASSIGNMENT, "--force"],
            ["course", "check", course.ASSIGNMENT],
        ):
            said = course.command(root, *line, ok=(2,))
            assert "refuses to grade inside" in said
            assert "classes: cell-0000000000000003" in said
    finally:
        config.write_text(text, encoding="utf-8")


def test_a_release_whose_files_changed_is_graded_again(root):
    poem = root / "release" / course.ASSIGNMENT / "data" / "poem.txt"
    course.command(root, "course", "grade", course.ASSIGNMENT)  # nothing is left to do after this
    text = poem.read_text(encoding="utf-8")
    try:
        poem.chmod(0o644)
        poem.write_text(text + "the extraordinary\n", encoding="utf-8")
        said = course.command(root, "course", "grade", course.ASSIGNMENT)
        assert "4 graded" in said
        assert "Points that changed" not in said  # cells of the two notebooks have one name
    finally:
        poem.write_text(text, encoding="utf-8")


def test_the_doctor_says_how_well_the_cells_are_protected(root):
    said = course.command(root, "course", "doctor", ok=(0, 1))
    assert "released, and checked: 5 of 6 graded cells are graded apart" in said


def test_files_that_students_hand_in_are_there_only_where_the_course_names_them(root, outcomes):
    answers = {("letters", 7): "def longest(path):\n    return open('mine.txt').read()"}
    course.hand_in(root, "sue", edit=course.with_answers(answers))
    folder = root / "submitted" / "sue" / course.ASSIGNMENT
    (folder / "mine.txt").write_text("violet", encoding="utf-8")
    (folder / "data").mkdir()
    (folder / "data" / "poem.txt").write_text(
        "violet", encoding="utf-8"
    )  # no file of the release's gives way

    def grade():
        return course.command(root, "course", "grade", course.ASSIGNMENT, "--student", "sue")

    def points():
        return outcomes("sue")["letters", 8]["points"]

    assert "1 graded" in grade()
    assert points() == 0
    config = root / "nbgrader_config.py"
    named = 'c.GradeApart.student_files = ["mine.*", "data/*"]\n'
    config.write_text(config.read_text(encoding="utf-8") + named, encoding="utf-8")
    assert "1 graded" in grade()
    assert points() == 1
    assert "1 already" in grade()
    course.command(root, "nbgrader", "autograde", course.ASSIGNMENT, "--force", "--student", "sue")
    assert points() == 1
