"""What to change so that a cell can be graded apart, by what it failed with there."""

import pytest

from autograder.protection.advice import CALL, FIGURE, OTHERWISE, what_to_change, whose_fault


@pytest.mark.parametrize(
    ("why", "says"),
    [
        ("FileNotFoundError: [Errno 2] No such file: 'a.txt'", "put the file beside the notebook"),
        ("KeptBack: your context manager kept back what was raised", "raise it in the answer's own code"),
        ("SyntaxError: asynchronous comprehension outside of", "with asyncio.run"),
        ("SyntaxError: 'async for' outside async function", "with asyncio.run"),
        ("AssertionError: line 2, assert inspect.iscoroutine(f())", "compare what an object does"),
        ("AssertionError: line 2, assert f() == 1", OTHERWISE),
        ("EOFError: nobody is there to answer input() while", "in place of input()"),
        ("FailedHealthCheck: Input generation is slow: only 5 valid inputs", OTHERWISE),
        ("AttributeError: 'function' object has no attribute 'execute'", "hand over plain data"),
        ("ValueError: a cell that asserts f() is not f() has a copy of each", "after each call"),
        ("OSError: could not find class definition", "in place of its text"),
        ("OSError: [Errno 5] Input/output error", OTHERWISE),
    ],
)
def test_what_to_change_is_said_by_what_it_failed_with(why, says):
    assert says in what_to_change(why)


def test_where_a_cell_looks_at_the_current_figure_the_answer_is_to_return_its_axes():
    why, source = "AssertionError: line 2, assert len(ax.lines) == 1", "draw()\nax = plt.gca()"
    assert FIGURE in what_to_change(why, (), source)
    assert FIGURE not in what_to_change("AssertionError: line 1, assert isinstance(f(), A)", (), source)
    assert FIGURE not in what_to_change(why, (), "ax = draw()")


def test_what_the_cell_binds_for_answers_is_to_be_handed_over_where_nothing_better_is_known():
    says = "hand over as an argument what answers read and this cell binds (a, b, c), or bind it above"
    for why in ("AssertionError: line 2, assert f() == 1", "NameError: name 'd' is not defined"):
        assert what_to_change(why, "dcba") == f"to have it apart, {says}"
        assert what_to_change(why) == f"to have it apart, {CALL if 'Name' in why else OTHERWISE}"
    assert "with asyncio.run" in what_to_change("SyntaxError: 'async for' outside async function", "a")


@pytest.mark.parametrize(
    ("why", "says"),
    [
        ("ModuleNotFoundError: No module named 'x'", "install it where"),
        ("URLError: <urlopen error>", "there is no network behind the wall"),
        ("StudentDied: it needed more than 100 MB of memory", "what its graded cells take counts"),
        ("StudentDied: the process ended", "it may be the wall's limits"),
        ("TimeLimit: stopped", "it may never end"),
        ("FileNotFoundError: a.txt", "put the file beside the notebook"),
        ("AssertionError", "nbgrader itself would give it no more"),
    ],
)
def test_a_solution_may_fail_by_what_the_wall_forbids(why, says):
    assert whose_fault(why).startswith(says)
    assert whose_fault(why, "so it is") == ("so it is" if why == "AssertionError" else whose_fault(why))
