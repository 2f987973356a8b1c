"""Lines that are told by what would have to stand there, not by a name."""

from types import SimpleNamespace

import numpy as np

from course_lib import find_line
from course_lib.gradcheck.lines import solved
from course_lib.gradcheck.lines.question import question
from tests.course_lib.gradcheck.lines.asking import event, site
from tests.course_lib.gradcheck.lines.functions import tanh_of_square

RNG = np.random.default_rng(0)
MAXOUT = [RNG.normal(size=shape) for shape in ((5, 4), (4, 3), (3,), (4, 3), (3,))]


def maxout_forward(x, w1, b1, w2, b2):
    first, second = x @ w1 + b1, x @ w2 + b2
    return np.maximum(first, second), (x, w1, w2, first >= second)


def test_two_values_of_one_line_are_told_together():
    def backward(dout, cache):
        x, w1, w2, _ = cache
        d1, d2 = dout, dout
        dx = d1 @ w1.T + d2 @ w2.T
        return dx, x.T @ d1, d1.sum(axis=0), x.T @ d2, d2.sum(axis=0)

    assert find_line(maxout_forward, backward, *MAXOUT).source == "d1, d2 = dout, dout"


def test_a_line_that_forgets_the_upstream_gradient_is_told():
    def forward(x, w, v):
        h = np.tanh(x @ w)
        return h @ v, (x, w, v, h)

    def backward(dout, cache):
        x, w, _, h = cache
        dv = h.T @ dout
        dh = 1 - h**2
        return dh @ w.T, x.T @ dh, dv

    assert find_line(forward, backward, *MAXOUT[:2], RNG.normal(size=(3, 2))).source == "dh = 1 - h**2"


def test_a_line_of_a_loop_may_be_wrong_in_each_of_its_turns():
    def forward(x, w):
        return np.array([np.tanh(row @ w) for row in x]), (x, w)

    def backward(dout, cache):
        x, w = cache
        dx, dw = np.zeros_like(x), np.zeros_like(w)
        for n in range(len(x)):
            g = dout[n] * (1 - np.tanh(x[n] @ w))
            dx[n] = w @ g
            dw += np.outer(x[n], g)
        return dx, dw

    found = find_line(forward, backward, *MAXOUT[:2])
    assert found.source == "g = dout[n] * (1 - np.tanh(x[n] @ w))"
    assert found.sentences[-1] == solved.SOLVED


def test_where_only_several_values_of_a_line_explain_all_one_that_is_right_by_its_name_comes_first():
    def forward(q, k):
        s = q @ k.T / 2
        return np.exp(s), (q, k, s)

    def backward(dout, cache):
        q, k, s = cache
        ds = dout * np.exp(s)  # not yet what q @ k.T needs, which is half of it
        dq, dk = ds @ k * 1.0, ds.T @ q * 1.0
        return dq, dk

    found = find_line(forward, backward, RNG.normal(size=(3, 2)), RNG.normal(size=(3, 2)))
    assert (found.source, found.doubts) == ("ds = dout * np.exp(s)", 1)


def test_where_one_gradient_is_asked_for_the_line_that_it_builds_on_is_named_as_well():
    def forward(x):
        return maxout_forward(x, *MAXOUT[1:])

    def backward(dout, cache):
        _, w1, w2, _ = cache
        d1, d2 = dout, dout
        return d1 @ w1.T + d2 @ w2.T

    found = find_line(forward, backward, MAXOUT[0])
    assert found.doubts
    assert "or one named below" in str(found)
    assert "or line 3:  d1, d2 = dout, dout" in str(found)


def test_a_line_is_told_that_is_right_for_its_name_and_not_for_what_is_made_of_it():
    def forward(x, w):
        c = np.tanh(x @ w)
        return c**3, (x, w, c)

    def backward(dout, cache):
        x, w, c = cache
        dc = dout * 3 * c**2  # the gradient of c, where that of its argument is needed
        return dc @ w.T, x.T @ dc

    assert find_line(forward, backward, *MAXOUT[:2]).line == 3


def test_a_local_derivative_is_told_by_two_upstream_gradients():
    def backward(dout, cache):
        x, out = cache
        slope = 1 - np.abs(out)
        return 2 * dout * x * slope

    found = find_line(tanh_of_square, backward, RNG.normal(size=(3, 4)))
    assert found.source == "slope = 1 - np.abs(out)"


def test_a_value_that_is_summed_along_another_axis_is_told():
    def forward(x):
        length = np.sqrt(np.sum(x**2, axis=1, keepdims=True))
        return x / length, (x / length, length)

    def backward(du, cache):
        u, length = cache
        along = np.sum(u * du, axis=0, keepdims=True)
        return (du - along * u) / length

    found = find_line(forward, backward, RNG.normal(size=(4, 3)))
    assert found.source == "along = np.sum(u * du, axis=0, keepdims=True)"


def test_a_value_that_was_summed_too_much_is_told_by_the_shape_that_it_enters():
    def forward(x):
        length = np.sqrt(np.sum(x**2, axis=1, keepdims=True))
        return x / length, (x / length, length)

    def backward(du, cache):
        u, length = cache
        along = np.sum(u * du, axis=0, keepdims=True)
        return (du - along * u) / length

    search = question(forward, (backward, RNG.normal(size=(4, 3))), None, 0).search
    (along,) = [
        e for e in search.base.events if (search.site(e).name, search.site(e).kind) == ("along", "assigned")
    ]
    assert solved.of_another_shape(search, along, (4, 3)) is True
    assert solved.of_another_shape(search, along, (1, 3)) is False
    assert solved.of_another_shape(search, along, (3,)) is False
    assert solved.of_another_shape(search, along, (4, 2)) is False


def listed(*lines, right=(), hands_on=(), telling=None):
    """The lines that have a solution, of events with (name, line, kind)."""
    events = [event(float(k), (k, 0)) for k in range(len(lines))]
    sites = {(k, 0): site(name, kind, line) for k, (name, line, kind) in enumerate(lines)}
    asked = SimpleNamespace(
        backward=events,
        site=lambda one: sites[one.moment],
        is_right=lambda one: sites[one.moment].name in right,
        hands_on=lambda where: where.name in hands_on,
        in_forward=lambda one: False,
        base=SimpleNamespace(events=events),
        turns=lambda where: 1,
        with_another_upstream=None,
    )
    return solved.findings(asked)


def test_lines_that_have_a_solution_are_named_the_last_one_first(monkeypatch):
    seen = []

    def solved_for(search, events, *, telling=False):
        seen.append((len(events), telling))
        return (
            {one.moment: one.value + 10 for one in events} if search.site(events[0]).name != "none" else None
        )

    monkeypatch.setattr(solved, "solved", solved_for)
    found = listed(("a", 1, "assigned"), ("b", 2, "assigned"), ("c", 2, "assigned"), ("none", 3, "assigned"))
    assert [(one.site.name, float(one.measured.value)) for one in found] == [("c", 12.0), ("a", 10.0)]
    assert seen == [(1, True), (2, True), (1, True)]
    one = found[0]
    assert (one.target, one.right_before, one.mended, one.whole, one.sentence) == (
        "",
        None,
        0,
        True,
        solved.SOLVED,
    )
    assert one.measured.allowed == 0
    assert listed(("a", 1, "returned")) == []
    assert listed(("a", 1, "assigned"), right=("a",)) == []
    assert listed(("a", 1, "assigned"), hands_on=("a",)) == []
    assert len(listed(("a", 1, "assigned"), ("b", 1, "assigned"), hands_on=("a",))) == 1


def test_lines_that_are_right_by_a_name_come_first_where_no_line_of_one_value_has_a_solution(monkeypatch):
    monkeypatch.setattr(
        solved, "solved", lambda search, events, *, telling: {e.moment: e.value for e in events}
    )
    named, alone, other = ("named", 1, "assigned"), ("a", 2, "assigned"), ("b", 2, "assigned")
    for lines, found in (((named, alone), ["a"]), ((named, alone, other), ["named", "b"]), ((named,), [])):
        assert [one.site.name for one in listed(*lines, right=("named",))] == found
