"""What can be concluded from one point, of a function that is given by what passes its probes."""

import numpy as np
import pytest

from course_lib.gradcheck.lines import search as module
from course_lib.gradcheck.lines.search import LARGEST, MOST_EVALUATIONS, Search
from course_lib.gradcheck.lines.slopes import Measured
from course_lib.gradcheck.lines.source import NotFollowed
from course_lib.gradcheck.lines.subjects import Run
from course_lib.gradcheck.lines.tape import Event, TooLong
from tests.course_lib.gradcheck.lines.asking import search, site


class Given:
    """A subject: places with their values, a loss of these by name, and what it returns as gradients."""

    name, cheap = "backward", True

    def __init__(
        self, *passed, loss=lambda v: v["x"].sum(), gradients=None, wanted="x", two_parts=False, places=None
    ):
        self.sites, self.events = {}, []
        for number, (where, value, *more) in enumerate(passed):
            turn, mask = (more + [0, False][len(more) :])[:2]
            place = where.number or number + 1
            self.sites[place] = type(where)(**{**where.__dict__, "number": place})
            numbers = None if value is None else np.array(value, dtype=float)
            self.events.append(Event((place, turn), numbers, bool(mask)))
        self._loss, self._gradients = loss, gradients or {}
        self.wanted, self.two_parts, self.places = tuple(wanted.split()), two_parts, places or {}
        self.other = None

    def _values(self, changes):
        return {
            self.sites[one.moment[0]].name: changes[one.moment](one.value.copy())
            if one.moment in changes
            else one.value
            for one in self.events
            if one.value is not None
        }

    def loss(self, changes):
        return float(self._loss(self._values(changes)))

    def run(self, changes, *, recording=True):
        values = self._values(changes)
        gradients = self._gradients(values) if callable(self._gradients) else self._gradients
        return Run(tuple(self.events) if recording else (), gradients)

    def with_another_upstream(self):
        return self.other


def parameter(name, **known):
    return site(name, kind="parameter", **known)


X = parameter("x"), [1.0, 2.0]


def searched(*passed, **known):
    return Search(Given(*passed, **known))


def names(found, events):
    return [(found.site(one).name, one.moment[1]) for one in events]


def named(found, name, kind=None):
    return next(
        e for e in found.base.events if found.site(e).name == name and kind in (None, found.site(e).kind)
    )


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


def loop(name, *values, **known):
    place = known.pop("place")
    return [(site(name, number=place, **known), value, turn) for turn, value in enumerate(values)]


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


def claims(where, value=1.0, values=(), places=None, **known):
    found = searched(X, *values, (where, value), places=places, **known)
    event = found.base.events[-1]
    return [(name, one.moment[0]) for name, one in found.targets(event)]


H = site("h"), [2.0, 3.0]
BOTH = {"loss": lambda v: v["x"].sum() + v.get("h", np.zeros(1)).sum()}


def test_a_name_says_whose_gradient_a_value_is():
    assert claims(site("dx")) == [("x", 1)]
    assert claims(site("dh"), values=[H, H], **BOTH) == [("h", 3)]
    assert claims(site("other")) == []
    assert claims(site("dx[0]")) == []


def test_a_variable_that_forward_makes_twice_has_two_gradients_the_latest_first():
    passed = (X, (site("h", number=2), 2.0), (site("h", number=3), 3.0, 0), (site("dh"), 1.0))
    found = Search(Given(*passed, loss=lambda v: v["x"].sum()))
    found.values["h"] = [found.base.events[1], found.base.events[2]]
    assert [one.moment[0] for _, one in found.targets(found.base.events[3])] == [3, 2]


def test_what_is_returned_stands_at_the_place_of_its_input():
    returned = {"kind": "returned", "container": "()"}
    assert claims(site("[1]", **returned), places={1: "x"}) == [("x", 1)]
    assert claims(site("[0]", **returned), places={1: "x"}) == []
    assert claims(site("[1]", **returned), places={1: "y"}) == []
    assert claims(site("", kind="returned"), places={0: "x"}) == [("x", 1)]
    assert claims(site("[1][0]", **returned), places={1: "x"}) == []
    assert claims(site("x", **returned), places={0: "y"}) == [("x", 1)]
    assert claims(site("[1]", function="helper", **returned), places={1: "x"}) == []


def test_a_value_is_right_where_it_is_the_gradient_of_what_it_claims():
    def right(value, name="dx"):
        found = searched(X, (site(name), value), loss=lambda v: 3 * v["x"].sum())
        event = found.base.events[-1]
        return found.is_right(event), found.is_some_gradient(event)

    assert right([3.0, 3.0]) == (True, True)
    assert right([3.0, 4.0]) == (False, False)
    assert right([3.0, 3.0], "other") == (False, True)
    assert right(3.0) == (False, False)
    assert right(None) == (False, False)


def grown(*lines):
    found = searched(X, *[(site(name, kind), value) for name, kind, value in lines])
    return found, found.base.events[1]


def test_what_something_is_added_to_grows():
    for kind, grows in (("added to", True), ("scaled", True), ("assigned", False)):
        found, first = grown(("dx", "assigned", 1.0), ("other", "scaled", 9.0), ("dx", kind, 2.0))
        assert found.grows(first) is grows
        assert found.grows(found.base.events[3]) is False
        assert names(found, found.judged) == [("dx", 0)] * (1 if grows else 2)
    found, first = grown(("dx", "assigned", 1.0), ("dx", "assigned", 2.0), ("dx", "added to", 3.0))
    assert found.grows(first) is False


def test_what_a_loop_changes_begins_before_it():
    for values, begins in (((2.0, 3.0), "scaled"), ((2.0,), "")):
        found = searched(X, (site("g"), 1.0), *loop("g", *values, place=50, kind="scaled"))
        assert found.begins(found.base.events[1]) == begins
        assert found.begins(found.base.events[-1]) == ""


def test_the_same_variable_has_its_name_its_container_and_its_function():
    same = Search.same_variable
    assert same(site("g", line=1), site("g", line=2, kind="scaled"))
    assert not same(site("g"), site("h"))
    assert not same(site("g"), site("g", container="grads"))
    assert not same(site("g"), site("g", function="other"))


def test_what_comes_before_a_value_of_forward_is_on_its_way():
    passed = (X, (site("g"), 9.0), H, (site("late"), 9.0))
    found = searched(*passed, **BOTH)
    assert found.on_the_way(named(found, "g")) is True
    assert found.on_the_way(named(found, "late")) is False
    assert searched(*passed, two_parts=True, **BOTH).on_the_way(named(found, "g")) is False
    returned = searched(X, (site("g"), 9.0), (site("h", "returned"), [2.0, 3.0]), **BOTH)
    assert returned.on_the_way(named(returned, "g")) is False
    assert found.before(found.base.events[0], found.base.events[1]) is True
    assert found.before(found.base.events[1], found.base.events[1]) is False


def renamed(where, made_plain=False, made_function="backward", **known):
    found = searched(X, (site("made", plain=made_plain, function=made_function), 9.0), (where, 9.0), **known)
    return found.renames(found.site(found.base.events[2]))


def test_a_line_renames_what_another_line_computed_or_took_out():
    assert renamed(site("g", plain=True, reads="made")) is True
    assert renamed(site("g", plain=True, reads="made", kind="returned")) is False
    assert renamed(site("g", reads="made")) is False
    assert renamed(site("g", plain=True, reads="other")) is False
    assert renamed(site("g", plain=True, reads="made"), made_plain=True) is False
    assert renamed(site("g", plain=True, reads="made"), made_function="helper") is False


def test_an_attribute_under_another_name_is_renamed_unless_it_says_nothing():
    assert renamed(site("g", reads="self y", unpacks=True)) is True
    assert renamed(site("y", reads="self y", unpacks=True)) is False
    assert renamed(site("g", reads="self cache", unpacks=True)) is False
    assert renamed(site("g", reads="self y")) is False
    assert renamed(site("g", reads="y", unpacks=True)) is False


def test_a_line_hands_on_what_it_takes_out_or_gives_a_name():
    def hands_on(where, two_parts=True):
        found = searched(X, (site("made", weight=3), 9.0), (where, 9.0), two_parts=two_parts)
        return found.hands_on(found.site(found.base.events[2]))

    assert hands_on(site("g", unpacks=True, weight=9)) is True
    assert hands_on(site("g", weight=2)) is True
    assert hands_on(site("g", weight=2, kind="returned")) is True
    assert hands_on(site("g", weight=2, kind="scaled")) is False
    assert hands_on(site("g", weight=3)) is False
    assert hands_on(site("g", weight=2), two_parts=False) is False
    assert hands_on(site("g", weight=1, plain=True, reads="made")) is False


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


def test_what_is_kept_under_a_name_is_no_gradient_of_it():
    def forward(x, w):
        return x @ w, {"x": x, "w": w}

    def backward(dout, cache):
        dx = dout @ cache["w"].T
        return dx, cache["x"].T @ dout

    found = search(forward, backward, np.ones((2, 3)), np.ones((3, 2)))
    assert [name for one in found.kept for name, _ in found.targets(one)] == []
    assert [found.site(one).name for one in found.judged] == ["dx", "[0]", "[1]"]


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
