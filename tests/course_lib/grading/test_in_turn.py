"""Calls in a row: what a loop would give, unless who is called knows how to be asked for all of them."""

from functools import partial

import numpy as np
import pytest

from course_lib.grading import in_turn


def test_calls_are_made_one_after_the_other_and_the_first_exception_ends_it():
    made = []
    assert in_turn(partial(made.append, k) for k in range(3)) == [None, None, None]
    with pytest.raises(ZeroDivisionError):
        in_turn([partial(made.append, 3), partial(divmod, 1, 0), partial(made.append, 4)])
    assert made == [0, 1, 2, 3]
    assert in_turn([]) == []


def test_what_was_returned_is_as_it_was_then():
    kept = np.zeros(2)

    def filled(value, form):
        kept[...] = value
        return form(kept)

    def forms(x):
        return x, [x], {"x": x}, "text"

    one, two = in_turn(partial(filled, value, forms) for value in (1, 2))
    assert [one[0][0], one[1][0][0], one[2]["x"][0], one[3]] == [1, 1, 1, "text"]
    assert (two[0][0], two[1][0][0], two[2]["x"][0]) == (2, 2, 2)
    assert [type(part) for part in one] == [np.ndarray, list, dict, str]


def test_who_can_be_asked_for_all_is():
    class Together:
        def __call__(self, value):
            raise AssertionError("it was asked alone")

        def __in_turn__(self, calls):
            return [call.args for call in calls]

    assert in_turn([partial(Together(), 1), partial(divmod, 7, 2)]) == [(1,), (7, 2)]
