"""Lines inside a loop or a branch."""

import numpy as np

from course_lib import find_line
from tests.course_lib.gradcheck.lines.functions import by_rows, choice, grow, one_of_two, rows_forward

RNG = np.random.default_rng(3)


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


def test_a_condition_is_among_the_lines():
    found = find_line(choice, {"x": 1.5, "many": False})
    assert found.source == "dx = 3.0"
    assert "if not many:" in [suspect.source for suspect in found.candidates[: 1 + found.doubts]]


def named(found):
    return [suspect.source.split("  #")[0] for suspect in found.candidates[: 1 + found.doubts]]


def test_what_a_loop_over_examples_adds_from_is_among_the_lines():
    x, w = RNG.normal(size=(4, 3)), RNG.normal(size=(3, 2))
    assert "da = dout[n] * (x[n] @ w < 0)" in named(find_line(rows_forward, by_rows, x, w))
    assert "dw += np.outer(x[0], da)" in named(find_line(rows_forward, one_of_two, x, w))


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
