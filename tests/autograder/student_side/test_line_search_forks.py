"""The search for a wrong line beside the student's code: where it is done, and what it may take there."""

import json
import os
import pickle
import resource
import signal

import numpy as np
import pytest
from forks import found_in_a_fork
from searched import FIRST, Gate, X, result_of, square, stepping, wrong

from autograder.student_side import line_search
from course_lib.gradcheck import withheld

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here"),
    pytest.mark.usefixtures("no_fork_stands_by"),
]


def test_no_text_is_refused_whatever_is_in_it(monkeypatch):
    tried = []
    monkeypatch.setattr(line_search, "_question", lambda *asked: asked)
    monkeypatch.setattr(line_search, "_searched", lambda asked: b"\xff")
    monkeypatch.setattr(line_search, "_tried", lambda asked, edits, seconds: b"7" if edits == b"a?" else b"x")
    assert line_search.find_line(
        square, [], None, 0, lambda found: tried.append(found) or "a\ud800", 1.0
    ) == (
        "\ufffd",
        7,
    )
    assert tried == ["\ufffd"]
    assert line_search.find_line(square, [], None, 0, lambda found: "b", 1.0) == ("\ufffd", -1)


def test_without_an_edit_nothing_is_tried():
    assert line_search._tried(None, b"[]", 1.0) == b""


def test_a_question_is_asked_at_the_gradient_and_the_seed_with_nothing_withheld():
    def work():
        withheld._open.append(withheld.Asking())
        asked = line_search._question([Gate(), "forward"], [wrong, X], 2.0, 7)
        said = asked.at.keywords
        return [
            asked.function,
            said["dout"],
            said["seed"],
            len(withheld._open),
            *signal.getitimer(signal.ITIMER_REAL),
        ]

    function, dout, seed, withheld_still, left, _ = found_in_a_fork(work)
    assert (function, dout, seed, withheld_still) == ("wrong", 2.0, 7, 0)
    assert left > 0


def test_what_answers_is_limited_and_has_nothing_withheld():
    def work():
        answer = line_search._about(stepping, FIRST)
        withheld._open.append(withheld.Asking())
        said = json.loads(answer("traced", [1.0, 2], {}, [], True))
        numbers = [event[0] for event in said["events"]]
        return [min(numbers), len(withheld._open), signal.getitimer(signal.ITIMER_REAL)[0] > 0]

    assert found_in_a_fork(work) == [FIRST, 0, True]


def test_a_fork_has_two_seconds_of_the_processor_and_twice_as_many_of_the_clock():
    def work():
        signal.signal(signal.SIGALRM, lambda *rang: None)
        line_search._limit()
        limits = resource.getrlimit(resource.RLIMIT_CPU)
        left, again = signal.getitimer(signal.ITIMER_REAL)
        return [signal.getsignal(signal.SIGALRM) == signal.SIG_DFL, list(limits), left, again]

    default, limits, left, again = found_in_a_fork(work)
    assert (default, limits, again) == (True, [2, 2], 0.0)
    assert 2.5 < left <= 4.0


@pytest.mark.parametrize("error", [OSError, ValueError])
def test_a_limit_that_may_not_be_set_is_left(error):
    def refuse(*limit):
        raise error

    def work():
        resource.setrlimit = refuse
        line_search._limit()
        return signal.getitimer(signal.ITIMER_REAL)[0] > 0

    assert found_in_a_fork(work)


def test_one_method_is_told_from_another_and_from_a_function():
    one, two = Gate(), Gate()
    asked = [[one, "forward"], [one, "other"], [two, "forward"], square]
    assert len({line_search._who(function) for function in asked}) == 4
    assert line_search._who([one, "other"]) == line_search._who([one, "other"])
    assert line_search._who(square) == line_search._who(square)


class Noted:
    """Stands for a fork that answers, which is only noted."""

    def __init__(self, begin, seconds):
        self.seconds, self.jobs, self.ended, self.says = seconds, [], False, b"said"

    def do(self, job, most=None):
        self.jobs.append((pickle.loads(job), most) if most else job)
        return self.says

    def end(self):
        self.ended = True


def test_what_is_asked_of_one_function_goes_to_its_fork_until_the_next_is_asked_about(monkeypatch):
    monkeypatch.setattr(line_search, "StandingFork", Noted)
    monkeypatch.setattr(line_search, "in_a_fork", lambda *args, **options: b"elsewhere")
    gate = Gate()
    assert line_search.inside([gate, "other"], 0) == "said"
    ((_, first),) = line_search._standing
    assert line_search.traced([gate, "other"], 0, [1.0], {"k": 2}, [[1, 0, 2.0]], False) == "said"
    assert line_search.tried([gate, "other"], [1.0], {}, [[0, "y = 1"]], 0.5) == "said"
    assert line_search.traced([gate, "forward"], 0, [1.0], {}, [], False) == "elsewhere"
    kinds = [
        ("places",),
        ("traced", [1.0], {"k": 2}, [[1, 0, 2.0]], False),
        ("tried", [1.0], {}, [[0, "y = 1"]], 0.5),
    ]
    assert first.jobs == [(asked, 2**20) for asked in kinds]
    assert first.seconds == 4
    line_search.inside(square, 0)
    ((_, second),) = line_search._standing
    assert (first.ended, second.ended) == (True, False)


def test_what_its_fork_does_not_say_another_one_is_asked(monkeypatch):
    asked = []

    def elsewhere(work, *seconds, **options):
        asked.append((*seconds, options))
        return b"\xff"

    monkeypatch.setattr(line_search, "StandingFork", Noted)
    monkeypatch.setattr(line_search, "in_a_fork", elsewhere)
    line_search.inside(square, 0)
    line_search._standing[0][1].says = None
    assert line_search.traced(square, 0, [1.0], {}, [], False) == "\ufffd"
    assert asked == [(4, {"most": 2**20})]


def test_the_whole_search_has_as_long(monkeypatch):
    made = []

    def noted(*asked):
        made.append(Noted(*asked))
        made[-1].says = b"12"
        return made[-1]

    monkeypatch.setattr(line_search, "StandingFork", noted)
    assert line_search.find_line(square, [], None, 0, lambda said: said + "!", 1.0) == ("12", 12)
    (fork,) = made
    assert (fork.seconds, fork.jobs, fork.ended) == (4, [b"", b"12!"], True)


def test_a_method_is_followed_in_its_own_fork():
    gate = Gate()
    said = json.loads(line_search.inside([gate, "other"], FIRST))
    assert min(site["number"] for site in said["sites"]) == FIRST
    said = json.loads(line_search.traced([gate, "other"], FIRST, [2.0], {}, [], True))
    assert result_of(said) == 10.0
    said = json.loads(line_search.traced([gate, "forward"], 7, [3.0], {}, [], True))
    assert result_of({"result": said["result"]["parts"][0]}) == 9.0
    assert min(number for number, *_ in said["events"]) == 7


@pytest.mark.parametrize(("size", "whole"), [(90_000, True), (100_000, False)])
def test_a_megabyte_is_told_of_a_call_and_no_more(size, whole):
    said = line_search.traced(stepping, 0, [np.zeros(size), 0], {}, [], False)
    assert len(said) <= 2**20
    if whole:
        assert result_of(json.loads(said)).size == size
