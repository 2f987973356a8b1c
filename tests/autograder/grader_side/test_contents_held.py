"""What an object holds is asked for once if it cannot change, and each time if it can."""

import pytest

from autograder.grader_side.contents import NONE, content_of
from autograder.grader_side.errors import NotANumber

FIXED = {"5": 7, "7": 1.5, "8": 1j, "6": "x", "9": b"x", "4": (1, 2)}
CHANGING = {"1": ([1], [1]), "2": ([("a", 1)], {"a": 1}), "3": ([1, 1], {1}), "0": ([1, 1], frozenset({1}))}


@pytest.mark.parametrize("letter", FIXED)
def test_what_cannot_change_is_asked_for_once(letter, handle_of, owner):
    handle = handle_of(f"c{letter}")
    owner.answers = [FIXED[letter]]
    assert content_of(handle) == content_of(handle) == FIXED[letter]
    assert owner.was_asked(("content", handle))


@pytest.mark.parametrize("letter", CHANGING)
def test_what_can_change_is_asked_for_each_time(letter, handle_of, owner):
    handle, (said, content) = handle_of(letter), CHANGING[letter]
    owner.answers = [said, said, said]
    assert [content_of(handle), content_of(handle)] == [content, content]
    assert type(content_of(handle)) is type(content)


def test_what_may_know_what_is_expected_is_not_asked(handle_of, owner):
    handle = handle_of("c5")
    handle._wall.told = True
    with pytest.raises(NotANumber, match="where a number to compute with was wanted"):
        content_of(handle)
    assert owner.asked == []


def test_an_object_of_no_plain_type_holds_none(handle_of, owner):
    assert content_of(handle_of("clE")) is NONE
    assert owner.asked == []


@pytest.mark.parametrize(
    ("letter", "said", "kind"),
    [
        ("5", 1.5, "int"),
        ("5", True, "int"),
        ("1", (1,), "list"),
        ("2", 3, "dict"),
        ("3", [[1]], "set"),
        ("2", [1], "dict"),
    ],
)
def test_what_is_none_of_its_type_is_no_number(letter, said, kind, handle_of, owner):
    owner.answers = [said]
    with pytest.raises(NotANumber, match=rf"an object \(Thing\) holds no {kind}"):
        content_of(handle_of(letter))
