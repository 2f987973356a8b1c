import dataclasses

import pytest

from course_lib.gradcheck.lines.result import Suspect, WrongLine


def test_a_line_is_printed_with_what_explains_it():
    line = WrongLine("f", 7, "da = db", "da", sentences=("two numbers", "a question?"))
    assert str(line) == "f: the first wrong line is 7:  da = db\n  two numbers\n  a question?"
    assert line.headline(" of g") == "the first wrong line of g is 7"


def test_a_line_in_doubt_is_the_first_wrong_one_only_if_none_below_it_is():
    line = WrongLine("f", 7, "da = db", "da", doubts=1)
    assert line.headline() == "the first wrong line is 7, or one named below"
    assert str(line) == "f: the first wrong line is 7, or one named below:  da = db"


def test_a_reason_is_printed_where_no_line_is_named():
    assert str(WrongLine("f", reason="it calls itself")) == "f: no line is named: it calls itself"
    nothing = WrongLine("f")
    assert (nothing.line, nothing.doubts, nothing.candidates, nothing.sentences) == (None, 0, (), ())
    assert (nothing.source, nothing.variable, nothing.reason) == ("", "", "")


def test_what_was_found_does_not_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        WrongLine("f").line = 3
    with pytest.raises(dataclasses.FrozenInstanceError):
        Suspect("f", 1, "x = y", "x").line = 3


def test_lines_that_are_too_many_to_be_named_are_those_that_others_read():
    line = WrongLine("f", 7, "da = db", "da", doubts=5, more=True)
    assert line.headline(" of g") == (
        "the first wrong line of g is 7, or one named below, or one that these depend on"
    )


def test_a_line_is_told_with_what_it_calls_and_why_there_is_none():
    assert WrongLine("f", reason="the gradients that it returns are right at this point").right
    assert not WrongLine("f", reason="it is a lambda").right
    said = "the first wrong line is 7, or one named below"
    assert WrongLine("f", 7, sentences=("numbers", "or in `g`, which it calls")).headline() == said
    assert WrongLine("f", 7, sentences=("numbers",)).headline() == "the first wrong line is 7"
