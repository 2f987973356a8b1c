"""Honest slips cost nothing but their own points: each is graded behind the wall."""

import copy
import json
import re
import shutil

import nbformat
import pytest
from inprocess import REPOSITORY
from submissions.honest_slips import ANSWERS, SLIPS
from submissions.notebook_edits import cell

from autograder.authoring.build import build
from autograder.batch.plan import load_release
from autograder.course import CONFIG, Course
from autograder.grading.grade import grade
from autograder.grading.task import Task
from autograder.grading.warm import close_graders
from autograder.grading_settings import Settings
from autograder.submission import collect

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]
HONEST = "honest"


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """The built assignment: as it is graded, and as students get it."""
    root = tmp_path_factory.mktemp("course")
    shutil.copy(REPOSITORY / CONFIG, root)
    (root / "solutions" / HONEST).mkdir(parents=True)
    source = REPOSITORY / "tests" / "submissions" / HONEST / "assignment.py"
    shutil.copy(source, root / "solutions" / HONEST / f"{HONEST}.py")
    course = Course(root)
    (made,) = build(course, [HONEST], checked=False)
    yield load_release(course, HONEST), nbformat.reads(made.content, as_version=4)
    close_graders()


def handed_in(slip, blank, folder):
    """The files of a student who did everything right, but for the slip."""
    notebook = copy.deepcopy(blank)
    notebook.metadata["stubs"] = {name: cell(blank, name).source for name in ANSWERS}
    for name, answer in ANSWERS.items():
        cell(notebook, name).source = answer
    slip.edit(notebook)
    data = slip.file(json.dumps(notebook, separators=(",", ":")).encode())
    for name in slip.filenames:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_an_honest_slip_costs_its_own_points_alone(slip, release, tmp_path):
    graded_on, blank = release
    handed_in(slip, blank, tmp_path)
    graded = grade(Task("ada", collect(tmp_path, "ada", [HONEST]), seed=0), graded_on, Settings())
    points = {name.partition("-")[0]: score for name, score in graded.scores[HONEST].items()}
    notes = "\n".join(graded.notes)
    expected = {name: 0.0 if name in slip.lost else 20.0 for name in ANSWERS}
    lost = {name for name in expected if name != "05_words" and points[name] < expected[name]}
    gained = {name for name in slip.lost if points[name] == 20.0}
    assert (lost, gained) == (set(), set()), notes
    assert re.search(slip.says, notes), notes
    if "05_words" not in slip.lost:
        assert "05_words" not in graded.untouched[HONEST]
