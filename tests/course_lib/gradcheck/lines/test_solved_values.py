"""The values with which everything is right: which are solved for, and where none is found."""

import numpy as np
import pytest

from course_lib import find_line
from course_lib.gradcheck.lines import solved
from course_lib.gradcheck.lines.question import question
from tests.course_lib.gradcheck.lines.functions import tanh_of_square

RNG = np.random.default_rng(0)


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
