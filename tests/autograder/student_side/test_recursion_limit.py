"""A limit that was set on the grader's side holds for student code, and leaves room for what carries it."""

import sys

import pytest

from autograder.student_side.objects import OPERATIONS
from autograder.student_side.recursion_limit import ROOM, set_recursion_limit


@pytest.fixture(autouse=True)
def as_before():
    limit = sys.getrecursionlimit()
    yield
    sys.setrecursionlimit(limit)


def depth():
    frame, found = sys._getframe(1), 1
    while frame := frame.f_back:
        found += 1
    return found


def down(n):
    return n and down(n - 1)


def test_student_code_goes_as_deep_as_that():
    set_recursion_limit(depth() + 200)
    assert sys.getrecursionlimit() == depth() + 200
    assert down(150) == 0
    with pytest.raises(RecursionError):
        down(250)


@pytest.mark.parametrize("limit", [1, 5])
def test_there_is_always_room_for_a_call(limit):
    set_recursion_limit(limit)
    assert sys.getrecursionlimit() == depth() + ROOM
    assert down(20) == 0


def test_it_may_be_asked_for():
    assert OPERATIONS["set_recursion_limit"] is set_recursion_limit
