"""The worked example of docs/authoring.md, taken from the page: built, and graded through nbgrader."""

import re
import shutil
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.cli import main
from autograder.course import CONFIG, Course
from autograder.gradebook.scores import automatic_scores
from autograder.rehearsal.answers import load_answers
from autograder.rehearsal.compose import Composer
from autograder.rehearsal.demo import hand_in
from autograder.sources.source import read_source

REPOSITORY = Path(__file__).parents[1]
ASSIGNMENT = "07_softplus"


def course_command(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["course", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code or 0


@pytest.fixture
def course(tmp_path):
    """A course that holds the files that the page names, each with the block that follows its name."""
    shutil.copy(REPOSITORY / CONFIG, tmp_path)
    page = (REPOSITORY / "docs" / "authoring.md").read_text(encoding="utf-8")
    files = re.findall(rf"`(solutions/{ASSIGNMENT}/\S+\.py)`:\n\n```python\n(.*?)```", page, re.DOTALL)
    assert len(files) == 2
    for name, text in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return Course(tmp_path)


@pytest.mark.sandbox
@pytest.mark.slow
def test_the_worked_example_builds_and_grades_right_and_wrong_answers(course, monkeypatch, capsys):
    assert course_command(monkeypatch, "build", ASSIGNMENT, "--course", str(course.root)) == 0
    release = course.assignments / ASSIGNMENT / "softplus.ipynb"
    released = release.read_text(encoding="utf-8")
    assert "logaddexp" not in released
    assert "log1p" not in released

    source = read_source(course.source_of(ASSIGNMENT))
    right, wrong = load_answers(source)
    composer = Composer(source, nbformat.reads(released, as_version=4), [right, wrong])
    class_of_three = [
        composer.submission("solution", "perfect"),
        composer.submission("right", right.title, [right]),
        composer.submission("wrong", wrong.title, [wrong]),
    ]
    for submission in class_of_three:
        hand_in(course, ASSIGNMENT, release.name, submission)
    assert course_command(monkeypatch, "grade", ASSIGNMENT, "--course", str(course.root), "--jobs=1") == 0

    full = {"01_softplus-values": 60.0, "01_softplus-care": 40.0}
    assert automatic_scores(course, ASSIGNMENT) == {
        "solution": full,
        "right": full,
        "wrong": {"01_softplus-values": 60.0, "01_softplus-care": 20.0},
    }
    graded = (course.autograded / "wrong" / ASSIGNMENT / release.name).read_text(encoding="utf-8")
    assert wrong.says in graded
