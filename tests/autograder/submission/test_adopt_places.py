"""Answers that are found by the cells around them: those in words, and code that defines nothing."""

import pytest
from submitted import (
    F_TEST,
    G_TEST,
    NO_W,
    SETUP,
    WITH_F,
    WITH_G,
    WITH_W,
    F,
    Found,
    adopted,
    answer,
    check,
    given,
    in_own_cell,
    lost,
    own,
    text,
    written,
)


def by_place(name):
    return f"Answer {name} had lost its name and was found by the cells around it."


def test_words_whose_cell_is_gone_are_the_students_own_between_the_same_neighbours():
    found = adopted(SETUP, WITH_F, F_TEST, text("early"), WITH_G, G_TEST, own("code"), text("mine"))
    assert found == Found(filled={"w": "mine"}, stands={"mine": "w"}, says=(by_place("w"),))
    found = adopted(SETUP, WITH_F, F_TEST, text("early"), WITH_G, G_TEST, own("code"), text("mine", " \n"))
    assert found == Found(filled={"w": None}, missing=("w",), says=(lost("w"),))


def test_words_whose_cell_is_blank_are_those_below_it_or_else_above_it():
    above, below, last = text("above"), text("below"), text("last")
    before = [SETUP, WITH_F, F_TEST, WITH_G, G_TEST]
    found = adopted(*before, above, NO_W, below, last)
    assert found == Found(filled={"w": "below"}, stands={"below": "w"}, says=(in_own_cell("w"),))
    assert adopted(*before, above, NO_W).filled == {"w": "above"}
    assert adopted(*before, above, NO_W, text("empty", "")).filled == {"w": "above"}
    assert adopted(*before, above, WITH_W, below) == Found()


TWO = [check("t", "1"), written("v"), written("w"), check("u", "2")]


def test_two_answers_in_words_between_the_same_neighbours_are_paired_with_as_many_texts():
    found = adopted(text("early"), TWO[0], text("one"), text("two"), TWO[3], text("late"), released=TWO)
    says = "2 answers had lost their names and were found by the cells around them: v and w."
    assert found == Found(filled={"v": "one", "w": "two"}, stands={"one": "v", "two": "w"}, says=(says,))


@pytest.mark.parametrize("texts", [["one"], ["one", "two", "three"]])
def test_two_answers_in_words_among_fewer_or_more_texts_cannot_be_told_apart(texts):
    found = adopted(TWO[0], *map(text, texts), TWO[3], released=TWO)
    says = (
        "2 answers cannot be told from others that lost their names; see the student's own cells near them: "
        "v and w."
    )
    assert found == Found(filled={"v": None, "w": None}, missing=("v", "w"), says=(says,))


def test_two_answers_in_words_with_none_between_their_neighbours_are_missing():
    found = adopted(TWO[0], TWO[3], text("one"), text("two"), released=TWO)
    says = "2 answers were not handed in; the empty ones stand there: v and w."
    assert found == Found(filled={"v": None, "w": None}, missing=("v", "w"), says=(says,))


def test_an_answer_in_code_that_binds_no_name_is_found_by_its_place_among_code():
    released = [check("t", "1"), answer("a", "# YOUR CODE HERE"), written("w"), given("u", "2")]
    found = adopted(released[0], text("said"), own("mine", "print(1)"), released[3], released=released)
    assert found.filled == {"a": "mine", "w": "said"}
    assert found.stands == {"mine": "a", "said": "w"}
    says = "2 answers had lost their names and were found by the cells around them: a and w."
    assert found.says == (says,)


def test_a_cell_that_is_an_answer_already_is_not_found_by_its_place_too():
    released = [answer("f", "def f(x):\n    pass"), answer("a", "# YOUR CODE HERE"), given("u", "f(2)")]
    found = adopted(own("mine", F), released[2], released=released)
    assert (found.filled, found.missing) == ({"f": "mine", "a": None}, ("a",))
    found = adopted(own("mine", F), own("other", "print(1)"), released[2], released=released)
    assert (found.filled, found.missing) == ({"f": "mine", "a": "other"}, ())


def test_a_cell_that_answers_from_afar_is_not_found_by_its_place_too():
    released = [
        answer("f", "def f(x):\n    pass"),
        check("t", "f(1)"),
        answer("a", "# YOUR CODE HERE"),
        given("u", ""),
    ]
    found = adopted(released[1], own("mine", F), released[3], released=released)
    assert (found.filled, found.missing) == ({"f": "mine", "a": None}, ("a",))


def test_words_are_found_by_their_place_whatever_they_or_their_checks_seem_to_define():
    released = [check("t", "1"), written("v", "y = *your words*"), check("u", "f")]
    found = adopted(released[0], own("mine", "y = 1\nf = 2"), text("said"), released[2], released=released)
    assert found.filled == {"v": "said"}
    released[1] = written("v")
    assert adopted(own("mine", "f = 2"), *released[::2], released=released).missing == ("v",)


def test_a_cell_of_another_type_is_no_neighbours_answer():
    assert adopted(SETUP, WITH_F, F_TEST, WITH_G, G_TEST, own("code", "1 + 1")).missing == ("w",)
