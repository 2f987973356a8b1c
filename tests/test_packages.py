"""The packages of a release: what they hold, and that each works where nothing else is installed."""

import contextlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.editions.kit import make_packages

REPOSITORY = Path(__file__).parents[1]
UV = shutil.which("uv")
SUPPORTED = ("3.11", "3.12", "3.13", "3.14", "3.15")
STUDENTS_CHECK = """
import numpy as np
from course_lib import check_vjp, viz, data
right = check_vjp(lambda x: (x * x, x), lambda d, x: (2 * d * x,), np.arange(1.0, 4.0))
wrong = check_vjp(lambda x: (x * x, x), lambda d, x: (d * x,), np.arange(1.0, 4.0))
assert right.passed and not wrong.passed, (right, wrong)
print(wrong)
"""


def pythons():
    """The interpreters of this machine that the project supports, by their version."""
    found = {".".join(map(str, sys.version_info[:2])): Path(sys.executable).resolve()}
    for version in SUPPORTED:
        on_path = shutil.which(f"python{version}")
        installed = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
        for candidate in [*installed, *([Path(on_path)] if on_path else [])]:
            if version not in found and subprocess.run([candidate, "-c", ""], check=False).returncode == 0:
                found[version] = candidate
    return found


PYTHONS = pythons()
BY_AGE = sorted(PYTHONS, key=lambda version: [*map(int, version.split("."))])
needs_uv = pytest.mark.skipif(UV is None, reason="needs uv, which makes environments: pip install uv")


@pytest.fixture(scope="session")
def dist(tmp_path_factory):
    """What `uv build`, which makes the wheel from the sdist, and `course packages` write."""
    pytest.importorskip("hatch_vcs", reason="needs hatch-vcs: uv sync --group dev")
    into, unpacked = tmp_path_factory.mktemp("dist"), tmp_path_factory.mktemp("unpacked")
    hatch("sdist", REPOSITORY, into)
    with tarfile.open(one(into, "backprop_course-*.tar.gz")) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)  # since Python 3.11.4
        archive.extractall(unpacked)
    hatch("wheel", one(unpacked, "*"), into)
    make_packages(Course(REPOSITORY), into)
    return into


def hatch(target, root, into):
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", into]
    subprocess.run(command, cwd=root, check=True, capture_output=True)


def one(dist, pattern):
    (path,) = dist.glob(pattern)
    return path


def files_of_sdist(path):
    with tarfile.open(path) as archive:
        return {name.partition("/")[2] for name in archive.getnames()}


@pytest.mark.slow
def test_the_sdist_lacks_nothing_that_the_clone_has(dist, tmp_path):
    hatch("wheel", REPOSITORY, tmp_path)
    clones, built = (
        {info.filename: info.CRC for info in zipfile.ZipFile(one(folder, "backprop_course-*.whl")).infolist()}
        for folder in (tmp_path, dist)
    )
    # A clone may have been built in; and RECORD lists what that left as well.
    left = {name for name in clones if name.endswith((".ipynb", "/RECORD"))}
    assert {name: clones[name] for name in clones.keys() - left} == {
        name: built[name] for name in built.keys() - left
    }


def test_the_wheel_holds_what_the_demo_needs_and_no_leftover(dist):
    names = zipfile.ZipFile(one(dist, "backprop_course-*.whl")).namelist()
    assert "autograder/bundled/solutions/01_flat_backprop/flat_backprop.py" in names
    assert "autograder/bundled/nbgrader_config.py" in names
    assert not [name for name in names if re.search(r"\.pyc$|\.ipynb$|\.db$|/\.", name)]


def test_the_student_packages_hold_no_solution_no_test_and_no_reference(dist):
    wheel = zipfile.ZipFile(one(dist, "backprop_course_student-*.whl")).namelist()
    sdist = files_of_sdist(one(dist, "backprop_course_student-*.tar.gz"))
    for names in (wheel, sdist):
        assert "course_lib/gradcheck/api.py" in names
        assert not [
            name for name in names if "reference" in name or "autograder" in name or "solutions" in name
        ]
    assert {name for name in wheel if name.startswith("course_lib")} == {
        name for name in sdist if name.startswith("course_lib/") and Path(name).suffix
    }


@needs_uv
@pytest.mark.slow
@pytest.mark.parametrize(
    ("version", "kind"),
    # With the wheel on the oldest, test_kit.py completes an assignment.
    [*((version, "whl") for version in BY_AGE[1:]), (BY_AGE[0], "tar.gz")],
)
def test_a_student_checks_a_gradient_with_the_package_alone(version, kind, dist, tmp_path):
    python = environment(tmp_path, version, str(one(dist, f"backprop_course_student-*.{kind}")))
    shown = run(tmp_path, python, "-W", "error", "-c", STUDENTS_CHECK)
    assert "likely cause" in shown


@pytest.fixture(scope="module")
def instructors(dist, tmp_path_factory):
    """The Python of an environment with the wheel, and what instructors install, alone.

    Of the newest: on the oldest runs what CI runs, and each environment takes the time of hundreds of tests.
    """
    if UV is None:
        pytest.skip("needs uv, which makes environments: pip install uv")
    wheel = one(dist, "backprop_course-*.whl")
    return environment(tmp_path_factory.mktemp("instructors"), BY_AGE[-1], f"{wheel}[instructors]")


@pytest.mark.slow
@pytest.mark.sandbox
def test_the_demo_runs_from_the_wheel_alone_and_every_score_is_as_it_must_be(instructors, tmp_path):
    shown = run(tmp_path, instructors.with_name("course"), "demo")
    rows = re.findall(r"^\s*student-\d+ .*?(\d+(?:\.\d+)?) +(\d+(?:\.\d+)?) +[a-z]", shown, re.MULTILINE)
    assert len(rows) == 12, shown
    assert all(total == expected for total, expected in rows)


@pytest.mark.slow
@pytest.mark.sandbox
def test_a_course_begun_from_the_wheel_alone_is_released_and_graded_by_what_it_says_is_next(
    instructors, tmp_path
):
    run(tmp_path, instructors.with_name("course"), "init", "mine")
    course = tmp_path / "mine"
    run(course, instructors.with_name("course"), "check", "first_steps")
    run(course, instructors.with_name("nbgrader"), "generate_assignment", "first_steps")
    for student, folder in (("right", "source"), ("blank", "release")):
        place = course / "submitted" / student / "first_steps"
        place.mkdir(parents=True)
        shutil.copy(course / folder / "first_steps" / "first_steps.ipynb", place)
    run(course, instructors.with_name("course"), "grade", "first_steps")
    scores = (
        "select submitted_assignment.student_id, sum(auto_score) from grade"
        " join submitted_notebook on submitted_notebook.id = grade.notebook_id"
        " join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id group by 1"
    )
    with contextlib.closing(sqlite3.connect(course / "gradebook.db")) as database:
        assert dict(database.execute(scores)) == {"right": 2.0, "blank": 0.0}


@needs_uv
@pytest.mark.slow
def test_without_what_instructors_install_the_command_says_what_to_install(dist, tmp_path):
    python = environment(tmp_path, next(iter(PYTHONS)), "--no-deps", str(one(dist, "backprop_course-*.whl")))
    ended = subprocess.run(
        [python.with_name("course"), "demo"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert ended.stderr == (
        "course: needs what instructors install: pip install 'backprop-course[instructors]'\n"
    )


def environment(folder, version, *what):
    """The Python of a fresh environment in which only this, and what it asks for, is installed."""
    place = folder / "environment"
    settings = {"cwd": REPOSITORY, "check": True, "capture_output": True}
    subprocess.run([UV, "venv", "-q", "-p", PYTHONS[version], place], **settings)
    python = place / "bin" / "python"
    subprocess.run([UV, "pip", "install", "-q", "-p", python, *what], **settings)
    return python


def run(folder, *command):
    """What it prints, run in this folder, with its own environment active and nothing of ours in it."""
    ours = ("PYTHONPATH", "VIRTUAL_ENV")
    variables = {name: value for name, value in os.environ.items() if name not in ours}
    variables["PATH"] = f"{Path(command[0]).parent}{os.pathsep}{variables['PATH']}"
    ended = subprocess.run(
        command, cwd=folder, env=variables, capture_output=True, text=True, check=False, timeout=900
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout
