"""What is looked for around an entry in doubt, and what of it counts."""

import numpy as np
import pytest
from judges_under_test import judge_of
from points_under_test import slopes_of

from course_lib.gradcheck import rounding as looks
from course_lib.gradcheck.entries import RIGHT, UNRESOLVED, WRONG
from course_lib.gradcheck.estimate import Estimate
from course_lib.gradcheck.rounding import Rounding


def hidden_by(monkeypatch, around=0.0, slope=0.0, left=0.0, cancels=0.0):
    """Let rounding hide so much, and return what was asked about it."""
    asked = []

    def said(name, value):
        def answer(*arguments):
            asked.append((name, *arguments[1:3]))
            return value

        return answer

    monkeypatch.setattr(looks, "rounding_around", said("around", np.full(1, around)))
    monkeypatch.setattr(looks, "hidden_slope", said("slope", slope))
    monkeypatch.setattr(looks, "unsettled", lambda rungs, best: left)
    monkeypatch.setattr(looks, "slope_of_what_cancels", said("cancels", cancels))
    return asked


def off_by(error, size=1.0):
    """A judge of three entries of which the middle one is off."""
    judge = judge_of([size, error, 0.5 * size], lambda i, h: slopes_of(h, *[(size, 0.0, 0.5 * size)[i]] * 2))
    judge.judge(np.arange(3))
    assert judge.entries.state[[0, 2]].tolist() == [RIGHT, RIGHT]
    return judge


def test_an_entry_is_wrong_if_it_is_off_by_more_than_what_rounding_hides(monkeypatch):
    asked = hidden_by(monkeypatch, slope=0.3, left=0.2, cancels=9.0)
    for sign in (-1, 1):
        assert off_by(sign * 0.51).entries.state[1] == WRONG
        judge = off_by(sign * 0.49)
        assert judge.entries.state[1] == UNRESOLVED
        assert judge.entries.allowed[1] == pytest.approx(0.49)
        assert judge.entries.numerical[1] == 0.0
    assert asked == [("around", 0, 1), ("slope", 0, 1)] * 4
    assert off_by(0.0).entries.state[1] == RIGHT
    assert len(asked) == 8


@pytest.mark.parametrize(("error", "cancels", "state"), [(0.9e-9, 1e-9, RIGHT), (0.9e-9, 0.5e-9, WRONG)])
def test_what_cancels_is_looked_for_where_an_error_is_as_small_as_none_can_matter(
    monkeypatch, error, cancels, state
):
    asked = hidden_by(monkeypatch, cancels=cancels)
    assert off_by(error).entries.state[1] == state
    assert asked[-1] == ("cancels", 0, 1)
    assert off_by(1.1e-9).entries.state[1] == WRONG
    assert asked[-1] == ("slope", 0, 1)


def test_an_entry_is_looked_around_once_and_what_is_seen_is_kept_for_it(monkeypatch):
    asked = hidden_by(monkeypatch, around=0.25)
    judge = off_by(0.5)
    assert asked.count(("around", 0, 1)) == 1
    assert judge.allowance.around[1].tolist() == [0.25]


def test_rounding_need_only_explain_the_smallest_step_that_agrees(monkeypatch):
    asked = []
    monkeypatch.setattr(looks, "rounding_around", lambda *said: asked.append(said[3:]) or np.zeros(1))
    monkeypatch.setattr(looks, "rounding_of_steps", lambda *said: np.zeros(1))
    monkeypatch.setattr(looks, "jumps_of_rounding", lambda *said: np.zeros(1))
    judge = judge_of([2.0, 1.5])
    slopes = {1e-3: 2.0, 1e-5: 1.95, 1e-6: 2.2, 1e-7: 1.8}  # the last two do not agree
    rungs = [slopes_of(step, slope, slope) for step, slope in slopes.items()]
    there = (1, 1.5, rungs, Estimate(2.0, 0.1, 2.0, 2.0), rungs[0], 0.5, 0.25)
    judge.allowance.around[1] = np.array([0.125])
    assert Rounding(judge._point, 0, judge.allowance).shows_more(*there) is False
    assert asked == [(0.5e-5, 0.25)]
    assert judge.allowance.around[1].tolist() == [0.125]


@pytest.mark.parametrize(("mismatch", "moving"), [(0.5, 0.0), (0.0, 0.5), (0.5, 0.5)])
def test_steps_are_looked_for_where_something_stands_still_and_jumps_where_something_is_off(
    monkeypatch, mismatch, moving
):
    asked = hidden_by(monkeypatch, around=0.25)
    monkeypatch.setattr(looks, "rounding_nearer_zero", lambda point, argument: ("nearer", argument))
    monkeypatch.setattr(looks, "rounding_of_steps", lambda *said: asked.append(said[1:]) or np.full(1, 0.75))
    monkeypatch.setattr(looks, "jumps_of_rounding", lambda *said: asked.append(said[1:]) or np.full(1, 0.5))
    judge = judge_of([2.0, 1.5])
    rung = slopes_of(1e-3, 2.0, 2.0)
    there = (1, 1.5, [rung], Estimate(2.0, 0.1, 2.0, 2.0), rung, mismatch, moving)
    rounding = Rounding(judge._point, 0, judge.allowance)
    assert rounding.shows_more(*there) is True
    assert rounding.shows_more(*there) is False
    assert rounding.shows_more(1, 9.5, *there[2:]) is False
    steps, jumps = (0, 1, [rung], ("nearer", 0)), (0, 1, [rung], rung, 1.5)
    assert asked == [("around", 0, 1), *[steps] * bool(moving), *[jumps] * bool(mismatch)]
    assert judge.allowance.around[1].tolist() == [0.75 if moving else 0.5]


def test_what_is_nearer_to_zero_is_hidden_by_the_largest_step_that_agrees_to_half_of_the_mismatch(
    monkeypatch,
):
    asked = hidden_by(monkeypatch, slope=0.1e-9, left=0.2e-9, cancels=1.0)
    monkeypatch.setattr(looks, "rounding_nearer_zero", lambda point, argument: np.full(1, 1e-15))
    monkeypatch.setattr(looks, "farthest_agreeing", lambda *said: asked.append(said) or said[1])
    judge = judge_of([1.0, 2.0])
    shown, found = slopes_of(1e-3, 1.0, 1.0), Estimate(1.0, 0.0, 1.0, 1.0)
    hides = Rounding(judge._point, 0, judge.allowance).hides
    assert hides(1, [shown], found, shown, 4e-9) == pytest.approx(0.3e-9)  # what could matter is 2e-9
    assert asked == [("slope", 0, 1)]
    assert hides(1, [shown], found, shown, 1e-9) == pytest.approx(1.0 + 0.3e-9 + 6e-12, abs=1e-14)
    assert asked[1:] == [("slope", 0, 1), ([shown], shown, 1.0, 0.5e-9), ("cancels", 0, 1)]
    uncertain = Estimate(1.0, 0.8e-9, 1.0, 1.0)  # which explains the rest
    assert hides(1, [shown], uncertain, shown, 1e-9) == pytest.approx(0.3e-9)
    judge._point.dout[:] *= -1  # rounding has no direction
    assert hides(1, [shown], found, shown, 1e-9) == pytest.approx(1.0 + 0.3e-9 + 6e-12, abs=1e-14)
    monkeypatch.setattr(looks, "least_to_show", lambda point, argument: 1.0)
    assert hides(1, [shown], found, shown, 4e-9) == pytest.approx(0.3e-9 + 6e-12, abs=1e-14)


def test_what_hides_a_slope_is_asked_with_all_that_is_known_of_it(monkeypatch):
    asked = []
    monkeypatch.setattr(looks, "hidden_slope", lambda *given: asked.append(given[1:]) or 9.0)
    monkeypatch.setattr(looks, "unsettled", lambda rungs, best: 0.25)
    judge, rungs = judge_of([2.0, 1.5]), [slopes_of(1e-3, 2.0, 2.0)]
    found = Estimate(2.0, 0.1, 2.0, 2.0)
    assert Rounding(judge._point, 0, judge.allowance).hides(1, rungs, found, rungs[0], 0.5) == 9.25
    assert asked == [(0, 1, rungs, rungs[0], 0.5)]
