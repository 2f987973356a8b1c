"""Values that backward takes out of the cache and that forward has otherwise."""

import ast
import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest

from course_lib import find_line
from course_lib.gradcheck.lines import kept
from tests.course_lib.gradcheck.lines.asking import event, site

X = np.random.default_rng(0).normal(size=(3, 2))


def test_the_line_that_keeps_another_value_is_named():
    def forward(x):
        out = np.tanh(x)
        return out, x

    def backward(dout, cache):
        out = cache
        return dout * (1 - out**2)

    found = find_line(forward, backward, X)
    assert (found.function, found.source) == ("forward", "return out, x")
    assert "out is another value there than in forward" in str(found)


def test_of_an_order_that_differs_both_sides_are_named():
    def forward(x, y):
        return x * y, (y, x)

    def backward(dout, cache):
        x, y = cache
        return dout * y, dout * x

    found = find_line(forward, backward, X, X + 1)
    assert found.doubts == 1
    assert {suspect.source for suspect in found.candidates[:2]} == {"x, y = cache", "return x * y, (y, x)"}


def test_a_value_that_forward_makes_anew_counts_as_it_is_in_the_end():
    def forward(x):
        scale = x * 0.5
        scale = np.tanh(scale)
        return scale, x

    def backward(dout, cache):
        scale = cache
        return dout * (1 - scale**2) * 0.5

    found = find_line(forward, backward, X)
    assert found.source == "return scale, x"
    assert (
        found.sentences[0]
        == "scale is another value there than in forward; with that, every gradient is right"
    )
    assert found.doubts == 0


def test_a_value_that_is_taken_out_by_another_name_is_the_fault_of_the_line_that_takes_it():
    def forward(x):
        kept = SimpleNamespace(x=x, twice=2 * x)
        out = np.tanh(kept.twice)
        return out, kept

    def backward(dout, kept):
        out = kept.twice
        return 2 * dout * (1 - out**2)

    assert find_line(forward, backward, X).source == "out = kept.twice"


def test_a_part_of_the_cache_that_is_read_where_it_is_needed_is_compared_by_its_name():
    def forward(x, w):
        k, q = x @ w, x * 2
        return k * q, SimpleNamespace(x=x, w=w, k=q, q=q)

    def backward(dout, kept):
        dq = dout * kept.k
        dk = dout * kept.q
        return dk @ kept.w.T + 2 * dq, kept.x.T @ dk

    found = find_line(forward, backward, X, np.array([[0.7, -0.4], [0.2, 1.1]]))
    assert (found.function, found.source) == ("forward", "return k * q, SimpleNamespace(x=x, w=w, k=q, q=q)")
    assert [one.line for one in found.candidates[1 : 1 + found.doubts]] == [2]
    assert "k is another value there than in forward; with that, every gradient is right" in found.sentences


def test_of_what_a_call_keeps_under_names_the_line_with_the_name_is_told():
    class Gate:
        def __init__(self):
            self.cache = {}

        def forward(self, x):
            out = np.tanh(x)
            self.cache.update(out=x)
            return out

        def backward(self, dout):
            cache = self.cache
            return dout * (1 - cache["out"] ** 2)

    assert find_line(Gate(), X).source == "self.cache.update(out=x)"


def test_where_forward_keeps_the_right_value_too_the_line_that_takes_it_out_is_named():
    def forward(x):
        out = np.tanh(x)
        return out, (x, out)

    def backward(dout, cache):
        out = cache[0]
        return dout * (1 - out**2)

    found = find_line(forward, backward, X)
    assert (found.function, found.source) == ("backward", "out = cache[0]")


def test_what_is_taken_out_of_a_list_may_stand_at_another_place_of_it():
    def forward(x, y):
        parts = []
        for part in (x, y):
            out = np.tanh(part)
            parts.append(out)
        return out, parts

    def backward(dout, parts):
        out = parts[0]
        return 0 * dout, dout * (1 - out**2)

    found = find_line(forward, backward, X, X + 1)
    assert (found.function, found.source, found.doubts) == ("backward", "out = parts[0]", 1)
    assert "or line 6 of forward:  return out, parts" in str(found)


def test_what_is_kept_under_the_name_of_another_value_is_told():
    def forward(x):
        out = np.tanh(x)
        return out, {"out": x}

    def backward(dout, cache):
        return dout * (1 - cache["out"] ** 2)

    found = find_line(forward, backward, X)
    assert (found.function, found.source) == ("forward", 'return out, {"out": x}')
    said = "out is kept with another value than forward has; with that, every gradient is right"
    assert found.sentences[0] == said


def test_a_value_of_another_shape_is_another_value():
    def forward(x):
        e = np.exp(x)
        Z = e.sum(axis=1, keepdims=True)
        return np.log(Z)[:, 0], (e, e.sum())

    def backward(dout, cache):
        e, Z = cache
        return dout[:, None] * e / Z

    found = find_line(forward, backward, X)
    assert (found.function, found.source) == ("forward", "return np.log(Z)[:, 0], (e, e.sum())")


def test_a_value_that_mends_nothing_is_not_blamed():
    def forward(x):
        out = np.tanh(x)
        return out, x

    def backward(dout, cache):
        out = cache
        return dout * (1 - out**3)

    found = find_line(forward, backward, X)
    assert "another value there than in forward" not in str(found)


def at(moment, name, value, **known):
    return event(value, (moment, 0)), site(name, **{"line": moment, "number": moment, **known})


SOURCES = {"backward": SimpleNamespace(tree=ast.parse("out = cache"))}


def looked_at(*events, mends=(), two_parts=True, hands_on=True, kept_by=(), out=(1.0, 2.0)):
    """What is found where forward is `forward`; with those of forward in `mends` all is right."""
    sites = {one.moment: where for one, where in (*events, *kept_by)}

    def run_with(values):
        names = {sites[moment].name for moment in values}
        right = {"out": out, "x": (3.0, 4.0)}
        mended = names == set(mends) and all(tuple(v) == right.get(sites[m].name) for m, v in values.items())
        return None if "fails" in names else frozenset() if mended else frozenset("w")

    asked = SimpleNamespace(
        subject=SimpleNamespace(two_parts=two_parts, name="backward", sources=SOURCES),
        backward=[one for one, where in events if where.function == "backward"],
        base=SimpleNamespace(events=[one for one, _ in events]),
        kept=[one for one, _ in kept_by],
        site=lambda one: sites[one.moment],
        in_forward=lambda one: sites[one.moment].function != "backward",
        hands_on=lambda where: hands_on,
        run_with=run_with,
        wrong_in=lambda run: run,
    )
    return kept.findings(asked)


THERE = at(1, "out", [1.0, 2.0], function="forward")
TAKEN = at(5, "out", [3.0, 4.0])
KEPT = at(9, "[1]", [5.0, 6.0], function="forward", kind="returned")


def test_a_value_that_is_another_one_on_the_other_side_is_found_if_it_mends_everything():
    (found,) = looked_at(THERE, TAKEN, mends=["out"])
    assert found.event is TAKEN[0]
    assert found.site is TAKEN[1]
    assert (found.target, found.right_before, found.mended, found.whole) == ("", None, 0, True)
    assert found.sentence == "out is another value there than in forward; with that, every gradient is right"
    assert looked_at(THERE, TAKEN) == []
    assert looked_at(THERE, TAKEN, mends=["out"], two_parts=False) == []
    assert looked_at(THERE, TAKEN, mends=["out"], hands_on=False) == []
    assert looked_at(at(1, "fails", [1.0], function="forward"), at(5, "fails", [2.0]), mends=["fails"]) == []


@pytest.mark.parametrize(
    "taken",
    [
        at(5, "out", [1.0, 2.0]),
        at(5, "out", None),
        at(5, "other", [3.0, 4.0]),
        at(5, "out", [3.0, 4.0], kind="added to"),
        at(5, "out", [3.0, 4.0], kind="returned"),
    ],
)
def test_only_what_is_taken_out_as_another_value_of_that_name_counts(taken):
    assert looked_at(THERE, taken, mends=[taken[1].name]) == []


def test_only_the_function_itself_takes_out():
    inside = event([3.0, 4.0], (5, 0)), site("out", function="helper", line=5, number=5)
    sites = {THERE[0].moment: THERE[1], inside[0].moment: inside[1]}
    asked = SimpleNamespace(
        subject=SimpleNamespace(two_parts=True, name="backward"),
        backward=[inside[0]],
        base=SimpleNamespace(events=[THERE[0]]),
        site=lambda one: sites[one.moment],
        in_forward=lambda one: True,
        hands_on=lambda where: True,
        kept=[],
        run_with=lambda values: frozenset(),
        wrong_in=lambda run: run,
    )
    assert kept.findings(asked) == []


def test_forward_s_value_is_the_last_that_it_makes():
    again = at(2, "out", [7.0, 8.0], function="forward", kind="added to")
    for kind in ("used", "returned"):
        read = at(3, "out", [0.0, 0.0], function="forward", kind=kind)
        assert len(looked_at(THERE, again, read, TAKEN, mends=["out"], out=(7.0, 8.0))) == 1


def test_where_the_right_value_is_not_kept_the_line_that_keeps_is_at_fault():
    first = at(8, "[0]", [0.0, 0.0], function="forward", kind="returned")
    unseen = at(7, "[2]", None, function="forward", kind="returned")
    (found,) = looked_at(THERE, TAKEN, mends=["out"], kept_by=[unseen, first, KEPT])
    assert found.site is KEPT[1]
    right = at(8, "[0]", [1.0, 2.0], function="forward", kind="returned")
    (found,) = looked_at(THERE, TAKEN, mends=["out"], kept_by=[right, KEPT])
    assert found.site is TAKEN[1]


def test_values_that_mend_everything_together_are_of_an_order_that_differs():
    other = at(2, "x", [3.0, 4.0], function="forward"), at(6, "x", [1.0, 2.0])
    found = looked_at(THERE, other[0], TAKEN, other[1], mends=["out", "x"], kept_by=[KEPT])
    assert [one.site for one in found] == [KEPT[1], KEPT[1]]
    assert found[1] == dataclasses.replace(found[0])
    found = looked_at(THERE, other[0], TAKEN, other[1], mends=["x"], kept_by=[KEPT])
    assert [one.event for one in found] == [other[1][0]]
