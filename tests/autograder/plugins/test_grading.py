import copy
import os
import signal
import time

import pytest
from nbformat.v4 import new_output

from autograder.batch.plan import Current, load_release, students_of, tasks
from autograder.grader_side.errors import SandboxError
from autograder.grader_side.grader import GradedNotebook, Grader, RunStatus
from autograder.grader_side.sandbox import Sandbox
from autograder.grading import grade, steps, warm

pytestmark = pytest.mark.sandbox


@pytest.fixture
def fake(monkeypatch, a_class):
    """Has notebooks graded, in the forks of this process, by what the test says."""

    def install(behave):
        def grade_notebook(notebook, sandbox, limits, *, seed, **facts):
            sandbox.start_child()
            executed = copy.deepcopy(notebook)
            behave(executed)
            return GradedNotebook(executed, {}, RunStatus.GRADED, (), 0.1)

        monkeypatch.setattr(grade, "grade_notebook", grade_notebook)

    return install


@pytest.fixture
def started(monkeypatch):
    """Counts the graders that are started from now on."""
    warm.close_graders()
    graders = []

    def grader(*settings):
        graders.append(Grader(*settings))
        return graders[-1]

    monkeypatch.setattr(warm, "Grader", grader)
    return graders


def graded_cell(notebook):
    return next(
        c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "01_square-values"
    )


def drop_graded(notebook):
    notebook.cells.remove(graded_cell(notebook))


def no_output(notebook):
    graded_cell(notebook).outputs = []


def too_much(notebook):
    graded_cell(notebook).outputs = [new_output("execute_result", {"text/plain": "900.0"})]


def only_text(notebook):
    graded_cell(notebook).outputs = [new_output("stream", text="all passed")]


def other_source(notebook):
    cell = graded_cell(notebook)
    cell.source = "90.0"
    cell.outputs = [new_output("execute_result", {"text/plain": "90.0"})]


@pytest.mark.parametrize("behave", [drop_graded, no_output, too_much, only_text, other_source])
def test_a_cell_without_a_plain_score_earns_nothing_and_it_is_noted(a_class, fake, behave):
    fake(behave)
    a_class.hand_in("alice")
    assert a_class.grade()
    assert a_class.scores("alice")["01_square-values"] == 0
    assert "01_square-values earned nothing" in a_class.record("alice")["notes"][0]


def gone(notebook):
    raise EOFError("gone")


def deep(notebook):
    deep(notebook)


def hungry(notebook):
    bytearray(2**29)


def killed(notebook):
    os.kill(os.getpid(), signal.SIGSEGV)


def leaving(notebook):
    raise SystemExit(0)


def endless(notebook):
    time.sleep(1000)


def too_little(notebook):
    graded_cell(notebook).outputs = [new_output("execute_result", {"text/plain": "5.0"})]


@pytest.mark.parametrize(
    ("dies", "why"),
    [
        (gone, "EOFError: gone"),
        (deep, "RecursionError: maximum recursion depth exceeded"),
        (hungry, "it needed more than 256 MB of memory"),
        (killed, "its process was ended by SIGSEGV"),
        (leaving, "SystemExit: 0"),
        (endless, "it took longer than it may"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_whatever_grading_dies_of_costs_one_submission_and_the_next_is_graded(a_class, fake, dies, why):
    fake(lambda nb: dies(nb) if "x * x" in str(nb) else too_little(nb))
    a_class.hand_in("alice")
    a_class.hand_in("bob", a_class.released("def square(x):\n    return x**2"))
    assert a_class.grade(GradeApart={"limits": {"notebook_seconds": 0.5, "grader_mb": 256}})
    assert a_class.scores("alice")["01_square-values"] is None
    assert a_class.scores("bob")["01_square-values"] == 5
    assert a_class.record("alice")["status"] == "failed"
    assert f"alice: The submission could not be graded: {why}" in a_class.log
    assert a_class.needs_review("alice")["01_square-values"]
    assert "Traceback" not in a_class.log


def test_whatever_reading_dies_of_costs_one_submission_and_the_next_is_graded(a_class, monkeypatch):
    def parse(handed):
        return steps_parse(handed) if handed.file.startswith("bob") else killed(handed)

    steps_parse = steps.parse
    monkeypatch.setattr(steps, "parse", parse)
    a_class.hand_in("alice")
    a_class.hand_in("bob")
    assert a_class.grade()
    assert a_class.scores("alice")["01_square-values"] is None
    assert a_class.scores("bob")["01_square-values"] == 90
    assert a_class.record("alice")["notes"] == [
        "The submission could not be graded: its process was ended by SIGSEGV."
    ]
    assert a_class.needs_review("alice")["01_square-values"]


def test_a_server_that_was_killed_is_replaced_and_nothing_is_lost(a_class, started, monkeypatch):
    start = Sandbox.start_child
    deaths = iter([True])

    def lost_once(self):
        if next(deaths, False):
            raise SandboxError("the sandbox is gone")
        return start(self)

    monkeypatch.setattr(Sandbox, "start_child", lost_once)
    a_class.hand_in("alice")
    assert a_class.grade()
    assert a_class.scores("alice")["01_square-values"] == 90
    assert len(started) == 2


def test_a_notebook_over_which_two_servers_are_lost_has_no_score_and_may_be_tried_again(a_class, monkeypatch):
    def lost(self):
        raise SandboxError("the sandbox is gone")

    monkeypatch.setattr(Sandbox, "start_child", lost)
    a_class.hand_in("alice")
    assert a_class.grade()
    assert a_class.scores("alice")["01_square-values"] is None
    record = a_class.record("alice")
    assert record["notes"] == ["The submission could not be graded: the sandbox is gone."]
    assert record["again"]


def test_without_a_sandbox_nothing_is_graded_and_one_sentence_says_what_to_do(a_class, started, monkeypatch):
    def refuse(*settings):
        raise SandboxError("install bubblewrap")

    monkeypatch.setattr(warm, "Grader", refuse)
    a_class.hand_in("alice")
    assert not a_class.grade()
    assert a_class.log.count("[ERROR]") == 1
    assert "install bubblewrap" in a_class.log
    assert not a_class.course.autograded.exists()


def test_the_record_says_how_it_was_graded(a_class):
    a_class.hand_in("alice")
    assert a_class.grade(GradeApart={"seed": 7})
    record = a_class.record("alice")
    assert record["seed"] == 7
    assert record["in_force"]
    assert record["review"] is False
    assert record["outcomes"]["01_square-values"]["points"] == 90
    assert [check["name"] for check in record["outcomes"]["01_square-values"]["checks"]] == [
        "at two",
        "at a random point",
    ]


def test_a_seed_is_drawn_for_each_run(a_class):
    a_class.hand_in("alice")
    seeds = set()
    for _ in range(2):
        assert a_class.grade()
        seeds.add(a_class.record("alice")["seed"])
    assert len(seeds) == 2


def test_one_server_is_kept_for_a_whole_class(a_class, started):
    for student in ("alice", "bob", "carol"):
        a_class.hand_in(student)
    assert a_class.grade()
    assert a_class.grade()
    assert len(started) == 1


def test_what_students_display_is_made_harmless(a_class):
    shown = "from IPython.display import HTML\nfor text in ('<script>PAYLOAD</script>', '<b>bold</b>'):\n"
    shown += "    display(HTML(text))"
    a_class.hand_in("alice", a_class.released(f"def square(x):\n    return x * x\n{shown}"))
    assert a_class.grade()
    outputs = [output for cell in a_class.autograded("alice").cells for output in cell.get("outputs", [])]
    html = [output.data["text/html"] for output in outputs if "text/html" in output.get("data", {})]
    assert html == ["<b>bold</b>"]


def test_course_grade_has_nothing_to_do_afterwards_until_something_changes(a_class):
    for student in ("alice", "bob"):
        a_class.hand_in(student)
    (a_class.folder("bob") / "timestamp.txt").write_text("2026-11-01 12:00:00 UTC")
    (a_class.folder("carol") / "elsewhere.txt").write_text("no notebook")
    assert a_class.grade()
    release = load_release(a_class.course, a_class.assignment)
    students = students_of(a_class.course, a_class.assignment)

    def planned():
        return list(tasks(a_class.course, release, students, force=False, seed=None))

    assert planned() == [Current("alice"), Current("bob"), Current("carol")]
    a_class.hand_in("bob", a_class.released("def square(x):\n    return x**2"))
    alice, bob, carol = planned()
    assert (alice, carol) == (Current("alice"), Current("carol"))
    assert bob.student == "bob"
