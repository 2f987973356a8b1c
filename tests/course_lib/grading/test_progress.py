"""`progress()` is a table of the latest outcomes, exercise by exercise, and knows nothing of other runs."""

import json
import re
from pathlib import Path

import pytest

import course_lib
from course_lib import progress
from course_lib.grading import Checks, Status, set_run_seed
from course_lib.grading.progress import NOTHING_YET, WHAT_IT_COUNTS

ASSIGNMENTS = Path(__file__).parents[3] / "assignments"


@pytest.fixture(autouse=True)
def _a_new_run():
    set_run_seed(0)
    yield
    set_run_seed(0)


def graded_cell(exercise, **blocks):
    """Run a graded cell whose checks raise what is given, or nothing."""
    checks = Checks(exercise)
    for name, error in blocks.items():
        with checks(name, points=1):
            if error is not None:
                raise error


def test_before_any_check_it_says_what_to_do():
    assert str(progress()) == NOTHING_YET
    assert NOTHING_YET.replace("'", "&#x27;") in progress()._repr_html_()


def test_checks_are_counted_by_exercise_and_failures_are_said():
    graded_cell("1.3", forward=None, backward=AssertionError("grads['z'] is wrong\nmore of it"))
    graded_cell("1.4", forward=NotImplementedError("not written yet"))
    graded_cell("1.3", care=None)
    assert str(progress()).splitlines() == [
        "exercise  passed  failed  not written yet",
        "     1.3       2       1                0",
        "     1.4       0       0                1",
        "✗ 1.3 backward",
        "    grads['z'] is wrong",
        "4 checks: 2 passed, 1 failed, 1 not written yet",
        WHAT_IT_COUNTS,
    ]
    assert repr(progress()) == str(progress())


def test_a_cell_that_runs_again_replaces_what_it_said():
    graded_cell("1.3", forward=NotImplementedError())
    earlier = progress()
    graded_cell("1.3", forward=None)
    assert progress().count(Status.PASSED) == 1
    assert progress().count(Status.NOT_WRITTEN) == 0
    assert earlier.count(Status.NOT_WRITTEN) == 1


def test_the_same_name_in_two_exercises_is_two_checks():
    graded_cell("1.3", care=None)
    graded_cell("1.4", care=ValueError("no"))
    assert progress().headline == "2 checks: 1 passed, 1 failed, 0 not written yet"


def test_checks_of_no_exercise_such_as_self_checks_are_not_listed():
    graded_cell("", sums=None)
    assert progress().exercises == {}


def test_a_new_run_forgets_the_last_students_outcomes():
    graded_cell("1.3", secret=AssertionError("what the last student did"))
    set_run_seed(8)
    assert progress().exercises == {}


def test_the_html_table_has_headers_that_a_screen_reader_can_use():
    graded_cell("1.3", forward=None)
    shown = progress()._repr_html_()
    assert "<caption>1 check: 1 passed, 0 failed, 0 not written yet</caption>" in shown
    assert re.findall(r'<th scope="(\w+)">([^<]+)</th>', shown) == [
        ("col", "exercise"),
        ("col", "passed"),
        ("col", "failed"),
        ("col", "not written yet"),
        ("row", "1.3"),
    ]


def test_what_a_student_controls_is_escaped_in_html():
    graded_cell("1.3", forward=AssertionError("<script>alert(1)</script>"))
    assert "<script>" not in progress()._repr_html_()


def test_it_is_one_of_the_public_names():
    assert "progress" in course_lib.__all__


@pytest.mark.parametrize("path", sorted(ASSIGNMENTS.glob("*/*.ipynb")), ids=lambda path: path.stem)
def test_every_graded_cell_names_its_exercise_and_no_name_is_used_twice_there(path):
    under, listed = "", []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        heading = re.search(r"^## (\d+\.\d+) ", "".join(cell["source"]), re.MULTILINE)
        under = heading[1] if heading else under
        role = cell["metadata"].get("nbgrader", {})
        if role.get("grade") and not role.get("solution"):
            source = "".join(cell["source"])
            assert f'checks = Checks("{under}")\n' in source
            listed += [(under, name) for name in re.findall(r'with checks\(\s*"([^"]*)"', source)]
    assert listed
    assert len(listed) == len(set(listed))
