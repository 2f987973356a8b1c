"""Calls in a row: one message, and each answer as if it had been asked for alone."""

from functools import partial

import pytest
from roles import exercise

from autograder.grader_side.errors import NotANumber
from autograder.grader_side.methods import Method
from course_lib.grading import in_turn


def test_calls_and_methods_are_one_question(handle_of, owner):
    f, dog = handle_of("c"), handle_of(kind="Dog")
    owner.answers = [(3, None)]
    assert in_turn([partial(f, 1, k=2), partial(Method(dog, "bark"), "loud")]) == [3, None]
    calls = ("call", (f, 1), ("k", 2)), ("method", (dog, "bark", "loud"), ())
    assert owner.asked == [("in_turn", *calls)]


def test_each_answer_is_believed_as_if_it_came_alone(handle_of, owner):
    make, f, told = (handle_of("c") for _ in range(3))
    object.__setattr__(make, "_wall_makes", True)
    told._wall.told = True
    made, found, read = handle_of(), handle_of(), handle_of()
    owner.answers = [(made, found, read)]
    assert in_turn([partial(make), partial(f), partial(Method(told, "part"))]) == [made, found, read]
    assert (made._wall.operand, found._wall.operand) == (True, False)
    assert (read._wall.told, found._wall.told) == (True, False)


def test_a_loop_where_one_is_not_a_call_of_the_students(handle_of, owner):
    f = handle_of("c")
    for other in (partial(len, "ab"), partial(Method(handle_of(kind="Frame"), "equals"), handle_of())):
        owner.answers, owner.asked = [1, 2], []
        assert in_turn([partial(f), other])[0] == 1
        assert owner.asked[0] == ("call", f)


def test_a_list_too_large_for_a_message_is_asked_for_its_parts(handle_of, owner):
    f, kept = handle_of("c"), handle_of("g", "list")
    owner.answers = [kept, 5, 6]
    assert in_turn([partial(f, 1), partial(f, 2)]) == [5, 6]
    assert owner.asked[1:] == [("getitem", kept, 0), ("getitem", kept, 1)]


@pytest.mark.parametrize("answer", [(1,), (1, 2, 3), {1, 2}, None])
def test_as_many_answers_as_calls(answer, handle_of, owner):
    f = handle_of("c")
    owner.answers = [answer]
    with pytest.raises(NotANumber, match="did not all answer"):
        in_turn([partial(f, 1), partial(f, 2)])


ANSWER = """
import numpy as np
def np_zeros(n):
    return np.zeros(n)
class Tally:
    def __init__(self, start):
        self.total = start
    def add(self, x, times=1):
        if x < 0:
            raise ValueError(f'{x} after {self.total}')
        self.total += x * times
        x[...] = 0
        print('added')
        return [self.total]
    def grow(self, y):
        y *= 2
        return y
    def zeros(self, size, fill):
        self.many = getattr(self, 'many', np.zeros(size))
        self.many[...] = fill
        return self.many, [self.many]
"""
GRADED = """
import contextlib, io
import numpy as np
from functools import partial
from course_lib.grading import in_turn
one, two = in_turn([partial(Tally, 1), partial(Tally, start=10)])
x, heard = np.array(2), io.StringIO()
with contextlib.redirect_stdout(heard):
    found = in_turn([partial(one.add, x.copy(), times=2), partial(two.add, x), partial(two.add, x)])
assert found == [[5], [12], [12]] and x == 0 and heard.getvalue() == 'added\\n' * 3
try:
    in_turn([partial(one.add, np.array(1)), partial(one.add, np.array(-1)), partial(one.add, np.array(1))])
except ValueError as error:
    assert str(error) == '-1 after 6'
assert one.total == 6
y = np.ones(2)
grown = in_turn(partial(one.grow, y) for _ in range(3))
assert [found.tolist() for found in grown] == [[2, 2], [4, 4], [8, 8]] and y.tolist() == [8, 8]
same = in_turn(partial(one.zeros, 2, fill) for fill in (3, 4))
assert [found.tolist() for found, _ in same] == [[3, 3], [4, 4]] and same[0][1][0].tolist() == [3, 3]
large = in_turn(partial(two.zeros, 1_500_000, fill) for fill in (3, 4))
assert [found.shape for found, _ in large] == [(1_500_000,)] * 2 and [part[0] for part, _ in large] == [3, 4]
big, small = in_turn([partial(np_zeros, 5_000_000), partial(np_zeros, 2)])
assert len(big) == 5_000_000 and small.tolist() == [0, 0]
"""


@pytest.mark.sandbox
def test_over_the_wall_it_is_what_a_loop_would_give(grader):
    outcome = grader.grade(exercise(ANSWER, GRADED), seed=0).outcomes["graded"]
    assert outcome.points == 1, outcome.note
