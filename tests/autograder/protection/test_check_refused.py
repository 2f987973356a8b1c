"""What is wrong with a solution or its assignment is said in one sentence."""

import pytest
import roles
from roles import cell

from autograder.course import Course
from autograder.errors import CourseError
from autograder.grading.grade import grade_rebuilt
from autograder.grading.steps import unscored
from autograder.grading_settings import Settings
from autograder.protection import check as checking
from autograder.submission import beside

pytestmark = pytest.mark.sandbox


def answer(source, name="answer"):
    return roles.answer(f"### BEGIN SOLUTION\n{source}\n### END SOLUTION", name=name)


def graded(source, name="graded"):
    return roles.graded(source, name, 2)


@pytest.mark.parametrize(
    ("source", "earned", "says"),
    [
        (
            "assert f() == 2",
            0,
            "AssertionError: line 1, assert f() == 2; nbgrader itself would give it no more",
        ),
        ("1", 1, "its checks say so; nbgrader itself"),
        ("import nowhere_to_be_found", 0, "No module named 'nowhere_to_be_found'"),
        ("assert open('gone.csv')", 0, "No such file or directory: 'gone.csv'"),
        ("from broken import x", 0, "ZeroDivisionError"),
        ("assert f() == ", 0, "SyntaxError"),
    ],
)
def test_a_solution_without_full_marks_is_named_with_its_cell_and_cause(check, source, earned, says):
    (found,) = check(answer("def f():\n    return 1"), graded(source), files={"broken.py": "x = 1 / 0\n"})
    assert (found.works, found.earned, found.tier) == (False, earned, "apart")
    assert str(found).startswith(f"one: graded (2 points): apart, but its solution earns {earned}: ")
    assert says in str(found)


def test_a_name_that_only_a_graded_cell_binds_is_said_to_be_that(check):
    later = answer("y = limit", "later")
    cells = [
        answer("x = 1"),
        graded("limit = 3\nassert x", "first"),
        later,
        graded("assert y == 3", "second"),
    ]
    _, found = check(*cells)
    assert "only first binds it, which is graded: bind it in a read-only cell" in str(found)


@pytest.mark.parametrize(
    ("solution", "says"),
    [
        (
            "import urllib.request\nx = urllib.request.urlopen('http://127.0.0.1:9/')",
            "no network behind the wall",
        ),
        ("x = open('gone.csv').read()", "put the file beside the notebook"),
        ("raise MemoryError", "the wall's limits"),
    ],
)
def test_what_the_wall_forbids_is_not_called_the_solutions_fault(check, solution, says):
    (found,) = check(answer(solution), graded("assert x"))
    assert not found.works
    assert says in str(found)


def test_a_solution_that_raises_where_nothing_is_to_be_earned_is_named_too(check):
    worthless = roles.graded("assert f() == 2", points=0)
    (found,) = check(answer("def f():\n    return 1"), worthless)
    assert (found.works, found.earned) == (False, 0)
    assert "AssertionError" in str(found)


def test_an_assignment_that_nbgrader_cannot_release_is_refused_in_a_sentence(check):
    with pytest.raises(
        CourseError, match=r"one\.ipynb cannot be released, says nbgrader of its cell [12]: Solution region"
    ):
        check(cell("### BEGIN SOLUTION\n1\n### END SOLUTION"), graded("assert 1"))


def test_a_solution_that_never_ends_is_named_with_its_cell_after_one_run(check, monkeypatch):
    runs = []
    monkeypatch.setattr(checking, "grade_rebuilt", lambda *args: runs.append(1) or grade_rebuilt(*args))
    short = Settings(limits={"cell_seconds": 1.0, "call_seconds": 1.0})
    monkeypatch.setattr(checking, "_settings", lambda course: short)
    endless = "while True:\n        pass"
    (found,) = check(answer(f"def f():\n    {endless}"), graded("assert f() == 1"))
    assert (found.works, found.tier) == (False, "apart")
    assert "TimeLimit: stopped: this took longer than it may; it may never end" in str(found)
    with pytest.raises(CourseError, match=r"one: answer was stopped: this took longer .* it may never end"):
        check(answer(f"if True:\n    {endless}"), graded("assert True"))
    assert len(runs) == 2


def test_a_solution_that_cannot_be_graded_at_all_is_told_of_once_with_what_may_help(check, monkeypatch):
    why = "it needed more than 300 MB of memory"
    monkeypatch.setattr(checking, "grade_rebuilt", lambda notebook, *rest: unscored(notebook, why, 0))
    with pytest.raises(CourseError) as told:
        check(answer("x = 1"), graded("assert x == 1"))
    assert str(told.value).startswith(f"one: the solution could not be graded: {why}; ")
    assert "grader_mb of c.GradeApart.limits gives more" in str(told.value)
    monkeypatch.setattr(checking, "grade_rebuilt", lambda notebook, *rest: unscored(notebook, "it is odd", 0))
    with pytest.raises(CourseError, match=r"^one: the solution could not be graded: it is odd$"):
        check(answer("x = 1"), graded("assert x == 1"))


def test_an_earlier_cell_that_fails_is_named(check):
    (found,) = check(answer("df = open('gone.csv')"), graded("assert df"))
    assert "(above, answer raised FileNotFoundError: " in str(found)


def test_another_language_is_refused_before_anything_runs(check):
    kernel = {"name": "ir", "display_name": "R", "language": "R"}
    with pytest.raises(CourseError, match=r"one\.ipynb is written for the kernel 'R'; only Python"):
        check(answer("x <- 1"), graded("x == 1"), kernelspec=kernel)


def test_a_file_that_is_too_large_is_named_with_the_bound(check, monkeypatch):
    monkeypatch.setattr(beside, "LARGEST", 10)
    with pytest.raises(CourseError, match=r"data\.csv is too large"):
        check(answer("x = 1"), graded("assert x"), files={"data.csv": "1," * 100})


def test_tiers_that_somebody_broke_are_refused_in_a_sentence(check, tmp_path):
    (tmp_path / "tiers.json").write_text(
        '{"one": {"one": {"graded": {"tier": "outside"}}}}', encoding="utf-8"
    )
    with pytest.raises(CourseError, match=r"tiers\.json cannot be used \(there is no tier 'outside'\)"):
        check(answer("x = 1"), graded("assert x"))


def test_an_assignment_that_is_not_there_is_named_with_those_that_are(check, tmp_path):
    with pytest.raises(CourseError, match="there is: one"):
        checking.check(Course(tmp_path), "two")


def test_a_name_that_nbgrader_takes_for_a_pattern_is_refused(check, tmp_path):
    with pytest.raises(CourseError, match=r"'week\[1\]' for a pattern, and can release no assignment"):
        checking.check(Course(tmp_path), "week[1]")
