"""Operands that are no gradients: local derivatives, masks, what all wrong lines read."""

from types import SimpleNamespace

import numpy as np
import pytest

from course_lib import find_line
from course_lib.gradcheck.lines import operands, replaced
from course_lib.gradcheck.lines.source import parsed
from tests.course_lib.gradcheck.lines import functions
from tests.course_lib.gradcheck.lines.asking import event, named, search, site, wrong

RNG = np.random.default_rng(1)
XW = {"x": RNG.normal(size=4), "w": RNG.normal(size=4)}


def first(asked):
    return replaced.findings(asked)[0]


def test_a_local_derivative_that_is_wrong_explains_its_product():
    asked = search(functions.local_derivative_by_itself, XW)
    dh = next(one for one in replaced.findings(asked) if one.site.name == "dh")
    (helper,) = operands.helpers(asked, dh)
    assert helper.site.name == "local"
    t = np.tanh(XW["x"] * XW["w"])
    assert np.allclose(helper.measured.value, 1 - t**2, atol=1e-6)


def test_an_operand_with_which_all_is_right_is_named_where_it_is_made():
    asked = search(functions.local_derivative_by_itself, XW)
    dh = next(one for one in replaced.findings(asked) if one.site.name == "dh")
    (found,) = operands.operands(asked, [dh])
    assert (found.site.name, found.site.kind, found.target, found.whole) == ("local", "assigned", "", True)
    assert found.sentence == operands.SOLVED


def test_operands_are_what_is_no_gradient():
    asked = search(functions.local_derivative_by_itself, XW)
    dh = next(one for one in replaced.findings(asked) if one.site.name == "dh")
    assert [asked.site(event).name for event in operands.operands_of(asked, dh)] == ["local"]


def test_one_factor():
    right = np.array([1.0, -2.0, 3.0])
    assert operands.one_factor(2.5 * right, right)
    assert not operands.one_factor(right + 1, right)
    assert not operands.one_factor(right, np.array([1.0, np.nan, 3.0]))


def both(x, y):
    p = x * y
    f = p**2
    twice = 1 * p  # 2 * p
    dx = twice * y
    dy = twice * x
    return f, {"x": dx, "y": dy}


def test_what_every_wrong_line_reads():
    asked = search(both, {"x": 1.2, "y": 0.7})
    several = [first(asked)]
    (found,) = operands.read_by_all(asked, several)
    assert found.site.name == "twice"
    assert found.sentence == "every line with a wrong gradient reads twice"


def as_it_is(p):
    return p


def both_called(x, y):
    p = x * y
    f = p**2
    twice = 1 * p
    dx = as_it_is(twice) * y
    dy = x * as_it_is(twice)
    return f, {"x": dx, "y": dy}


def test_what_every_wrong_line_calls_is_said_as_well():
    asked = search(both_called, {"x": 1.2, "y": 0.7})
    (found,) = operands.read_by_all(asked, [first(asked)])
    assert found.sentence == "every line with a wrong gradient reads twice and calls `as_it_is`"


def test_what_one_wrong_line_reads_is_read_by_no_other():
    asked = search(functions.neuron_without_exp, {"w": 2.0, "x": -1.0, "b": 1.0})
    assert operands.read_by_all(asked, [first(asked)]) == []


def test_a_line_that_hands_on_computes_nothing():
    def kinds(function, inputs):
        asked = search(function, inputs)
        return {asked.site(event).name: operands.hands_on(asked.site(event)) for event in asked.backward}

    found = kinds(both, {"x": 1.2, "y": 0.7})
    assert found == {"twice": False, "dx": False, "dy": False, "x": True, "y": True}


def relu_with(mask):
    def forward(x):
        return np.maximum(x, 0), x

    def backward(dout, x):
        on = mask(x)
        return dout * on

    return forward, backward


def test_masks_that_a_line_reads():
    forward, backward = relu_with(lambda x: x < 0)
    asked = search(forward, backward, RNG.normal(size=(3, 2)))
    found = replaced.findings(asked)
    product = next(one for one in found if one.site.kind == "returned")
    assert [site.name for site in operands.masks_read(asked, product)] == ["on"]
    assert find_line(forward, backward, RNG.normal(size=(3, 2))).variable == "on"
    assert named(asked, "on").mask


def wanted(value, wrong_value, right, allowed=0.0, mask=False):
    found = operands._wanted(event(value, mask=mask), wrong(wrong_value, right, allowed))
    return found and (found.value.tolist(), found.allowed.tolist())


def asked(*events, kept=(), gradients=(), targets=(), right=(), text="def backward():\n    pass"):
    """A search that found these events, each with its place; some are gradients, by their names."""
    sites = {one.moment: where for one, where in (*events, *kept)}
    return SimpleNamespace(
        subject=SimpleNamespace(name="backward", sources={"backward": SimpleNamespace(tree=parsed(text))}),
        base=SimpleNamespace(events=[one for one, _ in events]),
        backward=[one for one, _ in events],
        judged=[one for one, where in events if where.name in targets],
        kept=[one for one, _ in kept],
        site=lambda one: sites[one.moment],
        before=lambda a, b: a.moment < b.moment,
        is_some_gradient=lambda one: sites[one.moment].name in gradients,
        is_right=lambda one: sites[one.moment].name in right,
        targets=lambda one: [sites[one.moment].name] if sites[one.moment].name in targets else [],
    )


def at(moment, name, value=1.0, mask=False, **known):
    return event(value, (moment, 0), mask=mask), site(name, line=moment, number=moment, weight=5, **known)


PRODUCT = wrong(1.0, 2.0, of=site("dx", reads="a b c"), moment=(5, 0))


def test_operands_are_read_there_made_before_and_no_gradients_and_of_a_name_the_last():
    found = operands.operands_of(
        asked(at(1, "a"), at(2, "b"), at(3, "a"), at(4, "d"), at(6, "c"), gradients=("b",)), PRODUCT
    )
    assert [one.moment for one in found] == [(3, 0)]
    two = asked(at(1, "a"), at(2, "b"))
    assert [one.moment for one in operands.operands_of(two, PRODUCT)] == [(1, 0), (2, 0)]
    assert [where.name for where in operands.unverified(two, PRODUCT)] == ["a", "b"]


def test_masks_are_named_where_they_are_made_and_where_they_are_kept():
    kept = [at(11, "cache", kind="returned"), at(12, "stored", kind="returned")]
    on, off = at(1, "a", mask=True), at(2, "b", mask=True, unpacks=True)
    unread, late = at(3, "z", mask=True), at(6, "c", mask=True)
    number, returned = at(4, "c"), at(4, "c", mask=True, kind="returned")

    def masks(*events):
        return [where.name for where in operands.masks_read(asked(*events, kept=kept), PRODUCT)]

    assert masks(on, unread, late, number) == ["a"]
    assert masks(on, off) == ["a", "stored"]
    assert masks(off) == ["stored"]
    assert masks(on, returned) == ["a"]
    assert masks(number) == []
    assert [where.name for where in operands.caching(asked(kept=kept))] == ["stored"]
    assert operands.caching(asked()) == []


@pytest.mark.parametrize(
    ("known", "hands"),
    [
        ({"plain": True}, True),
        ({"plain": True, "kind": "added to"}, True),
        ({"unpacks": True, "weight": 9}, True),
        ({"unpacks": True, "weight": 9, "kind": "returned"}, True),
        ({"unpacks": True, "weight": 9, "kind": "scaled"}, False),
        ({"weight": 2}, True),
        ({"weight": 3}, False),
        ({"weight": 2, "kind": "added to"}, False),
    ],
)
def test_what_hands_on(known, hands):
    assert operands.hands_on(site(**known)) is hands


def common_with(rows, a):
    return a, at(5, "dx", reads=f"a {rows}"), at(6, "dy", reads=f"a {rows}")


def common(*events, **known):
    found = operands.read_by_all(
        asked(*events, targets=("dx", "dy", "dz"), **known),
        [wrong(1.0, 2.0, of=site("first"), target="x")],
    )
    return [(one.site.name, one.sentence, one.target) for one in found]


def test_what_all_wrong_lines_read_is_made_once_and_no_gradient():
    dx, dy = at(5, "dx", reads="a b"), at(6, "dy", reads="a c")
    a, b = at(1, "a"), at(2, "b")
    said = [("a", "every line with a wrong gradient reads a", "")]
    assert common(a, b, dx, dy) == said
    assert common(a, b, dx) == []
    loop = "def backward(d):\n    for {} in {}:\n        pass"
    turning = a, at(5, "dx", reads="a k"), at(6, "dy", reads="a k")
    assert common(*turning, text=loop.format("i, k", "zip(d, d)")) == []  # or what the loop runs over
    assert common(*turning, text=loop.format("k", "range(3)")) == said
    assert common(*turning, text=loop.format("one", "d")) == said
    rows = at(2, "rows", value=None)
    assert common(rows, *common_with(rows="rows", a=a)) == []
    assert common(rows, a, dx, dy) == said
    assert common(a, b, dx, dy, right=("dy",)) == []
    assert common(a, b, dx, at(6, "dy", reads="b a")) == []  # two of them
    assert common(a, at(2, "b", plain=True), dx, at(6, "dy", reads="b a")) == []  # one of which hands on
    also = at(7, "dz", reads="a")
    assert common(a, b, dx, dy, also, right=("dz",)) == []  # a right one reads it as well
    assert common(at(1, "a", plain=True), dx, dy) == []
    assert common(at(1, "a", unpacks=True), dx, dy) == []
    assert common(a, dx, dy, at(7, "dz", kind="returned", reads="c")) == said
    assert common(a, dx, dy, at(7, "dz", plain=True, reads="c")) == said
    assert common(a, dx, dy, at(7, "dz", reads="c")) == []


def test_helpers_come_from_where_they_are_kept_if_a_line_only_takes_them_out(monkeypatch):
    kept = [at(11, "stored", kind="returned")]
    taken, made = at(1, "a", unpacks=True), at(2, "b")
    helpers = [wrong(1.0, 2.0, of=where, target="x") for _, where in (taken, made)]
    monkeypatch.setattr(operands, "helpers", lambda search, finding: helpers)
    found = operands.operands(asked(taken, made, kept=kept), [PRODUCT])
    assert [one.site.name for one in found] == ["stored", "b"]
    assert {(one.target, one.whole, one.sentence) for one in found} == {("", True, operands.SOLVED)}
    found = operands.operands(asked(taken, made), [PRODUCT])
    assert [one.site.name for one in found] == ["a", "b"]


class Trying:
    """A search that has two operands; `mends` are the values with which nothing is wrong."""

    def __init__(self, monkeypatch, *events, mends=(), solves=None):
        self.found = asked(*events)
        self.asked_to_solve = []

        def solved(search, events):
            self.asked_to_solve.append(events[0].moment[0])
            return solves and {events[0].moment: np.array(solves)}

        monkeypatch.setattr(operands, "solved", solved)
        self.found.wrong_with = lambda event, wanted: frozenset(() if wanted.value.tolist() in mends else "x")

    def names(self, finding):
        return [
            (one.site.name, one.event.moment[0], one.measured.value.tolist(), one.measured.allowed.tolist())
            for one in operands.helpers(self.found, finding)
        ]


OF_TWO = wrong([4.0, 6.0], [1.0, 5.0], of=site("dx", reads="a b"), moment=(5, 0))


def test_operands_help_where_other_values_of_them_mend_everything(monkeypatch):
    a, b = at(1, "a", [2.0, 3.0]), at(2, "b", [1.0, 1.0])
    asked_of = Trying(monkeypatch, a, b, mends=[[0.5, 2.5]])
    assert asked_of.names(OF_TWO) == [("a", 1, [0.5, 2.5], [0.0, 0.0])]
    assert asked_of.asked_to_solve == []
    assert Trying(monkeypatch, a, b).names(OF_TWO) == []


def test_an_operand_of_nothing_is_solved_for(monkeypatch):
    nothing = at(1, "a", [0.0, 0.0])
    asked_of = Trying(monkeypatch, nothing, mends=[[7.0, 8.0]], solves=[7.0, 8.0])
    assert asked_of.names(OF_TWO) == [("a", 1, [7.0, 8.0], [0.0, 0.0])]
    assert asked_of.asked_to_solve == [1]
    assert Trying(monkeypatch, nothing, mends=[[7.0, 8.0]]).names(OF_TWO) == []
    unread, other_shape = at(1, "a", None), at(2, "b", [1.0, 2.0, 3.0])
    asked_of = Trying(monkeypatch, unread, other_shape, mends=[[7.0, 8.0]], solves=[7.0, 8.0])
    assert asked_of.names(OF_TWO) == []
    assert asked_of.asked_to_solve == []
