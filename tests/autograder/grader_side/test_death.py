"""Student code that hangs, crashes or leaves costs its own check, in bounded time, and nothing else."""

import pytest

from autograder.grader_side import children
from autograder.grader_side.clock import Deadline
from autograder.grader_side.grader import Grader
from autograder.grader_side.limits import Limits

pytestmark = pytest.mark.sandbox

HANG = "while True: pass"
# Blocks every signal that can be blocked, so that only the kernel can end it.
DEAF_HANG = "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n    while True: pass"
HANG_IN_C = "import re; re.match(r'(a+)+$', 'a' * 60 + 'b')"


@pytest.mark.parametrize("hang", [HANG, HANG_IN_C, DEAF_HANG, "import time; time.sleep(60)"])
def test_a_call_that_hangs_costs_its_limit_and_not_its_notebooks(grade, checks_cell, hang):
    student = f"def bad():\n    {hang}\ndef good():\n    return 1"
    grade(student, checks_cell("assert good() == 1"))  # with everything warm
    cell = checks_cell("assert good() == 1", "bad()", "assert good() == 1")
    result = grade(student, cell)
    assert [check.points for check in result.outcomes["graded"].checks] == [1, 0, 1]
    assert "took" in result.outcomes["graded"].checks[1].message


def test_what_hangs_again_has_less_time_and_what_is_only_slow_keeps_its_own(grade, checks_cell, monkeypatch):
    given = []

    class Noted(Deadline):
        over = property(lambda self: not self.is_sure)  # on a busy machine one stopped early counts as well

        def __init__(self, *made):
            given.append(made[1])
            super().__init__(*made)

    monkeypatch.setattr(children, "Deadline", Noted)
    cells = f"import time\ndef bad():\n    {HANG}\ndef slow():\n    time.sleep(0.3)\n    return 1"
    cell = checks_cell("bad()", "bad()", "bad()", "bad()", "assert slow() == 1")
    with Grader(Limits(call_seconds=3), sandbox="bubblewrap") as grader:
        result = grade(cells, cell, grader=grader)
    assert [check.points for check in result.outcomes["graded"].checks] == [0, 0, 0, 0, 1]
    assert given[-5:] == [3, 1.5, 1, 1, 3]


@pytest.mark.parametrize("hang", [HANG, DEAF_HANG])
def test_a_cell_that_hangs_costs_its_limit_and_the_other_cells_count(grade, checks_cell, hang):
    student = ["def good():\n    return 1", "if True:\n    " + hang, "def late():\n    return 2"]
    result = grade(*student, checks_cell("assert good() + late() == 3"))
    assert result.outcomes["graded"].points == 1
    assert result.notebook.cells[2].outputs[-1].output_type == "error"


def test_a_fork_that_nobody_ends_answers_nothing_and_costs_nothing(grade, checks_cell):
    student = "import os\nchild = os.fork() == 0\ndef f():\n    os.fork()\n    return child"
    result = grade(student, "x = 1", checks_cell("assert f() is False", "assert f() is False and x == 1"))
    assert (result.outcomes["graded"].points, result.status) == (2, "graded")


@pytest.mark.parametrize(
    "end",
    [
        "import os; os._exit(3)",
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV); os.abort()",
        "import ctypes; ctypes.string_at(0)",
        "import os; os.closerange(0, 1000)",
    ],
)
def test_a_call_that_ends_its_process_costs_its_check_alone(grade, checks_cell, end):
    student = f"state = []\ndef bad():\n    {end}\ndef good():\n    return 1"
    result = grade(student, checks_cell("assert good() == 1", "bad()", "assert good() == 1"))
    assert [check.points for check in result.outcomes["graded"].checks] == [1, 0, 1]
    assert result.status == "graded, after its process was replaced"
    assert "process" in result.notes[0]


def test_a_cell_that_ends_its_process_says_so_and_is_left_out_of_replays(grade, checks_cell):
    cells = ["def good():\n    return 1", "print('before')\nimport os\nos._exit(3)", "x = 5"]
    result = grade(*cells, checks_cell("assert good() == 1 and x == 5"))
    assert result.outcomes["graded"].points == 1
    outputs = result.notebook.cells[2].outputs
    assert outputs[-1].evalue == "the student's process ended (it exited with code 3)"


def test_a_process_that_dies_between_cells_is_replaced(grade, checks_cell):
    late = "import os, threading\nthreading.Timer(0.5, os._exit, [1]).start()"
    first = checks_cell("import time\ntime.sleep(1)", name="first")
    result = grade("def good():\n    return 1", late, first, checks_cell("assert good() == 1"))
    assert result.outcomes["graded"].points == 1
    assert result.status == "graded, after its process was replaced"


def test_one_process_is_replaced_once_for_each_graded_cell(grade, checks_cell):
    student = "def bad():\n    import os; os._exit(1)\ndef good():\n    return 1"
    checks = ["bad()", "assert good() == 1", "bad()", "assert good() == 1"]
    result = grade(student, checks_cell(*checks), checks_cell("assert good() == 1", name="next"))
    assert [check.points for check in result.outcomes["graded"].checks] == [0, 1, 0, 0]
    assert result.outcomes["next"].points == 1


def test_objects_of_a_dead_process_are_gone_and_its_functions_are_found_again(grade, checks_cell):
    student = "class Net:\n    def size(self):\n        return 2\ndef bad():\n    import os; os._exit(1)"
    cell = checks_cell("net = Net()\nbad()", "net.size()", "assert Net().size() == 2")
    checks = grade(student, cell).outcomes["graded"].checks
    assert [check.points for check in checks] == [0, 0, 1]
    assert "this object died with its process" in checks[1].message


def test_the_notebooks_time_ends_everything_with_an_outcome_for_each_cell(checks_cell, grade):
    with Grader(Limits(cell_seconds=1, call_seconds=1, notebook_seconds=3), sandbox="bubblewrap") as grader:
        student = f"def bad():\n    {DEAF_HANG}\ndef good():\n    return 1"
        cells = [checks_cell("assert good() == 1", "bad()", name=f"cell {number}") for number in range(6)]
        result = grade(student, *cells, grader=grader)
    assert result.status == "out of time"
    assert [result.outcomes[f"cell {number}"].points for number in (0, 5)] == [1, 0]
    assert "the notebook's time of 3 s is used up" in result.outcomes["cell 5"].checks[0].message


def test_a_check_that_student_data_sends_into_a_loop_ends_with_the_notebooks_time(checks_cell, grade):
    with Grader(Limits(notebook_seconds=1.5), sandbox="bubblewrap") as grader:
        cell = checks_cell("while f() < 2:\n    pass", "n = f()\nwhile n:\n    pass")
        result = grade("def f():\n    return 1", cell, grader=grader)
    messages = [check.message for check in result.outcomes["graded"].checks]
    assert "time" in messages[0]
    assert result.outcomes["graded"].points == 0


@pytest.mark.parametrize(
    "leave", ["import sys; sys.exit(2)", "raise SystemExit", "exit()", "raise KeyboardInterrupt", "quit()"]
)
def test_leaving_a_cell_or_a_function_ends_neither_process(grade, checks_cell, leave):
    cells = ["def good():\n    return 1", leave, f"def bad():\n    {leave}"]
    result = grade(*cells, checks_cell("bad()\nassert False, 'came back'", "assert good() == 1"))
    assert result.outcomes["graded"].checks[1].points == 1
    assert result.status == "graded"


@pytest.mark.parametrize(
    "ask", ["input('points? ')", "import getpass; getpass.getpass()", "import sys; sys.stdin.read(1)[0]"]
)
def test_nobody_answers_questions_and_nothing_waits_for_one(grade, checks_cell, ask):
    result = grade(ask, "x = 1", checks_cell("assert x == 1"))
    assert result.outcomes["graded"].points == 1
    assert result.notebook.cells[1].outputs[-1].ename in ("EOFError", "IndexError")  # and no TimeLimit


def test_memory_without_end_is_an_error_in_the_notebook(grade, checks_cell):
    result = grade("x = np.ones(2**36, dtype=np.uint8)", "y = 1", checks_cell("assert y == 1"))
    assert "Unable to allocate" in result.notebook.cells[1].outputs[-1].evalue
    assert result.outcomes["graded"].points == 1


def test_recursion_without_end_costs_its_check(check):
    ran = check("def f(n):\n    return f(n + 1)", "f(0)")
    assert ran.message.startswith("RecursionError")


def test_calls_to_and_fro_without_end_cost_their_check(check):
    ran = check("def f(g, n):\n    return g(n + 1)", "def g(n):\n    return f(g, n)\nf(g, 0)")
    assert ran.message.startswith("RecursionError: calls between")


def test_what_a_check_makes_of_student_data_is_bounded_in_memory(checks_cell, grade):
    student = "import numpy as np\ndef values():\n    return np.ones(20_000)"
    cell = checks_cell("np.outer(values(), values())", "assert values().size == 20_000")
    with Grader(Limits(memory_mb=1024), sandbox="bubblewrap") as grader:
        first, second = grade(student, cell, grader=grader).outcomes["graded"].checks
    assert (first.points, second.points) == (0, 1)
    assert "MemoryError" in first.message


def test_a_lost_sandbox_is_no_fault_of_the_students(checks_cell, grade):
    import os
    import signal

    from autograder.grader_side.errors import SandboxError

    with Grader(Limits(), sandbox="bubblewrap") as grader:
        assert grade("x = 1", checks_cell("assert x == 1"), grader=grader).outcomes["graded"].points == 1
        process = grader._sandbox._server._process
        kill = f"import os, time\nos.killpg({process.pid}, {int(signal.SIGKILL)})"
        cell = checks_cell(f"{kill}\nfor _ in range(100):\n    assert f() == 1\n    time.sleep(0.02)")
        with pytest.raises(SandboxError, match="the sandbox was lost"):
            grade("def f():\n    return 1", cell, grader=grader)
        assert grade("x = 1", checks_cell("assert x == 1"), grader=grader).outcomes["graded"].points == 1
    assert not os.path.exists(f"/proc/{process.pid}")


def test_what_a_check_makes_of_student_data_ends_in_time_for_the_cells_below(graded_cell, grade):
    student = "def number():\n    return 9**20"
    cells = graded_cell("number() ** number()", "first"), graded_cell("assert number() == 9**20", "second")
    with Grader(Limits(cell_seconds=2, notebook_seconds=8), sandbox="bubblewrap") as grader:
        result = grade(student, *cells, grader=grader)
    outcomes = result.outcomes
    assert result.notes == ("a check took longer than it may, and was stopped",)
    assert outcomes["first"].note == "Overdue: the check took longer than it may"
    assert (outcomes["first"].points, outcomes["second"].points) == (0, 1)
