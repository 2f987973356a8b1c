"""What to change so that a cell can be graded apart, by what it failed with there."""

import pytest

from autograder.protection.advice import FIGURE, OTHERWISE, what_to_change


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
        ("ValueError: a cell that goes by signal.alarm asks a process in which", "go by time.perf_counter"),
        ("ValueError: a cell that goes by process_time asks a process", "go by time.perf_counter"),
        ("ValueError: a cell that goes by getsource asks a process in which", "in place of its text"),
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
