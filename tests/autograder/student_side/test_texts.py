"""Texts that cross the wall are short, and what an exception says is one of them."""

from autograder.student_side.texts import clean, text_of


class OddError(Exception):
    def __str__(self):
        return "a\ud800b" + "é" * 3000


class SilentError(Exception):
    def __str__(self):
        raise RuntimeError("never")


def test_a_text_is_cut_and_has_letters_that_are_letters():
    assert clean("é" * 2000) == "é" * 2000
    assert clean("é" * 2001) == "é" * 2000
    assert clean("abc", 2) == "ab"
    assert clean("a\ud800b") == "a?b"


def test_what_an_exception_says_is_cut_and_one_that_says_nothing_is_named():
    assert text_of(OddError()) == "a?b" + "é" * 1997
    assert text_of(ValueError("no")) == "no"
    assert text_of(SilentError()) == "(its text could not be made: RuntimeError)"
