"""A graded cell as it runs in this process, for a student who is only noted: its names, output and score."""

import sys
import warnings
from types import SimpleNamespace

import pytest

from autograder.grader_side import scoring as module
from autograder.grader_side.cells import compiled_setup
from autograder.grader_side.compiled import Said
from autograder.grader_side.errors import StudentDied
from autograder.grader_side.failures import MAX_MESSAGE
from autograder.grader_side.handles import Handle
from autograder.grader_side.recursion_limit import RecursionLimit
from autograder.grader_side.scope import Scope
from autograder.grader_side.scoring import (
    GRADED,
    CellOutcome,
    GradedCell,
    Tier,
    as_scored,
    grade_cell,
    grade_inside,
)

MODULE = Handle(None)  # the student's own


class Student:
    """Has some names, and notes what is done."""

    def __init__(self, **known):
        self.known, self.asked, self.seeds = known, [], None
        self.recursion_limit, self.places, self.said = RecursionLimit(), ("", ()), Said()
        self.check_seconds_left, self.memory_bytes, self.hands_over_files = 5.0, 2**33, None
        self.output_kb = 200
        self.verdict, self.heard = ("ended", 1.0, ""), []

    def begin_graded_cell(self, watched):
        self.asked.append(("begin", watched))

    def overdue(self):
        return StudentDied("overdue")

    def fetch_written(self):
        self.asked.append(("fetch",))

    def lookup(self, names):
        self.asked.append(("lookup", names))
        if self.known.get("dead"):
            raise StudentDied("it ended")
        return {name: self.known[name] for name in names if name in self.known}

    def run_inside(self, source, before, show):
        self.asked.append((source, before))
        for event in self.heard:
            show(event)
        if isinstance(self.verdict, BaseException):
            raise self.verdict
        return self.verdict


def grade(source, student=None, setup=(), scope=None, later=(), points=2.0, **facts):
    cells = [compiled_setup(text, "setup") for text in setup]
    cell = GradedCell(source, "g", points, **facts)
    return grade_cell(cell, cells, scope or Scope(), later, student or Student())


def test_a_cell_takes_what_it_reads_from_the_student_and_earns_its_value():
    student = Student(f=lambda x: x + 1)
    outputs, outcome = grade("print('seen')\nf(0.5)", student)
    assert outcome == CellOutcome(1.5, 2.0)
    assert student.asked == [("begin", False), ("fetch",), ("lookup", ["f"])]
    assert [out.output_type for out in outputs] == ["stream", "execute_result"]
    assert (outputs[0].name, outputs[0].text) == ("stdout", "seen\n")
    assert outputs[1].data == {"text/plain": "1.5"}
    assert outputs[1].data.__class__.__name__ == outputs[1].metadata.__class__.__name__ == "NotebookNode"
    assert outputs[1].execution_count is None


def test_a_name_that_nobody_has_is_not_defined():
    outputs, outcome = grade("f(1)")
    assert (outcome.points, outcome.note) == (0.0, "NameError: name 'f' is not defined")
    (error,) = outputs
    assert (error.ename, error.evalue) == ("NameError", "name 'f' is not defined")
    assert error.traceback == [outcome.note]


def test_what_only_shows_is_no_score():
    assert grade("0.5", shows=True)[1].points == 2.0
    assert grade("0.5")[1].points == 0.5


def test_a_cell_can_display_unless_the_release_or_the_student_has_another(capsys):
    assert grade("display(3)\n1.0")[1].points == 1.0
    assert "3" not in capsys.readouterr().out
    student = Student(display=len)
    assert grade("float(display('ab'))", student, takes=("display",))[1].points == 2.0
    assert student.asked[-1] == ("lookup", ["display"])
    scope = Scope()
    scope.add_released("def display(x):\n    return x + 1")
    assert grade("float(display(1))", scope=scope)[1].points == 2.0


def test_a_dead_process_is_said_by_each_check_that_calls():
    student = Student(dead=True)
    source = "assert 'h' not in globals()\nassert f.__name__[0] == chr(102)\nf(1, k=2)"
    assert grade(source, student)[1].note == "StudentDied: it ended"


def test_setup_cells_run_before():
    student = Student()
    outcome = grade("x + y", student, setup=["x = 1", "y = x / 2"])[1]
    assert (outcome.points, len(student.asked)) == (1.5, 2)


@pytest.mark.parametrize(
    ("bound", "note"),
    [
        ({"m": MODULE}, ""),
        ({"m": 3}, "AttributeError: 'int' object has no attribute 'sqrt'"),
        ({}, "NameError: name 'm' is not defined"),
    ],
)
def test_what_the_solution_imports_is_there_where_the_student_imported_it_too(bound, note):
    assert grade("m.sqrt(4)", Student(**bound), imports=("import math as m",))[1].note == note


def test_a_cell_is_the_program_while_it_runs():
    before = sys.modules["__main__"]
    source = "import sys\nassert __name__ == '__main__' and sys.modules['__main__'].x == 3"
    assert grade(f"x = 3\n{source}")[1].note == ""
    assert sys.modules["__main__"] is before
    assert grade("1 / 0")[1].points == 0
    assert sys.modules["__main__"] is before


def test_warnings_and_standard_error_are_not_shown():
    source = "import sys, warnings\nwarnings.warn('x')\nprint('bad', file=sys.stderr)\n1.0"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        outputs, outcome = grade(source)
    assert ([out.output_type for out in outputs], outcome.points) == (["execute_result"], 1.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        caught = grade(
            "import warnings\nwith warnings.catch_warnings(record=True) as w:\n    warnings.warn('x')\nlen(w)"
        )
    assert caught[1].points == 1.0


def test_all_checks_are_kept_in_the_order_in_which_they_were_made():
    source = """
from course_lib.grading import Checks
one = Checks()
with one("first", points=1): pass
with one("second", points=0.5): assert False, "bad"
two = Checks()
again = one
with two("third", points=0.5): pass
one.score() + two.score()
"""
    outcome = grade(source)[1]
    assert [check.name for check in outcome.checks] == ["first", "second", "third"]
    assert outcome.points == 1.5
    assert len(grade(source + "\n1 / 0")[1].checks) == 3


def test_a_cell_that_raises_anything_earns_nothing_but_the_operators_own_stop():
    assert grade("raise SystemExit(3)")[1].note == "SystemExit: 3"
    assert grade("raise ValueError('a\\n  b\\t' + 'x' * 600)")[1].note == "ValueError: a b " + "x" * (
        MAX_MESSAGE - 6
    )
    with pytest.raises(KeyboardInterrupt):
        grade("raise KeyboardInterrupt")


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("exec(text)", "a cell that uses exec cannot run here, for what it is given may be the student's"),
        ("x = [n for n in dir()]", "a cell that goes through all names, by dir(), finds few of them here"),
    ],
)
def test_a_cell_that_cannot_run_here_is_refused_unless_the_course_says_by_setup_what_runs(source, says):
    student = Student(text="1")
    assert grade(source, student)[1].note == f"ValueError: {says}"
    assert student.asked == [("begin", False)]
    assert grade(source, Student(text="1"), scope=Scope(only_imports=True))[1].note == ""


def test_a_watched_cell_is_watched_where_names_are_told_apart():
    for scope, watched in ((Scope(), True), (Scope(only_imports=True), False)):
        student = Student()
        grade("1.0", student, scope=scope, watched=True)
        assert student.asked[0] == ("begin", watched)


def test_a_watched_cell_asks_nothing_of_its_own_process_also_not_by_what_the_release_defines():
    scope = Scope()
    scope.add_released("import signal, time\ndef limit():\n    signal.alarm(1)\ndef other(): pass")
    says = "ValueError: a cell that goes by {} asks a process in which no answer runs"
    for source, what in (("time.process_time()", "process_time"), ("limit()", "signal.alarm")):
        assert grade(source, scope=scope, watched=True)[1].note == says.format(what)
    assert grade("other()", scope=scope, watched=True)[1].note == ""
    assert grade("time.process_time() and None", scope=scope)[1].note == ""


def test_what_asks_for_files_is_known_before():
    for source, asks in (("open('x')", True), ("f(1)", False)):
        student = Student()
        grade(source, student)
        assert student.hands_over_files is asks


def test_random_numbers_are_followed_where_a_seed_is_set():
    student = Student(f=lambda: 1.0, np=MODULE)
    assert grade("np.random.seed(0)\nf()", student, imports=("import numpy as np",))[1].points == 1.0
    assert student.seeds.states() is not None
    scope = Scope()
    scope.add_released("import random\ndef start():\n    random.seed(3)")
    other = Student()
    grade("start()\n1.0", other, scope=scope)
    assert other.seeds is not None
    early = Student(f=lambda: float(early.seeds.states() is None))  # which ran what the setup seeds, too
    assert grade("x = f()\nrandom.seed(4)\nx", early, ["import random\nrandom.seed(3)"])[1].points == 1.0
    plain = Student()
    grade("1.0", plain)
    assert plain.seeds is None


def test_a_cell_can_tell_that_it_is_graded():
    assert grade(f"float({GRADED})")[1].points == 1.0


def test_names_of_several_letters_stay_and_what_the_text_holds_does_not():
    scope = Scope()
    grade("total = 3\n1.0", scope=scope, later=("total", "o"))
    student = Student(o=5)
    assert grade("float(total == 3 and o == 5)", student, scope=scope)[1].points == 1.0
    assert student.asked[-1] == ("lookup", ["o"])


def test_what_the_releases_answers_define_makes_no_objects_that_are_compared():
    scope = Scope()
    scope.add_answer("def Wave(x):\n    ...")
    found = {"Wave": Handle(None), "Other": Handle(None)}
    for value in found.values():
        object.__setattr__(value, "_wall_makes", True)
    assert grade("Wave, Other\n1.0", Student(**found), scope=scope)[1].points == 1.0
    assert [object.__getattribute__(one, "_wall_makes") for one in found.values()] == [False, True]


def test_a_recursion_limit_is_followed_where_the_cell_itself_sets_it():
    student, before = Student(sys=MODULE), sys.getrecursionlimit()
    grade("sys.setrecursionlimit(321)\n1.0", student, imports=("import sys",))
    assert student.recursion_limit.asked() == 321
    scope = Scope()
    scope.add_released("import sys\nsys.setrecursionlimit(5000)")
    grade("sys.getrecursionlimit()\n1.0", student, scope=scope)
    assert student.recursion_limit.asked() is None  # there it ran too
    assert sys.getrecursionlimit() == before


def test_names_that_later_cells_read_stay():
    scope = Scope()
    grade("a, b = 1, 2\ndef f():\n    return a\n1.0", scope=scope, later=("f",))
    assert grade("f()", scope=scope)[1].points == 1.0
    assert grade("b", scope=scope)[1].note == "NameError: name 'b' is not defined"


def test_a_cell_has_the_seconds_left_and_some_grace(monkeypatch):
    limits = []

    class Stopped:
        def __init__(self, seconds, over=None):
            limits.append(seconds())

        def __enter__(self):
            return self

        def __exit__(self, *error):
            return None

    monkeypatch.setattr(module, "stopped_after", Stopped)
    monkeypatch.setattr(module, "bounded_memory", lambda size: limits.append(size) or Stopped(lambda: 0))
    grade("1.0")
    assert limits[:2] == [5.0 + module.GRACE_SECONDS, 2**33]


def inside(student, **facts):
    return grade_inside(GradedCell("source", "g", 2.0, tier=Tier.INSIDE, **facts), ("before",), student, 1)


def test_a_cell_inside_earns_what_it_is_said_to_and_shows_what_it_printed():
    student = Student()
    student.heard = [["stream", "stdout", "out"], ["stream", "stderr", "err"], ["stream", "stdout", "more"]]
    student.verdict = ("number", 1.5, "")
    outputs, outcome = inside(student)
    assert student.asked == [("source", ("before",))]
    assert outputs[0].text == "outmore"
    assert outcome.tier is Tier.INSIDE
    assert (outcome.points, outcome.max_points, outcome.note) == (1.5, 2.0, "")
    assert outputs[1].data == {"text/plain": "1.5"}
    assert inside(student, shows=True)[1].points == 2.0


def test_a_cell_inside_whose_value_is_no_score_says_so():
    student = Student()
    student.verdict = ("other", 0.0, "'ten'")
    assert inside(student)[1].note.endswith("its points, a number, or nothing, not 'ten'")
    student.verdict = ("truth", 1.0, "")
    assert inside(student)[1].points == 2.0


@pytest.mark.parametrize(
    ("verdict", "note"),
    [
        (("raised", 0.0, "ValueError: bad\nthing"), "ValueError: bad thing"),
        (("raised", 0.0, ""), "Exception: "),
        (StudentDied("it ended"), "StudentDied: it ended"),
    ],
)
def test_a_cell_inside_that_fails_earns_nothing(verdict, note):
    student = Student()
    student.verdict = verdict
    outputs, outcome = inside(student)
    assert (outcome.points, outcome.max_points, outcome.note, outcome.tier) == (0.0, 2.0, note, Tier.INSIDE)
    assert [out.output_type for out in outputs] == ["error"]


def test_an_outcome_has_its_outputs():
    cell = SimpleNamespace(points=2.0, tier=Tier.APART)
    outputs, outcome = as_scored(cell, "printed", "ValueError: bad: worse", 1.0)
    assert [out.get("text", out.get("evalue")) for out in outputs] == ["printed", "bad: worse"]
    assert outcome == CellOutcome(0.0, 2.0, (), "ValueError: bad: worse")
    assert as_scored(cell, "", "", 1.0)[1] == CellOutcome(1.0, 2.0)
