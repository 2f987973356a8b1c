"""What a value inside of loops and branches builds on, and in which order: the rules, one at a time."""

from dataclasses import replace

import numpy as np

from course_lib.gradcheck.lines import blocks
from tests.course_lib.gradcheck.lines.asking import search, wrong
from tests.course_lib.gradcheck.lines.functions import by_rows, choice, rows_forward

RNG = np.random.default_rng(3)
ROWS = RNG.normal(size=(4, 3)), RNG.normal(size=(3, 2))


def told(rule, asked, line):
    """The lines, each with its kind, of the rule for what is found on a line."""
    one = next(event for event in asked.backward if asked.site(event).line == line)
    found = rule(asked, replace(wrong(0.0, 0.0), event=one, site=asked.site(one)))
    return [(site.line, site.kind) for site in found]


def test_a_value_in_a_loop_builds_on_what_the_loop_makes_the_loop_and_its_beginning():
    asked = search(rows_forward, by_rows, *ROWS)
    assert told(blocks.built_on, asked, 6) == [(5, "assigned"), (4, "loop"), (3, "assigned")]
    assert told(blocks.built_on, asked, 5) == [(4, "loop")]
    assert told(blocks.built_on, asked, 3) == []
    header = next(site for site in blocks.built_on(asked, at(asked, 6)) if site.kind == "loop")
    assert (header.number, header.function, header.name) == (-1, "by_rows", "")


def at(asked, line):
    one = next(event for event in asked.backward if asked.site(event).line == line)
    return replace(wrong(0.0, 0.0), event=one, site=asked.site(one))


def chained(dout, cache):
    x, w = cache
    dx, dw, other = np.zeros(x.shape), np.zeros(w.shape), 0.0
    for n in range(len(x)):
        a = x[n] @ w
        on = a < 0  # > 0
        da = dout[n] * on
        other = other + 1.0
        dx[n] += w @ da
        dw += np.outer(x[n], da)
    other = da
    dx = dx * 1.0
    return dx, dw


def taken_out(dout, cache):
    x, w = cache[0], cache[1]
    dw = np.zeros(w.shape)
    for n in range(len(x)):
        dw += np.outer(x[n], dout[n])
    return x, dw


def test_what_a_loop_runs_over_is_not_asked_for_where_it_is_only_taken_out():
    asked = search(rows_forward, taken_out, *ROWS)
    assert told(blocks.built_on, asked, 5) == [(4, "loop"), (3, "assigned")]


def test_what_a_loop_makes_is_followed_from_line_to_line_the_nearest_first():
    asked = search(rows_forward, chained, *ROWS)
    assert told(blocks.built_on, asked, 9) == [
        (7, "assigned"),
        (6, "assigned"),
        (5, "assigned"),
        (4, "loop"),
        (3, "assigned"),
    ]
    assert told(blocks.built_on, asked, 6) == [(5, "assigned"), (4, "loop")]
    assert told(blocks.built_on, asked, 8)[:2] == [(4, "loop"), (3, "assigned")]
    assert told(blocks.built_on, asked, 12) == []


def test_a_value_of_a_branch_builds_on_its_condition():
    found = search(choice, {"x": 1.5, "many": False})
    assert told(blocks.built_on, found, 3) == [(4, "branch")]
    assert told(blocks.built_on, found, 5) == [(4, "branch")]
    (branch,) = blocks.built_on(found, at(found, 5))
    assert (branch.number, branch.function, branch.name) == (-1, "choice", "")


def in_both(dout, cache):
    x, w = cache
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for n in range(len(x)):
        da = dout[n] * (x[n] @ w < 0)
        if n >= 0:
            dx[n] += w @ da
        dw += np.outer(x[n], da)
    return dx, dw


def test_a_value_of_a_branch_in_a_loop_builds_on_both():
    asked = search(rows_forward, in_both, *ROWS)
    kinds = [kind for _, kind in told(blocks.built_on, asked, 7)]
    assert kinds == ["assigned", "branch", "loop", "assigned"]


def test_lines_of_a_loop_that_are_right_are_not_built_on():
    def backward(dout, cache):
        x, w = cache
        dx, dw = np.zeros(x.shape), np.zeros(w.shape)
        for n in range(1):
            dx = (dout * (x @ w > 0)) @ w.T
            dw += x.T @ (dout * (x @ w > 0)) + n * dx.sum() + 0.1 * dx.mean()
        return dx, dw

    asked = search(rows_forward, backward, *ROWS)
    assert told(blocks.built_on, asked, 6) == [(4, "loop"), (3, "assigned")]


def staged_forward(x, w):
    h = x @ w
    return np.maximum(h, 0), (x, w)


def staged_rows(dout, cache):
    x, w = cache
    dx, dw = np.ones(x.shape), np.zeros(w.shape)
    dx = np.zeros(x.shape)
    for n in range(len(x)):
        dh = dout[n] * (x[n] @ w < 0)  # > 0
        p, q = w * 1.0, x[n] * 1.0
        s = p * 1.0
        t = dh + s.sum() - p.sum()
        dx[n] += s @ t
        dw += np.outer(q, t)
    return dx, dw


def test_what_is_wrong_by_its_name_comes_first_of_what_a_loop_makes_then_what_is_nearest():
    asked = search(staged_forward, staged_rows, *ROWS)
    assert told(blocks.built_on, asked, 10) == [
        (6, "assigned"),  # dh, which is not what its name says
        (8, "assigned"),
        (9, "assigned"),
        (7, "assigned"),
        (5, "loop"),
        (4, "assigned"),  # the latest beginning
    ]


def in_two_ways(dout, cache):
    x, w = cache
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for n in range(len(x)):
        k = n * 1.0
        z = k * 0.0
        u = x[n] @ w + z
        on, v = (u < 0) * 1.0, w + z * k
        dx[n] += v @ (dout[n] * on)
        dw += np.outer(x[n], dout[n] * on)
    return dx, dw


def test_what_is_read_by_more_lines_than_one_stands_once_and_before_what_it_is_made_of():
    asked = search(rows_forward, in_two_ways, *ROWS)
    lines = [line for line, kind in told(blocks.built_on, asked, 9) if kind == "assigned"]
    assert lines == [8, 8, 7, 5, 6, 3]
