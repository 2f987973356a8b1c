"""How a notebook is gone through: which cells run on which side, and what is said of the run."""

import contextlib
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from roles import answer, cell

from autograder.grader_side import grader as module
from autograder.grader_side.errors import SandboxError, StudentDied
from autograder.grader_side.grader import RunStatus, grade_notebook, graded_cell
from autograder.grader_side.limits import Limits
from autograder.grader_side.outputs import output
from autograder.grader_side.scoring import CellOutcome, Tier
from autograder.student_side.packages import NONE, Packages

LIMITS = Limits(notebook_seconds=20, shown_mb=1, output_kb=3, rich_kb=5)


class Run:
    """What was done for a notebook; a test may say beforehand how the student's process behaves."""

    def __init__(self):
        self.ran, self.graded, self.inside, self.setups, self.done = [], [], [], [], []
        self.prints, self.results, self.dies = {}, {}, {}
        self.deaths, self.faults, self.left, self.lost = [], [], 1.0, None


@pytest.fixture
def run(monkeypatch):
    run = Run()

    class Student:
        def __init__(self, *arguments):
            run.done.append(("student", *arguments))
            self.seconds_left, self.seconds_used, self.starved = run.left, 2.5, True

        deaths = property(lambda self: run.deaths)
        faults = property(lambda self: run.faults)
        lost = property(lambda self: run.lost)

        def run(self, source, show):
            run.ran.append(source)
            show(["stream", "stdout", run.prints.get(source, "")])
            if source in run.results:
                show(["rich", "execute_result", ["text/plain", run.results[source]], "{}"])
            if source in run.dies:
                raise StudentDied(run.dies[source])

        def close(self):
            run.done.append(("closed",))

    def scored(cell):
        outputs = [
            output("stream", name="stdout", text="x"),
            output("execute_result", data={}, execution_count=None),
        ]
        return outputs, CellOutcome(cell.points, cell.points)

    def grade_cell(cell, setup, scope, later, student):
        run.graded.append(cell)
        run.setups.append((list(setup), scope, later, type(student)))
        return scored(cell)

    def grade_inside(cell, before, student, output_kb):
        run.inside.append((cell.source, before, type(student), output_kb))
        return scored(cell)

    monkeypatch.setattr(module, "Student", Student)
    monkeypatch.setattr(module, "grade_cell", grade_cell)
    monkeypatch.setattr(module, "grade_inside", grade_inside)
    monkeypatch.setattr(module, "set_run_seed", lambda seed: run.done.append(("seed", seed)))
    run.student = Student
    return run


@pytest.fixture
def box():
    return SimpleNamespace(packages=NONE, draws=None)


@pytest.fixture
def graded(run, box):
    """Grade a notebook of these cells."""

    def graded(*cells, **options):
        return grade_notebook(new_notebook(cells=list(cells)), box, LIMITS, seed=5, **options)

    return graded


def locked(source, name="locked", **facts):
    return cell(source, facts=facts, grade_id=name)


def test_a_run_is_graded_with_a_seed_and_a_student_who_is_closed(run, graded, box, graded_cell):
    result = graded(graded_cell("1", "one", 3), graded_cell("2", "two", 4))
    assert result.outcomes == {"one": CellOutcome(3.0, 3.0), "two": CellOutcome(4.0, 4.0)}
    assert (result.status, result.notes, result.seconds, result.starved) == (RunStatus.GRADED, (), 2.5, True)
    assert run.done == [("seed", 5), ("student", box, LIMITS, None), ("closed",)]
    assert box.draws is False


def test_the_notebook_passed_in_stays_and_the_executed_one_is_numbered(run, graded, box, graded_cell):
    cells = [cell("a"), new_markdown_cell("text"), graded_cell("1", "one"), cell("  \n")]
    notebook = new_notebook(cells=cells)
    run.results = {"a": "7"}
    executed = grade_notebook(notebook, box, LIMITS, seed=0).notebook
    assert [cell.get("execution_count") for cell in executed.cells] == [1, None, 2, 3]
    assert executed.cells[0].outputs[0].execution_count == 1
    assert [cell.get("execution_count") for cell in cells] == [None] * 4
    assert [cell.get("outputs") for cell in cells] == [[], None, [], []]
    assert executed.cells[2].outputs[1].execution_count == 2
    assert "execution_count" not in executed.cells[2].outputs[0]
    assert executed.metadata == notebook.metadata
    assert run.ran == ["a"], "an empty cell need not run"
    assert executed.cells[3].outputs == []


def test_a_notebook_that_may_draw_is_known_before(run, graded, box):
    box.packages = Packages(("course",), ("course.viz",))
    graded(cell("viz.show()"))
    assert box.draws is True


def test_what_a_students_cell_shows_is_its_output_also_when_its_process_died(run, graded):
    run.prints = {"a": "hello", "b": "x" * 5000, "c": "last"}
    run.dies = {"c": "it exited"}
    executed = graded(cell("a"), cell("b"), cell("c")).notebook
    texts = [[item.get("text", item.get("evalue")) for item in cell.outputs] for cell in executed.cells]
    assert texts[0] == ["hello"]
    assert texts[2] == ["last", "it exited"]
    assert len(texts[1][0]) == 1000 * LIMITS.output_kb + 1000


def test_a_cell_that_was_released_defines_names_here(run, graded, graded_cell):
    plain = cell("theirs = 3")
    released = cell("typed = 4")
    released.metadata["autograder"] = {"released": "given = 5"}
    graded(
        locked("helper = 1"), answer("mine = 2", "stub = 0"), plain, released, graded_cell("stub + helper")
    )
    assert run.ran == ["helper = 1", "mine = 2", "theirs = 3", "typed = 4"]
    ((setup, scope, later, student),) = run.setups
    assert (setup, later, student) == ([], frozenset(), run.student)
    namespace, asked = {}, []
    scope.supply(
        {"helper", "stub", "given", "theirs"}, (), (), namespace, lambda names: asked.append(names) or {}
    )
    assert (namespace["helper"], namespace["given"]) == (1, 5)
    assert asked == [["stub", "theirs"]], "what an answer binds and what nobody knows is the student's"


def test_a_cell_is_told_which_names_those_below_it_read(run, graded, graded_cell):
    graded(
        graded_cell("a = 1", "one"),
        locked("b + c"),
        graded_cell("d", "two"),
        answer("mine", "e"),
        cell("theirs"),
        graded_cell("f = f + g", "three"),
    )
    assert [later for _, _, later, _ in run.setups] == [
        {"b", "c", "d", "e", "f", "g"},
        {"e", "f", "g"},
        set(),
    ]


def test_with_setup_cells_only_they_and_imports_run_here(run, graded, setup_cell, graded_cell):
    graded(
        graded_cell("a", "early"),
        setup_cell("import math\nx = 2"),
        locked("import json\ny = 3"),
        graded_cell("b"),
    )
    assert run.ran == ["import math\nx = 2", "import json\ny = 3"]
    (before, _, _, _), (after, scope, later, _) = run.setups
    assert (before, [code.bound for code in after]) == ([], [{"math", "x"}])
    assert after[0].body.co_filename == "<setup>"
    assert scope.only_imports
    assert later == frozenset()


def test_a_setup_cell_without_a_name_is_known_by_its_number(run, graded, graded_cell):
    graded(cell("a"), cell("x = 2", tags=["setup"], locked=True), graded_cell("b"))
    assert run.setups[0][0][0].body.co_filename == "<setup 2>"


def test_what_is_known_of_a_graded_cell_by_the_solution(run, graded, graded_cell):
    cell = graded_cell("1", "one", 2)
    known = {"takes": ["f"], "imports": ["import math"], "lends": ["import json", "import re"]}
    cell.metadata["autograder"] = {**known, "shows": True, "watched": True}
    shows = graded_cell("3", "three")
    shows.metadata["autograder"] = {"shows": True}
    graded(cell, graded_cell("2", "two"), shows)
    known, plain, showing = run.graded
    assert (showing.shows, showing.watched) == (True, False)
    assert (known.takes, known.imports, known.lends) == (
        ("f",),
        ("import math",),
        ("import json", "import re"),
    )
    assert (known.source, known.name, known.points, known.tier) == ("1", "one", 2.0, Tier.APART)
    assert (known.shows, known.watched) == (True, True)
    assert (plain.takes, plain.imports, plain.lends, plain.shows, plain.watched) == ((), (), (), False, False)
    assert run.ran == ["import json\nimport re"], "what it lends is there for answers too"


def test_a_cell_inside_runs_after_those_whose_names_it_reads(run, graded, graded_cell):
    def inside(source, name):
        cell = graded_cell(source, name)
        cell.metadata["autograder"] = {"tier": "inside"}
        return cell

    sources = ["a = 1", "other = 0", "b = a", "c = 3", "assert b"]
    result = graded(*[inside(source, f"cell {k}") for k, source in enumerate(sources)])
    assert [before for _, before, _, _ in run.inside] == [(), (), ("a = 1",), (), ("a = 1", "b = a")]
    assert [source for source, *_ in run.inside] == sources
    assert run.inside[0][2:] == (run.student, LIMITS.output_kb)
    assert len(result.outcomes) == 5
    assert run.graded == []


def test_a_process_that_was_replaced_is_said_once_for_each_cause(run, graded):
    run.deaths = ["it exited", "it was killed", "it exited"]
    run.faults = ["a fault", "a fault"]
    result = graded(cell("a"))
    assert result.status is RunStatus.REPLACED
    assert result.notes == ("it exited", "it was killed", "a fault")


@pytest.mark.parametrize("left", [0, -1.0])
def test_a_notebook_that_used_up_its_time_says_so(left, run, graded):
    run.left, run.deaths = left, ["it was stopped"]
    result = graded(cell("a"))
    assert result.status is RunStatus.OUT_OF_TIME
    assert result.notes == ("it was stopped", "the notebook's time of 20 s was used up")


def test_more_than_a_notebook_may_show_is_left_out_and_said(run, box):
    limits = Limits(shown_mb=1, output_kb=2000)
    run.prints = {"a": "x" * 600_000, "b": "x" * 600_000}
    notebook = new_notebook(cells=[cell("a"), cell("b")])
    result = grade_notebook(notebook, box, limits, seed=0)
    assert result.notes == ("the cells show more than the 1 MB they may; what came last is left out",)
    shown = [sum(len(item.text) for item in cell.outputs) for cell in result.notebook.cells]
    assert shown == [600_000, 0]


def test_what_a_cell_lends_shows_nothing_unless_its_process_dies(run, graded, graded_cell):
    cell = graded_cell("1")
    cell.metadata["autograder"] = {"lends": ["import json"]}
    run.prints = {"import json": "noise"}
    assert graded(cell).notebook.cells[0].outputs[0].text == "x"


def test_a_sandbox_that_was_lost_ends_the_run_unfinished(run, graded):
    run.lost = SandboxError("lost")
    with pytest.raises(SandboxError, match="lost"):
        graded(cell("a"), cell("b"))
    assert run.ran == ["a"]
    assert run.done[-1] == ("closed",)


def test_this_process_works_in_the_workplace_meanwhile(run, graded, box):
    @contextlib.contextmanager
    def entered():
        run.ran.append("in")
        yield
        run.ran.append("out")

    workplace = SimpleNamespace(entered=entered)
    graded(cell("a"), workplace=workplace)
    assert run.ran == ["in", "a", "out"]
    assert run.done[1] == ("student", box, LIMITS, workplace)


def test_a_graded_cell_is_read_off_its_metadata():
    cell = new_code_cell("1", metadata={"nbgrader": {"grade": True, "grade_id": "g", "points": 2}})
    assert graded_cell(cell).tier.value == "apart"
    cell.metadata["autograder"] = {"tier": "inside"}
    known = graded_cell(cell)
    assert (known.source, known.name, known.points, known.tier.value) == ("1", "g", 2.0, "inside")
    assert type(known.points) is float
