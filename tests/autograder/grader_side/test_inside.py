"""A graded cell inside the student's process sees real objects, and can be trusted as that student can."""

import textwrap

import pytest
from nbformat.v4 import new_notebook
from roles import answer, cell, graded

from autograder.grader_side.grader import Grader
from autograder.grader_side.limits import Limits

pytestmark = pytest.mark.sandbox
DOG = "class Dog:\n    def bark(self):\n        return 'woof'"
SECRET = "a_secret_of_the_hidden_tests"


def inside(source, name="graded", points=2):
    return graded(source, name, points, facts={"tier": "inside"})


def apart(source, name="apart", points=2):
    return graded(source, name, points)


@pytest.fixture(name="grade")
def grade_fixture(grader):
    def grade(*cells):
        return grader.grade(new_notebook(cells=list(cells)), seed=0)

    return grade


@pytest.fixture(name="points")
def points_fixture(grade):
    return lambda *cells: [outcome.points for outcome in grade(*cells).outcomes.values()]


@pytest.mark.parametrize(
    ("source", "points"),
    [
        ("class Puppy(Dog):\n    pass\nassert isinstance(Puppy(), Dog)", 2.0),
        ("assert Dog().bark() == 'miau'", 0.0),
        ("%time dog = Dog()\n%matplotlib inline\nassert dog", 2.0),
        ("%%capture said\nassert Dog().bark() == 'miau'", 0.0),
        ("%%time\nassert Dog().bark() == 'miau'", 0.0),
        ("0.5", 0.5),
        ("5", 2.0),
        ("-1", 0.0),
        ("Dog().bark() == 'miau'", 0.0),
        ("float('nan')", 0.0),
        ("'text'", 0.0),
        ("import sys; sys.exit(0)", 0.0),
        ("assert Dog( ==", 0.0),
    ],
)
def test_it_earns_by_the_same_rule(grade, source, points):
    result = grade(answer(DOG), inside(source))
    outcome = result.outcomes["graded"]
    assert (outcome.points, outcome.tier) == (points, "inside")
    last = result.notebook.cells[-1].outputs[-1]
    assert last.output_type == ("execute_result" if not outcome.note else "error")


@pytest.mark.landlock
def test_behind_landlock_it_earns_by_the_same_rule_and_what_follows_is_graded():
    cells = [
        answer(DOG),
        inside("assert Dog().bark() == 'woof'", "first"),
        inside("0.5", "second"),
        apart("assert Dog().bark() == 'woof'"),
    ]
    with Grader(Limits(), "landlock") as grader:
        outcomes = grader.grade(new_notebook(cells=cells), seed=0).outcomes
    assert [outcome.points for outcome in outcomes.values()] == [2.0, 0.5, 2.0]


def test_what_it_changes_ends_with_it(points):
    first = inside("Dog.bark = None\nleft_over = 1\nimport os\nos.environ['X'] = '1'", "first")
    check = (
        "import os\nassert Dog().bark() == 'woof' and 'left_over' not in globals() and 'X' not in os.environ"
    )
    assert points(answer(DOG), first, inside(check, "second")) == [2, 2]


def test_it_reads_what_an_answer_bound_after_an_earlier_cell_did(points):
    last = inside("assert dog == 5", "last")
    last.metadata.autograder["takes"] = ["dog"]
    assert points(answer(DOG), inside("dog = Dog()\nassert dog"), answer("dog = 5"), last) == [2, 2]


def test_it_reads_what_an_earlier_cell_inside_bound(points):
    first, second = inside("limit = 3", "first"), inside("class P(Dog):\n    n = limit", "second")
    assert points(answer(DOG), first, second, inside("assert P.n == limit", "third")) == [2, 2, 2]


def test_cells_that_run_apart_are_never_in_the_students_process(points):
    look = """
    import re
    def seen():
        with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
            for line in maps:
                span, rights = line.split()[:2]
                if rights.startswith("rw"):
                    begin, end = (int(part, 16) for part in span.split("-"))
                    memory.seek(begin)
                    try:
                        if re.search(rb"a_secret_o[f]_the_hidden", memory.read(end - begin)):
                            return True
                    except OSError:
                        pass
        return False
    """
    hidden = apart(f"{SECRET} = seen\nassert not seen()")
    assert points(answer(look), hidden, inside("assert not seen()")) == [2, 2]
    assert points(answer(look), inside(f"{SECRET} = seen\nassert seen()")) == [2]  # one inside is there


def test_a_later_cell_of_the_students_finds_no_text_of_it(points):
    look = cell(
        f"found = any('{SECRET[::-1]}'[::-1] in item for item in In) or '{SECRET[::-1]}'[::-1] in globals()"
    )
    look["id"] = "student-1"
    assert points(answer(DOG), inside(f"{SECRET} = 1"), look, apart("assert not found")) == [2, 2]


CHILD = "import sys\nsys.modules['autograder.student_side.child']"
FORGERIES = {
    "its verdict": CHILD + ".verdict_on = lambda *a: ('number', 99.0, '')",
    "more than its points": "class Dog:\n    __eq__ = lambda self, other: True",
    "points without end": CHILD + ".verdict_on = lambda *a: ('number', float('inf'), '')",
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_a_forger_gains_the_points_of_that_cell_at_most_and_nothing_apart(points, forgery):
    found = points(
        answer(f"{DOG}\n{forgery}"), inside("assert Dog() == 3"), apart("assert Dog().bark() == 'miau'")
    )
    assert found[0] <= 2
    assert found[1] == 0


@pytest.mark.parametrize(
    "verdict",
    [
        "('number', 'x', '')",
        "('nothing', 0.0)",
        "('best', 1.0, '')",
        "None",
        "('number', 2, '')",
    ],
)
def test_what_is_no_verdict_earns_nothing_and_costs_nobody_else(points, verdict):
    forgery = f"{CHILD}.verdict_on = lambda *a: {verdict}"
    assert points(answer(f"{DOG}\n{forgery}"), inside("1"), apart("assert Dog().bark() == 'woof'")) == [0, 2]


DYING = {
    "exit": "import os\nos._exit(0)",
    "killed": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "endless": "while True:\n    pass",
    "asleep": "import time\ntime.sleep(99)",
    "catches all": (
        "while True:\n    try:\n        while True:\n            pass\n"
        "    except BaseException:\n        pass"
    ),
    "memory": "x = bytearray(2**40)",
    "forks": "import os\nwhile True:\n    os.fork()",
    "closes": "import os\nos.closerange(3, 99)",
}


@pytest.mark.parametrize("body", DYING.values(), ids=DYING)
def test_however_it_ends_only_that_cell_is_lost(body):
    limits = Limits(cell_seconds=1, call_seconds=1, notebook_seconds=20, memory_mb=512)
    student = f"{DOG}\ndef end():\n{textwrap.indent(body, '    ')}"
    cells = [
        answer(student),
        inside("end()\nassert False"),
        apart("assert Dog().bark() == 'woof'"),
        inside("1", "more"),
    ]
    with Grader(limits, sandbox="auto") as grader:
        result = grader.grade(new_notebook(cells=cells), seed=0)
        assert [outcome.points for outcome in result.outcomes.values()] == [0, 2, 1]
        result = grader.grade(new_notebook(cells=[answer(DOG), inside("assert Dog()")]), seed=0)
        assert result.outcomes["graded"].points == 2  # the next student, in the same server
