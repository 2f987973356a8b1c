"""The first cell of a notebook installs what is missing, once, and does nothing where nothing is."""

import os
import subprocess
import sysconfig
import venv
from pathlib import Path

import nbformat
import pytest

from autograder.course import Course
from autograder.editions.kit import student_package
from autograder.editions.wheel import build_wheel
from autograder.errors import CourseError
from autograder.facts import CourseFacts
from autograder.sources.install import GRADE_ID, install_cell

REPOSITORY = Path(__file__).parents[3]
COURSE = Course(REPOSITORY)
CELL = install_cell(COURSE.facts.install_from).source
RELEASED = sorted((REPOSITORY / "assignments").rglob("*.ipynb"))


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.stem)
def test_the_first_code_of_a_release_installs_is_locked_collapsed_and_worth_nothing(path):
    cells = nbformat.read(path, as_version=4).cells
    first = next(cell for cell in cells if cell.cell_type == "code")
    assert first.source.partition("\n")[2] == CELL
    assert first.metadata["cellView"] == "form"
    assert first.metadata["jupyter"]["source_hidden"]
    role = first.metadata["nbgrader"]
    assert role.items() >= install_cell("").metadata["nbgrader"].items()
    assert (role["grade_id"], role["locked"], role["grade"]) == (GRADE_ID, True, False)
    assert "points" not in role


def test_where_course_lib_is_installed_nothing_is_run(monkeypatch):
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: pytest.fail("it ran something"))
    before = dict(os.environ)
    exec(CELL, {})
    assert dict(os.environ) == before


@pytest.mark.slow
def test_where_course_lib_is_missing_it_is_installed_and_a_failure_says_why(tmp_path):
    python = without_course_lib(tmp_path / "environment")
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    program = f"{CELL}\nimport course_lib\nfrom course_lib import data, viz\nprint(course_lib.__file__)"
    ended = run(python, program, wheels, check=False)
    assert ended.returncode == 1
    assert "ImportError: course_lib could not be installed; pip says: " in ended.stderr
    assert "backprop-course-student" in ended.stderr
    build_wheel(student_package(COURSE.facts), wheels)
    assert str(tmp_path) in run(python, program, wheels).stdout
    run(python, program, tmp_path / "nowhere")


def without_course_lib(place):
    """The Python of an environment with pip and all that this one has, but nothing of this clone."""
    venv.create(place, with_pip=True)
    (own,) = place.glob("lib/python*/site-packages")
    # a directory named by a .pth file is searched; the .pth files in it, which lead to the clone, are not
    (own / "others.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return place / "bin" / "python"


def run(python, program, wheels, *, check=True):
    unset = ("PYTHONPATH", "VIRTUAL_ENV")
    own = {name: value for name, value in os.environ.items() if name not in unset}
    own |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    own |= {"PIP_ROOT_USER_ACTION": "ignore"}
    return subprocess.run(
        [python, "-c", program], env=own, cwd=python.parent, capture_output=True, text=True, check=check
    )


@pytest.mark.parametrize("wrong", ["--index-url x", "-r", "two names"])
def test_what_is_no_one_thing_for_pip_is_refused(wrong):
    config = COURSE.config()
    config.CourseFacts.install_from = wrong
    with pytest.raises(CourseError, match="install_from is"):
        CourseFacts(config)


def test_a_course_that_names_no_package_gets_no_such_cell(source_path):
    from autograder.sources.source import read_source

    assert GRADE_ID not in {item.grade_id for item in read_source(source_path).cells}
