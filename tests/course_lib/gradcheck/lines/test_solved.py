"""Lines that are told by what would have to stand there, not by a name."""

from types import SimpleNamespace

import numpy as np
import pytest

from course_lib import find_line
from course_lib.gradcheck.lines import solved
from course_lib.gradcheck.lines.question import question
from course_lib.gradcheck.lines.slopes import Measured
from tests.course_lib.gradcheck.lines.asking import event, site

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
    assert "if it is none named below" in str(found)
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


def tanh_of_square(x):
    out = np.tanh(x**2)
    return out, (x, out)


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


def test_a_solution_is_split_among_the_values_in_their_order_and_shape():
    base = {(1, 0): np.array([[1.0, 2.0]]), (5, 2): np.array(3.0)}
    found = dict(solved._split(base, np.array([10.0, 20.0, 30.0])))
    assert {moment: value.tolist() for moment, value in found.items()} == {
        (1, 0): [[11.0, 22.0]],
        (5, 2): 33.0,
    }
    assert base[1, 0].tolist() == [[1.0, 2.0]]
    moved = solved._moved(base, 1)
    assert moved[1, 0].tolist() == [[1.0, 2.0 + 1e-4]]
    assert moved[5, 2].tolist() == 3.0


def tanh_backward(dout, cache):
    x, out = cache
    slope = 1 - np.abs(out)
    upstream = dout * 2
    return upstream * x * slope


def search_of(backward=tanh_backward, at=None):
    at = RNG.normal(size=(3, 4)) if at is None else at
    return question(tanh_of_square, (backward, at), None, 0).search


def event_of(search, name):
    (found,) = [
        event
        for event in search.base.events
        if (search.site(event).name, search.site(event).kind) == (name, "assigned")
        and search.site(event).function != "tanh_of_square"
    ]
    return found


def test_the_values_with_which_everything_is_right_are_found():
    search = search_of()
    slope, upstream = event_of(search, "slope"), event_of(search, "upstream")
    (right,) = solved.solved(search, [slope]).values()
    out = np.tanh(search.inputs["x"].value ** 2)
    assert right == pytest.approx(1 - out**2, abs=1e-5)
    assert solved.is_local(search, [slope])
    assert not solved.is_local(search, [upstream])
    (scaled,) = solved.solved(search, [upstream]).values()
    assert scaled == pytest.approx(upstream.value * (1 - out**2) / (1 - np.abs(out)), rel=1e-4)


def test_what_nothing_can_mend_has_no_solution():
    def backward(dout, cache):
        x, out = cache
        unused = x * 3
        slope = 1 - np.abs(out)
        return 2 * dout * x * slope + 0 * unused

    search = search_of(backward)
    assert solved.solved(search, [event_of(search, "unused")]) is None


def test_too_many_values_are_not_solved_for():
    assert solved.MOST_UNKNOWNS == 120
    search = search_of(at=RNG.normal(size=(11, 11)))
    assert solved.solved(search, [event_of(search, "slope")]) is None
    search = search_of(at=RNG.normal(size=(10, 12)))
    assert solved.solved(search, [event_of(search, "slope")]) is not None
    assert solved.solved(search, []) is None


def test_few_values_are_solved_for_where_a_run_is_a_process_of_its_own():
    search = search_of()
    assert solved.most_unknowns(search) == 120
    search.subject.cheap = False
    assert solved.most_unknowns(search) == 8
    assert solved.solved(search, [event_of(search, "slope")]) is None


def test_events_stand_by_their_line_and_turn():
    def backward(dout, cache):
        x, out = cache
        for _ in range(2):
            slope = 1 - np.abs(out)
        return 2 * dout * x * slope

    search = search_of(backward)
    found = solved.by_line(search, [e for e in search.backward if search.site(e).function == "backward"])
    lines = [line for _, line, _ in found]
    assert {turn for _, line, turn in found if line == 4} == {0, 1}
    assert lines == sorted(lines)
    assert [len(events) for (_, line, _), events in found.items() if line == 2] == [2]


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


class Asked:
    """A search whose gradients are a function of the values that are put in, and should be `right`."""

    def __init__(self, gradients, right, cheap=True, other=None, events=()):
        self.gradients, self.right = gradients, {name: np.array(value) for name, value in right.items()}
        self.subject = SimpleNamespace(cheap=cheap)
        self.inputs = {name: name for name in right}
        self.with_another_upstream = other
        self.base = SimpleNamespace(events=list(events))
        self.runs = 0

    def gradient_of(self, name):
        return Measured(self.right[name], np.zeros(self.right[name].shape))

    def run_with(self, put):
        self.runs += 1
        found = self.gradients(*put.values())
        return None if found is None else SimpleNamespace(gradients=found)

    def wrong_in(self, run):
        wrong = [
            name
            for name, right in self.right.items()
            if not np.allclose(
                run.gradients[name][np.isfinite(right)], right[np.isfinite(right)], rtol=1e-8, atol=0
            )
        ]
        return frozenset(wrong)


U, V = event([1.0, 1.0], (1, 0)), event(2.0, (2, 0))
MATRIX = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]])


def linear(u):
    return {"x": MATRIX @ u}


def test_a_linear_system_is_solved_at_once():
    asked = Asked(linear, {"x": MATRIX @ [5.0, -6.0]})
    found = solved.solved(asked, [U])
    assert found[1, 0] == pytest.approx(np.array([5.0, -6.0]))
    assert asked.runs == 1 + 2 + 1
    assert solved.solved(Asked(linear, {"x": [1.0, 2.0, 4.0]}), [U]) is None


def test_several_values_are_solved_for_together_and_those_without_numbers_left_out():
    asked = Asked(
        lambda u, v: {"x": MATRIX @ u, "y": np.array([3.0 * v])}, {"x": MATRIX @ [5.0, -6.0], "y": [12.0]}
    )
    found = solved.solved(asked, [U, event(None, (3, 0)), V])
    assert {moment: value.tolist() for moment, value in found.items()} == {
        (1, 0): pytest.approx([5.0, -6.0]),
        (2, 0): pytest.approx(4.0),
    }


def test_what_is_to_be_telling_has_more_equations_than_unknowns():
    for equations, found in ((3, True), (2, False), (1, False)):
        asked = Asked(lambda u, n=equations: {"x": MATRIX[:n] @ u}, {"x": MATRIX[:equations] @ [5.0, -6.0]})
        assert (solved.solved(asked, [U], telling=True) is not None) is found
        assert solved.solved(asked, [U]) is not None


def test_what_enters_nearly_linearly_is_solved_in_a_few_steps():
    def bent(by):
        asked = Asked(lambda v: {"x": np.array([v + by * v**2])}, {"x": [3.5]})
        return solved.solved(asked, [V]), asked.runs

    found, runs = bent(0.1)
    assert (found[2, 0] + 0.1 * found[2, 0] ** 2) == pytest.approx(3.5)
    assert runs > 4
    assert solved.MOST_STEPS == 4
    asked = Asked(lambda v: {"x": np.array([np.arctan(4 * v)])}, {"x": [0.0]})
    assert solved.solved(asked, [V]) is None  # the steps lead farther away
    slow = Asked(lambda v: {"x": np.array([np.exp(v)])}, {"x": [np.exp(8.0)]})
    assert solved.solved(slow, [event(4.0, (2, 0))]) is None  # more steps than a few


def test_where_a_run_fails_or_returns_no_gradient_nothing_is_solved():
    for gradients in (
        lambda u: None,
        lambda u: {"x": None},
        lambda u: {},
        lambda u: {"x": np.ones(2)},
        lambda u: {"x": np.array([np.nan, 1.0, 1.0])},
        lambda u: None if u[0] != 1.0 else linear(u),
        lambda u: None if abs(u[0] - 1.0) > 1e-3 else linear(u),
    ):
        assert solved.solved(Asked(gradients, {"x": MATRIX @ [5.0, -6.0]}), [U]) is None


def test_gradients_that_were_not_measured_ask_for_nothing():
    asked = Asked(linear, {"x": [17.0, np.nan, 41.0]})
    found = solved.solved(asked, [U])
    assert MATRIX[[0, 2]] @ found[1, 0] == pytest.approx(np.array([17.0, 41.0]))


def test_as_many_values_as_a_process_of_its_own_affords_are_solved_for():
    for size, found in ((8, True), (9, False)):
        many = event(np.ones(size), (1, 0))
        asked = Asked(lambda u: {"x": 2 * u}, {"x": np.arange(1.0, size + 1)}, cheap=False)
        assert (solved.solved(asked, [many]) is not None) is found


def test_values_to_begin_with_may_have_another_shape():
    asked = Asked(linear, {"x": MATRIX @ [5.0, -6.0]})
    assert solved.solved(asked, [V], start={(2, 0): np.zeros(2)})[2, 0] == pytest.approx(
        np.array([5.0, -6.0])
    )


def test_what_does_not_depend_on_the_upstream_gradient_has_to_do_for_another_one_too():
    right = MATRIX @ [5.0, -6.0]

    def with_other(other_right, events):
        other = Asked(lambda u: {"x": 2 * MATRIX @ u}, {"x": other_right}, events=events)
        asked = Asked(linear, {"x": right}, other=other)
        return solved.solved(asked, [U]), solved.is_local(asked, [U])

    same, another = event(U.value, (1, 0)), event([1.0, 3.0], (1, 0))
    found, local = with_other(2 * right, [same])
    assert (found[1, 0], local) == (pytest.approx(np.array([5.0, -6.0])), True)
    assert with_other(3 * right, [same]) == (None, True)
    assert with_other(3 * right, [another])[1] is False
    assert with_other(3 * right, [another])[0] is not None
    assert with_other(3 * right, [])[1] is False
    assert with_other(3 * right, [event(None, (1, 0))])[1] is False
    unseen = Asked(linear, {"x": right}, other=Asked(linear, {"x": right}))
    assert solved.is_local(unseen, [event(None, (1, 0))]) is True


def shaped(value, shape, right):
    """Whether a value of another shape would do, which is summed over in backward."""
    asked = Asked(lambda u: {"x": np.array(u)}, {"x": right})
    return solved.of_another_shape(asked, event(value, (1, 0)), shape)


def test_a_value_of_another_shape_is_constant_along_an_axis():
    along_rows, along_columns = [[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]], [[1.0, 2.0]] * 3
    for right in (along_rows, along_columns):
        assert shaped([5.0, 6.0], (3, 2), right) is True
    assert shaped([5.0, 6.0], (3, 2), [[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]]) is False
    nearly = [[1.0, 1.0], [2.0, 2.0 * (1 + 1e-5)], [3.0, 3.0]]
    assert shaped([5.0, 6.0], (3, 2), nearly) is True
    assert shaped([5.0, 6.0], (3, 2), [[1.0, 1.0], [2.0, 2.0 * (1 + 1e-4)], [3.0, 3.0]]) is False
    assert shaped(None, (3, 2), along_rows) is False
    assert shaped([[5.0, 6.0]] * 3, (3, 2), along_rows) is False
    assert shaped([5.0, 6.0, 7.0], (3, 2), along_rows) is False
    assert shaped(5.0, (3, 1), [[1.0]] * 3) is False
    assert shaped(5.0, (3,), [1.0] * 3) is False
    assert shaped([5.0, 6.0], (3, 2), [[1.0, 1.0]]) is False


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


def switched_loss(x):
    return np.where(x > 0.5, x**2, 3 * x), x


def switched_back(dout, x):
    large = x < 0.5
    dx = np.where(large, 2 * x, 3.0)
    return dout * dx


def factor_of_all(dout, x):
    large = x > 0.5
    dx = np.where(large, 4 * x, 6.0)
    return dout * dx


def test_other_truth_values_are_found_where_they_switch_what_is_wrong():
    x = np.array([0.2, 1.0, -0.3, 0.9])
    found = question(switched_loss, (switched_back, x), None, 0).search
    event = event_of(found, "large")
    assert solved.solved(found, [event]) is None
    put = solved.switched(found, [event])
    np.testing.assert_array_equal(put[event.moment], x > 0.5)
    other = question(switched_loss, (factor_of_all, x), None, 0).search
    assert solved.switched(other, [event_of(other, "large")]) is None
    assert solved.switched(found, [event_of(found, "dx")]) is None  # no truth values


def test_a_mask_that_other_truth_values_would_mend_is_not_cleared():
    x = np.array([0.2, 1.0, -0.3, 0.9])
    line = find_line(switched_loss, switched_back, x)
    assert 2 in [suspect.line for suspect in line.candidates[: 1 + line.doubts]]
    line = find_line(switched_loss, factor_of_all, x)
    assert 2 not in [suspect.line for suspect in line.candidates[: 1 + line.doubts]]


def test_indices_for_which_no_other_can_be_tried_are_not_cleared():
    def sorted_forward(p):
        return (np.sort(p) * np.arange(3.0)).sum(), p

    def sorted_backward(dout, p):
        order = np.argsort(-p)
        g = np.zeros_like(p)
        g[order] = dout * np.arange(3.0)
        return g

    found = find_line(sorted_forward, sorted_backward, np.array([0.3, -1.2, 2.0]))
    assert "or line 2:  order = np.argsort(-p)" in str(found)
