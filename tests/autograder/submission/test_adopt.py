"""Each submission here is a list of cells; what is found of it is told by the cells' names."""

import pytest
from submitted import (
    F_TEST,
    G_TEST,
    NO_F,
    NO_G,
    NO_W,
    RELEASED,
    SETUP,
    WITH_F,
    WITH_G,
    WITH_W,
    F,
    Found,
    G,
    adopted,
    answer,
    check,
    given,
    in_own_cell,
    lost,
    own,
    retyped,
    text,
    written,
)


def by_definition(name):
    return f"Answer {name} had lost its name and was found by what it defines."


def in_another(name):
    return f"Answer {name} was written in the cell of another exercise or check; what stands there is used."


def test_answers_in_their_cells_are_left_there_written_or_blank():
    assert adopted(SETUP, WITH_F, F_TEST, WITH_G, G_TEST, WITH_W) == Found()
    assert adopted(*RELEASED) == Found()


def test_answers_that_are_nowhere_are_missing():
    assert adopted() == Found(
        filled=dict.fromkeys(["setup", "f", "f-test", "g", "g-test", "w"]),
        missing=("f", "g", "w"),
        says=("3 answers were not handed in; the empty ones stand there: f, g and w.",),
    )
    assert adopted(SETUP, WITH_F, F_TEST, G_TEST, NO_W) == Found(
        filled={"g": None}, missing=("g",), says=(lost("g"),)
    )


def test_an_answer_whose_cell_is_gone_is_the_cell_that_defines_its_name():
    found = adopted(SETUP, own("mine", F), F_TEST, WITH_G, G_TEST, WITH_W)
    assert found == Found(filled={"f": "mine"}, stands={"mine": "f"}, says=(by_definition("f"),))
    found = adopted(SETUP, F_TEST, WITH_G, G_TEST, WITH_W, own("mine", F))
    assert found == Found(filled={"f": "mine"}, says=(by_definition("f"),))  # and the cell stands elsewhere


def test_an_answer_whose_cell_is_blank_is_the_cell_that_defines_its_name():
    found = adopted(SETUP, NO_F, own("mine", F), F_TEST, WITH_G, G_TEST, WITH_W)
    assert found == Found(filled={"f": "mine"}, stands={"mine": "f"}, says=(in_own_cell("f"),))
    found = adopted(SETUP, answer("f", " \n"), own("mine", F), F_TEST, WITH_G, G_TEST, WITH_W)
    assert found.filled == {"f": "mine"}


@pytest.mark.parametrize(
    ("stub", "blank"),
    [
        ("a = None", True),
        ("a = ...", True),
        ("a = 0  # YOUR CODE HERE", True),
        ("a = 'YOUR ANSWER'", True),
        ("def a():\n    pass", True),
        ("def a():\n    raise NotImplementedError('later')", True),
        ("a = 'NoneOfThese'", False),
        ("a = 0.1  # a guess that you may improve", False),
    ],
)
def test_what_stands_in_its_cell_as_released_is_an_answer_unless_the_release_says_it_is_none(stub, blank):
    released = [answer("a", stub), check("test", "assert a")]
    found = adopted(*released, own("mine", "a = 2"), released=released)
    assert found.filled == ({"a": "mine"} if blank else {})
    assert adopted(answer("a", "a = 3"), released[1], own("mine", "a = 2"), released=released) == Found()
    assert bool(adopted(answer("a", " "), own("mine", "a = 2"), released=released).filled.get("a")) is blank


def test_an_answer_whose_cell_is_about_something_else_is_looked_for():
    found = adopted(SETUP, answer("f", "y = 2"), own("mine", F), F_TEST, WITH_G, G_TEST, WITH_W)
    assert found == Found(filled={"f": "mine"}, stands={"mine": "f"}, says=(in_own_cell("f"),))
    found = adopted(SETUP, answer("f", "y = 2"), F_TEST, WITH_G, G_TEST, WITH_W)
    assert found == Found()  # what stands there is still all there is


def test_a_cell_that_only_calls_what_it_should_define_holds_no_answer():
    found = adopted(SETUP, answer("f", "print(f(3))"), F_TEST, WITH_G, G_TEST, WITH_W, own("mine", F))
    assert found.filled == {"f": "mine"}


def test_one_copy_of_a_cell_that_defines_its_name_is_enough():
    twice = [SETUP, WITH_F, answer("f", "y = 2"), F_TEST, WITH_G, G_TEST, WITH_W]
    assert adopted(*twice, own("mine", F)) == Found()
    blank = answer("f", NO_F.source)
    blank.id = "twin"
    assert adopted(SETUP, WITH_F, blank, F_TEST, WITH_G, G_TEST, WITH_W) == Found()


def test_answers_that_were_exchanged_go_to_their_places():
    found = adopted(SETUP, answer("f", G), F_TEST, answer("g", F), G_TEST, WITH_W)
    cells = "in the cells of other exercises or checks"
    says = f"2 answers were written {cells}; what stands there is used: f and g."
    assert found == Found(filled={"f": "g", "g": "f"}, says=(says,))


def test_a_cell_that_answers_two_exercises_fills_the_first_and_the_other_refers_to_it():
    found = adopted(SETUP, answer("f", f"{F}\n{G}"), F_TEST, NO_G, G_TEST, WITH_W)
    assert found == Found(filled={"g": None}, refers={"g": "f"}, says=(in_another("g"),))
    found = adopted(SETUP, own("mine", f"{F}\n{G}"), F_TEST, G_TEST, WITH_W)
    says = "2 answers had lost their names and were found by what they define: f and g."
    assert found == Found(
        filled={"f": "mine", "g": None}, stands={"mine": "f"}, refers={"g": "f"}, says=(says,)
    )
    found = adopted(SETUP, NO_F, F_TEST, answer("g", f"{F}\n{G}"), G_TEST, WITH_W)
    assert found == Found(filled={"f": "g"}, says=(in_another("f"),))


def test_an_answer_that_went_to_an_earlier_exercise_is_not_used_again():
    found = adopted(SETUP, F_TEST, answer("g", F), G_TEST, WITH_W)
    assert found == Found(filled={"f": "g", "g": None}, missing=("g",), says=(in_another("f"), lost("g")))
    found = adopted(own("hello", "1 + 1"), SETUP, answer("f", G), F_TEST, G_TEST, WITH_W)
    assert found == Found(filled={"g": None}, refers={"g": "f"}, says=(in_another("g"),))


def test_an_answer_in_the_cell_of_a_check_is_found_there():
    found = adopted(SETUP, NO_F, check("f-test", f"{F}\nassert f(2) == 4"), WITH_G, G_TEST, WITH_W)
    assert found == Found(filled={"f": "f-test"}, says=(in_another("f"),))
    found = adopted(SETUP, F_TEST, check("g-test", f"{G}\n{F}"), WITH_W)
    assert found.filled == {"f": "g-test", "g": None}
    assert found.refers == {"g": "f"}


def test_what_was_released_is_nobodys_answer():
    released = [given("h", "def f(x):\n    return None"), answer("f", "f = None"), check("t", "f(1)")]
    assert adopted(*released, released=released) == Found()
    edited = given("h", "def f(x):\n")  # a line less, and a blank one more
    assert adopted(edited, *released[1:], released=released) == Found()
    edited = given("h", "def f(x):\n    return None\n\n")  # or all of them
    assert adopted(edited, *released[1:], released=released) == Found()
    edited = given("h", "def f(x):\n    return 1")
    assert adopted(edited, *released[1:], released=released).filled == {"f": "h"}
    twins = [answer("f", "f = None"), answer("g", "g, f = None, None")]
    assert adopted(*twins, released=twins) == Found()


def test_what_is_left_of_an_answer_that_was_cut_is_an_answer():
    released = [answer("fh", "def f(x):\n    pass\nh = 1"), answer("h", "h = None"), check("t", "h")]
    found = adopted(answer("fh", "h = 1"), *released[1:], released=released)
    assert (found.filled, found.refers) == ({"h": None}, {"h": "fh"})


def test_an_answer_of_two_names_may_be_spread_over_cells_which_run_one_before_the_other():
    released = [answer("ab", "a = None\nb = None"), check("test", "assert a == b")]
    both = [own("first", "a = 1"), own("second", "b = 1")]
    expected = Found(
        filled={"ab": "second"},
        stands={"second": "ab"},
        before={"ab": ["first"]},
        says=(by_definition("ab"),),
    )
    assert adopted(*both, released[1], released=released) == expected
    third = own("third", "a, b, c = 1, 1, 1")  # does it alone
    found = adopted(*both, third, released[1], released=released)
    assert found == Found(filled={"ab": "third"}, stands={"third": "ab"}, says=(by_definition("ab"),))
    found = adopted(both[0], released[1], released=released)  # as much of it as there is
    assert found == Found(filled={"ab": "first"}, stands={"first": "ab"}, says=(by_definition("ab"),))


def test_a_part_of_an_answer_that_stands_in_another_cell_stays_there():
    released = [answer("f", "def f(x):\n    pass"), answer("gh", "g = None\nh = None"), check("t", "g")]
    found = adopted(answer("f", f"{F}\ng = 1"), own("mine", "h = 2"), released[2], released=released)
    assert found == Found(filled={"gh": "mine"}, stands={"mine": "gh"}, says=(in_another("gh"),))


def test_a_part_that_an_earlier_answer_has_taken_is_not_taken_again():
    released = [answer("a", "a = None"), answer("bc", "b = None\nc = None"), check("t", "a")]
    cells = [own("hello", "1 + 1"), own("one", "a = b = 1\nb = 1"), own("two", "c = 2"), released[2]]
    found = adopted(*cells, released=released)
    says = "2 answers had lost their names and were found by what they define: a and bc."
    assert found == Found(filled={"a": "one", "bc": "two"}, stands={"one": "a", "two": "bc"}, says=(says,))


def test_a_part_of_an_answer_that_stands_in_a_check_is_no_cell_of_ones_own():
    released = [answer("gh", "g = None\nh = None"), check("t", "g")]
    hello = own("hello", "1 + 1")
    found = adopted(hello, check("t", "g = 1\nassert g"), own("mine", "h = 2"), released=released)
    assert found == Found(filled={"gh": "mine"}, says=(in_another("gh"),))


def test_an_answer_that_stands_in_a_part_of_an_earlier_one_refers_to_that():
    released = [SETUP, answer("ab", "a = None\nb = None"), answer("c", "c = None"), check("t", "a")]
    cells = [SETUP, own("one", "a = 1\nc = 1"), own("two", "b = 1"), released[3]]
    found = adopted(*cells, released=released)
    assert (found.filled, found.before) == ({"ab": "two", "c": None}, {"ab": ["one"]})
    assert found.refers == {"c": "ab"}


def test_what_an_answer_of_no_names_should_define_is_what_its_own_checks_ask_for():
    released = [
        given("setup", "import numpy as np"),
        answer("h", "# YOUR CODE HERE"),
        check("h-test", "assert np.all(h == 3)"),
        answer("k", "# YOUR CODE HERE"),
        check("k-test", "assert k == 2"),
        text("bye", "k = 2"),  # prose gives no name
    ]
    cells = [released[0], released[2], own("one", "k = 1"), own("two", "h = 3"), released[4]]
    found = adopted(*cells, released=released)
    assert (found.filled["h"], found.filled["k"], found.missing) == ("two", "one", ())
    only_k = [released[0], own("one", "k = 1"), released[2], released[4]]
    assert adopted(*only_k, released=released).missing == ("h",)
    others = [answer("h", "# YOUR CODE HERE"), own("use", "use(j)"), text("prose", "j"), check("t", "h")]
    others[2].metadata.nbgrader = {"grade_id": "prose", "locked": True}  # they are no checks
    assert adopted(own("mine", "j = 1"), *others[1:], released=others).missing == ("h",)
    numpy = [released[0], own("one", "np = 1"), *released[2:]]  # given, so that it is no answer
    assert adopted(*numpy, released=released).missing == ("h",)


def test_of_cells_that_define_a_name_code_comes_first_then_more_names_then_the_place_and_ones_own():
    def taken(*cells):
        return adopted(*cells).filled["f"]

    after = [WITH_G, G_TEST, WITH_W]
    assert taken(SETUP, text("said", F), F_TEST, *after, own("code", F)) == "code"
    assert taken(own("far", F), SETUP, own("near", F), F_TEST, *after, own("last", F)) == "near"
    assert taken(SETUP, own("one", F), own("two", F), F_TEST, *after) == "two"
    assert taken(SETUP, F_TEST, own("one", F), answer("g", f"{G}\n{F}"), G_TEST, WITH_W) == "one"
    assert taken(SETUP, F_TEST, *after, own("one", F), own("two", F)) == "two"
    mine = own("mine", F)
    assert (
        taken(SETUP, check("f-test", F), *after, mine) == "mine"
    )  # nor do its neighbours stand between them
    assert taken(given("setup", F), F_TEST, *after, mine) == "mine"
    assert taken(SETUP, F_TEST, mine, WITH_G, check("g-test", F), WITH_W) == "mine"
    hello, early, last = own("hello", "1 + 1"), own("early", F), own("last", F)
    assert taken(hello, early, SETUP, F_TEST, *after, last) == "last"
    moved = answer("g", f"{G}\n{F}")
    assert taken(SETUP, moved, F_TEST, G_TEST, WITH_W, mine) == "g"
    assert taken(SETUP, NO_F, own("one", F), own("two", F), F_TEST, *after) == "two"


def test_of_cells_that_define_a_name_one_that_has_more_comes_before_one_that_is_near():
    released = [answer("ab", "a = None\nb = None"), check("t", "a")]
    far, near = own("far", "a = b = 1\nb = 2"), own("near", "a = 1")
    found = adopted(near, released[1], far, released=released)
    assert (found.filled, found.before) == ({"ab": "far"}, {})
    found = adopted(
        text("said", "a = 1\nb = 2"), near, released[1], released=released
    )  # but code before words
    assert (found.filled, found.before) == ({"ab": "near"}, {"ab": ["said"]})
    assert found.says == (by_definition("ab"),)


def test_of_cells_that_define_a_name_one_that_is_no_answer_yet_comes_first_unless_it_is_a_checks():
    released = [answer("a", "a = None"), answer("f", "f = None"), check("t", "f")]
    both = own("both", f"a = 1\n{F}")
    found = adopted(own("one", F), both, released[2], released=released)
    assert (found.filled, found.refers) == ({"a": "both", "f": "one"}, {})
    found = adopted(both, check("t", F), released=released)
    assert (found.filled, found.refers) == ({"a": "both", "f": None}, {"f": "a"})


def test_an_answer_written_in_a_cell_of_words_becomes_code_again():
    found = adopted(SETUP, text("said", F), F_TEST, WITH_G, G_TEST, WITH_W)
    retyped = "Cell f had become a markdown cell; it is code again."
    assert found == Found(filled={"f": "said"}, stands={"said": "f"}, says=(by_definition("f"), retyped))


def test_what_ones_words_say_of_a_name_is_no_answer_while_its_cell_is_there():
    assert adopted(SETUP, NO_F, text("said", "f = x"), F_TEST, WITH_G, G_TEST, WITH_W) == Found()
    found = adopted(SETUP, NO_F, text("said", "f = x"), F_TEST, WITH_G, G_TEST, WITH_W, own("mine", F))
    assert found.filled == {"f": "mine"}
    cells = [SETUP, NO_F, F_TEST, retyped(answer("g", f"{G}\n{F}"), "markdown"), G_TEST, WITH_W]
    assert adopted(*cells).filled == {"f": "g"}  # that was code
    assert adopted(SETUP, NO_F, retyped(check("f-test", F), "markdown"), *cells[4:], WITH_G) == Found()


def test_a_written_answer_that_mentions_a_definition_stays_one():
    found = adopted(SETUP, F_TEST, WITH_G, G_TEST, written("w", "f = x"))
    assert found == Found(filled={"f": None}, missing=("f",), says=(lost("f"),))


TODO = "raise NotImplementedError"


@pytest.mark.parametrize(
    ("mine", "asks"),
    [
        ("x.append(4)", "assert x == [1, 2, 4]"),
        ("del x", "assert 'x' not in globals()"),
        ("0b101", "assert '0b' in _i, 'the x of a cell'"),
    ],
)
def test_an_answer_that_binds_nothing_stays_in_its_cell_whatever_others_bind(mine, asks):
    released = [answer("a", TODO), check("a-test", "x"), answer("b", TODO), check("b-test", asks)]
    found = adopted(answer("a", "x = [1, 2]"), released[1], answer("b", mine), released[3], released=released)
    assert found == Found()
