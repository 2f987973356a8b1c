"""The rules by which a line is cleared or not, one at a time."""

from types import SimpleNamespace

import numpy as np
import pytest

from course_lib import find_line
from course_lib.gradcheck.lines import cleared
from course_lib.gradcheck.lines.cleared import not_cleared
from tests.course_lib.gradcheck.lines.asking import event, site, wrong


def at(moment, name, value=1.0, **known):
    return event(value, (moment, 0)), site(name, **{"line": moment, "number": moment, "weight": 5, **known})


def asked_of(*events, gradients=(), targets=(), renames=(), cheap=True):
    sites = {one.moment: where for one, where in events}
    return SimpleNamespace(
        backward=[one for one, _ in events],
        subject=SimpleNamespace(cheap=cheap),
        with_another_upstream=None,
        site=lambda one: sites[one.moment],
        before=lambda a, b: a.moment < b.moment,
        same_variable=lambda a, b: a.name == b.name,
        renames=lambda where: where.name in renames,
        is_some_gradient=lambda one: sites[one.moment].name in gradients,
        targets=lambda one: [sites[one.moment].name] if sites[one.moment].name in targets else [],
    )


def test_a_line_is_read_by_its_name_or_as_a_part_of_what_is_read():
    asked = site("dx", reads="parts")
    assert cleared._read(site("a"), {"a"}, asked)
    assert not cleared._read(site("a"), {"b"}, asked)
    assert cleared._read(site("parts[0]", container="parts"), set(), asked)
    assert not cleared._read(site("others[0]", container="others"), set(), asked)
    assert not cleared._read(site("key", container="parts"), set(), asked)


def test_operands_constants_and_copies_are_not_known():
    dx = wrong(1.0, 2.0, of=site("dx", reads="a one copy grad"), moment=(9, 0))

    def unknown(*events, **known):
        return sorted(cleared._not_known(asked_of(*events, **known), dx))

    reads = {"reads": "z"}
    assert unknown(at(1, "a", **reads), at(2, "grad", **reads), gradients=("grad",)) == ["a"]
    assert unknown(at(1, "one"), gradients=("one",)) == ["one"]
    assert unknown(at(1, "two"), gradients=("two",)) == []
    copies = {"plain": True, **reads}
    assert unknown(at(1, "copy", **copies), gradients=("copy",)) == ["copy"]
    assert unknown(at(1, "copy", **copies), gradients=("copy",), targets=("copy",)) == []
    assert unknown(at(1, "copy", kind="added to", **copies), gradients=("copy",)) == []
    assert unknown(at(1, "copy", **reads), gradients=("copy",)) == []
    assert unknown(at(1, "other", **copies), gradients=("other",)) == []


def test_a_variable_that_is_made_of_itself_had_its_value_from_a_line_before():
    first, second, other = at(1, "a"), at(2, "a"), at(3, "b")
    again = at(4, "a", reads="a b")
    after = at(5, "a")
    asked = asked_of(first, second, other, again, after)
    assert cleared._remade(asked, again[1], again[0]) == {2: second[1]}
    assert cleared._remade(asked, other[1], other[0]) == {}
    assert cleared._remade(asked_of(again), again[1], again[0]) == {}
    same_line = at(2, "a", line=4)
    assert cleared._remade(asked_of(same_line, again), again[1], again[0]) == {}


@pytest.mark.parametrize("local", [True, False])
def test_a_local_derivative_that_is_mended_by_more_than_a_factor_is_told(local, monkeypatch):
    monkeypatch.setattr(cleared, "is_local", lambda search, events: local)

    def tells(*pairs):
        events = [event(value, (k, 0)) for k, (value, _) in enumerate(pairs)]
        put = {(k, 0): np.array(there) for k, (_, there) in enumerate(pairs) if there is not None}
        return cleared._tells(None, events, put)

    assert tells(([1.0, 2.0], [1.0, 3.0])) is local
    assert tells(([1.0, 2.0], [2.0, 4.0])) is False
    assert tells((1.0, 3.0)) is False
    assert tells(([1.0, 2.0], [2.0, 4.0]), ([1.0, 2.0], [1.0, 3.0])) is local


def test_only_one_value_may_be_of_another_shape(monkeypatch):
    monkeypatch.setattr(cleared, "of_another_shape", lambda search, one, shape: (one, shape))
    dx = wrong([1.0, 2.0], [2.0, 2.0])
    one, two = event(1.0, (1, 0)), event(2.0, (2, 0))
    assert cleared._of_another_shape(None, [one], dx) == (one, (2,))
    assert cleared._of_another_shape(None, [one, two], dx) is False
    assert cleared._of_another_shape(None, [one], wrong(None, [1.0])) is False


class Clearing:
    """`not_cleared` where solutions are given: of which lines there are some, and which are telling."""

    def __init__(self, monkeypatch):
        self.monkeypatch = monkeypatch

    def __call__(
        self,
        *events,
        solves="",
        tells="",
        other_shape="",
        nearby="",
        local=(),
        sites=(),
        reads="a b",
        **known,
    ):
        asked = asked_of(*events, **known)

        def named(events, names):
            return asked.site(events[0]).name in names.split()

        put = self.monkeypatch.setattr
        put(cleared, "solved", lambda search, events: {} if named(events, solves) else None)
        put(cleared, "_tells", lambda search, events, found: named(events, tells))
        put(cleared, "would_do_nearby", lambda search, events: named(events, nearby))
        put(cleared, "_of_another_shape", lambda search, events, finding: named(events, other_shape))
        put(cleared, "is_local", lambda search, events: asked.site(events[0]).name in local)
        dx = wrong(1.0, 2.0, of=site("dx", line=9, reads=reads), moment=(9, 0))
        told, found = not_cleared(asked, dx, list(sites))
        return [where.name for where in told], [where.name for where in found]


@pytest.fixture
def clearing(monkeypatch):
    return Clearing(monkeypatch)


Z = {"reads": "z"}


def test_lines_with_other_values_that_mend_everything_are_not_cleared(clearing):
    a, b, other, late = at(1, "a", **Z), at(2, "b", **Z), at(3, "c", **Z), at(10, "a", line=10, **Z)
    assert clearing(a, b, other) == ([], [])
    assert clearing(a, b, other, solves="a b c") == ([], ["a", "b"])
    assert clearing(a, b, other, solves="a b c", tells="b") == (["b"], ["a"])
    assert clearing(a, b, other, nearby="b c") == ([], ["b"])
    assert clearing(a, b, other, other_shape="a c") == (["a"], [])
    assert clearing(late, solves="a") == ([], [])
    assert clearing(at(1, "a", line=9, **Z), solves="a") == ([], [])
    assert clearing(a, b, solves="a b", gradients=("b",)) == ([], ["a"])


def test_what_lines_that_are_not_cleared_are_made_of_is_asked_next(clearing):
    deep, a = at(1, "deep", **Z), at(2, "a", reads="deep")
    assert clearing(deep, a, solves="a deep") == ([], ["a", "deep"])
    assert clearing(deep, a, solves="deep") == ([], [])
    again = at(1, "a", **Z), at(3, "a", reads="a")
    assert clearing(*again, solves="a") == ([], ["a", "a"])


def test_one_line_more_is_asked_than_can_be_doubted_to_tell_that_there_are_more(clearing):
    chain = [at(k, f"v{k}", reads=f"v{k - 1}") for k in range(1, 9)]
    names, listed = (
        " ".join(f"v{k}" for k in range(9)),
        [f"v{k}" for k in range(8, 7 - cleared.MOST_DOUBTS, -1)],
    )
    assert clearing(*chain, solves=names, reads="v8") == ([], listed)
    assert clearing(*chain, solves=names, tells=names, reads="v8") == (listed, [])


def test_too_many_numbers_are_not_cleared_by_anything(clearing):
    for cheap, most in ((True, 120), (False, 8)):
        assert clearing(at(1, "a", np.ones(most), **Z), cheap=cheap) == ([], [])
        assert clearing(at(1, "a", np.ones(most + 1), **Z), cheap=cheap) == ([], ["a"])


def test_lines_that_hand_on_are_cleared_but_for_names_that_say_what_they_are(clearing):
    handed = at(1, "a", plain=True, **Z)
    assert clearing(handed, solves="a") == ([], ["a"])  # another name for what was made here
    assert clearing(handed, solves="a", local=("a",)) == ([], [])
    assert clearing(handed, solves="a", local=("a",), renames=("a",)) == ([], ["a"])
    taken = at(1, "a", unpacks=True, **Z)
    assert clearing(taken, solves="a") == ([], [])
    assert clearing(at(1, "a", unpacks=True), solves="a") == ([], ["a"])
    plain = site("dx", line=9, reads="a", plain=True)
    assert clearing(taken, solves="a", sites=[plain]) == ([], ["a"])


def test_the_lines_that_put_a_value_together_are_asked_in_its_place(clearing):
    a, c = at(1, "a", **Z), at(2, "c", **Z)
    assert clearing(a, c, solves="a c", sites=[site("dx", line=8, reads="c")]) == ([], ["c"])


def test_a_count_that_is_divided_by_may_be_far_off():
    def scaled(x):
        return x - x.mean(axis=(0, 2), keepdims=True), x.shape

    def scaled_backward(dout, shape):
        count = shape[0] * shape[1] * shape[2]
        total = dout.sum(axis=(0, 2), keepdims=True)
        return (count * dout - total) / count

    found = find_line(scaled, scaled_backward, np.random.default_rng(0).normal(size=(2, 3, 2)))
    assert {2, 4} == {suspect.line for suspect in found.candidates[: 1 + found.doubts]} - {3}
