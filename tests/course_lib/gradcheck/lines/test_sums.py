"""Values that several lines put together."""

from types import SimpleNamespace

import numpy as np
import pytest

from course_lib import find_line
from course_lib.gradcheck.lines import replaced, sums
from course_lib.gradcheck.lines.slopes import Measured
from course_lib.gradcheck.lines.source import written
from course_lib.gradcheck.lines.sums import of_sum
from tests.course_lib.gradcheck.lines import functions
from tests.course_lib.gradcheck.lines.asking import event, search, site, sources, wrong

AB = {"a": 0.7, "b": 1.3}
RNG = np.random.default_rng(0)


def guilty(function, inputs):
    asked = search(function, inputs)
    found = of_sum(asked, replaced.findings(asked)[0])
    return found and (sources(asked, found.sites), found)


def test_a_contribution_that_is_overwritten_is_told_with_its_line():
    lines, found = guilty(functions.overwritten, AB)
    assert lines[0].startswith("b_grad = np.cos(b) * grad_s")
    assert found.sentence == "it overwrites what line 8 put there, b_grad = a * grad_p: add to it with +="


def test_the_contribution_that_belongs_to_no_use_is_the_wrong_one():
    lines, found = guilty(functions.one_contribution_wrong, AB)
    assert lines[0].startswith("db += np.sin(b) * df_ds")
    assert not found.doubts


def test_the_uses_of_one_line_may_be_one_contribution():
    def forward(x, w):
        t = np.tanh(x) * w
        return t + x**2 * np.exp(x), (x, w)

    def backward(dout, cache):
        x, w = cache
        dx = dout * (1 - np.tanh(x)) * w
        dx += dout * (2 * x + x**2) * np.exp(x)
        return dx, dout * np.tanh(x)

    found = find_line(forward, backward, RNG.normal(size=4), RNG.normal(size=4))
    assert (found.source, found.doubts) == ("dx = dout * (1 - np.tanh(x)) * w", 0)


def test_of_several_lines_the_one_that_adds_a_multiple_of_what_is_missing_is_told():
    def forward(w, x):
        return np.sum(np.tanh(w) * x) / 3 + np.sum(w**2), (w, x)

    def backward(dout, cache):
        w, x = cache
        dw = np.zeros_like(w)
        for i in range(len(w)):
            dw[i] += dout * (1 - np.tanh(w[i]) ** 2) * x[i]
        dw /= 3
        dw += dout * w
        return dw, dout * np.tanh(w) / 3

    found = find_line(forward, backward, RNG.normal(size=4), RNG.normal(size=4))
    assert (found.source, found.doubts) == ("dw += dout * w", 0)
    assert find_line(forward, backward, RNG.normal(size=2), RNG.normal(size=2)).doubts


def test_what_is_missing_may_be_put_where_a_variable_begins():
    def forward(x, w):
        h = np.tanh(x @ w)
        return x + h, (x, w, h)

    def backward(dout, cache):
        x, w, h = cache
        dx = np.zeros_like(x)
        dh = dout * (1 - h**2)
        dx += dh @ w.T
        return dx, x.T @ dh

    found = find_line(forward, backward, RNG.normal(size=(3, 2)), RNG.normal(size=(2, 2)))
    named = [suspect.source for suspect in found.candidates[: 1 + found.doubts]]
    assert named[:2] == ["dx += dh @ w.T", "dx = np.zeros_like(x)"]


def test_a_name_that_stands_for_arrays_of_other_shapes_has_uses_of_each():
    def forward(x, v, w):
        for weights in (v, w):
            x = x @ weights
        return x, (v, w)

    def backward(dout, cache):
        v, w = cache
        dx = dout @ w.T
        return dx @ v.T + 1, np.ones_like(v), np.ones_like(w)

    shapes = ((3, 2), (2, 3), (3, 2))
    found = find_line(forward, backward, *(RNG.normal(size=shape) for shape in shapes))
    assert found.source == "return dx @ v.T + 1, np.ones_like(v), np.ones_like(w)"


def test_entries_tell_which_line_changed_them():
    inputs = {"scores": RNG.normal(size=(5, 3)), "y": np.array([0, 2, 1, 0, 2])}
    lines, found = guilty(functions.softmax_loss, inputs)
    assert lines[0].startswith("dscores[rows, y] -= 2")
    assert not found.doubts


def test_a_value_of_one_line_is_no_sum():
    assert guilty(functions.neuron_without_exp, {"w": 2.0, "x": -1.0, "b": 1.0}) is None


def of_nothing(a, b):
    s = a * b
    f = s**2
    nothing = 0.0
    ds = s
    ds += nothing
    return f, {"a": ds * b, "b": ds * a}


def test_a_line_that_adds_nothing_makes_no_value_wrong():
    lines, found = guilty(of_nothing, AB)
    assert lines == ["ds = s", "ds += nothing"]
    assert found.doubts == 1


def all_wrong(a, b):
    f = a * b + np.sin(b) * a
    db = a * 2
    db += np.cos(b)
    return f, {"b": db}


def test_where_several_contributions_may_be_wrong_all_are_doubted():
    lines, found = guilty(all_wrong, {"a": 0.7, "b": 1.3})
    assert found.doubts == 1
    assert set(lines[:2]) == {"db = a * 2", "db += np.cos(b)"}


def part(before, added, after, name="g", **known):
    """What one line did; `added` may be the difference."""
    before, after = (None if a is None else np.array(a, dtype=float) for a in (before, after))
    added = after - before if added == "difference" else added
    return sums._Part(
        site(name, **known), before, None if added is None else np.array(added, dtype=float), after
    )


def test_a_line_changes_the_entries_that_differ_from_before():
    assert part([1.0, 2.0], None, [1.0, 3.0]).changed.tolist() == [False, True]
    for before, after in ((None, [1.0]), ([1.0], None), ([1.0], [1.0, 2.0])):
        assert part(before, None, after).changed is None


@pytest.mark.parametrize(
    ("before", "after", "factor"),
    [
        ([1.0, 2.0, 4.0], [3.0, 6.0, 12.0], 3.0),
        ([1.0, 2.0, 4.0], [3.0, 6.0, 4.0], 3.0),
        ([0.0, 2.0, 4.0], [5.0, 6.0, 12.0], 3.0),
        ([1.0, 2.0, 4.0], [0.0, 0.0, 12.0], 3.0),
        ([0.0, 0.0], [1.0, 2.0], 1.0),
        ([1.0], [1.0, 2.0], 1.0),
        (None, [2.0], 1.0),
        ([2.0], None, 1.0),
    ],
)
def test_a_factor_is_that_of_most_entries(before, after, factor):
    assert sums._factor(part(before, None, after)) == factor


def test_lines_add_up_to_their_sum_where_each_adds():
    one, two = part(None, [1.0, 2.0], None), part(None, [10.0, 20.0], None)
    assert sums._sum([one, two]).tolist() == [11.0, 22.0]
    assert sums._sum([one, part(None, None, None)]) is None
    assert sums._sum([one, part(None, [1.0], None)]) is None


def test_entries_that_are_not_known_to_be_unchanged_may_have_changed():
    errors = np.array([True, False])
    assert sums._as(np.array([False, True]), errors).tolist() == [False, True]
    assert sums._as(None, errors).tolist() == [True, True]
    assert sums._as(np.array([False]), errors).tolist() == [True, True]


@pytest.mark.parametrize(
    ("added", "factor", "where", "found"),
    [
        ([1.0, 1.0], 2.0, [True, False], True),
        ([1.0, 1.0], 2.0, [False, True], False),
        ([1.04, 1.0], 2.0, [True, False], True),
        ([1.06, 1.0], 2.0, [True, False], False),
        ([1.0], 2.0, [True, False], False),
        (None, 2.0, [True, False], False),
    ],
)
def test_entries_are_right_without_what_a_line_added_if_they_are_then_as_measured(
    added, factor, where, found
):
    finding = wrong([4.0, 9.0], [2.0, 9.0], 0.1)
    assert sums._right_without(part(None, added, None), factor, np.array(where), finding) is found


def by_entries(value, right, *parts):
    found, sure = sums._by_entries(wrong(value, right, 1e-9), list(parts))
    return [where.line for where in found], sure


def test_one_factor_on_all_entries_belongs_to_the_last_line():
    two = part(None, [1.0, 2.0], [1.0, 2.0], line=1), part([1.0, 2.0], None, [2.0, 4.0], line=2)
    assert by_entries([2.0, 4.0], [1.0, 2.0], *two) == ([2], False)
    for value, right in ((None, [1.0, 2.0]), ([2.0], [1.0]), ([1.0, 2.0], [1.0])):
        assert by_entries(value, right, *two) == ([], False)


WHOLE = [1.0, 2.0, 3.0, 4.0, 5.0]


def changing(entries, line, start=WHOLE, by=7.0, **known):
    after = np.array(start)
    after[list(entries)] += by
    return part(start, "difference", after, line=line, part=True, **known)


def test_where_no_line_changes_single_entries_the_last_one_is_doubted():
    parts = part(None, WHOLE, WHOLE, line=1), part(WHOLE, "difference", [2.0, 2.0, 3.0, 4.0, 5.0], line=2)
    assert by_entries([2.0, 2.0, 3.0, 4.0, 5.0], WHOLE, *parts) == ([2], False)


def test_entries_that_were_right_before_a_line_changed_them_are_its_fault():
    begun, middle = part(None, WHOLE, WHOLE, line=1), changing([1], 2)
    value = middle.after
    assert by_entries(value, WHOLE, begun, middle) == ([2], True)
    untouched = changing([3], 3, value, by=0.0)
    assert by_entries(value, WHOLE, begun, middle, untouched) == ([2], True)


def test_entries_are_right_before_a_line_but_for_the_factor_that_ends_it():
    half = [0.5 * entry for entry in WHOLE]
    begun, middle = part(None, half, half, line=1), changing([1], 2, half)
    scaled = part(middle.after, None, 2 * middle.after, line=3)
    assert by_entries(2 * middle.after, WHOLE, begun, middle, scaled) == ([2], True)


def test_errors_only_where_a_line_changed_something_are_its_fault():
    begun, middle = part(None, WHOLE, WHOLE, line=1), changing([1, 2], 2)
    right = middle.after + np.array([0.0, 1.0, 0.0, 0.0, 0.0])
    assert by_entries(middle.after, right, begun, middle) == ([2], True)


def test_errors_of_which_some_are_where_the_last_line_changed_something_may_be_those_of_the_first():
    begun, middle = part(None, WHOLE, WHOLE, line=1), changing([1], 2)
    right = middle.after + np.array([3.0, 1.0, 1.0, 0.0, 0.0])
    assert by_entries(middle.after, right, begun, middle) == ([1], False)


def test_what_is_added_to_the_entries_of_another_line_is_its_fault_in_whatever_order_they_are_added():
    begun, astray = part(None, [0.0] * 5, [0.0] * 5, line=1), changing([0, 1], 2, [0.0] * 5)
    after = changing([0, 1], 3, list(astray.after), by=2.0)
    right = [2.0, 2.0, 7.0, 7.0, 0.0]
    assert by_entries(after.after, right, begun, astray, after) == ([2], True)


@pytest.mark.parametrize(("errors", "found"), [(2, ([2], False)), (3, ([1], False))])
def test_errors_elsewhere_are_those_of_the_last_line_where_they_are_few(errors, found):
    begun, middle = part(None, WHOLE, WHOLE, line=1), changing([4], 2)
    right = middle.after + np.array([1.0, 2.0, 4.0, 0.0, 0.0]) * (np.arange(5) < errors)
    assert by_entries(middle.after, right, begun, middle) == found


def sum_written_out(x, w):
    b = np.tanh(x)
    c = np.sin(x)
    f = np.sum(x * w + b * c)
    dx = w * 1.0
    dx = c * (1 - b**2)  # line 6: should add
    dx = dx + b * np.cos(x)
    return f, {"x": dx, "w": x}


def sum_written_out_and_lost(x, w):
    b = np.tanh(x)
    c = np.sin(x)
    f = np.sum(x * w + b * c)
    dx = w * 1.0
    dx = c * (1 - b**2) + dx
    dx = b * np.cos(x)  # line 7: should add
    return f, {"x": dx, "w": x}


def test_a_variable_that_is_itself_and_more_is_added_to():
    at = {"x": np.array([0.7, -0.4]), "w": np.array([1.3, 0.6])}
    lines, found = guilty(sum_written_out, at)
    assert (lines[0], found.doubts) == ("dx = c * (1 - b**2)", 0)
    assert found.sentence == "it overwrites what line 5 put there, dx = w * 1.0: add to it with +="
    lines, found = guilty(sum_written_out_and_lost, at)
    assert (lines[0], found.doubts) == ("dx = b * np.cos(x)", 0)
    assert (
        found.sentence == "it overwrites what line 6 put there, dx = c * (1 - b**2) + dx: add to it with +="
    )


def overwritten(right, *parts, name="g"):
    found = sums._overwritten(wrong([0.0, 0.0], right, 1e-9, of=site(name)), list(parts))
    return found and tuple(each.line for each in found)


ONE, TWO, THREE = ([1.0, 2.0], [10.0, 20.0], [100.0, 200.0])


def test_a_line_that_assigns_may_overwrite_any_line_before_it():
    first, second = part(None, ONE, ONE, line=1), part(None, TWO, TWO, line=2)
    third = part(None, THREE, THREE, line=3)
    assert overwritten([11.0, 22.0], first, second) == (2, 1)
    assert overwritten([110.0, 220.0], first, second, third) == (3, 2)
    assert overwritten([101.0, 202.0], first, second, third) == (3, 1)
    assert overwritten([7.0, 7.0], first, second, third) is None
    adding = part(TWO, THREE, [110.0, 220.0], kind="added to", line=3)
    assert overwritten([111.0, 222.0], first, second, adding) == (2, 1)
    assert overwritten([11.0, 22.0], first, part(ONE, TWO, TWO, kind="added to", line=2)) is None
    assert overwritten([11.0, 22.0], first, part(None, TWO, TWO, line=2, reads="g x")) == (2, 1)


def unmatched(*parts, uses=(), target="x", forward=True, matters=True, name="x", kind="used"):
    """The lines that belong to no use of a value, which is read where the gradients are these."""
    gradients = {
        moment: Measured(np.array(use), np.full(np.shape(use), 1e-9)) for moment, use in enumerate(uses)
    }
    asked = SimpleNamespace(
        base=SimpleNamespace(events=[event([1.0], (moment, 0)) for moment in gradients]),
        site=lambda one: site(name, kind),
        in_forward=lambda one: forward,
        matters=lambda one: matters,
        gradient_of=lambda one: gradients[one.moment[0]],
    )
    return [found.line for found in sums._unmatched(asked, wrong([0.0], [1.0], target=target), list(parts))]


def test_one_line_of_several_may_belong_to_no_use():
    first, second, third = (part(None, [x], [x], line=k) for k, x in enumerate((1.0, 10.0, 100.0), 1))
    assert unmatched(first, second, third, uses=([1.0], [100.0])) == [2]
    assert unmatched(first, second, third, uses=([1.0],)) == []
    assert unmatched(first, second, uses=([1.0], [10.0])) == []
    assert unmatched(first, part(None, None, [1.0]), uses=([1.0],)) == []
    for other in ({"name": "y"}, {"kind": "assigned"}, {"forward": False}, {"matters": False}):
        assert unmatched(first, second, uses=([1.0],), **other) == []


def parts_of(*events, finding=None, turns=1):
    sites = {one.moment[0]: where for one, where in events}
    text = "def f(x):\n    y = np.empty_like(x)\n"
    sources = dict.fromkeys((one.function for one in sites.values()), written(text))
    asked = SimpleNamespace(
        subject=SimpleNamespace(sources=sources),
        backward=[one for one, _ in events],
        site=lambda one: sites[one.moment[0]],
        same_variable=lambda a, b: a.name == b.name,
        before=lambda a, b: a.moment < b.moment,
        turns=lambda where: turns,
    )
    last = finding or wrong([0.0], [1.0], moment=events[-1][0].moment)
    return [
        (p.site.line, p.before, p.added, None if p.after is None else p.after.tolist())
        for p in sums._parts(asked, last)
    ]


def test_what_each_line_did_is_seen_up_to_the_wrong_value():
    begun = event([1.0], (1, 0)), site(line=1)
    other = event([9.0], (2, 0)), site("h", line=2)
    added = event([3.0], (3, 0)), site(line=3, kind="added to")
    scaled = event([6.0], (4, 0)), site(line=4, kind="scaled")
    assert parts_of(begun, other, added, scaled) == [
        (1, None, [1.0], [1.0]),
        (3, [1.0], [2.0], [3.0]),
        (4, [3.0], None, [6.0]),
    ]
    only = parts_of(begun, other, added, scaled, finding=wrong([0.0], [1.0], moment=(3, 0)))
    assert [line for line, *_ in only] == [1, 3]
    again = event([5.0], (4, 0)), site(line=4)
    assert parts_of(begun, again)[1] == (4, None, [5.0], [5.0])
    grown = event([3.0, 4.0], (3, 0)), site(line=3, kind="added to")
    assert parts_of(begun, grown)[1][2] is None
    unseen = event(None, (3, 0)), site(line=3, kind="added to")
    assert parts_of(begun, unseen)[1][1:] == ([1.0], None, None)


def test_zeros_to_begin_with_are_no_contribution():
    zeros = event([0.0], (1, 0)), site(line=1)
    added = event([3.0], (3, 0)), site(line=3, kind="added to")
    assert [line for line, *_ in parts_of(zeros, added)] == [3]
    assert [line for line, *_ in parts_of(zeros)] == [1]
    assert [line for line, *_ in parts_of(zeros, added, turns=2)] == [1, 3]  # in another turn it may add
    room = event([7.0], (2, 0)), site(line=2)
    assert [line for line, *_ in parts_of(room, added)] == [3]
    idle = event([3.0], (4, 0)), site(line=4, kind="added to")
    assert [line for line, *_ in parts_of(zeros, added, idle)] == [3, 4]  # which is odd


def of_some(dout, cache):
    x, rows = cache
    dx = np.zeros_like(x)  # x: the penalty
    dx[rows] += dout
    return dx


def test_entries_that_a_line_leaves_are_wrong_where_their_variable_began():
    def forward(x):
        rows = np.array([0, 2])
        return np.sum(x[rows]) + np.sum(x**2) / 2, (x, rows)

    found = find_line(forward, of_some, np.array([0.5, -1.0, 2.0, 0.3]))
    assert [each.line for each in found.candidates[: 1 + found.doubts]] == [4, 3]


def test_a_contribution_that_is_nothing_belongs_to_no_use():
    def forward(x, w):
        return np.sum(np.tanh(x) * w + x**2), (x, w)

    def backward(dout, cache):
        x, w = cache
        dx = dout * w * (1 - np.tanh(x) ** 2)
        dx += 0 * x
        return dx, dout * np.tanh(x)

    assert find_line(forward, backward, RNG.normal(size=4), RNG.normal(size=4)).line == 4
