from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell

from autograder.errors import CourseError
from autograder.sources.markers import check_markers, without_markers
from autograder.sources.source import Source, SourceCell

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


def source(role, *lines, line=10):
    """A source of one cell, whose header stands in this line."""
    cell = new_code_cell("\n".join(lines), metadata={"nbgrader": {"grade_id": "f"}})
    return Source(Path("a.py"), (SourceCell(line, role, cell),))


@pytest.mark.parametrize(
    ("role", "kind"),
    [
        ("answer", "SOLUTION"),
        ("written", "SOLUTION"),
        ("graded", "HIDDEN TESTS"),
        ("task", "MARK SCHEME"),
    ],
)
def test_markers_in_nbgraders_words_pass_where_they_belong_one_region_after_the_other(role, kind):
    region = [f"  ### BEGIN {kind} ", "", "  x = 1", f"    ### END {kind}"]
    check_markers(source(role, *region, "between", *region))


@pytest.mark.parametrize(
    ("role", "kind", "belongs"),
    [
        ("graded", "SOLUTION", "answer or written"),
        (None, "SOLUTION", "answer or written"),
        ("answer", "HIDDEN TESTS", "graded"),
        ("written", "MARK SCHEME", "task"),
    ],
)
def test_a_marker_elsewhere_is_refused(role, kind, belongs):
    with pytest.raises(CourseError) as refused:
        check_markers(source(role, "x = 1", f"### BEGIN {kind}"))
    assert str(refused.value) == f"a.py:12: {kind} belongs in a cell of role {belongs}"


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("# begin solution", "BEGIN SOLUTION"),
        ("###BEGIN SOLUTION", "BEGIN SOLUTION"),
        ("### Begin-Solution", "BEGIN SOLUTION"),
        ("### END SOLUTION, at last", "END SOLUTION"),
        ("x = 1  ### END SOLUTION", "END SOLUTION"),
        ("### BEGIN SOLUTIONS", "BEGIN SOLUTION"),
        ("### END HIDDEN TEST", "END HIDDEN TESTS"),
        ("### end hidden_tests", "END HIDDEN TESTS"),
        ("### BEGIN MARKSCHEME", "BEGIN MARK SCHEME"),
    ],
)
def test_what_the_stripper_would_overlook_is_refused_with_what_is_meant(typed, right):
    with pytest.raises(CourseError) as refused:
        check_markers(source("answer", "", f"  {typed} "))
    assert str(refused.value) == f"a.py:12: {typed!r} is not a marker nbgrader strips; write `### {right}`"


def test_a_comment_below_a_marker_may_stand_anywhere():
    check_markers(
        source("answer", "def f():", f"    {BEGIN}", "# as in the lecture", "", "    return 1", f"    {END}")
    )


def test_words_that_only_sound_like_it_are_no_marker():
    check_markers(source(None, "# the beginning: BEGIN A SOLUTION", "# BEGINS SOLUTIONS", "# solution"))


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([END], "a.py:11: unbalanced END SOLUTION; nothing is open here"),
        ([BEGIN, "", BEGIN, END], "a.py:13: unbalanced BEGIN SOLUTION; SOLUTION was opened at line 11"),
        ([BEGIN, END, END], "a.py:13: unbalanced END SOLUTION; nothing is open here"),
        (
            ["def f():", BEGIN, "", "    return 1", END],
            "a.py:12: BEGIN SOLUTION is not indented like the code below it, in whose place students would "
            "get the stub",
        ),
        (["", BEGIN], "a.py:12: BEGIN SOLUTION has no END SOLUTION in its cell"),
        (["x = 1"], "a.py:10: f has no SOLUTION region"),
    ],
)
def test_what_is_not_balanced_or_missing_is_refused(lines, says):
    with pytest.raises(CourseError) as refused:
        check_markers(source("answer", *lines))
    assert str(refused.value) == says


def test_one_kind_does_not_end_another(monkeypatch):
    monkeypatch.setattr("autograder.sources.markers.ALLOWED_IN", {"SOLUTION": ("x",), "HIDDEN TESTS": ("x",)})
    with pytest.raises(CourseError, match="unbalanced END HIDDEN TESTS; SOLUTION was opened at line 11"):
        check_markers(source("x", BEGIN, "### END HIDDEN TESTS"))


def test_a_region_does_not_go_on_in_the_next_cell():
    first, second = (source("answer", *lines, line=line) for lines, line in (([BEGIN], 1), ([END], 4)))
    with pytest.raises(CourseError, match=r"a\.py:2: BEGIN SOLUTION has no END SOLUTION in its cell"):
        check_markers(Source(first.path, first.cells + second.cells))


def test_a_written_answer_needs_a_region_and_other_cells_need_none():
    with pytest.raises(CourseError, match="f has no SOLUTION region"):
        check_markers(source("written", "words"))
    check_markers(source("written", BEGIN, "  indented words", END))
    for role in ("graded", "task", "readonly", None):
        check_markers(source(role, "words"))


def test_a_solution_is_handed_in_without_its_markers():
    typed = f"def f():\n    {BEGIN}\n    return 1  # BEGIN SOLUTION\n    {END}"
    assert without_markers(typed) == "def f():\n    return 1  # BEGIN SOLUTION"
