"""What can be concluded from one point, of a function that is given by what passes its probes."""

import numpy as np
import pytest

from course_lib.gradcheck.lines import search as module
from course_lib.gradcheck.lines.search import LARGEST, MOST_EVALUATIONS, Search
from course_lib.gradcheck.lines.slopes import Measured
from course_lib.gradcheck.lines.source import NotFollowed
from course_lib.gradcheck.lines.tape import TooLong
from tests.course_lib.gradcheck.lines.asking import site
from tests.course_lib.gradcheck.lines.given import Given, X, loop, named, names, parameter, searched


def test_a_value_that_is_not_finite_or_changes_is_not_followed():
    for value in (np.nan, np.inf):
        with pytest.raises(NotFollowed, match=r"^its value is not finite$"):
            searched(X, loss=lambda v, value=value: value)
    calls = []
    with pytest.raises(NotFollowed, match=r"^its value changes from call to call$"):
        searched(X, loss=lambda v: calls.append(1) or len(calls))
    assert searched(X).here == 3.0
    assert searched(X).evaluations == 2


def test_a_loss_is_asked_for_so_often_and_no_more(monkeypatch):
    assert (MOST_EVALUATIONS, LARGEST) == (20_000, 600)
    monkeypatch.setattr(module, "MOST_EVALUATIONS", 4)
    found = searched(X)
    found.loss({})
    found.loss({})
    with pytest.raises(NotFollowed, match="too large to follow each entry"):
        found.loss({})


@pytest.mark.parametrize(("most", "fits"), [(7, True), (6, False), (5, False)])
def test_a_gradient_that_takes_too_many_calls_is_not_measured(monkeypatch, most, fits):
    found = searched(X)
    event = found.inputs["x"]
    monkeypatch.setattr(module, "MOST_EVALUATIONS", most)  # of which two were to begin with
    if fits:
        assert found.gradient_of(event).known
    else:
        with pytest.raises(NotFollowed, match="too large"):
            found.gradient_of(event)
        assert (found.evaluations > 2) is (most == 6)


def test_gradients_are_measured_once():
    found = searched(X, loss=lambda v: (v["x"] ** 2).sum())
    first = found.gradient_of(found.inputs["x"])
    assert first.value == pytest.approx(np.array([2.0, 4.0]))
    count = found.evaluations
    assert count == 2 + 1 + 4
    assert found.gradient_of(found.inputs["x"]) is first
    assert found.evaluations == count


def test_inputs_are_wanted_parameters_as_they_come_in():
    passed = (
        X,
        (parameter("y"), 3.0),
        (parameter("z"), None),
        (site("w"), 4.0),
        (parameter("x"), [5.0, 6.0]),
    )
    found = searched(*passed, wanted="x w z")
    assert {name: one.value.tolist() for name, one in found.inputs.items()} == {"x": [1.0, 2.0]}


def test_returned_gradients_are_wrong_where_they_are_not_the_measured_ones():
    def wrong(x, y=2.0, **known):
        gradients = {"x": x, "y": np.array(y)}
        given = {"loss": lambda v: v["x"].sum() + 2 * v["y"], "wanted": "x y", "gradients": gradients}
        return searched(X, (parameter("y"), 3.0), **{**given, **known}).wrong

    assert wrong(np.ones(2)) == frozenset()
    assert wrong(np.array([1.0, 2.0])) == {"x"}
    assert wrong(None) == {"x"}
    assert wrong(np.ones(2), -2.0) == {"y"}
    assert wrong(np.zeros(2), wanted="y") == frozenset()
    kinked = searched(
        (parameter("x"), [0.0]), loss=lambda v: np.abs(v["x"]).sum() + 1, gradients={"x": np.full(1, 9.0)}
    )
    assert kinked.wrong == frozenset()


def test_of_a_loop_the_first_and_the_last_turn_are_looked_at():
    found = searched(X, *loop("a", 1.0, 2.0, 3.0, place=50), (site("b"), 4.0))
    assert names(found, found.backward) == [("a", 0), ("a", 2), ("b", 0)]
    counts = [
        found.turns(found.subject.sites[50]),
        found.turns(named(found, "b") and found.site(named(found, "b"))),
    ]
    assert counts == [3, 1]
    assert found.turns(site("never", number=77)) == 0


def test_values_that_the_loss_moves_with_are_those_of_forward():
    big = np.ones(LARGEST + 1)
    found = searched(
        X,
        (site("h"), [2.0, 3.0]),
        (site("h2", kind="used"), 2.0),
        (site("mask"), [1.0, 0.0], 0, True),
        (site("large"), big),
        (site("fits"), np.ones(LARGEST)),
        (site("none"), None),
        (site("free"), 5.0),
        loss=lambda v: (
            v["x"].sum() + v["h"].sum() + v["mask"].sum() + v["large"].sum() + v["fits"].sum() + v["h2"]
        ),
    )
    assert {name: len(events) for name, events in found.values.items()} == {"x": 1, "h": 1, "fits": 1}
    assert names(found, found.backward) == [("mask", 0), ("free", 0)]


def test_inputs_are_values_of_forward_whether_the_loss_moves_with_them_or_not():
    found = searched(X, (site("x"), [3.0, 4.0]), loss=lambda v: v["x"].sum())
    assert [one.moment[0] for one in found.values["x"]] == [1, 2]
    idle = searched(X, loss=lambda v: 1.0)
    assert names(idle, idle.values["x"]) == [("x", 0)]


def test_of_two_functions_forward_is_all_that_is_not_backward():
    passed = (
        (parameter("x", function="forward"), [1.0, 2.0]),
        (site("h", function="helper"), 2.0),
        (site("dh"), 3.0),
    )
    loss = {"loss": lambda v: v["x"].sum() + v["h"] + v["dh"]}
    found = searched(*passed, two_parts=True, **loss)
    assert list(found.values) == ["x", "h"]
    assert names(found, found.backward) == [("dh", 0)]
    flat = searched(*passed, **loss)
    assert list(flat.values) == ["x", "h", "dh"]


def test_a_value_matters_where_the_loss_moves_beyond_rounding():
    def matters(size, value=3.0, mask=False, loss=None):
        loss = loss or (lambda v: 1.0 + size * v["h"])
        found = searched(X, (site("h"), value, 0, mask), loss=loss)
        return found.matters(named(found, "h"))

    smallest = 64 * 2.0**-52 / 3e-3
    assert matters(2.2 * smallest) is True
    assert matters(0.9 * smallest) is False
    assert matters(-2.2 * smallest) is True
    assert matters(1.0, mask=True) is False
    assert matters(1.0, value=0.0) is True
    assert matters(1.0, loss=lambda v: 1.0 if v["h"] == 3.0 else np.nan) is False
    found = searched(X, (site("h"), None))
    assert found.matters(named(found, "h")) is False


def test_what_forward_keeps_stands_beside_its_output_or_in_attributes():
    passed = (
        (site("y", attribute=True, function="forward"), 1.0),
        (site("[0]", container="()", function="forward", kind="returned"), 2.0),
        (site("[1]", container="()", function="forward", kind="returned"), 3.0),
        (site("z", function="forward"), 4.0),
        (site("g", attribute=True), 5.0),
    )
    found = searched(X, *passed, two_parts=True)
    assert names(found, found.kept) == [("y", 0), ("[1]", 0)]
    assert searched(X, *passed).kept == []


def put(found, value):
    return found.wrong_with(named(found, "g"), Measured(np.array(value), np.zeros(np.shape(value))))


def test_with_the_measured_gradient_in_its_place_less_may_be_wrong():
    def gradients(v):
        if v["g"][0] == 13.0:
            raise ValueError
        if v["g"][0] == 14.0:
            raise TooLong
        return {"x": v["g"]}

    found = searched(X, (site("g"), [7.0, 8.0]), gradients=gradients)
    assert found.wrong == {"x"}
    assert put(found, [1.0, 1.0]) == frozenset()
    assert put(found, [1.0, 2.0]) == {"x"}
    assert put(found, [13.0, 1.0]) == {"x"}
    assert put(found, [14.0, 1.0]) == {"x"}
    run = found.run_with({named(found, "g").moment: np.array([7.0, 1.0])})
    assert run.gradients["x"].tolist() == [7.0, 1.0]
    assert len(run.events) == 2
    assert found.run_with({named(found, "g").moment: np.ones(2)}, recording=False).events == ()
    assert put(found, [np.nan, 1.0]) == found.wrong_in(run)
    assert found.run_with({named(found, "g").moment: np.full(2, 13.0)}) is None
    kept = np.ones(2)
    assert found.run_with({named(found, "g").moment: kept}).gradients["x"] is not kept


def test_another_upstream_gradient_has_a_search_of_its_own():
    assert searched(X).with_another_upstream is None
    subject = Given(X)
    subject.other = Given(X, loss=lambda v: 7.0)
    found = Search(subject)
    assert found.with_another_upstream.here == 7.0
    assert found.with_another_upstream is found.with_another_upstream


def test_what_a_function_raises_is_why_it_is_not_followed():
    def raising(values):
        raise ValueError

    with pytest.raises(NotFollowed, match="it raises ValueError"):
        searched(X, gradients=raising)


@pytest.mark.parametrize("value", [[0.0, 0.0], [3.0, -8.0]])
def test_a_value_is_moved_by_up_to_a_thousandth_of_its_largest_entry_to_see_whether_it_matters(value):
    seen = []

    def loss(values):
        seen.append(values["h"])
        return 100.0

    found = searched(X, (site("h"), value), loss=loss)
    seen.clear()
    assert not found.matters(named(found, "h"))
    size = 8.0 if value[1] else 1.0
    step = 1e-3 * size * np.random.default_rng(0).uniform(0.5, 1.0, 2)
    assert seen[-1] == pytest.approx(np.array(value) + step, rel=1e-12)


@pytest.mark.parametrize(
    ("moves", "matters"), [(63.0, False), (65.0, True), (-65.0, True), (np.nan, False), (np.inf, False)]
)
def test_a_loss_moves_by_more_than_64_roundings_of_its_own(moves, matters):
    def loss(values):
        return -1000.0 * (1 + (moves * module.EPSILON if values["h"][0] else 0.0))

    found = searched(X, (site("h"), [0.0]), loss=loss)
    assert found.matters(named(found, "h")) is matters


def test_upstreams_are_parameters_of_backward_that_another_upstream_gradient_changes():
    def passed(dout, x, h):
        inside = {"kind": "parameter", "function": "backward"}
        return (
            (site("x", kind="parameter", function="forward"), x),
            (site("dout", **inside), dout),
            (site("kept", **inside), x),
            (site("none", **inside), None),
            (site("h", function="backward"), h),
        )

    def two(*values):
        return Given(*passed(*values), loss=lambda v: 1.0, two_parts=True)

    one = two([1.0], [3.0], [5.0])
    assert Search(one)._upstreams == set()
    one.other = two([2.0], [3.0], [6.0])
    assert Search(one)._upstreams == {"dout"}
    one.other = two([2.0], [4.0], [6.0])
    assert Search(one)._upstreams == {"dout", "kept"}
    one.other = two(None, [4.0], [6.0])
    assert Search(one)._upstreams == {"kept"}
