"""An exception of the student's side is raised here as `except` and `raises` expect it."""

import pytest

from autograder.grader_side import scoring
from autograder.grader_side.errors import (
    RUNS_CELLS,
    CannotCross,
    LibraryCalled,
    NotANumber,
    StudentError,
    TimeLimit,
    Unseen,
    ending_no_loop,
    exception_of,
)


def test_a_builtin_exception_is_itself_and_the_students():
    error = exception_of(["ValueError", "Exception"], "no")
    assert (type(error), error.args) == (ValueError, ("no",))
    assert error.raised_by_student is True


def test_a_students_own_exception_has_its_name_and_is_caught_as_what_it_derives_from():
    error = exception_of(["CycleError", "ValueError", "Exception"], "a cycle")
    assert isinstance(error, StudentError)
    assert isinstance(error, ValueError)
    assert type(error).__name__ == "CycleError"
    assert not isinstance(exception_of(["Mine", "Exception"], ""), ValueError)


@pytest.mark.parametrize("name", ["not a name", "x" * 65])
def test_a_name_that_is_none_or_too_long_is_not_taken(name):
    assert type(exception_of([name, "Exception"], "")).__name__ == "StudentError"


def test_an_exception_that_wants_more_than_one_argument_is_told_by_its_name():
    error = exception_of(["UnicodeDecodeError", "UnicodeError", "ValueError", "Exception"], "bad byte")
    assert (type(error).__name__, str(error)) == ("UnicodeDecodeError", "bad byte")
    assert isinstance(error, ValueError)


@pytest.mark.parametrize(
    ("name", "kind"), [("TimeLimit", TimeLimit), ("WireError", NotANumber), ("Withheld", LibraryCalled)]
)
def test_what_the_students_side_itself_raises_ends_the_check(name, kind):
    error = exception_of([name, "Exception"], "stopped")
    assert type(error) is kind
    assert not hasattr(error, "raised_by_student")


def test_a_change_that_nobody_sees_is_told_without_the_call_that_found_it():
    assert Unseen("list").said
    assert (CannotCross.said, CannotCross.fault_of_check, NotANumber.fault_of_check) == (False, True, False)


@pytest.mark.parametrize("name", ["SystemExit", "KeyboardInterrupt", "print", "BaseException"])
def test_nothing_that_would_end_the_grader_is_raised(name):
    assert isinstance(exception_of([name], "x"), StudentError)


class Empty(StopIteration):
    pass


@pytest.mark.parametrize(
    ("cell", "stays"),
    [
        ("found(error)", False),
        ("try:\n    found(error)\nexcept Exception:\n    pass", False),
        ("def f():\n    StopIteration\nfound(error)", False),
        ("[*map(found, [error])]\nStopIteration", True),
        ("def f():\n    Empty\n    found(error)\nf()", True),
    ],
)
def test_a_stop_stays_one_only_for_code_that_waits_for_it_and_speaks_of_it(as_a_cell, cell, stays):
    error, told = Empty(3), []
    error.raised_in, error._wall = "line 2", "what stands for another object"
    as_a_cell(cell, found=lambda error: told.append(ending_no_loop(error)), error=error, Empty=Empty)
    assert (told[0] is error) is stays
    assert isinstance(told[0], StopIteration) is hasattr(told[0], "_wall") is stays
    assert (type(told[0]).__name__, str(told[0]), told[0].raised_in) == ("Empty", "3", "line 2")


def test_what_runs_cells_is_called_so():
    assert scoring.__name__ == RUNS_CELLS
