"""What ends a graded cell is one short line, whatever making its text takes or raises."""

import pytest

from autograder.grader_side.errors import Overdue, StudentDied
from autograder.grader_side.failures import MAX_MESSAGE, bounded, failing_in_words, line_of
from autograder.grader_side.scoring import GradedCell

CELL = GradedCell("a = 1\n  assert False", "g", 1.0)
WATCHED = GradedCell(CELL.source, "g", 1.0, watched=True)


class Speechless:
    """A student's value, as far as its text goes."""

    def __init__(self, error):
        self.error = error

    def __str__(self):
        raise self.error


def said(error, cell=CELL):
    failures = []
    with failing_in_words(cell, failures):
        raise error
    return failures


def test_a_block_that_ends_well_has_no_failure():
    failures = []
    with failing_in_words(CELL, failures):
        pass
    assert failures == []


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError("a\x1b[2J\nb"), "ValueError: a [2J b"),
        (MemoryError(), "MemoryError: "),
        (StudentDied("it ended"), "StudentDied: it ended"),
        (Overdue("too long"), "Overdue: too long"),
        (AssertionError(10**5000), "AssertionError: (its text could not be made: ValueError)"),
        (
            AssertionError(Speechless(Overdue("too long"))),
            "AssertionError: (its text could not be made: Overdue)",
        ),
        (
            AssertionError(Speechless(SystemExit())),
            "AssertionError: (its text could not be made: SystemExit)",
        ),
    ],
)
def test_what_ends_it_is_said_and_goes_no_further(error, line):
    assert said(error) == [line]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), AssertionError(Speechless(KeyboardInterrupt()))])
def test_who_stops_the_grading_stops_it(error):
    with pytest.raises(KeyboardInterrupt):
        said(error)


def test_an_error_without_words_has_its_line_for_the_author():
    code = compile("\nassert False", "<g>", "exec")
    for cell, line in (WATCHED, "line 2, assert False"), (CELL, ""):
        failures = []
        with failing_in_words(cell, failures):
            exec(code)
        assert failures == [f"AssertionError: {line}"]


def test_only_lines_that_there_are_are_told():
    assert [line_of(WATCHED, number) for number in (0, 1, 2.0, 3)] == [
        *("", "line 1, a = 1", "line 2, assert False", "")
    ]


def test_a_text_is_cut():
    assert bounded("x" * (MAX_MESSAGE + 1)) == "x" * MAX_MESSAGE
