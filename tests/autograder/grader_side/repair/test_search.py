"""The search for a repair: which edits are tried, in waves, and what comes of trying them."""

from types import SimpleNamespace

import pytest

from autograder.grader_side.repair import search
from autograder.grader_side.repair.search import MOST, SECONDS, repair_here, worth_trying
from autograder.grader_side.repair.statements import WAVES, changes
from course_lib.gradcheck.lines.edited import Draft
from course_lib.gradcheck.lines.source import NotFollowed

DRAFT = Draft("f", "def f(x, y):\n    z = x * y\n    return z", {"x": (), "y": (), "z": ()})


def test_the_second_wave_comes_after_the_first_as_far_as_there_is_room():
    first, second = (changes([DRAFT], [], wave, 1000) for wave in range(len(WAVES)))
    assert first
    assert second
    assert worth_trying([DRAFT], [], 1000) == first + second
    some = len(first) + 3
    assert worth_trying([DRAFT], [], some) == first + second[:3]
    assert worth_trying([DRAFT], [], 5) == first[:5]
    assert worth_trying([DRAFT], [], len(first)) == first


def test_of_a_text_that_cannot_be_read_nothing_is_worth_trying():
    assert worth_trying([Draft("f", "def f(", {})], [], MOST) == []


@pytest.fixture
def tried(monkeypatch):
    """What `repair_here` hands to the trials, which answer as the test says."""
    said = SimpleNamespace(answer=None, asked=None, edits=None, seconds=None)

    class Trials:
        def __init__(self, asked):
            said.asked = asked

        def first_right(self, edits, seconds):
            said.edits, said.seconds = edits, seconds
            if isinstance(said.answer, Exception):
                raise said.answer
            return said.answer

    monkeypatch.setattr(search, "Trials", Trials)
    monkeypatch.setattr(search, "drafts_of", lambda asked: [DRAFT])
    return said


FOUND = SimpleNamespace(candidates=[SimpleNamespace(function="f", line=2)])


def test_the_first_edit_that_makes_all_right_is_the_repair(tried):
    tried.answer = 3
    expected = worth_trying([DRAFT], [("f", 2)], MOST)
    assert repair_here("question", FOUND) == expected[3]
    assert tried.asked == "question"
    assert tried.edits == [change.edit for change in expected]
    assert tried.seconds == SECONDS == 0.2
    assert len(expected) <= MOST == 320


def test_a_limit_of_its_own_is_handed_on(tried):
    tried.answer = 0
    assert repair_here("question", FOUND, 5.0).line == 2
    assert tried.seconds == 5.0


@pytest.mark.parametrize("answer", [None, NotFollowed("it is a lambda")])
def test_where_none_is_right_or_none_can_be_tried_there_is_no_repair(tried, answer):
    tried.answer = answer
    assert repair_here("question", FOUND) is None
