"""Lines of loops that are wrong in each turn, loops that end early, and what they begin with."""

import ast
from types import SimpleNamespace

import numpy as np
import pytest

from course_lib import find_line
from course_lib.gradcheck.lines import replaced, turns
from course_lib.gradcheck.lines.slopes import Measured
from tests.course_lib.gradcheck.lines.asking import event, search, site

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


SEEN = (0.4, 1.1, 0.2, -0.6)


def filtered(rate, level):
    state, spread, kept, loss = 0.0, 1.0, [], 0.0
    for one in SEEN:
        total = spread + level
        gain = spread / total
        loss += (one - state) ** 2 / total
        kept.append((state, spread, total, gain))
        state = state + gain * (one - state)
        spread = (1 - gain) * spread + rate
    return loss, kept


def filtered_back(dloss, kept):
    dstate = dspread = drate = dlevel = 0.0
    for (state, spread, total, gain), one in zip(reversed(kept), reversed(SEEN), strict=True):
        error = one - state
        dgain = dstate * error + dspread * spread
        drate += dspread
        dtotal = -dloss * error**2 / total**2 - dgain * spread / total**2
        dstate = dstate * (1 - gain) - 2 * dloss * error / total
        dspread = dspread * (1 - gain) + dgain / total + dtotal
        dlevel += dtotal
    return drate, dlevel


def test_the_last_turn_of_a_value_may_be_used_no_more():
    found = find_line(filtered, filtered_back, 0.3, 0.7)
    assert found.source == "dgain = dstate * error + dspread * spread"


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
    assert (found.target, found.right_before, found.mended, found.whole) == ("", None, 0, True)
    assert float(found.event.value) == 0.5


LOOP = ast.parse("def backward():\n  a = 0\n  for k in y:\n    dh = b\n").body[0]


class Asked:
    """A search of places with one value for each turn; the gradient of a value is ten times it.

    `mends` are the values by moment with which nothing is wrong.
    """

    def __init__(self, *places, backward=(), mends=None, begins="", **known):
        self.sites = {
            number: site(name, number=number, **more) for number, (name, _, more) in enumerate(places)
        }
        passed = [
            event(value, (number, turn))
            for number, (_, values, _) in enumerate(places)
            for turn, value in enumerate(values)
        ]
        self.base = SimpleNamespace(events=passed)
        self.backward = [one for one in passed if self.sites[one.moment[0]].name in backward]
        self.values = {self.site(one).name: [one] for one in passed if one not in self.backward}
        self.mends, self.begun, self.known = mends or {}, begins, known
        self.subject = SimpleNamespace(sources={"backward": SimpleNamespace(tree=LOOP)})

    def site(self, one):
        return self.sites[one.moment[0]]

    def in_forward(self, one):
        return self.site(one).name not in self.known.get("not_forward", ())

    def matters(self, one):
        return self.site(one).name not in self.known.get("idle", ())

    def gradient_of(self, one):
        value = (
            np.nan
            if one.value is None or float(one.value) in self.known.get("unknown", ())
            else 10.0 * one.value
        )
        return Measured(np.array(value), np.zeros(()))

    def run_with(self, values):
        given = {moment: float(value) for moment, value in values.items()}
        return None if given == self.known.get("fails") else given

    def wrong_in(self, run):
        return frozenset() if run == self.mends else frozenset("x")

    def begins(self, one):
        return self.begun


H = ("h", [1.0, 2.0, 3.0], {})


def put(*values):
    return {(1, turn): value for turn, value in enumerate(values)}


def tried(*values, mends, name="dh", h=H, **known):
    more = known.pop("of_site", {})
    found = turns.findings(Asked(h, (name, values, more), backward=(name,), mends=mends, **known))
    return [(one.site.name, one.target, one.event.moment[1], float(one.measured.value)) for one in found]


def test_the_gradients_of_all_turns_are_put_in_together_from_the_last_value_but_one():
    assert tried(7.0, 8.0, mends=put(20.0, 10.0)) == [("dh", "h", 0, 20.0)]
    assert tried(7.0, 8.0, mends=put(30.0, 20.0)) == [("dh", "h", 0, 30.0)]
    assert tried(7.0, 8.0, 9.0, mends=put(30.0, 20.0, 10.0)) == [("dh", "h", 0, 30.0)]
    assert tried(20.0, 8.0, mends=put(20.0, 10.0)) == [("dh", "h", 1, 10.0)]  # the first is right
    assert tried(7.0, 8.0, mends=put(1.0, 2.0)) == []
    assert tried(7.0, 8.0, mends=put(20.0, 10.0), fails=put(20.0, 10.0)) == []
    assert tried(20.0, 10.0, mends=put(20.0, 10.0)) == []  # all right already
    assert tried(7.0, 8.0, mends=put(20.0), unknown=[1.0]) == []


def test_a_variable_whose_name_says_nothing_may_be_that_of_any_value_made_more_often():
    assert tried(7.0, 8.0, name="g", mends=put(20.0, 10.0)) == [("g", "h", 0, 20.0)]
    assert tried(7.0, 8.0, 9.0, name="g", mends=put(30.0, 20.0, 10.0)) == []


def test_only_values_that_forward_makes_and_that_matter_count():
    mends = put(20.0, 10.0)
    assert tried(7.0, 8.0, mends=mends, idle=("h",)) == []
    assert tried(7.0, 8.0, mends=mends, not_forward=("h",)) == []
    for kind, found in (("parameter", True), ("added to", True), ("used", False), ("scaled", False)):
        assert (tried(7.0, 8.0, mends=mends, h=("h", [1.0, 2.0, 3.0], {"kind": kind})) != []) is found
    assert tried(7.0, 8.0, mends=put(20.0, 10.0), h=("h", [1.0, 2.0, None, 3.0], {})) == [
        ("dh", "h", 0, 20.0)
    ]


def test_lines_that_return_or_change_single_entries_are_not_tried_as_a_whole():
    mends = put(20.0, 10.0)
    assert tried(7.0, 8.0, mends=mends, of_site={"kind": "returned"}) == []
    assert tried(7.0, 8.0, mends=mends, of_site={"part": True}) == []
    assert tried(7.0, mends=put(20.0)) == []


def test_of_several_lines_the_last_one_comes_first():
    asked = Asked(H, ("dh", [7.0, 8.0], {}), ("dh", [5.0, 6.0], {}), backward=("dh",))
    asked.wrong_in = lambda run: frozenset()
    assert [one.site.number for one in turns.findings(asked)] == [2, 1]


def begun_with(value, begins="added to", mask=False, **known):
    asked = Asked(H, ("dh", [value], {}), backward=("dh",), begins=begins, mends=put(0.0), **known)
    if mask:
        asked.backward = [event(value, (1, 0), mask=True)]
    return [one.site.name for one in turns.begun_otherwise(asked)]


def test_what_a_loop_adds_to_and_begins_with_something_is_told_where_nothing_is_right():
    assert begun_with(3.0) == ["dh"]
    assert begun_with(0.0) == []
    assert begun_with(None) == []
    assert begun_with(3.0, begins="scaled") == []
    assert begun_with(3.0, mask=True) == []
    assert begun_with(3.0, fails=put(0.0)) == []


def ends(*values, h=H, line=4, kind="assigned"):
    found = turns.too_few(Asked(h, ("dh", values, {"line": line, "kind": kind}), backward=("dh",)))
    return [(one.site.kind, one.site.line, one.site.number, one.sentence.split(",")[0]) for one in found]


def test_a_loop_of_which_every_turn_is_right_ends_too_early_where_forward_took_more():
    four = ("h", [1.0, 2.0, 3.0, 4.0], {})
    assert ends(30.0, 20.0, h=four) == [("loop", 3, -1, "it takes 2 turns")]
    assert ends(30.0, 20.0, 10.0, h=four) == []
    assert ends(30.0, 21.0, h=four) == []
    assert ends(30.0, 20.0, h=four, line=2) == []
    (found,) = turns.too_few(Asked(four, ("dh", [30.0, 20.0], {"line": 4}), backward=("dh",)))
    assert found.sentence == "it takes 2 turns, all of them right, where forward takes 3"
    assert found.event.moment == (1, 1)
    assert (found.target, found.right_before, found.mended, found.whole) == ("", None, 0, False)
