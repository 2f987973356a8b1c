"""A recursion limit that a graded cell sets is told to the student's side, once, and none is lowered here."""

import sys

import pytest
from roles import exercise

from autograder.grader_side.recursion_limit import RecursionLimit


def test_a_limit_is_told_once_for_each_time_that_it_is_set():
    before = sys.getrecursionlimit()
    with RecursionLimit() as limit:
        assert limit.asked() is None
        sys.setrecursionlimit(before + 50)
        assert sys.getrecursionlimit() == before + 50
        assert limit.asked() == before + 50
        assert limit.asked() is None
        sys.setrecursionlimit(before + 50)
        assert limit.asked() == before + 50
        sys.setrecursionlimit(before + 1)
        limit.forget()
        assert limit.asked() is None
    assert sys.getrecursionlimit() == before


def test_a_low_limit_is_for_the_other_side_alone():
    before = sys.getrecursionlimit()
    with RecursionLimit() as limit:
        sys.setrecursionlimit(1)
        assert sys.getrecursionlimit() == before
        assert limit.asked() == 1


@pytest.mark.parametrize(
    ("limit", "error"),
    [(0, ValueError), (-3, ValueError), (2**40, OverflowError), ("9", TypeError), (9.5, TypeError)],
)
def test_what_is_no_limit_raises_what_python_raises(limit, error):
    with RecursionLimit() as noted:
        with pytest.raises(error):
            sys.setrecursionlimit(limit)
        assert noted.asked() is None


def test_the_library_is_left_as_it_was():
    before = sys.setrecursionlimit, sys.getrecursionlimit()

    def block():
        with RecursionLimit():
            sys.setrecursionlimit(before[1] + 1)
            raise ValueError("in the block")

    with pytest.raises(ValueError, match="in the block"):
        block()
    assert (sys.setrecursionlimit, sys.getrecursionlimit()) == before


ANSWER = "def down(n):\n    return n and down(n - 1)"


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("limit", "depth", "points"), [("", 700, 1), ("", 1500, 0), (400, 700, 0), (400, 200, 1), (4000, 1500, 1)]
)
def test_student_code_goes_as_deep_as_a_graded_cell_lets_it(grader, limit, depth, points):
    set_limit = f"sys.setrecursionlimit({limit})\n" if limit else ""
    check = f"import sys\n{set_limit}assert down({depth}) == 0"
    result = grader.grade(exercise(ANSWER, check), seed=0)
    assert [outcome.points for outcome in result.outcomes.values()] == [points]
