"""Lines of loops that are wrong in each turn, loops that end early, and what they begin with."""

import pytest

from course_lib import find_line
from course_lib.gradcheck.lines import replaced, turns
from tests.course_lib.gradcheck.lines.asking import search

POINT = {"balance": 3.0, "rate": 0.2}


def decay(balance, rate):
    seen = []
    for _ in range(4):
        seen.append(balance)
        balance = balance - rate * balance**2
    dbalance, drate = 1.0, 0.0
    for before in reversed(seen):
        drate -= before**2 * dbalance
        dbalance *= 1 - rate * before  # a 2 is missing, in each turn
    return balance, dbalance, drate


def early(balance, rate):
    seen = []
    for _ in range(4):
        seen.append(balance)
        balance = balance - rate * balance**2
    dbalance, drate = 1.0, 0.0
    for before in seen[:0:-1]:
        drate -= before**2 * dbalance
        dbalance *= 1 - 2 * rate * before
    return balance, dbalance, drate


def begun(balance, rate):
    seen = []
    for _ in range(4):
        seen.append(balance)
        balance = balance - rate * balance**2
    dbalance, drate = 1.0, 0.5
    for before in reversed(seen):
        drate -= before**2 * dbalance
        dbalance *= 1 - 2 * rate * before
    return balance, dbalance, drate


def test_a_line_that_is_wrong_in_each_turn():
    asked = search(decay, POINT)
    assert replaced.findings(asked) == []  # no value of one turn mends it
    (found,) = turns.findings(asked)
    assert (found.site.name, found.site.line, found.target) == ("dbalance", 9, "balance")
    assert find_line(decay, POINT).line == 9


def test_a_loop_that_ends_too_early():
    (found,) = turns.too_few(search(early, POINT))
    assert found.site.line == 7
    assert found.sentence == "it takes 3 turns, all of them right, where forward takes 4"
    assert find_line(early, POINT).source == "for before in seen[:0:-1]:"


def test_what_a_loop_adds_to_begins_with_nothing():
    (found,) = turns.begun_otherwise(search(begun, POINT))
    assert (found.site.name, found.site.line) == ("drate", 6)
    assert "with 0 to begin with, all is right" in str(find_line(begun, POINT))


@pytest.mark.parametrize(("way", "function"), [("too_few", decay), ("begun_otherwise", early)])
def test_what_is_wrong_otherwise_is_no_matter_of_turns(way, function):
    assert getattr(turns, way)(search(function, POINT)) == []


def decay_in(turns_of):
    def decays(balance, rate):
        seen = []
        for _ in range(turns_of):
            seen.append(balance)
            balance = balance - rate * balance**2
        dbalance, drate = 1.0, 0.0
        for before in reversed(seen):
            drate -= before**2 * dbalance
            dbalance *= 1 - rate * before
        return balance, dbalance, drate

    return decays


@pytest.mark.parametrize(("count", "found"), [(2, True), (1, False), (200, True), (201, False)])
def test_loops_of_two_to_two_hundred_turns_are_tried_as_a_whole(count, found):
    rate = 0.1 / count
    asked = search(decay_in(count), {"balance": 1.0, "rate": rate})
    assert (turns.findings(asked) != []) is found


def test_what_would_be_right_to_begin_with_is_nothing():
    (found,) = turns.begun_otherwise(search(begun, POINT))
    assert (float(found.measured.value), float(found.measured.allowed)) == (0.0, 0.0)
    assert (found.target, found.right_before, found.mended, found.whole) == ("", None, 0, True)
    assert float(found.event.value) == 0.5
