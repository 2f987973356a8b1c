"""What was stopped for its time on a busy machine is graded again, alone, and never scored in silence."""

import nbformat
import pytest

from autograder.batch import run
from autograder.batch.plan import load_release, students_of, tasks
from autograder.grader_side.clock import Deadline
from autograder.grading.grade import grade
from autograder.grading.task import Graded, Task
from autograder.grading_settings import Settings

ENDLESS = "def square(x):\n    while True:\n        pass"
SHORT = Settings("auto", {"cell_seconds": 0.5, "call_seconds": 0.5, "notebook_seconds": 20})


def graded(a_class, answer, monkeypatch, waited):
    submission = a_class.composer.submission("ada", "perfect")
    cell = next(c for c in submission.notebook.cells if c.metadata.get("nbgrader", {}).get("solution"))
    cell.source = answer
    a_class.hand_in(submission)
    release = load_release(a_class.course, "01_square")
    students = students_of(a_class.course, "01_square")
    (task,) = tasks(a_class.course, release, students, force=True, seed=1)
    # When it is the wall's clock that stops something: tests/autograder/grader_side/test_clock.py.
    monkeypatch.setattr(Deadline, "starved", property(lambda self: self.over and waited))
    return grade(task, release, SHORT)


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("answer", "waited", "starved"),
    [(ENDLESS, True, True), (ENDLESS, False, False), ("def square(x):\n    return x * x", True, False)],
)
def test_who_was_stopped_before_the_time_was_used_is_marked(a_class, monkeypatch, answer, waited, starved):
    found = graded(a_class, answer, monkeypatch, waited)
    assert (found.starved, found.review) == (starved, starved)
    assert ("while the machine was busy" in " ".join(found.notes)) == starved
    record = nbformat.reads(found.contents["square"], 4).metadata["autograder"]
    assert record["starved"] == starved


def test_who_was_starved_is_graded_again_at_the_end_alone(monkeypatch):
    asked = []

    def results(fresh, release, course, options):
        for task in fresh:
            asked.append((task.student, options.jobs))
            yield [Graded(task.student, status="graded")]

    monkeypatch.setattr(run, "_results", results)
    monkeypatch.setattr(run, "tasks", lambda course, release, names, **kept: [Task(n, {}) for n in names])
    first = ([Graded(name, starved=name == "ada")] for name in ("ada", "bob"))
    waiting = run._with_second_looks(first, None, None, run.GradeOptions(jobs=8))
    found = [each for those in waiting for each in those]
    assert [(each.student, each.starved) for each in found] == [("bob", False), ("ada", False)]
    assert asked == [("ada", 1)]
