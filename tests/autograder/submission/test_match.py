"""Each submission here is a list of cells; where they go is told by the cells' names."""

import copy

from submitted import (
    ANSWERS,
    F_TEST,
    G_TEST,
    HANDED_IN,
    NO_F,
    RELEASED,
    SETUP,
    WITH_F,
    WITH_G,
    WITH_W,
    F,
    G,
    answer,
    check,
    edited,
    given,
    goes,
    matched,
    own,
    retyped,
    text,
    with_these,
)


def test_answers_fill_their_cells_and_locked_cells_are_filled_by_none():
    assert matched(*HANDED_IN) == goes()
    assert matched(*RELEASED) == goes()
    plain = [*RELEASED, own("plot", "plot(f)")]
    assert matched(*HANDED_IN, own("plot", "plot(g)"), released=plain) == goes({**ANSWERS, "plot": "plot"})


def test_ones_own_cells_follow_the_released_ones_after_which_they_stand():
    cells = [own("first"), *HANDED_IN[:2], own("one"), text("two"), *HANDED_IN[2:], own("last")]
    assert matched(*cells) == goes(further={"start": ["first"], "f": ["one", "two"], "w": ["last"]})


def test_a_cell_that_fills_an_answer_is_no_further_cell_and_others_follow_it():
    cells = [SETUP, F_TEST, WITH_G, G_TEST, WITH_W, own("mine", F), own("more")]
    repairs = ("Answer f had lost its name and was found by what it defines.",)
    assert matched(*cells) == goes({**ANSWERS, "f": "mine"}, further={"w": ["more"]}, repairs=repairs)
    cells = [SETUP, own("mine", F), own("more"), F_TEST, WITH_G, G_TEST, WITH_W]
    assert matched(*cells) == goes({**ANSWERS, "f": "mine"}, further={"f": ["more"]}, repairs=repairs)


def test_an_answer_that_stands_with_another_refers_to_it():
    cells = [SETUP, answer("f", f"{F}\n{G}"), F_TEST, G_TEST, WITH_W]
    says = "Answer g was written in the cell of another exercise or check; what stands there is used."
    assert matched(*cells) == goes({"f": "f", "w": "w"}, refers={"g": "f"}, repairs=(says,))


def test_an_answer_that_is_nowhere_is_missing():
    says = "Answer f was not handed in; the empty one stands there."
    assert matched(*HANDED_IN[:1], *HANDED_IN[2:]) == goes(
        {"g": "g", "w": "w"}, repairs=(says,), missing=("f",)
    )


def test_a_part_of_an_answer_runs_before_the_rest_and_no_second_time():
    released = [SETUP, answer("ab", "a = None\nb = None"), check("test", "assert a == b")]
    cells = [SETUP, own("first", "a = 1"), own("second", "b = 1"), released[2]]
    says = "Answer ab had lost its name and was found by what it defines."
    assert matched(*cells, released=released) == goes(
        {"ab": "second"}, before={"ab": ["first"]}, repairs=(says,)
    )


def added(*names):
    if len(names) == 1:
        ran = "what it says besides runs before it, as a cell of the student's own"
        return f"Cell {names[0]} was not as released; {ran}."
    ran = "what they say besides runs before them, as cells of the student's own"
    return f"{len(names)} cells were not as released; {ran}: {' and '.join(names)}."


def test_what_is_added_to_a_locked_cell_runs_before_it_if_it_defines_something():
    setup = given("setup", "import numpy as np\nimport os\nimport math")
    assert matched(*with_these(setup)) == goes(
        before={"setup": ["setup"]}, repairs=(added("setup"), edited("setup"))
    )
    assert matched(*with_these(given("setup", "import numpy as np\nprint(1)"))) == goes(
        repairs=(edited("setup"),)
    )
    both = with_these(setup, check("g-test", "seen = g(2)\nassert seen == 3"))
    assert matched(*both) == goes(
        before={"setup": ["setup"], "g-test": ["g-test"]},
        repairs=(added("setup", "g-test"), edited("setup", "g-test")),
    )
    words = retyped(setup, "markdown")
    assert matched(*with_these(words)).before == {}


def test_only_what_is_added_to_locked_code_runs():
    released = [text("intro"), given("show", "show(a)"), own("plot", "plot(a)"), own("again", "plot(a, 2)")]
    show = given("show", "show(a)\nc = 1")
    cells = [released[0], text("one", "1"), show, text("two", "2"), text("three", "3")]
    found = matched(*cells, released=released)
    assert found.before == {"show": ["show"]}
    assert found.repairs == (added("show"), edited("show"))
    assert found.further == {"intro": ["one"], "show": ["two", "three"]}


def test_a_tag_that_earlier_releases_lack_is_not_told():
    released = [given("setup", "import numpy"), own("intro", "x = 1")]
    released[0].metadata["tags"] = ["mine", "raises-exception"]
    for tags, told in ((["mine"], 0), (["mine", "raises-exception"], 0), ([], 1), ("mine", 1)):
        cell = given("setup", "import numpy")
        cell.metadata["tags"] = tags
        assert len(matched(cell, released=released).repairs) == told


def test_what_is_added_to_released_words_runs_nowhere():
    released = [text("intro", "x = 1")]
    released[0].metadata.nbgrader = {"grade_id": "intro", "locked": True}
    cell = own("intro", "y = 1")
    cell.metadata = released[0].metadata
    found = matched(cell, released=released)
    assert (found.before, found.further) == ({}, {})


def test_a_cell_that_says_all_that_a_locked_one_does_is_left_out():
    long = [*RELEASED, given("self-check", "a = f(1)\nb = f(2)\nprint(a, b)")]
    repeated = own("copy", "print(a, b)\na = f(1)\nb = f(2)")
    assert matched(*HANDED_IN, long[-1], repeated, released=long).further == {}


def test_a_locked_cell_into_which_an_answer_was_written_is_used_once():
    cells = [SETUP, NO_F, check("f-test", f"{F}\nassert f(2) == 4"), WITH_G, G_TEST, WITH_W]
    says = "Answer f was written in the cell of another exercise or check; what stands there is used."
    assert matched(*cells) == goes({**ANSWERS, "f": "f-test"}, repairs=(says, edited("f-test")))


def test_an_addition_runs_after_the_part_of_an_answer():
    released = [answer("ab", "a = None\nb = None"), given("show", "show(a)")]
    twice = [given("show", "show(a)\nc = 1"), given("show", "d = 1")]
    twice[1].id = "again"
    found = matched(answer("ab", "a = b = 1\nb = 1"), *twice, released=released)
    assert found.before == {"show": ["show", "again"]}


def test_the_edited_copies_of_an_answer_that_do_not_count_are_cells_of_ones_own():
    twin = answer("f", "def helper(x):\n    return x")
    twin.id = "twin"
    cells = [SETUP, twin, WITH_F, F_TEST, WITH_G, G_TEST, WITH_W]
    says = "Answer f stands 2 times; the last edited one counts."
    assert matched(*cells) == goes(further={"setup": ["twin"]}, repairs=(says,))
    blank = copy.deepcopy(NO_F)
    blank.id = "twin"
    cells = [SETUP, WITH_F, blank, F_TEST, WITH_G, G_TEST, WITH_W]
    assert matched(*cells) == goes(repairs=(says,))
    blank.source = " \n"
    assert matched(*cells) == goes(repairs=(says,))


def test_a_cell_that_repeats_a_locked_one_is_left_out_and_a_short_one_is_not():
    long = [*RELEASED, given("self-check", "a = f(1)\nb = f(2)\nprint(a, b)\nhidden(a)")]
    cells = [*HANDED_IN, long[-1]]
    repeated = own("copy", "a = f(1)\nb = f(2)\n\nprint(a, b)")
    says = f"Cell {len(cells) + 1} repeats a released cell; it was left out."
    assert matched(*cells, repeated, released=long) == goes(repairs=(says,))
    short = own("copy", "a = f(1)\nb = f(2)")
    assert matched(*cells, short, released=long) == goes(further={"self-check": ["copy"]})
    found = matched(*HANDED_IN, repeated, own("again", repeated.source), released=long)
    assert (found.further, found.repairs[0]) == ({}, "Cell 8 repeats a released cell; it was left out.")
    other = own("copy", "a = f(1)\nb = f(2)\nprint(a, b)\nmore(a)")
    assert matched(*cells, other, released=long) == goes(further={"self-check": ["copy"]})


def test_a_copy_of_an_answer_may_repeat_a_locked_cell():
    long = [given("example", "def f(x):\n    y = x\n    return y"), answer("f", "def f(x):\n    pass")]
    first = answer("f", "def f(x):\n    y = x\n    return y")
    second = answer("f", "def f(x):\n    return 2")
    first.id = "first"
    found = matched(long[0], first, second, released=long)
    assert (found.source_of, found.further) == ({"f": "f"}, {"example": ["first"]})


def test_lines_that_only_an_answers_stub_has_are_no_copy():
    stub = "def f(x):\n    y = x\n    z = y\n    raise NotImplementedError"
    released = [answer("f", stub), check("test", "f(1)")]
    found = matched(
        answer("f", F), released[1], own("mine", "def f(x):\n    y = x\n    z = y"), released=released
    )
    assert (found.further, found.repairs) == ({"test": ["mine"]}, ())
