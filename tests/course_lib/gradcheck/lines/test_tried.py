"""The order of a loop's turns, and that of names that are taken out together, tried."""

import linecache
from types import SimpleNamespace

import numpy as np
import pytest

from course_lib import find_line
from course_lib.gradcheck.lines import tried, variants
from course_lib.gradcheck.lines.source import FunctionSource, parsed
from tests.course_lib.gradcheck.lines.asking import search

X, W = np.array([[0.5, -1.2], [2.0, 0.3], [-0.4, 0.9]]), np.array([[0.3, -0.8], [0.6, 0.2]])


def recurrent(x, w):
    state, seen = np.zeros(2), []
    for one in x:
        state_next = np.tanh(one + state @ w)
        seen.append((state, state_next))
        state = state_next
    return state, (w, seen)


def right(dstate, cache):
    w, seen = cache
    dx, dw = np.zeros((len(seen), 2)), np.zeros_like(w)
    for t in range(len(seen) - 1, -1, -1):
        before, after = seen[t]
        da = dstate * (1 - after**2)
        dx[t] = da
        dw += np.outer(before, da)
        dstate = da @ w.T
    return dx, dw


def from_the_front(dstate, cache):
    w, seen = cache
    dx, dw = np.zeros((len(seen), 2)), np.zeros_like(w)
    for t in range(len(seen)):
        before, after = seen[t]
        da = dstate * (1 - after**2)
        dx[t] = da
        dw += np.outer(before, da)
        dstate = da @ w.T
    return dx, dw


def taken_out_exchanged(dstate, cache):
    w, seen = cache
    dx, dw = np.zeros((len(seen), 2)), np.zeros_like(w)
    for t in range(len(seen) - 1, -1, -1):
        after, before = seen[t]
        da = dstate * (1 - after**2)
        dx[t] = da
        dw += np.outer(before, da)
        dstate = da @ w.T
    return dx, dw


def both(dstate, cache):
    w, seen = cache
    dx, dw = np.zeros((len(seen), 2)), np.zeros_like(w)
    for t in range(len(seen)):
        after, before = seen[t]
        da = dstate * (1 - after**2)
        dx[t] = da
        dw += np.outer(before, da)
        dstate = da @ w.T
    return dx, dw


def chain(x):
    total = 0.0
    for i in range(len(x) - 1):
        total += (x[i + 1] - x[i] ** 2) ** 2
    return total, x


def overwriting(dout, x):
    dx = np.zeros(x.shape)
    for i in range(len(x) - 1):
        t = 2 * dout * (x[i + 1] - x[i] ** 2)
        dx[i + 1] += t
        dx[i] = -2 * x[i] * t
    return dx


def larger(x, w):
    first = x > w
    return np.where(first, x * w, w), (x, w, first)


def made_in_order(dout, cache):
    x, w, first = cache
    d1, d2 = dout * first, dout * ~first
    dx = d2 * w  # d1
    return dx, d2 * x + d1


def quotient(x, w):
    z = x @ w
    y = z / (1 + z**2)
    return y, (x, w, z, y)


def of_another_name(dout, cache):
    x, w, z, y = cache  # noqa: RUF059 - the slip is that it is not used
    dz = dout * (1 - y**2) / (1 + y**2) ** 2
    return dz @ w.T, x.T @ dz


def placed(x, w):
    return x**2 * w, (w, x)


def one_line(dout, cache):
    b, a = cache
    return 2 * dout * a * b, dout * b**2


def test_a_loop_whose_turns_run_in_the_wrong_order_is_told():
    found = find_line(recurrent, from_the_front, X, W)
    assert (found.source, found.doubts) == ("for t in range(len(seen)):", 0)
    assert found.sentences == (variants.TURNS,)


def test_names_that_are_taken_out_in_each_others_places_are_told():
    found = find_line(recurrent, taken_out_exchanged, X, W)
    assert (found.source, found.doubts) == ("after, before = seen[t]", 0)
    said = "after and before stand in each other's places: exchanged, every gradient is right"
    assert found.sentences == (said,)


def test_a_line_that_alone_reads_both_may_be_the_wrong_one():
    found = find_line(placed, one_line, X, X + 1)
    assert (found.source, found.doubts) == ("return 2 * dout * a * b, dout * b**2", 1)
    assert found.sentences[0] == "or line 2:  b, a = cache"


@pytest.mark.parametrize(
    ("lines", "found"), [(["k = i + 1"], [3]), (["k = i + 1", "x[j] = k"], []), (["k = 1", "i = j"], [4])]
)
def test_in_a_loop_the_line_that_alone_reads_names_of_it_may_be_the_wrong_one(lines, found):
    text = "\n        ".join(["def f(x):\n    for i, j in x:", *lines]) + "\n    return j * i"
    source = FunctionSource(parsed(text), text, tuple(text.splitlines()), tried.findings)
    assert [one.line for one in tried._alone(source, 2, {"i", "j"})] == found


def test_nothing_is_told_of_two_slips_or_of_names_that_stand_for_what_they_do_in_forward():
    assert tried.findings(search(recurrent, both, X, W)) == []
    assert tried.findings(search(recurrent, right, X, W)) == []
    assert tried.findings(search(quotient, of_another_name, X, W)) == []


def product(x, w):
    return np.sum(np.tanh(x) @ w), (x, w)


def of_one_array(dout, cache):
    x, w = cache
    dx = dw = np.zeros((2, 2))
    dx += dout * (1 - np.tanh(x) ** 2) * w.sum(axis=1)
    dw += dout * np.tanh(x).sum(axis=0)[:, np.newaxis]
    return dx, dw


def test_two_names_of_one_array_to_which_both_add_are_told():
    found = find_line(product, of_one_array, X[:2], W)
    assert found.line == 3
    assert found.doubts == 0
    assert found.sentences == ("dx and dw are one array there: with one for each, every gradient is right",)


def summed(x, w):
    total = np.zeros(2)
    for one in x:
        total = total + np.tanh(one @ w)
    return total, (x, w)


SUMMED = """
def back(dout, cache):
    x, w = cache
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for t in range(len(x)):
        da = dout * (1 - np.tanh(x[t] @ w) ** 2)
        dx[t] = da @ w.T
        dw += np.outer(x[t], da)
    return dx, dw
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("dw +=", "dw =", 7, variants.OVERWRITES.format("the turns before")),
        ("dw +=", "dw -=", 7, variants.SIGN.format("+=")),
        ("dw +=", "dw += -", 7, variants.SIGN.format("-=")),
        ("dx[t] =", "dx[t] = dw[0]\n        dx[t] +=", 7, variants.ADDS),
        ("dx[t] =", "dx[t] = da @ w.T / 2\n        dx[t] = 1 / 2 *", 7, variants.OVERWRITES.format("line 6")),
        ("range(len(x))", "range(len(x) - 1)", 4, variants.OTHER_TURNS.format("range(len(x) - 1 + 1)")),
        ("range(len(x))", "range(1, len(x))", 4, variants.OTHER_TURNS.format("range(0, len(x))")),
        ("range(len(x))", "reversed(range(1, 3))", 4, variants.OTHER_TURNS.format("range(0, 3)")),
        ("range(len(x))", "range(2)", 4, variants.OTHER_TURNS.format("range(3)")),
        ("range(len(x))", "range(2, 0, -1)", 4, variants.OTHER_TURNS.format("range(2, -1, -1)")),
        ("(1 - np.tanh(x[t] @ w) ** 2)", "1", None, None),
    ],
)
def test_another_way_to_add_up_or_another_turn_is_told_where_it_makes_all_right(old, new, line, said):
    assert told_of(SUMMED.strip().replace(old, new)) == ([(line, said)] if said else [])


def told_of(text):
    linecache.cache[text] = (len(text), None, text.splitlines(keepends=True), text)
    space = {"np": np}
    exec(compile(text, text, "exec"), space)
    found = tried.findings(search(summed, space["back"], X, W))
    return [(one.site.line, one.sentence) for one in found[:1]]


def test_a_line_of_a_while_is_tried_as_any_other():
    text = SUMMED.strip().replace("dw +=", "dw =").replace("for t in range(len(x))", "t = 0\n    while t < 3")
    ((line, said),) = told_of(text.replace("    return", "        t += 1\n    return"))
    assert (line, said) == (8, variants.OVERWRITES.format("the turns before"))


def multiplied(x):
    out = np.cumprod(x)
    return out, (x, out)


def multiplied_backward(dout, cache):
    x, out = cache
    dx, total = np.zeros_like(x), 0.0
    for i in range(len(x) - 1, -1, -1):
        total += dout[i] * out[i]
        dx[i] = -total / x[i]
    return dx


def bound(x):
    return np.sin(x[0] - x[1]) + np.cos(x[1] - x[2]), x


def bound_backward(dout, x):
    dx = np.zeros_like(x)
    for i, j, slope in ((0, 1, np.cos), (1, 2, lambda d: -np.sin(d))):
        d = -dout * slope(x[i] - x[j])
        dx[i] += d
        dx[j] -= d
    return dx


def test_where_all_signs_are_opposite_each_line_that_may_turn_them_is_told():
    x = np.array([0.5, -1.2, 2.0])
    found = find_line(multiplied, multiplied_backward, x)
    assert (found.line, found.doubts) == (5, 1)
    assert [suspect.line for suspect in found.candidates[:2]] == [5, 6]
    assert found.sentences[-1] == variants.SIGN.format("-=")
    assert tried.findings(search(bound, bound_backward, x)) == []  # i and j exchanged turn it as well


def test_names_that_get_values_of_their_own_are_not_exchanged():
    assert tried.findings(search(larger, made_in_order, X, X[::-1])) == []


def test_where_no_turn_reads_another_the_order_is_not_at_fault():
    found = find_line(chain, overwriting, X.ravel())
    assert "order" not in str(found)
    assert "dx[i] = -2 * x[i] * t" in [suspect.source for suspect in found.candidates]


def test_a_text_that_changes_the_loss_mends_nothing():
    for loss, mends in ((3.0, True), (4.0, False)):
        subject = SimpleNamespace(edited=lambda source, loss=loss: (loss, {}))
        given = SimpleNamespace(subject=subject, here=3.0, wrong_in=lambda run: frozenset())
        assert tried._mends(given, None) is mends
