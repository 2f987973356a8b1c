import copy
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_output

from autograder.grader_side import SandboxError
from autograder.grading import warm

pytestmark = pytest.mark.sandbox


class Fake:
    """A grader that does to a notebook what the test says."""

    in_force = "nothing, in a test"
    started = 0
    behave = None

    def __init__(self, limits, sandbox):
        type(self).started += 1

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def grade(self, notebook, seed):
        executed = copy.deepcopy(notebook)
        self.behave(executed)
        return SimpleNamespace(notebook=executed, outcomes={}, status="graded", notes=(), seconds=0.1)


@pytest.fixture
def fake(monkeypatch, a_class):
    monkeypatch.setattr(warm, "_graders", {})
    monkeypatch.setattr(warm, "Grader", Fake)
    monkeypatch.setattr(Fake, "started", 0)
    return lambda behave: monkeypatch.setattr(Fake, "behave", staticmethod(behave))


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


def die(notebook):
    raise EOFError("gone")


def test_a_notebook_that_defeats_the_grader_twice_has_no_score_and_the_next_is_graded(a_class, fake):
    fake(lambda nb: die(nb) if "x * x" in str(nb) else too_little(nb))
    a_class.hand_in("alice")
    a_class.hand_in("bob", a_class.released("def square(x):\n    return x**2"))
    assert a_class.grade()
    assert a_class.scores("alice")["01_square-values"] is None
    assert a_class.scores("bob")["01_square-values"] == 5
    assert a_class.record("alice")["status"] == "failed"
    assert "alice: The submission could not be graded (EOFError: gone)." in a_class.log
    assert a_class.needs_review("alice")["01_square-values"]


def too_little(notebook):
    graded_cell(notebook).outputs = [new_output("execute_result", {"text/plain": "5.0"})]


def test_a_server_that_was_killed_is_replaced_and_nothing_is_lost(a_class, fake):
    deaths = iter([True])
    fake(lambda nb: die(nb) if next(deaths, False) else too_little(nb))
    a_class.hand_in("alice")
    assert a_class.grade()
    assert a_class.scores("alice")["01_square-values"] == 5
    assert Fake.started == 2


def test_without_a_sandbox_nothing_is_graded_and_one_sentence_says_what_to_do(a_class, fake, monkeypatch):
    def refuse(self, limits, sandbox):
        raise SandboxError("install bubblewrap")

    monkeypatch.setattr(Fake, "__init__", refuse)
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


def test_one_server_is_kept_for_a_whole_class(a_class, fake):
    fake(too_little)
    for student in ("alice", "bob", "carol"):
        a_class.hand_in(student)
    assert a_class.grade()
    assert a_class.grade()
    assert Fake.started == 1


def test_what_students_display_is_made_harmless(a_class):
    shown = "from IPython.display import HTML\nfor text in ('<script>PAYLOAD</script>', '<b>bold</b>'):\n"
    shown += "    display(HTML(text))"
    a_class.hand_in("alice", a_class.released(f"def square(x):\n    return x * x\n{shown}"))
    assert a_class.grade()
    outputs = [output for cell in a_class.autograded("alice").cells for output in cell.get("outputs", [])]
    html = [output.data["text/html"] for output in outputs if "text/html" in output.get("data", {})]
    assert html == ["<b>bold</b>"]
