import math
from pathlib import Path
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_code_cell

from autograder.errors import CourseError
from autograder.rules.points import check_ids_and_points
from autograder.sources.source import Source, SourceCell

CHECKS = (
    "with checks('a', points=2):\n    assert f(1)\nwith checks('b', points=0.5) as rng:\n    assert f(2)\n"
)
SCORE = "checks.score()"
EVERY_CELL = SimpleNamespace(total_points=None, checks_in_every_cell=True)
ANY_CELL = SimpleNamespace(total_points=None, checks_in_every_cell=False)


def cell(role, name, points=None, source="", line=10):
    worth = {} if points is None else {"points": points}
    return SourceCell(line, role, new_code_cell(source, metadata={"nbgrader": {"grade_id": name, **worth}}))


def refused(*cells, facts=EVERY_CELL):
    """What is said against a source of these cells; nothing if it passes."""
    try:
        check_ids_and_points(Source(Path("a:b.py"), cells), facts)
    except CourseError as error:
        return str(error).removeprefix("a:b.py:")
    return ""


@pytest.mark.parametrize("name", ["f", "01_sum-values", "A" * 64])
def test_a_grade_id_is_letters_digits_and_two_signs(name):
    assert refused(cell("answer", name)) == ""


@pytest.mark.parametrize("name", ["", "f g", "é", "f.g", "A" * 65])
def test_another_grade_id_is_refused(name):
    says = f"10: {name!r} is no grade id (letters, digits, _ and -, at most 64)"
    assert refused(cell("answer", name)) == says
    assert refused(cell(None, name)) == ""  # nbgrader does not track it


def test_a_grade_id_is_taken_once():
    cells = cell("answer", "f", line=3), cell("answer", "g", line=5), cell("readonly", "f", line=9)
    assert refused(*cells) == "9: grade id 'f' is taken by line 3"


@pytest.mark.parametrize("role", ["graded", "written", "task"])
def test_what_is_worth_points_says_how_many(role):
    assert refused(cell(role, "f")) == "10: graded cell f has no points (its header needs points=2)"


@pytest.mark.parametrize("points", [True, "2", None, 0, -1, math.inf, math.nan])
def test_points_are_a_number_more_than_nothing(points):
    item = cell("written", "f", 1)
    item.cell.metadata["nbgrader"]["points"] = points
    assert refused(item) == f"10: f has points={points!r}: a number more than 0 is needed"


def test_what_is_worth_none_needs_none():
    assert refused(cell("answer", "f"), cell("setup", "g"), cell("readonly", "h")) == ""


def test_points_add_up_to_what_the_course_says():
    cells = cell("written", "f", 60), cell("task", "g", 29.5), cell("graded", "h", 10.5, "f(1)")
    totals = {total: SimpleNamespace(total_points=total, checks_in_every_cell=False) for total in (100, 99)}
    assert refused(*cells, facts=totals[100]) == ""
    assert refused(*cells, facts=totals[99]) == "1: the points add up to 100, not 99"


def test_a_cell_is_worth_what_its_checks_are():
    assert refused(cell("graded", "f", 2.5, CHECKS + SCORE)) == ""
    assert refused(cell("graded", "f", 3, CHECKS + SCORE)) == "10: f has points=3, its checks are worth 2.5"
    head = "with quiet, checks('a', points=1), checks('b', points=2):\n"
    nested = head + "    with checks('c', points=4):\n        1\n"
    assert refused(cell("graded", "f", 7, nested + SCORE)) == ""
    assert refused(cell("graded", "f", 1, SCORE)) == "10: f has points=1, its checks are worth 0"


@pytest.mark.parametrize("points", ["half", "1 + x", "'2'", "None"])
def test_points_of_a_check_are_numbers_as_written(points):
    source = f"with checks('a', points={points}):\n    pass\n{SCORE}"
    assert refused(cell("graded", "f", 2, source)) == "10: f: points= of a check must be a number as written"


@pytest.mark.parametrize("last", ["print(checks)", "score = checks.score()", "checks.score", "2.5", ""])
def test_a_cell_whose_checks_nobody_adds_up_is_refused(last):
    says = "10: f must end with `checks.score()`, or it would earn nothing"
    for facts in (EVERY_CELL, ANY_CELL):
        assert refused(cell("graded", "f", 2.5, CHECKS + last), facts=facts) == says


@pytest.mark.parametrize("source", ["assert f(1)", "f(1)", "", "with open('x') as file:\n    file.read()"])
def test_a_cell_of_another_kind_is_for_courses_that_allow_it(source):
    assert refused(cell("graded", "f", 5, source), facts=ANY_CELL) == ""
    assert "must end with `checks.score()`" in refused(cell("graded", "f", 5, source))


@pytest.mark.parametrize(("last", "facts"), [(SCORE, EVERY_CELL), ("", ANY_CELL)])
def test_a_verdict_that_nobody_looks_at_is_refused_in_its_line(last, facts):
    source = f"with checks('a'):\n    check_gradient(f, g, x)\n{last}"
    assert refused(cell("graded", "f", 1, source), facts=facts) == (
        "12: nothing looks at what check_gradient(...) found, so that a wrong gradient would earn the "
        "points: call its assert_ twin, or look at its .passed"
    )
