"""Whose a cell is, by its metadata: checked, fixed, setup, answer, released or the student's own."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.roles import (
    as_released,
    facts_of,
    grade_id,
    has_role,
    is_answer,
    is_checked,
    is_fixed,
    is_own,
    is_read_only,
    is_released,
    is_setup,
    mark_released,
    words_of,
)


def cell_with(role=None, facts=None, tags=(), source="x", name="a-cell"):
    cell = new_code_cell(source, id=name)
    cell.metadata.update({"nbgrader": role} if role is not None else {})
    cell.metadata.update({"autograder": facts} if facts is not None else {})
    cell.metadata["tags"] = list(tags)
    return cell


ROLES = {
    "nothing": None,
    "empty": {},
    "graded": {"grade": True, "locked": True, "solution": False},
    "written": {"grade": True, "locked": False, "solution": True},
    "answer": {"grade": False, "locked": False, "solution": True},
    "locked answer": {"grade": False, "locked": True, "solution": True},
    "locked": {"grade": False, "locked": True, "solution": False},
    "open": {"grade": False, "locked": False, "solution": False},
    "task": {"grade": False, "locked": False, "solution": False, "task": True},
}


@pytest.mark.parametrize(
    ("judge", "roles"),
    [
        (is_checked, {"graded"}),
        (is_answer, {"written", "answer", "locked answer"}),
        (is_released, {"graded", "locked"}),
        (is_read_only, {"locked"}),
        (is_fixed, {"graded", "locked", "task"}),
        (has_role, {"graded", "written", "answer", "locked answer", "locked", "task"}),
    ],
)
def test_what_nbgrader_says_of_a_cell(judge, roles):
    judged = {name: judge(cell_with(role)) for name, role in ROLES.items()}
    assert judged == {name: name in roles for name in ROLES}
    assert judge(new_code_cell("x")) is False


def test_a_cell_has_nbgraders_name_or_none():
    names = [grade_id(cell_with(role)) for role in (None, {}, {"grade_id": "f-test"}, {"grade_id": 5})]
    assert names == ["", "", "f-test", "5"]
    assert grade_id({"metadata": {"nbgrader": None}}) == ""


def test_a_setup_cell_is_tagged_and_locked():
    tagged = {name for name, role in ROLES.items() if is_setup(cell_with(role, tags=["other", "setup"]))}
    assert tagged == {"locked"}
    assert is_setup(cell_with(ROLES["locked"], tags=["setup"])) is True
    assert is_setup(cell_with(ROLES["locked"])) is False
    untagged = cell_with(ROLES["locked"])
    del untagged.metadata["tags"]
    assert is_setup(untagged) is False


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("student-3", True),
        ("student-31", True),
        ("student-", False),
        ("a-student-3", False),
        ("student-3b", False),
    ],
)
def test_a_students_own_cell_is_known_by_its_name(name, own):
    assert is_own(cell_with(name=name)) is own
    assert is_own(cell_with(ROLES["locked"], name=name)) is False
    assert is_released(cell_with(facts={"released": ""}, name=name)) is not own


def test_a_cell_without_a_name_is_nobodys_own():
    assert is_own({"metadata": {}}) is False


def test_a_plain_cell_is_released_if_it_says_what_it_was():
    assert is_released(cell_with(facts={"released": ""})) is True
    assert is_released(cell_with(facts={"other": 1})) is False
    assert is_released(cell_with({}, facts={"released": ""})) is True


def test_the_released_text_is_what_is_kept_or_else_the_cells_own():
    assert as_released(cell_with(facts={"released": "stub"})) == "stub"
    assert as_released(cell_with(facts={})) == as_released(cell_with()) == "x"
    assert (facts_of(cell_with()), facts_of(cell_with(facts={"shows": True}))) == ({}, {"shows": True})


def test_an_authors_plain_code_cells_are_marked_as_released():
    cells = [
        cell_with(source="a", name="a"),
        cell_with(ROLES["locked"], name="b"),
        new_markdown_cell("text"),
        cell_with(facts={"kept": 1}, name="c"),
    ]
    mark_released(new_notebook(cells=cells))
    assert [dict(facts_of(cell)) for cell in cells] == [
        {"released": "a"},
        {},
        {},
        {"kept": 1, "released": "x"},
    ]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("04_softmax_loss", "softmax_loss"),
        ("04b_loss-values", "loss-values"),
        ("sum_of_squares", "sum_of_squares"),
        ("04", "04"),
        ("04_", "04_"),
    ],
)
def test_a_number_is_left_out_of_what_a_grade_id_says(name, words):
    assert words_of(name) == words
