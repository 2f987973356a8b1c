"""Why a check failed, read off the table that the author's own cell printed."""

import pytest
from nbformat.v4 import new_notebook, new_output
from roles import graded

from autograder.rehearsal.printed import printed_failure
from course_lib.grading import Checks


def printed(text):
    cell = graded("checks.score()", "values")
    cell.outputs = [new_output("stream", text=text), new_output("execute_result", {"text/plain": "1.0"})]
    return printed_failure(new_notebook(cells=[graded("1", "other"), cell]), "values")


def test_the_first_check_that_failed_is_named_with_what_it_said():
    checks = Checks()
    with checks("at two", points=1):
        pass
    with checks("at three of them", points=2):
        raise FileNotFoundError("no table.csv\nreally")
    assert printed(f"hello\n{checks}\n") == "'at three of them' (FileNotFoundError: no table.csv)"


def test_so_is_one_that_found_nothing_written_and_one_that_says_nothing():
    checks = Checks()
    with checks("at two", points=1):
        raise NotImplementedError("not written yet")
    assert printed(f"{checks}\n") == "'at two' (not written yet)"
    assert printed("✗ at two  0 of 1\n✓ at three  1 of 1\n") == "'at two'"


@pytest.mark.parametrize("text", ["", "✓ at two  1 of 1\n", "✗ is a cross\n"])
def test_without_a_table_of_failed_checks_nothing_is_said(text):
    assert printed(text) == ""
