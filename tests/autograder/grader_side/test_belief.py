"""How far an object is believed: what is noted of it, and what an object that may know is not asked."""

import pytest

from autograder.grader_side.belief import (
    as_function,
    as_operand,
    kind_of,
    refuse_if_told,
    said_by,
    told_as,
)
from autograder.grader_side.errors import NotANumber
from autograder.grader_side.references import Trust


@pytest.fixture
def told_of(handle_of):
    """A handle of an object that was told something."""

    def told_of(number=7):
        handle = handle_of(number=number)
        handle._wall.told = True
        return handle

    return told_of


def test_plain_values_stay_what_they_are(handle_of):
    assert (as_operand("x"), as_function(None), told_as(handle_of(), [1])) == ("x", None, [1])
    assert kind_of(handle_of(kind="Dog")) == "an object (Dog)"


def test_of_a_new_one_nothing_is_believed_or_noted(handle_of):
    handle = handle_of("c", own_name="f")
    assert handle._wall_makes is False
    assert (handle._wall.operand, handle._wall.told) == (False, False)


def test_an_operand_is_one_until_the_trust_in_it_ends(handle_of):
    trust, handle = Trust(), handle_of()
    assert as_operand(handle, trust) is handle
    assert handle._wall.operand
    trust.ended = True
    assert not handle._wall.operand


def test_what_was_a_class_by_its_name_makes_no_operands_as_a_function(handle_of):
    handle = handle_of("c")
    object.__setattr__(handle, "_wall_makes", True)
    assert as_function(handle)._wall_makes is False


def test_what_comes_of_an_object_that_was_told_something_was_told_too(handle_of, told_of):
    theirs, part = handle_of(), handle_of(number=8)
    assert not told_as(theirs, part)._wall.told
    assert told_as(told_of(), part)._wall.told


def test_an_object_that_may_know_says_no_plain_value(handle_of, told_of):
    assert said_by(handle_of(), 3) == 3
    assert said_by(told_of(), None) is None
    assert said_by(told_of(), handle_of(number=8))._wall.told
    with pytest.raises(NotANumber, match=r"an object \(Thing\), where a number to compute with was wanted"):
        said_by(told_of(), 3)


def test_an_object_that_the_check_made_is_asked_though_it_was_told_something(handle_of, told_of):
    refuse_if_told(handle_of())
    refuse_if_told(as_operand(told_of()))
    with pytest.raises(NotANumber):
        refuse_if_told(told_of())
