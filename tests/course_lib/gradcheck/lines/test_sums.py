"""Values that several lines put together."""

from types import SimpleNamespace

import numpy as np

from course_lib import find_line
from course_lib.gradcheck.lines import replaced, sums
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


def test_a_line_that_changes_some_entries_lacks_no_factor_of_all():
    def forward(scores):
        margin = np.maximum(0, scores - scores[ROWS, LABELS][:, None] + 1.0)
        margin[ROWS, LABELS] = 0
        return (margin**2).sum() / len(scores), margin

    def backward(dout, margin):
        dscores = margin * dout / len(margin)
        dscores[ROWS, LABELS] = -dscores.sum(axis=1)
        return dscores

    found = find_line(forward, backward, RNG.normal(size=(5, 4)))
    assert found.source == "dscores = margin * dout / len(margin)"


def test_a_line_that_multiplies_by_a_number_is_rather_right_where_no_number_is_missing():
    def forward(x):
        p = 1 / (1 + np.exp(-x))
        return -((1 - p) ** 2 * np.log(p)).mean(), p

    def backward(dloss, p):
        dp = 2 * (1 - p) * np.log(p) + (1 - p) ** 2 / p
        dp = dp * dloss / p.size
        return dp * p * (1 - p)

    found = find_line(forward, backward, RNG.normal(size=4))
    assert found.source == "dp = 2 * (1 - p) * np.log(p) + (1 - p) ** 2 / p"
    assert [suspect.source for suspect in found.candidates[1:2]] == ["dp = dp * dloss / p.size"]


ROWS, LABELS = np.arange(5), np.array([1, 0, 3, 2, 2])
