"""What a child's messages say, and what is none of what it may say."""

import pytest

from autograder.grader_side.answers import ends_the_check
from autograder.grader_side.errors import BrokenReply, NotANumber, TimeLimit, Unseen, exception_of


@pytest.mark.parametrize("event", [("clear",), 3, None, {"a": 1}])
def test_an_event_is_a_list(event, do, child):
    child.says("event", event)
    with pytest.raises(BrokenReply, match="what is no message: an event should be a list"):
        do("call")


def test_what_came_back_and_is_changed_here_is_not_seen_there(do, child, connection):
    connection.lending.forget(watched=True)
    child.answers([1])
    came = do("call")
    came.append(2)
    with pytest.raises(Unseen):
        do("call")


def test_an_exception_there_is_raised_here(do, child):
    child.raises(["OwnError", "ValueError", "Exception"], "it is bad")
    with pytest.raises(ValueError, match="it is bad") as error:
        do("call")
    assert type(error.value).__name__ == "OwnError"
    assert (error.value.raised_by_student, error.value.raised_in) == (True, "")
    child.raises(["KeyError", "LookupError", "Exception"], 3, number=2)
    with pytest.raises(KeyError, match="3"):
        do("call")
    child.raises(["TimeLimit"], "too long", number=3, line="while True:")
    with pytest.raises(TimeLimit) as error:
        do("call")
    assert error.value.raised_in == "while True:"


def test_an_exception_that_came_whole_is_itself(do, child):
    child.raises(["ValueError"], "text", line="x.value", whole=KeyError("whole"))
    with pytest.raises(KeyError, match="whole") as error:
        do("call")
    assert error.value.raised_in == "x.value"
    child.raises(["ValueError"], "text", whole="no exception", number=2)
    with pytest.raises(ValueError, match="text"):
        do("call")


@pytest.mark.parametrize(
    ("names", "argument", "says"),
    [
        ([], "x", "an exception should have names"),
        (["E"] * 9, "x", "an exception should have names"),
        (("E",), "x", "an exception should have names"),
        (["E", 3], "x", "an exception should have names, and a text or an integer"),
        (["E"], 1.5, "an exception should have names, and a text or an integer"),
        (["E"], None, "an exception should have names, and a text or an integer"),
    ],
)
def test_what_is_no_exception_is_no_answer(names, argument, says, do, child):
    child.raises(names, argument)
    with pytest.raises(BrokenReply, match=f"gave an answer that is none: {says}"):
        do("call")


@pytest.mark.parametrize("line", [None, 3, ["x"]])
def test_the_line_that_raised_an_exception_is_a_text(line, do, child):
    child.raises(["E"], "x", line=line)
    with pytest.raises(BrokenReply, match=r"gave an answer that is none: the line .* should be a text"):
        do("call")


def test_eight_names_are_an_exception(do, child):
    child.raises(["ValueError"] * 8, "x")
    with pytest.raises(ValueError, match="x"):
        do("call")


def test_an_answer_without_a_value_is_none(do, child):
    child.says("done", 1)
    with pytest.raises(BrokenReply, match="gave an answer that is none"):
        do("call")


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ((5, 3, (), ()), "no such function"),
        ((5, 0, [], ()), "a tuple of arguments"),
        ((5, 0, (), []), "one of names with theirs"),
        ((5, 0, (), ("k",)), ""),
        ((5, 0, (), (3, 4)), "an argument's name should be a text"),
        (("5", 0, (), ()), "no int"),
        ((5, 0.0, (), ()), "no int"),
        ((5, 0), ""),
    ],
)
def test_a_call_that_is_none_ends_the_child(parts, says, do, child):
    child.says("callback", *parts)
    with pytest.raises(BrokenReply, match=f"the student's process made a call that is none: .*{says}"):
        do("call", functions=(lambda: None,))


@pytest.mark.parametrize(
    ("error", "ends"),
    [
        (AssertionError("ours"), True),
        (NotANumber("no number"), True),
        (ValueError("ours"), False),
        (exception_of(["AssertionError"], "theirs", None), False),
    ],
)
def test_a_verdict_of_the_checks_ends_it_and_no_assertion_of_the_students(error, ends):
    assert ends_the_check(error) is ends


OURS = ZeroDivisionError("a function of the check's")


def of_ours():
    raise OURS


@pytest.mark.parametrize(
    ("passed_on", "itself"), [(7, True), (8, False), ("7", False), (None, False), (7.0, False), ([], False)]
)
def test_what_a_function_of_the_checks_raised_is_itself_where_student_code_passes_it_on(
    passed_on, itself, do, child
):
    child.says("callback", 7, 0, (), ())
    child.raises(["ZeroDivisionError"], "said", passed_on=passed_on)
    with pytest.raises(ZeroDivisionError) as caught:
        do("call", functions=(of_ours,))
    assert (caught.value is OURS) is itself


def test_of_several_functions_the_one_with_the_number_is_called(do, child):
    child.says("callback", 1, 1, (), ())
    child.answers(None)
    do("call", functions=(of_ours, lambda: 5, of_ours))
    assert child.hears()[0] == "do"
    assert child.hears()[-1] == 5


def test_an_answer_says_what_was_changed_in_place_too(do, child):
    child.says("done", 1, None)
    with pytest.raises(BrokenReply, match="gave an answer that is none"):
        do("call")
