"""Lines inside a loop or a branch."""

import numpy as np

from course_lib import find_line

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
