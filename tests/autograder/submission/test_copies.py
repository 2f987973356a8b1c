import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.submission.copies import copied_lines, find_copies, is_edited
from autograder.submission.repairs import Repair


def code(source, name="", cell_id="x", **flags):
    meta = {"nbgrader": {"grade_id": name, **flags}} if name else {}
    return new_code_cell(source, id=cell_id, metadata=meta)


TEST = "a = 1\nb = 2\nc = 3\nassert a"
RELEASED = [
    code("import os", "setup", "s", locked=True),
    code("def f(): pass", "f", "f", solution=True),
    code(TEST + "\nassert hidden", "f-test", "t", grade=True, locked=True),
    new_markdown_cell("Some *words*, wrapped\nhere.", id="w"),
    code("plot()", cell_id="p"),
]


def found(*submitted):
    copies = find_copies(RELEASED, submitted)
    return dict(copies.of), dict(copies.found)


def test_copies_are_known_by_name_all_of_them_in_order():
    assert found(code("x", "f"), code("y", "setup"), code("z", "f")) == ({0: [1], 1: [0, 2]}, {})


def test_a_cell_without_its_name_is_known_by_its_id_once_and_if_the_name_is_not_there():
    assert found(code("x", cell_id="f")) == ({1: [0]}, {1: Repair.FOUND_BY_ID})
    assert found(code("x", cell_id="f"), code("y", "f")) == ({1: [1]}, {})
    assert found(code("x", cell_id="f"), code("y", cell_id="f")) == ({1: [0]}, {1: Repair.FOUND_BY_ID})
    assert found(new_markdown_cell("x", id="f")) == ({1: [0]}, {1: Repair.FOUND_BY_ID})
    assert found(new_markdown_cell("x", id="p")) == ({}, {})  # a plain cell that was retyped
    assert found(code("another", cell_id="p")) == ({4: [0]}, {4: Repair.FOUND_BY_ID})


def test_a_cell_without_name_and_id_is_known_by_what_it_says():
    by_text = Repair.FOUND_BY_TEXT
    assert found(code("plot()  \n", cell_id="new")) == ({4: [0]}, {4: by_text})
    assert found(new_markdown_cell("some Words wrapped here".replace("s", "S", 1), id="n"))[0] == {}
    assert found(new_markdown_cell("Some words wrapped\n\nhere", id="n")) == ({3: [0]}, {3: by_text})
    assert found(new_markdown_cell("plot()", id="n")) == ({}, {})
    assert found(code(TEST, cell_id="n")) == ({2: [0]}, {2: by_text})  # without its hidden lines
    assert found(code(TEST + "\nmore", cell_id="n")) == ({}, {})
    assert found(code("a = 1\n\nb = 2", cell_id="n")) == ({}, {})  # two lines do not tell
    assert found(code(TEST, cell_id="n"), code(TEST, cell_id="m")) == ({2: [0]}, {2: by_text})


def test_equal_cells_are_found_one_after_the_other():
    released = [code("same", cell_id="1"), code("same", cell_id="2")]
    copies = find_copies(
        released, [code("same", cell_id="a"), code("same", cell_id="b"), code("same", cell_id="c")]
    )
    assert dict(copies.of) == {0: [0], 1: [1]}


def test_the_copy_that_counts_is_the_last_that_was_edited_or_else_the_first():
    submitted = [code("def f(): pass", "f"), code("one", "f"), code("two", "f"), code(" def f(): pass ", "f")]
    assert find_copies(RELEASED, submitted).counting(1, RELEASED[1], submitted) == 2
    submitted = [submitted[0], submitted[3]]
    assert find_copies(RELEASED, submitted).counting(1, RELEASED[1], submitted) == 0


@pytest.mark.parametrize(
    ("source", "edited"),
    [("new", True), ("def f(): pass", False), ("  \n", False), ("# Answered in the cell of g", False)],
)
def test_a_copy_is_edited_if_it_says_something_of_the_students(source, edited):
    assert is_edited(code(source), RELEASED[1]) is edited


def test_three_lines_are_enough_to_tell_a_copy():
    assert copied_lines(code("a\n \nb\n\nc")) == {"a", "b", "c"}
    assert copied_lines(code("a\n \nb\n")) == set()


def found_in(released, *submitted):
    return dict(find_copies(released, submitted).of)


def test_a_cell_that_is_known_by_its_name_or_id_is_known_by_nothing_else():
    assert found(code("plot()", cell_id="f")) == ({1: [0]}, {1: Repair.FOUND_BY_ID})
    assert found(code("mine", "f"), code("def f(): pass", cell_id="n")) == ({1: [0]}, {})


def test_copies_come_in_the_order_of_the_release():
    copies = find_copies(RELEASED, [code("x", "f-test"), code("y", "f"), code("import os", "setup")])
    assert list(copies.of.items()) == [(0, [2]), (1, [1]), (2, [0])]


def test_equal_cells_are_found_beside_others():
    released = [code("same", cell_id="1"), code("other", cell_id="2"), code("same", cell_id="3")]
    submitted = [code("other", cell_id="a"), code("same", cell_id="b"), code("same", cell_id="c")]
    assert found_in(released, *submitted) == {0: [1], 1: [0], 2: [2]}


def test_an_answer_is_not_known_by_some_of_its_lines_and_a_locked_cell_is_by_all_in_any_order():
    lines = "a = 1\nb = 2\nc = 3\n"
    assert found_in([code(lines + "d = 4", "f", "f", solution=True)], code(lines, cell_id="n")) == {}
    assert found_in([code(lines + "d = 4", "f", "f", locked=True)], code(lines, cell_id="n")) == {0: [0]}
    assert found_in([code(lines + "a = 1", "f", "f", locked=True)], code(lines, cell_id="n")) == {0: [0]}


def test_code_is_compared_letter_by_letter_but_for_spaces_at_the_ends_of_lines():
    for written, same in [
        ("a + b  \nc\t\n", True),
        ("a - b\nc", False),
        ("a +b\nc", False),
        ("a + b\n c", False),
    ]:
        assert bool(found_in([code("a + b\nc", cell_id="1")], code(written, cell_id="2"))) is same


def test_words_are_compared_by_their_letters_up_to_a_length():
    def same(one, other):
        return bool(found_in([new_markdown_cell(one, id="1")], new_markdown_cell(other, id="2")))

    assert same("w" * 99_999 + ".", "w" * 99_999 + "!")
    assert not same("w" * 100_000 + ".", "w" * 100_000 + "!")
    assert same("w" * 100_000 + ".", "w" * 100_000 + ".")
    assert not same("...", "!!!")  # there are no letters


def test_of_three_edited_copies_the_last_counts():
    submitted = [code(source, "f") for source in ("one", "two", "three", "")]
    assert find_copies(RELEASED, submitted).counting(1, RELEASED[1], submitted) == 2
    assert find_copies(RELEASED, submitted[3:]).counting(1, RELEASED[1], submitted[3:]) == 0


def test_a_space_around_a_text_does_not_make_it_another():
    assert not is_edited(code("def f(): pass "), code(" def f(): pass\n"))


def test_cells_are_found_wherever_they_stand_among_others():
    others = [code(f"mine = {number}", cell_id=f"own-{number}") for number in range(6)]
    by_id, by_text = code("x", cell_id="p"), code("import os", cell_id="n")
    both = {4: Repair.FOUND_BY_ID, 0: Repair.FOUND_BY_TEXT}
    assert found(others[0], by_id, by_text, *others[1:5]) == ({0: [2], 4: [1]}, both)
    assert found(*others[:4], by_text, by_id, others[4]) == ({0: [4], 4: [5]}, both)
