"""What values stand for by their names and lines: whose gradient they are, what they grow from."""

import numpy as np

from course_lib.gradcheck.lines.search import Search
from tests.course_lib.gradcheck.lines.asking import search, site
from tests.course_lib.gradcheck.lines.given import Given, X, loop, named, names, searched


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


def test_what_is_kept_under_a_name_is_no_gradient_of_it():
    def forward(x, w):
        return x @ w, {"x": x, "w": w}

    def backward(dout, cache):
        dx = dout @ cache["w"].T
        return dx, cache["x"].T @ dout

    found = search(forward, backward, np.ones((2, 3)), np.ones((3, 2)))
    assert [name for one in found.kept for name, _ in found.targets(one)] == []
    assert [found.site(one).name for one in found.judged] == ["dx", "[0]", "[1]"]
