"""A child does operations on the student's objects: what comes back, what was raised, what has changed."""

import warnings

import numpy as np
import pytest

from autograder.student_side import child, frames
from autograder.student_side.alarm import Alarm, TimeLimit
from course_lib.gradcheck.withheld import refuse_answers
from tests.autograder.student_side.far_end import Function, Lent, Object, OwnError

VALUE_ERROR = ["ValueError", "Exception"]


@pytest.fixture
def call(world):
    """Have the child call a function of the student's; its answer."""

    def call(function, *arguments, **options):
        return world.do("call", world.handle_of(function), *arguments, **options)

    return call


@pytest.fixture
def small_messages(monkeypatch):
    """Messages may be no larger than some arrays of a test."""
    with monkeypatch.context() as patched:
        for module in (child, frames):
            patched.setattr(module, "MAX_FRAME", 30_000)
        yield


def raising(error):
    def raises():
        raise error

    return raises


def test_a_call_has_its_arguments_by_place_and_by_name(call):
    assert call(lambda *a, **k: [a, k], 1, "b", c=2, d=3) == ["done", [(1, "b"), {"c": 2, "d": 3}], ()]


def test_any_operation_that_is_known_can_be_asked_for(world):
    assert world.do("add", 1, 2) == ["done", 3, ()]
    assert world.do("dance", 1)[2:4] == [["KeyError", "LookupError", "Exception"], "dance"]


def test_what_is_written_and_warned_of_in_a_call_is_shown(world):
    def shows():
        print("shown")
        warnings.warn("beware", stacklevel=1)
        return 1

    world.requests_to_do("call", world.handle_of(shows))
    *events, done = world.hears()
    assert done == ["done", 2, 1, ()]
    assert [event[1][:3] for event in events] == [
        ["stream", "stdout", "shown"],
        ["stream", "stdout", "\n"],
        ["warning", "UserWarning", "beware"],
    ]


def test_floating_point_errors_are_handled_as_the_check_has_it(call):
    before = np.geterr()
    quiet = {"divide": "ignore", "over": "print", "under": "warn", "invalid": "raise"}
    assert call(np.geterr, errors=tuple(quiet.values())) == ["done", quiet, ()]
    assert call(np.geterr) == ["done", before, ()]
    assert np.geterr() == before


def test_an_answer_may_not_call_the_library_even_if_it_catches_that(call):
    def forward():
        refuse_answers()

    def hides():
        try:
            forward()
        except BaseException:
            return 1

    for answer in (forward, hides):
        kind, _, names, text, line, whole, changed = call(answer)
        assert (kind, names, line, whole, changed) == ("raise", ["Withheld"], "", None, ())
        assert text.startswith("forward of course_lib is not called")


def test_a_value_too_large_to_send_stays_as_an_object(call, small_messages):
    kind, value, changed = call(lambda: np.zeros(5000))
    assert (kind, value.kind, changed) == ("done", "ndarray of dtype float64", ())
    kind, value, changed = call(lambda: [np.zeros(2500), np.zeros(2500)])
    assert (kind, value.kind, changed) == ("done", "list", ())


def test_calls_in_a_row_are_answered_together_each_with_what_it_returned_then(world):
    kept = []

    def grow(number, *, times=1):
        kept.extend([number] * times)
        return kept

    handle = world.handle_of(grow)
    answer = world.do("in_turn", ("call", (handle, 1), ()), ("call", (handle, 2), ("times", 2)))
    assert answer == ["done", ([1], [1, 2, 2]), ()]
    assert world.do("in_turn") == ["done", (), ()]


@pytest.mark.parametrize("sizes", [(5000, 1), (1, 5000), (2500, 2500)])
def test_calls_in_a_row_are_all_made_and_what_is_too_large_together_stays(world, small_messages, sizes):
    made, handle = [], world.handle_of(lambda size: made.append(size) or np.zeros(size))
    kind, value, changed = world.do("in_turn", *(("call", (handle, size), ()) for size in sizes))
    assert (kind, value.kind, changed, made) == ("done", "list", (), list(sizes))


def test_what_a_call_in_a_row_returned_stays_as_it_was_also_where_all_is_too_large(world, small_messages):
    kept = np.zeros(2500)
    handle = world.handle_of(lambda: np.add(kept, 1, out=kept))
    _, made, _ = world.do("in_turn", *[("call", (handle,), ())] * 2)
    assert [world.do("getitem", made, place)[1][0] for place in (0, 1)] == [1.0, 2.0]


# What was changed in place


def test_what_a_call_changes_in_place_is_said_once(world, call):
    kept = []
    assert call(kept.append, [[1], [2]], first=5) == ["done", None, ()]
    kept[0][1].append(3)
    assert world.do("add", 1, 2) == ["done", 3, (Lent(7, True, [2, 3]),)]
    assert world.do("add", 1, 2) == ["done", 3, ()]


def test_what_a_call_changes_before_it_raises_is_said_too(call):
    def fails(numbers, words):
        numbers[0] = 5.0
        raise ValueError("no")

    kind, _, names, text, line, whole, (changed,) = call(fails, np.zeros(2), ["a"], first=8)
    assert (kind, names, text, line, whole) == ("raise", VALUE_ERROR, "no", 'raise ValueError("no")', None)
    assert (changed.number, changed.changed, changed.holds.tolist()) == (8, True, [5.0, 0.0])


def test_a_value_that_was_lent_comes_back_by_its_number(call):
    assert call(lambda words: words, ["a"], first=9) == ["done", Lent(9, False, ["a"]), ()]


def test_a_change_too_large_to_send_is_an_error_and_is_said_when_it_is_smaller(world, call, small_messages):
    kept = []

    def grows(words, fails=False):
        kept.append(words)
        words.append(np.zeros(5000))
        if fails:
            raise ValueError("no")

    text = "a message of 0.0 MB is more than 0 MB"
    assert call(grows, ["a"], first=3) == ["raise", 0, ["WireError"], text, "", None, ()]
    kept[0][1:] = ["b"]
    assert world.do("add", 1, 2) == ["done", 3, (Lent(3, True, ["a", "b"]),)]
    assert call(grows, ["c"], first=4, fails=True) == ["raise", 0, ["WireError"], text, "", None, ()]


# What was raised


@pytest.mark.parametrize(
    ("error", "names", "argument", "whole"),
    [
        (ValueError("no"), VALUE_ERROR, "no", None),
        (ValueError(), VALUE_ERROR, "", ()),
        (KeyError(2), ["KeyError", "LookupError", "Exception"], 2, None),
        (ValueError("a", 2), VALUE_ERROR, "('a', 2)", ("a", 2)),
        (ValueError(object, 2), VALUE_ERROR, "(<class 'object'>, 2)", None),
        (KeyboardInterrupt("k"), ["KeyboardInterrupt"], "k", None),
        (TimeLimit("late"), ["TimeLimit", "TimeoutError"], "late", None),
        (frames.WireError("ours"), ["WireError"], "ours", None),
        (frames.WireError("a", "b"), ["WireError"], "('a', 'b')", None),
    ],
)
def test_an_exception_is_told_by_its_classes_and_its_argument(call, error, names, argument, whole):
    kind, passed_on, *told, found, changed = call(raising(error))
    assert [kind, passed_on, *told, changed] == ["raise", 0, names, argument, "raise error", ()]
    assert (None if found is None else found.args) == whole
    assert found is None or type(found) is type(error)


def test_an_exception_of_the_students_own_class_comes_whole_and_holds_no_frames(call):
    class NegativeError(ValueError):
        pass

    error = NegativeError("below", 0)
    said = call(raising(error))
    whole = OwnError(("NegativeError",), ("below", 0), "('below', 0)")
    assert said == ["raise", 0, ["NegativeError", *VALUE_ERROR], "('below', 0)", "raise error", whole, ()]
    assert error.__traceback__ is None


def test_an_exception_of_pythons_own_keeps_its_traceback(call):
    error = ValueError("no")
    call(raising(error))
    assert error.__traceback__ is not None


@pytest.mark.parametrize("said", ["1", True, 1.0])
def test_an_exception_that_says_of_itself_who_raised_it_is_not_believed(call, said):
    error = ValueError("no")
    error._asked = said
    passed_on = call(raising(error))[1]
    assert (type(passed_on), passed_on) == (int, 0)


def test_a_call_that_takes_too_long_is_stopped_and_its_change_is_said(world, clock):
    def slow(words):
        words.append("b")
        clock.now += 8.0
        Alarm.ring(0, None)

    names = ["TimeLimit", "TimeoutError"]
    said = world.do("call", world.handle_of(slow), ["a"], seconds=7.0)
    assert said[2:4] == [names, "stopped: this took longer than it may"]
    assert said[4:] == ["Alarm.ring(0, None)", None, (Lent(1, True, ["a", "b"]),)]


# Functions of the grader's side


def test_a_function_of_the_graders_is_asked_and_answers(world, call):
    handle = world.handle_of(lambda f: [f(1, b=2), f.__name__, f])
    number = world.requests_to_do("call", handle, Function(5))
    world.returns(1, "said")
    assert world.hears() == [
        ["callback", 1, 5, (1,), ("b", 2)],
        ["done", number, ["said", "ours", Function(5)], ()],
    ]


def test_each_question_has_a_number_and_waits_for_its_own_answer(world):
    def calls(f):
        return [f(), f()]

    number = world.requests_to_do("call", world.handle_of(calls), Function(0))
    world.returns(7, "another's")
    world.returns(1, "first")
    world.returns(1, "late")
    world.returns(2, "second")
    assert world.hears() == [
        ["callback", 1, 0, (), ()],
        ["callback", 2, 0, (), ()],
        ["done", number, ["first", "second"], ()],
    ]


def test_while_a_question_is_open_other_requests_are_answered(world):
    outer = world.requests_to_do("call", world.handle_of(lambda f: f() + 1), Function(0))
    inner = world.requests_to_do("add", 1, 2)
    world.returns(1, 10)
    assert world.hears() == [["callback", 1, 0, (), ()], ["done", inner, 3, ()], ["done", outer, 11, ()]]


def test_a_connection_that_ends_ends_the_open_question_too(world):
    world.requests_to_do("call", world.handle_of(lambda f: f()), Function(0))
    (asked, raised) = world.hears()
    assert (asked[0], raised[3]) == ("callback", ["EOFError", "Exception"])


def test_an_argument_put_back_after_a_question_has_changed_again(world):
    def tries(f, words):
        words.append("b")
        f(words)
        words.pop()

    number = world.requests_to_do("call", world.handle_of(tries), Function(0), ["a"], first=5)
    world.returns(1, None)
    assert world.hears() == [
        ["callback", 1, 0, (Lent(5, True, ["a", "b"]),), ()],
        ["done", number, None, (Lent(5, True, ["a"]),)],
    ]


def test_what_a_function_of_the_graders_returns_is_lent_too(world):
    number = world.requests_to_do("call", world.handle_of(lambda f: f().append(2)), Function(0))
    world.returns(1, [1], first=40)
    assert world.hears()[1] == ["done", number, None, (Lent(40, True, [1, 2]),)]


@pytest.mark.parametrize(
    ("kind", "text", "whole", "seen"),
    [
        ("ValueError", "no", None, ["ValueError", ("no",)]),
        ("ValueError", "", None, ["ValueError", ("",)]),
        ("Negative", "no", None, ["RuntimeError", ("no",)]),
        ("KeyError", "('a', 2)", KeyError("a", 2), ["KeyError", ("a", 2)]),
    ],
)
def test_what_a_function_of_the_graders_raises_is_raised_in_student_code(world, kind, text, whole, seen):
    def catches(f):
        try:
            f()
        except Exception as error:
            return [type(error).__name__, error.args]

    number = world.requests_to_do("call", world.handle_of(catches), Function(0))
    world.raises(1, kind, text, whole)
    assert world.hears()[1] == ["done", number, seen, ()]


def test_what_student_code_passes_on_is_said_to_come_from_that_question(world):
    def calls(f):
        return [f(), f()]

    number = world.requests_to_do("call", world.handle_of(calls), Function(0))
    world.returns(1, None)
    world.raises(2, "ValueError", "no")
    assert world.hears()[2] == ["raise", number, 2, VALUE_ERROR, "no", "return [f(), f()]", None, ()]


def test_an_object_of_the_students_is_the_same_one_in_a_question(world):
    handle = world.handle_of(lambda f: f(world))
    world.requests_to_do("call", handle, Function(0))
    world.returns(1, None)
    assert world.hears()[0][3] == (Object(2, "World"),)
