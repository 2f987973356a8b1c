"""A course's configuration is a program, and whatever goes wrong in it is said in one sentence."""

import contextlib
import os

import pytest

from autograder.course import CONFIG, CONFIG_AS_JSON, Course, reason
from autograder.errors import CourseError


def test_what_is_no_course_is_said(tmp_path):
    with pytest.raises(CourseError, match="is not a course: it has no nbgrader_config"):
        Course(tmp_path)


@pytest.mark.parametrize(
    ("name", "why"),
    [(f"a{sign}b", f"has a \\{sign}, which nbgrader misreads") for sign in "%?*[$"]
    + [(os.fsdecode(b"caf\xe9"), "caf\ufffd cannot hold a course: its path is no UTF-8")],
)
def test_a_path_that_nbgrader_would_misread_is_refused(tmp_path, name, why):
    (tmp_path / name).mkdir()
    (tmp_path / name / CONFIG).write_text("c = get_config()\n", encoding="utf-8")
    with pytest.raises(CourseError, match=why):
        Course(tmp_path / name)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("c = get_config(\n", "SyntaxError: '(' was never closed (nbgrader_config.py, line 1)"),
        ("c = get_confg()\n", "NameError: name 'get_confg' is not defined"),
        ("c = get_config()\nc.CourseDirectory.root = 1 / 0\n", "ZeroDivisionError: division by zero"),
        ("raise SystemExit\n", "SystemExit: "),
        ("import no_such_module\n", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("c = 'a\0b'\n", "SyntaxError: source code string cannot contain null bytes"),
    ],
)
def test_a_configuration_that_fails_is_named_with_the_reason(tmp_path, text, why):
    (tmp_path / CONFIG).write_text(text, encoding="utf-8")
    with pytest.raises(CourseError) as caught:
        Course(tmp_path)
    said = str(caught.value).replace("ValueError: source", "SyntaxError: source")  # as 3.11 calls it
    assert said == f"{tmp_path / CONFIG} cannot be read: {why}"
    assert "\n" not in said


def test_its_folders_are_nbgraders(tmp_path):
    (tmp_path / CONFIG).write_text(
        "c = get_config()\nc.CourseDirectory.release_directory = 'given'\n", encoding="utf-8"
    )
    course = Course(tmp_path)
    assert (course.assignments, course.submitted) == (course.root / "given", course.root / "submitted")
    assert course.config().CourseDirectory.root == str(course.root)


def test_what_jupyters_directories_say_holds_where_the_course_says_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "hub"))
    (tmp_path / "hub").mkdir()
    usual = "c.CourseDirectory.db_url = 'sqlite:///a.db'\nc.CourseDirectory.submitted_directory = 'hub'\n"
    (tmp_path / "hub" / CONFIG).write_text(f"c = get_config()\n{usual}", encoding="utf-8")
    own = "c = get_config()\nc.CourseDirectory.submitted_directory = 'mine'\n"
    (tmp_path / CONFIG).write_text(own, encoding="utf-8")
    course = Course(tmp_path)
    assert (course.directories().db_url, course.submitted.name) == ("sqlite:///a.db", "mine")
    (tmp_path / CONFIG_AS_JSON).write_text('{"CourseDirectory": {"submitted_directory": "json"}}')
    assert Course(tmp_path).submitted.name == "json"
    (tmp_path / "hub" / CONFIG).write_text("c = get_config(\n", encoding="utf-8")
    with pytest.raises(CourseError, match=f"{tmp_path}/hub/{CONFIG} cannot be read: SyntaxError"):
        course.config()


def test_a_folder_that_is_no_text_is_named(tmp_path):
    (tmp_path / CONFIG).write_text("c = get_config()\nc.CourseDirectory.source_directory = 3\n")
    with pytest.raises(CourseError, match=r"sets CourseDirectory\.source_directory to 3, which is no text"):
        Course(tmp_path)


@pytest.mark.parametrize(
    ("log", "said"),
    [
        (
            "    Traceback:\n      x\n    a.b.FullError: no room\n    [SQL: y]\n    (See: z)\n",
            "a.b.FullError: no room",
        ),
        ("[ERROR] It: failed\n    at line 3\n", "It: failed"),
        ("", "gave up"),
    ],
)
def test_a_failure_of_nbgraders_is_told_by_its_error(log, said):
    assert reason({"log": log, "error": "gave up"}) == said


def test_what_nbgrader_reports_of_ctrl_c_ends_the_command():
    with pytest.raises(KeyboardInterrupt):
        reason({"log": "[ERROR] Canceled", "error": "KeyboardInterrupt\n\nNbGraderException: Canceled"})


@pytest.mark.parametrize(
    ("name", "stays"),
    [(CONFIG, True), ("gradebook.db", True), ("submitted/ada/x.csv", True), ("grades.csv", False)],
)
def test_no_file_is_written_in_place_of_the_courses_own(tmp_path, name, stays):
    (tmp_path / CONFIG).write_text("c = get_config()\n", encoding="utf-8")
    place = tmp_path / "reports" / ".." / name
    said = pytest.raises(CourseError, match="is part of the course") if stays else contextlib.nullcontext()
    with said:
        Course(tmp_path).refuse_to_replace(place)


def test_what_a_configuration_prints_is_no_part_of_what_a_command_says(tmp_path, capsys):
    (tmp_path / CONFIG).write_text("c = get_config()\nprint('hello')\n", encoding="utf-8")
    Course(tmp_path)
    said = capsys.readouterr()
    assert (said.out, "hello" in said.err) == ("", True)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("autograded_directory = 'submitted'", "calls two of its folders 'submitted'"),
        (
            "directory_structure = '{student_id}/{nbgrader_step}'",
            "sets CourseDirectory.directory_structure; ",
        ),
        ("db_url = 'nonsense'", "of CourseDirectory cannot be used: Could not parse SQLAlchemy URL"),
        ("db_url = None", "of CourseDirectory cannot be used: The 'db_url' trait"),
    ],
)
def test_a_course_directory_that_cannot_be_used_is_one_sentence(tmp_path, line, why):
    (tmp_path / CONFIG).write_text(f"c = get_config()\nc.CourseDirectory.{line}\n", encoding="utf-8")
    with pytest.raises(CourseError, match=why):
        Course(tmp_path).directories()


def test_an_assignment_has_one_source_and_modules_may_lie_beside_it(tmp_path):
    folder = tmp_path / "source" / "one"
    folder.mkdir(parents=True)
    (tmp_path / CONFIG).write_text("c = get_config()\n", encoding="utf-8")
    for name, text in {"a.py": "# %%\n1", "helper.py": "x = 1"}.items():
        (folder / name).write_text(text, encoding="utf-8")
    assert Course(tmp_path).source_of("one") == folder / "a.py"
    (folder / "b.py").write_text("# %%\n2", encoding="utf-8")
    with pytest.raises(CourseError, match=r"must hold one \.py source with cells, has a\.py and b\.py$"):
        Course(tmp_path).source_of("one")


def test_what_is_written_as_notebooks_is_said_to_be_there(tmp_path):
    (tmp_path / "source" / "one").mkdir(parents=True)
    (tmp_path / CONFIG).write_text("c = get_config()\n", encoding="utf-8")
    (tmp_path / "source" / "one" / "one.ipynb").touch()
    with pytest.raises(
        CourseError, match=r"^source/one is written as notebooks; this takes a source in text"
    ):
        Course(tmp_path).source_of("one")
    with pytest.raises(CourseError, match=r"^no assignment 'two' under source/; there is: none$"):
        Course(tmp_path).source_of("two")
