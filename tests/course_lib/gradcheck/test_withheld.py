"""The library does not do an answer's work, and does everything else as before."""

import sys

import numpy as np
import pytest

from course_lib import assert_vjp, check_vjp, find_line, numerical_gradient
from course_lib.gradcheck.withheld import Asking, Withheld

X = np.array([3.0, 4.0])


def total(x):
    return np.sum(x * x)


def by_the_library(f, x):
    return numerical_gradient(f, x)


def compare(check, x):
    """As a helper of a graded cell: it is handed the checker."""
    return check(lambda x: (x * x, x), lambda dout, x: 2 * dout * x, x)


def asking():
    """An open check whose block is the function that calls this."""
    return Asking(sys._getframe(1))


def test_an_answer_is_refused_and_the_function_that_it_called_is_named():
    with (
        pytest.raises(Withheld, match=r"^numerical_gradient of course_lib is not called for an answer"),
        asking(),
    ):
        by_the_library(total, X)


def test_a_backward_that_has_itself_checked_is_refused_through_the_checker():
    def backward(dout, x):
        return check_vjp(lambda x: (x * x, x), lambda dout, x: 0 * x, x, dout=dout).arguments[0].numerical

    with pytest.raises(Withheld, match=r"^check_vjp"), asking():
        check_vjp(lambda x: (x * x, x), backward, X)


def test_an_answer_that_swallows_the_refusal_is_refused_when_the_check_ends():
    def answer(f, x):
        try:
            return find_line(f, f, x)
        except BaseException:
            return 2 * x

    with pytest.raises(Withheld, match=r"^find_line"), asking():
        answer(total, X)


def test_the_check_itself_and_helpers_that_it_hands_the_checker_call_the_library():
    with asking():
        assert np.allclose(numerical_gradient(total, X), 2 * X)
        assert_vjp(lambda x: (x * x, x), lambda dout, x: 2 * dout * x, X)
        assert all(compare(check, X).passed for check in [check_vjp, check_vjp])


def test_outside_of_a_check_everybody_may_call_the_library():
    with asking():
        pass
    assert np.allclose(by_the_library(total, X), 2 * X)


def test_where_only_answers_are_called_the_library_refuses_all():
    with pytest.raises(Withheld), Asking():
        compare(check_vjp, X)
