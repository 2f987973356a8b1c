"""What is told of a submission whose cells are not as they were released."""

import copy

import pytest
from submitted import (
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
    answer,
    check,
    edited,
    goes,
    matched,
    own,
    retyped,
    text,
    with_these,
)


def with_metadata(cell, **metadata):
    made = copy.deepcopy(cell)
    made.metadata.update(metadata)
    return made


def with_role(cell, **role):
    made = copy.deepcopy(cell)
    made.metadata.nbgrader.update(role)
    return made


def test_a_deleted_locked_cell_is_told_and_a_plain_one_is_not():
    plain = [*RELEASED, own("plot", "plot(f)")]
    cells = [cell for cell in HANDED_IN if cell.id not in ("setup", "g-test")]
    says = "2 cells were missing; the released ones stand there: setup and g-test."
    assert matched(*cells, released=plain) == goes(repairs=(says,))


@pytest.mark.parametrize("source", ["assert f(2) == 5", "assert f(2) == 4\nassert True", "", "  \n"])
def test_an_edited_locked_cell_is_told(source):
    assert matched(*with_these(check("f-test", source))) == goes(repairs=(edited("f-test"),))


def test_a_locked_cell_without_its_hidden_tests_or_with_space_at_its_end_is_as_released():
    released = [*RELEASED[:2], check("f-test", "assert f(2) == 4\nassert f(9) == 81"), *RELEASED[3:]]
    assert matched(*HANDED_IN, released=released) == goes()
    assert matched(*with_these(check("f-test", "assert f(2) == 4\n\n")), released=released) == goes()
    cell = check("f-test", "assert f(2) == 4\n\nassert f(9) == 81")
    assert matched(*with_these(cell), released=released) == goes(repairs=(edited("f-test"),))
    released[2] = check("f-test", "assert f(2) == 4\n\nassert f(9) == 81")
    assert matched(*with_these(check("f-test", "\n")), released=released) == goes(repairs=(edited("f-test"),))


def test_a_copy_of_a_locked_cell_is_told_with_how_many_there_are():
    twin = copy.deepcopy(F_TEST)
    twin.id = "twin"
    says = "Cell f-test stands 2 times; it was used once, as released."
    assert matched(*HANDED_IN, twin) == goes(repairs=(says,))
    twin.source = "3.0"
    assert matched(*HANDED_IN, twin, twin) == goes(repairs=(says.replace("2", "3"), edited("f-test")))


def test_a_cell_that_lost_its_name_is_told_once_and_its_metadata_are_not():
    cell = own("f", F)
    cell.metadata = {"tags": ["mine"]}
    says = "Cell f had lost its name; the cell that was it is used."
    assert matched(*with_these(cell)) == goes(repairs=(says,))
    cell = own("new", G_TEST.source)
    says = "Cell g-test had lost its name and was found by its text."
    assert matched(*HANDED_IN[:4], cell, WITH_W) == goes(repairs=(says,))


def test_a_cell_of_another_type_is_told_with_both_types():
    says = "Cell g had become a markdown cell; it is code again."
    assert matched(*with_these(retyped(WITH_G, "markdown"))) == goes(repairs=(says,))
    twin = retyped(WITH_G, "raw")
    twin.id = "twin"
    assert says in matched(*with_these(retyped(WITH_G, "markdown")), twin).repairs
    says = "Cell w had become a raw cell; it is markdown again."
    assert matched(*with_these(retyped(WITH_W, "raw"))) == goes(repairs=(says,))


@pytest.mark.parametrize(
    "change",
    [
        lambda cell: with_role(cell, points=7),
        lambda cell: with_role(cell, schema_version=2),
        lambda cell: with_role(cell, locked=True),
        lambda cell: with_metadata(cell, tags=["skip-execution"]),
    ],
)
def test_other_tags_or_metadata_of_nbgraders_are_told(change):
    says = "Cell g had other tags or nbgrader metadata; the released ones were used."
    assert matched(*with_these(change(WITH_G))) == goes(repairs=(says,))


def test_metadata_that_were_lost_or_are_not_nbgraders_are_not_told():
    less = copy.deepcopy(WITH_G)
    del less.metadata.nbgrader["schema_version"]
    assert matched(*with_these(less, with_metadata(WITH_F, editable=True, tags=[]))) == goes()
    tagged = [with_metadata(SETUP, tags=["setup"]), *RELEASED[1:]]
    assert matched(*with_these(tagged[0]), released=tagged) == goes()
    says = "Cell setup had other tags or nbgrader metadata; the released ones were used."
    assert matched(*HANDED_IN, released=tagged) == goes(repairs=(says,))


def test_a_graded_cell_of_another_notebook_runs_as_a_plain_one():
    says = "2 cells are not of this notebook; they run as plain cells: h and h-test."
    cells = [*HANDED_IN, answer("h", "y = 1"), check("h-test", "assert y")]
    assert matched(*cells) == goes(further={"w": ["h", "h-test"]}, repairs=(says,))


def test_cells_in_another_order_are_told_once():
    says = "Cells stood in another order; the released order was used."
    assert matched(*reversed(HANDED_IN)) == goes(repairs=(says,))
    assert matched(WITH_F, SETUP, *HANDED_IN[2:]) == goes(repairs=(says,))
    twins = [copy.deepcopy(WITH_W), copy.deepcopy(SETUP)]
    assert "moved" not in "".join(
        matched(twins[0], *HANDED_IN, twins[1]).repairs
    )  # a copy of a cell may stand anywhere


SPLIT = ("Answer f seems to be split inside a function: the cell after it begins with an indented line.",)


@pytest.mark.parametrize(
    ("above", "below", "split"),
    [
        ("def f(x):\n    y = x\n", "    return y", True),
        ("def f(x):\n    y = x", "\n\treturn y", True),
        ("def f(x):", "    return x", True),
        ("def f(x):\n    return x", "f(2)", False),
        ("def f(x):\n    return x\nz = 1", "    f(2)", False),
        ("def f(x): return x", "  f(2)", False),
        (F, " \n", False),
        (" \n", "  f(2)", False),
    ],
)
def test_an_answer_that_ends_within_a_function_which_the_next_cell_goes_on_with_is_told(above, below, split):
    cells = [SETUP, answer("f", above), own("rest", below), F_TEST, WITH_G, G_TEST, WITH_W]
    assert matched(*cells).repairs == (SPLIT if split else ())


def test_an_answer_is_not_split_at_words_or_at_the_end():
    indented = "    return y"
    cells = [SETUP, WITH_F, text("rest", indented), F_TEST, WITH_G, G_TEST, WITH_W]
    assert matched(*cells).repairs == ()
    released = [SETUP, NO_F]
    assert matched(SETUP, WITH_F, released=released).repairs == ()
    assert matched(SETUP, retyped(WITH_F, "raw"), own("rest", indented), released=released).repairs == (
        "Cell f had become a raw cell; it is code again.",
    )


def test_a_check_that_ends_within_a_function_is_not_told():
    cells = [*HANDED_IN[:2], check("f-test", "if f:\n    assert f(2) == 4"), own("rest", "  f(3)")]
    released = [*RELEASED[:2], cells[2]]
    assert matched(*cells, released=released).repairs == ()
