"""Lines that are told by what would have to stand there, not by a name."""

import numpy as np
import pytest

from course_lib import find_line
from course_lib.gradcheck.lines import solved
from course_lib.gradcheck.lines.question import question

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
