"""The doctor says what is there and what is missing, changes nothing, and fails when grading is refused."""

import contextlib
import importlib.metadata
import sqlite3
import subprocess

import pytest

from autograder.cli import main
from autograder.doctor import Examined, State, examination
from autograder.grader_side import command, obstacles
from autograder.plugins.settings import SETTINGS
from autograder.student_side import landlock

pytestmark = pytest.mark.sandbox


@pytest.fixture
def doctor_and_sandbox(monkeypatch, capsys):
    """Run `course doctor` on a directory: its exit status, its findings by name, and all that it says."""

    def run(root):
        monkeypatch.setattr("sys.argv", ["course", "doctor", "--course", str(root)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr().out
        findings = [line for line in said.splitlines() if line[:1] != " "]
        return ended.value.code, {line[10:30].strip(): line for line in findings}, said

    return run


@pytest.fixture
def doctor(doctor_and_sandbox, monkeypatch):
    """The same on a machine whose sandbox is known to hold, which saves starting it."""
    monkeypatch.setattr(
        examination, "sandbox", lambda settings: Examined("sandbox", State.OK, settings.sandbox)
    )
    return doctor_and_sandbox


@pytest.fixture
def without_sandbox(monkeypatch):
    monkeypatch.setattr(command.shutil, "which", lambda name: None)
    monkeypatch.setattr(landlock, "why_not", lambda: "this kernel has no Landlock")


def test_outside_a_course_it_looks_at_the_machine_alone(doctor_and_sandbox, tmp_path):
    status, findings, said = doctor_and_sandbox(tmp_path)
    assert status == 0
    assert findings["sandbox"].startswith("ok        sandbox             bubblewrap, user ")
    assert importlib.metadata.version("nbgrader") in findings["nbgrader"]
    assert findings["course"].startswith("not here")
    assert said.endswith("\nReady to grade.\n")


def test_a_built_course_is_ready_and_stays_as_it_was(doctor, built_course):
    before = {path: path.read_bytes() for path in built_course.root.rglob("*") if path.is_file()}
    status, findings, _ = doctor(built_course.root)
    assert status == 0
    assert findings["01_square"] == f"{'ok':<10}{'01_square':<20}built, and current"
    assert {path: path.read_bytes() for path in built_course.root.rglob("*") if path.is_file()} == before


def test_a_source_that_has_changed_is_worth_a_look(doctor, built_course):
    source = built_course.source_of("01_square")
    source.write_text(
        source.read_text(encoding="utf-8").replace("# Squares", "# All squares"), encoding="utf-8"
    )
    status, findings, said = doctor(built_course.root)
    assert status == 0
    assert findings["01_square"].startswith("look")
    assert "mend: course build 01_square" in said


def test_a_release_and_a_gradebook_of_two_builds_are_missing_a_build(doctor, built_course):
    released = built_course.assignments / "01_square" / "square.ipynb"
    released.write_text(released.read_text(encoding="utf-8").replace("at two", "at three"), encoding="utf-8")
    status, findings, said = doctor(built_course.root)
    assert status == 1
    assert findings["01_square"].startswith("missing")
    assert "are not of one build" in findings["01_square"]
    assert said.endswith("\nNot ready to grade: see what is missing.\n")


def test_a_course_that_is_not_built_is_said_and_no_gradebook_is_made(doctor, course):
    status, findings, said = doctor(course.root)
    assert status == 1
    assert findings["gradebook"].startswith("missing   gradebook           not there yet: ")
    assert "mend: course build" in said
    assert not (course.root / "gradebook.db").exists()


def test_a_gradebook_that_does_not_open_is_said(doctor, course):
    (course.root / "gradebook.db").write_bytes(b"no database at all" * 100)
    status, findings, _ = doctor(course.root)
    assert status == 1
    assert "cannot be opened: file is not a database" in findings["gradebook"]


def test_a_gradebook_that_grading_would_refuse_is_not_called_ready(doctor, built_course):
    database = built_course.root / "gradebook.db"
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DROP TABLE alembic_version")
    status, findings, _ = doctor(built_course.root)
    assert status == 1
    assert "made by another version of nbgrader" in findings["gradebook"]
    database.write_bytes(b"")
    assert doctor(built_course.root)[1]["gradebook"].startswith("missing   gradebook           not there yet")
    assert database.read_bytes() == b""


def test_without_a_sandbox_it_fails_and_says_what_to_install(doctor_and_sandbox, tmp_path, without_sandbox):
    status, findings, said = doctor_and_sandbox(tmp_path)
    assert status == 1
    assert "no sandbox holds here" in findings["sandbox"]
    assert "mend: apt-get install bubblewrap" in said
    assert findings["bubblewrap"].startswith("look      bubblewrap          bubblewrap is not installed")


@pytest.mark.parametrize(
    ("setting", "mend"),
    [
        ("user.max_user_namespaces", "(`sysctl -w user.max_user_namespaces=10000`)"),
        ("", "user namespaces are refused"),
    ],
)
def test_forbidden_user_namespaces_are_explained(monkeypatch, setting, mend):
    forbidden = {name: "0" if name == setting else "2" for name in obstacles.NAMESPACES}
    monkeypatch.setattr(obstacles, "setting", forbidden.get)
    refused = subprocess.CompletedProcess([], 1, "", "")
    monkeypatch.setattr(obstacles.subprocess, "run", lambda *args, **kwargs: refused)
    assert mend in str(obstacles.of_namespaces())


def test_a_configuration_may_have_steps_of_its_own_between_ours(doctor, built_course):
    config = built_course.root / "nbgrader_config.py"
    with config.open("a", encoding="utf-8") as file:
        file.write("\nc.Autograde.autograde_preprocessors.insert(1, 'nbgrader.preprocessors.GetGrades')\n")
    assert doctor(built_course.root)[1]["configuration"].startswith("ok")


def test_without_our_lines_all_that_would_happen_is_said(doctor, built_course):
    config = built_course.root / "nbgrader_config.py"
    config.write_text(
        config.read_text(encoding="utf-8").replace("plugins.configure(c)", ""), encoding="utf-8"
    )
    status, _, said = doctor(built_course.root)
    assert status == 0
    assert all(setting.without in said and str(setting) in said for setting in SETTINGS)


def test_a_configuration_that_fails_is_one_line(doctor, course):
    (course.root / "nbgrader_config.py").write_text("c = get_config(\n", encoding="utf-8")
    status, findings, _ = doctor(course.root)
    assert status == 1
    assert findings["configuration"].count("nbgrader_config.py cannot be read: ") == 1


def test_a_directory_that_is_not_there_is_no_place_to_look_at(doctor_and_sandbox, tmp_path):
    assert doctor_and_sandbox(tmp_path / "nowhere") == (2, {}, "")
