"""The library does not do an answer's work, and does everything else as before."""

import _thread
import contextlib
import sys
import threading
import types

import numpy as np
import pytest

from course_lib import assert_vjp, check_vjp, find_line, numerical_gradient, numerical_jacobian
from course_lib.gradcheck.withheld import Asking, Withheld, _is_library

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


SENTENCE = (
    "numerical_gradient of course_lib is not called for an answer that is being checked: "
    "what the exercise asks for is yours to write"
)


def test_a_refusal_says_what_to_do_and_is_no_exception_that_an_answer_catches():
    with pytest.raises(Withheld) as refused, asking():
        by_the_library(total, X)
    assert str(refused.value) == SENTENCE
    assert not isinstance(refused.value, Exception)
    assert Withheld.cause == "called the library"


def swallowed(f, x):
    with contextlib.suppress(Withheld):
        return numerical_gradient(f, x)


def swallows_and_fails():
    swallowed(total, X)
    raise ValueError("of the answer")


def test_a_refusal_that_was_swallowed_is_raised_again_in_place_of_any_other_error():
    with pytest.raises(Withheld) as refused, asking():
        swallows_and_fails()
    assert str(refused.value) == SENTENCE
    assert refused.value.__suppress_context__


def test_a_check_that_ends_leaves_the_one_around_it_open():
    def after_an_inner_one():
        with Asking():
            pass
        by_the_library(total, X)

    with pytest.raises(Withheld), Asking():
        after_an_inner_one()


def test_a_check_that_ends_ends_what_was_left_open_inside_it():
    with Asking():
        Asking().__enter__()
    assert np.allclose(by_the_library(total, X), 2 * X)


def test_the_innermost_of_three_leaves_the_one_in_the_middle_open():
    def after_the_innermost():
        with Asking():
            pass
        numerical_gradient(total, X)

    with asking(), pytest.raises(Withheld), Asking():
        after_the_innermost()


def test_a_check_that_ended_holds_nothing_of_its_block():
    check = asking()
    with check:
        pass
    assert check._block is None


def test_a_thread_of_the_library_alone_is_not_the_check(monkeypatch):
    """As an answer may start one: there is no frame of anybody else."""
    raised, done = [], threading.Event()
    monkeypatch.setattr(sys, "unraisablehook", lambda caught: (raised.append(caught.exc_type), done.set()))

    def answer(f, x):
        _thread.start_new_thread(numerical_gradient, (f, x))
        assert done.wait(60)

    with pytest.raises(Withheld), asking():
        answer(total, X)
    assert raised == [Withheld]


def test_an_inner_check_is_the_one_that_is_asked():
    with Asking(), asking():
        assert np.allclose(numerical_gradient(total, X), 2 * X)


def test_an_error_of_the_check_itself_is_let_through():
    with pytest.raises(ValueError, match="of the check"), asking():
        raise ValueError("of the check")


def test_comprehensions_and_generators_of_the_check_are_the_check():
    with asking():
        lists = [numerical_gradient(total, x) for x in (X, 2 * X)]
        assert len(lists) == len({str(numerical_gradient(total, x)) for x in (X, 2 * X)}) == 2
        assert list(numerical_gradient(total, x)[0] for x in (X, 2 * X)) == pytest.approx([6, 12])  # noqa: C400
        assert {k: numerical_gradient(total, k * X)[0] for k in (1, 2)} == pytest.approx({1: 6, 2: 12})


def own_comprehension(f, x):
    return [numerical_gradient(f, x) for _ in range(1)]


def test_comprehensions_of_an_answer_are_the_answer():
    with pytest.raises(Withheld), asking():
        own_comprehension(total, X)


def first_handed(check, other):
    return check(total, X)


def second_handed(other, check):
    return check(total, X)


def handed_another(other):
    return numerical_gradient(total, X)


def handed_by_keyword_only(*, check):
    return check(total, X)


def test_only_who_is_handed_the_very_function_may_call_it():
    with asking():
        assert np.allclose(first_handed(numerical_gradient, 3), 2 * X)
        assert np.allclose(second_handed(check_vjp, numerical_gradient), 2 * X)
    for helper in (handed_another, first_handed):
        with pytest.raises(Withheld), asking():
            helper(check_vjp) if helper is handed_another else handed_another(numerical_jacobian)


def deeper(check):
    return first_handed(check, 1)


def test_a_helper_of_a_helper_may_call_what_both_were_handed():
    with asking():
        assert np.allclose(deeper(numerical_gradient), 2 * X)


def test_a_helper_that_runs_outside_of_the_block_is_not_the_check():
    """As a thread does that an answer started: it is handed the function, and below no block."""
    caught = []

    def work(check):
        try:
            check(total, X)
        except Withheld as refused:
            caught.append(refused)

    def answer(helper, check):
        thread = threading.Thread(target=helper, args=(check,))
        thread.start()
        thread.join()

    with pytest.raises(Withheld), asking():
        answer(work, numerical_gradient)
    assert len(caught) == 1


def test_frames_of_the_library_and_of_nobody_else_are_the_library():
    for name, inside in [("", True), (".lines.search", True), ("_of_a_student", False), ("x.y", False)]:
        frame = types.SimpleNamespace(f_globals={"__name__": f"course_lib.gradcheck{name}"})
        assert _is_library(frame) is inside
    for elsewhere in (
        {},
        {"__name__": "course_lib"},
        {"__name__": None},
        {"__name__": "my.course_lib.gradcheck"},
    ):
        assert _is_library(types.SimpleNamespace(f_globals=elsewhere)) is False
