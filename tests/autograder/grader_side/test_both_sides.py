"""The same notebook has the same verdict, in the same words, in one process and behind the wall.

``DRAWN_VALUES=2000 pytest tests/autograder/grader_side/test_both_sides.py`` draws as many; a few by default.
"""

import os

import pytest
from drawn import CASES, TOGETHER, notebook_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inprocess import at_home

pytestmark = pytest.mark.sandbox

DRAWN = int(os.environ.get("DRAWN_VALUES", "120"))


@settings(
    max_examples=max(DRAWN // TOGETHER, 1),
    deadline=None,
    suppress_health_check=[*HealthCheck],
    derandomize=DRAWN < 1000,
    report_multiple_bugs=False,
)
@given(cases=st.lists(CASES, min_size=TOGETHER, max_size=TOGETHER))
def test_a_check_ends_the_same_way_on_both_sides(cases, grade, graded_cell):
    student, graded = notebook_of(cases)
    home = at_home(student, graded)
    wall = grade(student, graded_cell(graded, points=TOGETHER)).outcomes["graded"]
    assert len(wall.checks) == len(home), wall.note
    different = [
        (case, one.status, one.message, two.status, two.message)
        for case, one, two in zip(cases, home, wall.checks, strict=True)
        if (one.status, said(one.message)) != (two.status, said(two.message))
    ]
    assert different == []


def test_an_error_of_the_students_is_told_with_its_line_on_both_sides(grade, graded_cell):
    student = """
class OwnError(Exception):
    pass


def added(x, y):
    return x.value + y


def refused(x):
    if x:
        raise OwnError


def told(x):
    raise ValueError("no")
"""
    graded = """
checks = Checks()
with checks("added"):
    added(1, 2)
with checks("refused"):
    expect_close("refused", refused([1]), 1)
with checks("told"):
    told(1)
with checks("without y"):
    added(1)
checks.score()
"""
    home = [outcome.message for outcome in at_home(student, graded)]
    wall = grade(student, graded_cell(graded, points=4)).outcomes["graded"]
    assert [outcome.message for outcome in wall.checks] == home
    assert home[:3] == [
        "AttributeError: 'int' object has no attribute 'value'\n  in `return x.value + y`",
        "OwnError\n  in `raise OwnError`",
        "ValueError: no",
    ]
    assert "in `" not in home[3]


def said(message):
    """A message without what was printed or warned, which lines of two processes word differently."""
    return message.partition("your code printed:")[0].strip()
