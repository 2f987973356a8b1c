"""Submissions one by one: nothing is shared between them, and what cannot be graded ends in a value."""

import contextlib
import os
import re
from copy import deepcopy
from dataclasses import replace

import nbformat
import pytest

from autograder.batch.plan import Current, load_release, students_of, tasks
from autograder.course import Course
from autograder.disposable import Fork, Lost
from autograder.gradebook.writer import Writer
from autograder.grading import grade as grade_module
from autograder.grading import steps
from autograder.grading.grade import grade, grade_rebuilt, without_result
from autograder.grading.warm import close_kept
from autograder.grading_settings import Settings
from autograder.recorded.record import FAILED, record_of

pytestmark = pytest.mark.sandbox


def tasks_of(course: Course):
    release = load_release(course, "01_square")
    students = students_of(course, "01_square")
    return release, list(tasks(course, release, students, force=True, seed=None))


def everything(graded):
    """All that came of a submission, but for how long it took."""
    contents = {name: re.sub(r'"seconds": [0-9.e-]+', "", text) for name, text in graded.contents.items()}
    return replace(graded, contents=contents, seconds=0.0)


def processes(monkeypatch):
    """The processes that grade, as they start; the list grows."""
    started = []
    start = Fork._start

    def starting(fork, job):
        start(fork, job)
        started.append(fork)

    monkeypatch.setattr(Fork, "_start", starting)
    return started


def test_a_class_has_the_same_grades_in_one_process_and_in_one_for_each(a_class, monkeypatch):
    ways = ["perfect", "blank", "perfect", "blank", "perfect"]
    students = [a_class.composer.submission(f"student-{number}", way) for number, way in enumerate(ways)]
    a_class.hand_in(*students)
    release, planned = tasks_of(a_class.course)
    planned = [replace(task, seed=7) for task in planned]
    monkeypatch.setattr(grade_module, "_rehearsed", {})  # of other tests: what it compiled may be gone by now
    for task in planned[:2]:  # from the second on, this process is ready
        grade(task, release, Settings())
    close_kept()
    started = processes(monkeypatch)
    kept = [grade(task, release, Settings()) for task in planned]
    assert len(started) == 1
    monkeypatch.setattr(grade_module, "may_be_kept", lambda texts: False)
    apart = [grade(task, release, Settings()) for task in reversed(planned)]
    assert len(started) == 1 + len(planned)
    assert [everything(graded) for graded in kept] == [everything(graded) for graded in reversed(apart)]


def test_the_same_bytes_are_executed_each_on_their_own(a_class):
    names = ("ada", "bob", "eve")
    a_class.hand_in(*(a_class.composer.submission(name, "perfect") for name in names))
    release, planned = tasks_of(a_class.course)
    graded = [grade(task, release, Settings()) for task in planned]
    assert graded[0].scores == graded[1].scores == graded[2].scores
    seeds = {nbformat.reads(item.contents["square"], 4).metadata["autograder"]["seed"] for item in graded}
    assert len(seeds) == 3
    assert graded[0].contents != graded[1].contents


def test_what_is_recorded_of_one_copy_does_not_appear_in_the_next(a_class):
    a_class.hand_in(*(a_class.composer.submission(name, "perfect") for name in ("ada", "bob")))
    folder = a_class.course.submitted / "bob" / "01_square"
    (folder / "square.ipynb").rename(folder / "square (1).ipynb")
    release, planned = tasks_of(a_class.course)
    first, renamed = (grade(task, release, Settings()) for task in planned)
    again = grade(planned[0], release, Settings())
    assert first.notes == again.notes == ()
    assert any("square (1)" in note for note in renamed.notes)


def test_what_could_not_be_graded_has_no_score_and_says_so_once(a_class):
    a_class.hand_in(a_class.composer.submission("ada", "perfect"))
    release, planned = tasks_of(a_class.course)
    (text,) = release.notebooks.values()
    both = replace(release, notebooks={"square": text, "again": text})
    lost = without_result(planned[0], both, "it ended three workers")
    assert (lost.status, lost.review) == (FAILED, True)
    assert set(lost.scores["square"].values()) == {None}
    assert lost.notes.count("The submission could not be graded: it ended three workers.") == 1
    assert not any(note.startswith("ada:") for note in lost.notes)


@pytest.mark.parametrize("dies", ["parse", "without_shows"])
def test_a_step_that_dies_costs_that_submission_alone(a_class, dies, monkeypatch):
    a_class.hand_in(*(a_class.composer.submission(name, "perfect") for name in ("ada", "bob")))
    release, (ada, bob) = tasks_of(a_class.course)
    assert grade(bob, release, Settings()).status == "graded"
    with monkeypatch.context() as patch:
        place = grade_module if dies == "without_shows" else steps
        patch.setattr(place, dies, lambda *given: os.abort())
        close_kept()
        lost = grade(ada, release, Settings())
    assert (lost.status, lost.review) == (FAILED, True)
    assert lost.notes == ("The submission could not be graded: its process was ended by SIGABRT.",)
    assert grade(bob, release, Settings()).status == "graded"


@pytest.mark.parametrize(
    "attack",
    [
        "import os\nos._exit(1)",
        "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
        "raise SystemExit",
        "class Mine(Exception): pass\ndef square(x): raise Mine([x] * 1000)",
        "def square(x): return [10 ** 4000] * 10_000",
        "x = '" + "a" * 30_000 + "'",
        "x = " + "(" * 150 + ")" * 150,
        "\n".join(f"name_{number} = {number}" for number in range(3000)),
    ],
)
def test_who_comes_after_a_hostile_one_has_what_they_have_alone(a_class, attack):
    perfect = a_class.composer.submission("ada", "perfect")
    a_class.hand_in(perfect)
    folder = a_class.course.submitted / "mallory" / "01_square"
    folder.mkdir(parents=True)
    notebook = deepcopy(perfect.notebook)
    notebook.cells.append(nbformat.v4.new_code_cell(attack))
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution") and cell.cell_type == "code":
            cell.source += f"\n{attack}"
    nbformat.write(notebook, folder / "square.ipynb")
    release, planned = tasks_of(a_class.course)
    ada, mallory = (replace(task, seed=7) for task in planned)
    settings = Settings(limits={"cell_seconds": 1.0, "call_seconds": 1.0, "notebook_seconds": 4.0})
    first, second = (everything(grade(ada, release, settings)) for _ in range(2))
    grade(mallory, release, settings)
    assert first == second == everything(grade(ada, release, settings))


def test_a_submission_that_could_not_be_graded_is_not_graded_again(a_class, monkeypatch):
    a_class.hand_in(a_class.composer.submission("ada", "perfect"))
    with monkeypatch.context() as patch:
        patch.setattr(steps, "parse", lambda handed: os.abort())
        release, (task,) = tasks_of(a_class.course)
        with contextlib.closing(Writer(a_class.course, "01_square")) as writer:
            writer.record(grade(task, release, Settings()))
    planned = tasks(a_class.course, release, ["ada"], force=False, seed=None)
    assert list(planned) == [Current("ada")]


def test_a_rebuilt_notebook_whose_grading_is_lost_has_no_score_and_says_why(tmp_path, monkeypatch):
    (tmp_path / "data.csv").touch()
    places = []

    def lose(make, settings):
        raise Lost("the machine failed", again=True)

    def beside(*given):
        places.append(given)
        return contextlib.nullcontext()

    monkeypatch.setattr(grade_module, "apart", lose)
    monkeypatch.setattr(grade_module, "workplace", beside)
    notebook = nbformat.v4.new_notebook()
    lost = record_of(grade_rebuilt(notebook, 7, Settings(), tmp_path, {"mine.txt": b"1"}))
    assert (lost.seed, lost.again) == (7, True)
    assert lost.notes == ("The submission could not be graded: the machine failed.",)
    grade_rebuilt(notebook, 7, Settings())
    assert places == [
        (notebook, {"data.csv": tmp_path / "data.csv"}, str(tmp_path), {"mine.txt": b"1"}),
        (notebook, {}, "", {}),
    ]
