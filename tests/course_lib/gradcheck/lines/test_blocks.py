"""Lines inside a loop or a branch."""

from dataclasses import replace

import numpy as np

from course_lib import find_line
from course_lib.gradcheck.lines import blocks
from tests.course_lib.gradcheck.lines.asking import search, wrong

RNG = np.random.default_rng(3)


def grow(balance, rate):
    seen = []
    while balance < 1500.0:
        seen.append(balance)
        balance = balance + (1 if balance < 1000.0 else 2) * rate * balance
    dbalance, drate = 1.0, 0.0
    for before in seen:
        times = 1 if before < 1000.0 else 2
        drate += times * before * dbalance
        dbalance *= 1 + times * rate
    return balance, dbalance, drate


def test_a_loop_that_runs_the_wrong_way_is_among_the_lines():
    found = find_line(grow, {"balance": 800.0, "rate": 0.1})
    assert "for before in seen:" in [suspect.source for suspect in found.candidates[: 1 + found.doubts]]


def test_a_loop_without_an_end_is_left():
    def forever(x):
        f = x * x
        while f < 10.0:
            f = f + 0.0 * x + 10.0
        dx = 1.0
        while dx > 5.0:
            dx = dx + 1.0
        return f, dx

    assert find_line(forever, {"x": 2.0}).function == "forever"


def choice(x, many):
    f = 3 * x if many else 2 * x
    dx = 2.0
    if not many:
        dx = 3.0
    return f, {"x": dx}


def test_a_condition_is_among_the_lines():
    found = find_line(choice, {"x": 1.5, "many": False})
    assert found.source == "dx = 3.0"
    assert "if not many:" in [suspect.source for suspect in found.candidates[: 1 + found.doubts]]


def rows_forward(x, w):
    return np.maximum(x @ w, 0), (x, w)


def by_rows(dout, cache):
    x, w = cache
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for n in range(len(x)):
        da = dout[n] * (x[n] @ w < 0)  # > 0
        dx[n] += w @ da
        dw += np.outer(x[n], da)
    return dx, dw


def one_of_two(dout, cache):
    x, w = cache
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for n in range(len(x)):
        da = dout[n] * (x[n] @ w > 0)
        dx[n] += w @ da
        dw += np.outer(x[0], da)  # x[n]
    return dx, dw


def named(found):
    return [suspect.source.split("  #")[0] for suspect in found.candidates[: 1 + found.doubts]]


def test_what_a_loop_over_examples_adds_from_is_among_the_lines():
    x, w = RNG.normal(size=(4, 3)), RNG.normal(size=(3, 2))
    assert "da = dout[n] * (x[n] @ w < 0)" in named(find_line(rows_forward, by_rows, x, w))
    assert "dw += np.outer(x[0], da)" in named(find_line(rows_forward, one_of_two, x, w))


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


def larger(x, y):
    return max(x, y), (x, y)


def larger_backward(dout, cache):
    x, y = cache
    dx = dy = 0.0
    if x < y:  # >
        dx += dout
    else:
        dy += dout
    return dx, dy


def test_a_condition_that_leaves_a_variable_as_it_began_is_among_the_lines():
    found = find_line(larger, larger_backward, 1.0, 2.0)
    assert [each.line for each in found.candidates[: 1 + found.doubts]] == [3, 4, 8]


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


def test_what_a_line_begins_is_filled_by_loops_and_what_all_of_them_read_comes_first():
    begun = blocks.filled_by_loops
    asked = search(rows_forward, by_rows, *ROWS)
    both = [(5, "assigned"), (6, "added to"), (7, "added to"), (5, "assigned")]
    assert told(begun, asked, 3) == both
    assert told(begun, asked, 2) == []
    assert told(begun, asked, 6) == []
    assert told(begun, asked, 8) == []


def test_of_what_loops_add_to_only_what_is_wrong_counts():
    asked = search(rows_forward, one_of_two, *ROWS)
    assert told(blocks.filled_by_loops, asked, 3) == [(7, "added to"), (5, "assigned")]


def scales(dout, cache):
    x, w = cache
    dx, dw, total = np.zeros(x.shape), np.ones(w.shape), 0.0
    for n in range(len(x)):
        da = dout[n] * (x[n] @ w > 0)
        dx[n] += w @ da
        total += 2.0 * n
        dw *= 0.5 + np.outer(x[n], da)
    return dx, dw


def once(dout, cache):
    x, w = cache
    dx = np.zeros(x.shape)
    da = dout * (x @ w < 0)
    dx += da @ w.T
    return dx, x.T @ da


def test_what_is_scaled_counts_and_what_claims_nothing_and_what_is_added_once_does_not():
    asked = search(rows_forward, scales, *ROWS)
    lines = [line for line, _ in told(blocks.filled_by_loops, asked, 3)]
    assert lines == [7, 8, 5]
    assert told(blocks.filled_by_loops, search(rows_forward, once, *ROWS), 3) == []


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


def test_each_loop_around_a_line_may_run_wrongly():
    def slide(x, w):
        return np.array([x[t : t + len(w)] @ w for t in range(len(x) - len(w) + 1)]), (x, w)

    def slide_backward(dout, cache):
        x, w = cache
        dx, dw = np.zeros_like(x), np.zeros_like(w)
        for t in range(len(dout) - 2):
            for k in range(len(w)):
                dx[t + k] += dout[t] * w[k]
                dw[k] += dout[t] * x[t + k]
        return dx, dw

    found = find_line(slide, slide_backward, RNG.normal(size=6), RNG.normal(size=3))
    named = [suspect.line for suspect in found.candidates[: 1 + found.doubts]]
    assert {4, 5, 6} <= set(named), named


def cells(x, w):
    c, kept, hs = np.zeros(2), [], []
    for t in range(len(x)):
        a = x[t] @ w
        f, o = 1 / (1 + np.exp(-a)), np.tanh(a)
        cn = f * c + o
        kept.append((c, a, f, cn))
        c = cn
        hs.append(o * np.tanh(cn))
    return np.array(hs), (x, w, kept)


def cells_backward(dhs, cache):
    x, w, kept = cache
    dx, dw, dc = np.zeros_like(x), np.zeros_like(w), np.zeros(2)
    for t in reversed(range(len(x))):
        c, a, f, cn = kept[t]
        o, tc = np.tanh(a), np.tanh(cn)
        dc = dhs[t] * o * (1 - tc**2)
        do = dhs[t] * tc + dc
        df = dc * c
        da = do * (1 - o**2) + df * f * (1 - f)
        dx[t] = w @ da
        dw += np.outer(x[t], da)
        dc = dc * f
    return dx, dw


def test_what_a_loop_hands_on_is_not_cleared_by_its_first_turn():
    found = find_line(cells, cells_backward, RNG.normal(size=(3, 2)), RNG.normal(size=(2, 2)))
    named = [suspect.source for suspect in found.candidates[: 1 + found.doubts]]
    assert "dc = dhs[t] * o * (1 - tc**2)" in named


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
    assert lines == [8, 8, 5, 6, 7, 3]


def test_the_loops_that_lines_stand_in_are_told_once_for_each_line():
    asked = search(grow, {"balance": 800.0, "rate": 0.1})
    inside = {s.line: s for s in asked.subject.sites.values() if s.name == "drate" and s.kind == "added to"}
    assert [one.line for one in blocks.headers(asked, list(inside.values()))] == [7]
    assert blocks.headers(asked, [replace(*inside.values(), line=6)]) == []


def weighted(step, shift):
    total = gstep = gshift = 0.0
    for i in range(4):
        weight = 1 if i in (0, 3) else 3
        place = shift + i * step
        total += weight * place**2
        gplace = 2 * place  # times weight, which is 1 in the first turn and in the last
        gshift += gplace
        gstep += gplace * i
    return total, gstep, gshift


def test_a_line_that_is_right_in_the_turns_that_are_looked_at_is_not_cleared():
    found = find_line(weighted, {"step": 0.3, "shift": 0.7})
    named = [suspect.source for suspect in found.candidates[: 1 + found.doubts]]
    assert "gplace = 2 * place" in named


def split(x, w):
    return np.tanh(x @ w).sum(axis=0), (x, w)


def lines_of(backward, seed=5):
    rng = np.random.default_rng(seed)
    found = find_line(split, backward, rng.normal(size=(4, 3)), rng.normal(size=(3, 2)))
    return [suspect.line for suspect in found.candidates[: 1 + found.doubts]]


def test_what_a_loop_runs_over_is_among_the_lines():
    def over_rows(dout, cache):
        x, w = cache
        da, dx = dout * (1 - np.tanh(x @ w)), np.zeros_like(x)
        g = da * 1
        for n, row in enumerate(g):
            dx[n] = w @ row
        return dx, x.T @ (dout * (1 - np.tanh(x @ w) ** 2))

    assert 4 in lines_of(over_rows)


def test_what_a_loop_runs_over_in_the_end_is_among_the_lines_and_what_is_right_is_not():
    def over_columns(dout, cache):
        x, w = cache
        dw = np.zeros_like(w)
        rows = dout * (1 - np.tanh(x @ w) ** 2)
        dx = rows @ w.T
        rows = np.ones_like(rows) * dout
        for row, one in zip(x, rows, strict=True):
            dw += np.outer(row, one)
        return dx, dw

    found = lines_of(over_columns)
    assert 6 in found
    assert not {2, 4} & set(found)


def test_what_a_loop_only_gives_another_name_may_have_to_be_added_there():
    def forward(x, k):
        return np.sum(x * k), (x, k)

    def backward(dout, cache):
        x, k = cache
        total = 0.0
        for one in x:
            dk = dout * one
            total = dk
        return dout * k * np.ones_like(x), total

    found = find_line(forward, backward, np.linspace(-1.0, 0.7, 12), 0.6)
    assert 6 in [suspect.line for suspect in found.candidates[: 1 + found.doubts]]


def test_every_condition_around_a_line_and_around_those_that_lead_to_it_is_among_the_lines():
    def by_rows(dout, cache):
        x, w = cache
        dx, dw = np.zeros_like(x), np.zeros_like(w)
        for n in range(len(x)):
            g = dout
            if n > 1:  # noqa: SIM102
                if n > 2:
                    g = dout * (1 - np.tanh(x[n] @ w) ** 2)
            dx[n] += w @ g
            dw += np.outer(x[n], g)
        return dx, dw

    assert {6, 7} <= set(lines_of(by_rows))
