"""A cell that shows what a student's functions do says what is wrong with them, and raises nothing."""

import linecache

import pytest

from course_lib.grading import once_written

ANSWERS = """
def unfinished(x):
    raise NotImplementedError("not written yet")


class Tensor:
    def backward(self):
        return [x.value for x in [1]]


def inner(x):
    return (lambda: unfinished(x))()


unnamed = lambda x: x / 0


def wrong(x):
    raise ValueError("no")


def asserting(x):
    assert x > 5


def nested(x):
    def step():
        return x[0]

    return step()
"""


@pytest.fixture
def answers(monkeypatch):
    monkeypatch.setitem(linecache.cache, "<answers>", (1, None, ANSWERS.splitlines(True), "<answers>"))
    exec(compile(ANSWERS, "<answers>", "exec"), scope := {})
    return scope


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("unfinished(1)", "○ unfinished: not written yet"),
        ("inner(1)", "○ unfinished: not written yet"),
        (
            "unnamed(1)",
            "✗ this cell stopped: ZeroDivisionError: division by zero, in `unnamed = lambda x: x / 0`",
        ),
        ("wrong(1)", "✗ this cell stopped in wrong: ValueError: no"),
        ("asserting(1)", "✗ this cell stopped in asserting: AssertionError, in `assert x > 5`"),
        ("nested([])", "✗ this cell stopped in step: IndexError: list index out of range, in `return x[0]`"),
        (
            "Tensor().backward()",
            "✗ this cell stopped in Tensor.backward: AttributeError: 'int' object has no attribute 'value', "
            "in `return [x.value for x in [1]]`",
        ),
    ],
)
def test_an_error_of_an_answer_is_told_with_its_function_and_its_line(call, said, answers, capsys):
    @once_written
    def draw(call):
        return eval(call, answers)

    assert draw(call) is None
    assert capsys.readouterr().out == said + "\n"


def test_an_error_in_the_cell_itself_is_told_with_its_line_and_an_assertion_with_its_words(capsys):
    @once_written
    def unpacks(value):
        out, _ = value
        return out

    @once_written
    def expects(value):
        raise AssertionError(f"the value should be 1, not {value}")

    assert (unpacks(3), expects(2)) == (None, None)
    assert capsys.readouterr().out.splitlines() == [
        "✗ this cell stopped: TypeError: cannot unpack non-iterable int object, in `out, _ = value`",
        "✗ the value should be 1, not 2",
    ]
    for length, told in ((400 - 27, "2" * (400 - 27)), (401 - 27, "2" * (399 - 27) + "…")):
        expects("2" * length)
        assert capsys.readouterr().out == f"✗ the value should be 1, not {told}\n"


def test_what_a_cell_returns_comes_back_and_an_interrupt_passes(capsys):
    @once_written
    def draw(value, twice=1):
        """Draw it."""
        if value is None:
            raise KeyboardInterrupt
        return value * twice

    assert (draw.__name__, draw.__doc__, draw(2, twice=3)) == ("draw", "Draw it.", 6)
    with pytest.raises(KeyboardInterrupt):
        draw(None)
    assert capsys.readouterr().out == ""


def test_an_error_without_a_line_is_told_all_the_same(capsys):
    exec("def draw(): raise NotImplementedError", scope := {})
    once_written(scope["draw"])()
    assert capsys.readouterr().out == "○ a function above: not written yet\n"
