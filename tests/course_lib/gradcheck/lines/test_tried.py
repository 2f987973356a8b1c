"""The order of a loop's turns, and that of names that are taken out together, tried."""

import ast
import linecache
import textwrap

import numpy as np
import pytest

from course_lib import find_line
from course_lib.gradcheck.lines import tried
from course_lib.gradcheck.lines.source import parsed
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
    assert found.sentences == (tried.TURNS,)


def test_names_that_are_taken_out_in_each_others_places_are_told():
    found = find_line(recurrent, taken_out_exchanged, X, W)
    assert (found.source, found.doubts) == ("after, before = seen[t]", 0)
    said = "after and before stand in each other's places: exchanged, every gradient is right"
    assert found.sentences == (said,)


def test_a_line_that_alone_reads_both_may_be_the_wrong_one():
    found = find_line(placed, one_line, X, X + 1)
    assert (found.source, found.doubts) == ("return 2 * dout * a * b, dout * b**2", 1)
    assert found.sentences[0] == "or line 2:  b, a = cache"


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
        ("dw +=", "dw =", 7, tried.OVERWRITES.format("the turns before")),
        ("dw +=", "dw -=", 7, tried.SIGN.format("+=")),
        ("dw +=", "dw += -", 7, tried.SIGN.format("-=")),
        ("dx[t] =", "dx[t] = dw[0]\n        dx[t] +=", 7, tried.ADDS),
        ("dx[t] =", "dx[t] = da @ w.T / 2\n        dx[t] = 1 / 2 *", 7, tried.OVERWRITES.format("line 6")),
        ("range(len(x))", "range(len(x) - 1)", 4, tried.OTHER_TURNS.format("range(len(x) - 1 + 1)")),
        ("range(len(x))", "range(1, len(x))", 4, tried.OTHER_TURNS.format("range(0, len(x))")),
        ("range(len(x))", "reversed(range(1, 3))", 4, tried.OTHER_TURNS.format("range(0, 3)")),
        ("range(len(x))", "range(2)", 4, tried.OTHER_TURNS.format("range(3)")),
        ("range(len(x))", "range(2, 0, -1)", 4, tried.OTHER_TURNS.format("range(2, -1, -1)")),
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


def test_nothing_is_tried_where_a_while_may_wait_for_ever_for_what_is_another():
    text = SUMMED.strip().replace("dw +=", "dw =").replace("for t in range(len(x))", "t = 0\n    while t < 3")
    assert told_of(text.replace("    return", "        t += 1\n    return")) == []


@pytest.mark.parametrize("leaving", ["break", "return d"])
def test_a_loop_that_is_left_from_inside_is_not_turned(leaving):
    turning = (
        "def f(d):\n    for k in count():\n        d = d * k\n        if d > 5:\n            {}\n    return d"
    )
    assert len(list(tried._turned(parsed(turning.format("continue"))))) == 1
    assert list(tried._turned(parsed(turning.format(leaving)))) == []


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
    assert found.sentences[-1] == tried.SIGN.format("-=")
    assert tried.findings(search(bound, bound_backward, x)) == []  # i and j exchanged turn it as well


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("for one in x[1:]:", ["x[:]"]),
        ("for k, one in enumerate(x[:-1]):", ["enumerate(x[:])"]),
        ("for a, b in zip(x[:-1], x[1:]):", ["zip(x[:], x[1:])", "zip(x[:-1], x[:])"]),
        ("for one in x[::-1]:", []),
        ("for one in x[0]:", []),
    ],
)
def test_a_loop_over_a_part_is_tried_over_all(text, told):
    edits = list(tried._with_the_whole(parsed(f"def f(x):\n    {text}\n        pass")))
    assert [said for *_, said, _ in edits] == [tried.OTHER_TURNS.format(one) for one in told]
    assert [ast.unparse(tree.body[0].iter) for _, tree, *_ in edits] == told


def test_names_that_get_values_of_their_own_are_not_exchanged():
    assert tried.findings(search(larger, made_in_order, X, X[::-1])) == []


def test_where_no_turn_reads_another_the_order_is_not_at_fault():
    found = find_line(chain, overwriting, X.ravel())
    assert "order" not in str(found)
    assert "dx[i] = -2 * x[i] * t" in [suspect.source for suspect in found.candidates]


@pytest.mark.parametrize(
    ("body", "carried"),
    [
        ("d = d * k", True),
        ("b[i] += d\nd = b[i] * k", True),
        ("b[i - 1] += b[i]", True),
        ("t = d * k\ntotal += t", False),
        ("g[i + 1] += k\ng[i] = k", False),
        ("d, t = t, d", True),
        ("g[n] = k\nn = n - 1", True),
    ],
)
def test_a_turn_that_reads_what_another_makes(body, carried):
    loop = ast.parse("for i in k:\n" + textwrap.indent(body, " ")).body[0]
    assert tried.carries(loop) is carried


def tree(text):
    return ast.parse(textwrap.dedent(text).strip()).body[0]


def edits(make, text, *rest):
    """The line that each edit is about, the lines that are new in it, what is said, and the names."""
    before = ast.unparse(tree(text)).splitlines()
    return [
        (
            line,
            "; ".join(one.strip() for one in ast.unparse(other).splitlines() if one not in before),
            said,
            names,
        )
        for line, other, said, names in make(tree(text), *rest)
    ]


def as_python_writes(targets):
    """Whether parentheses are around them differs from version to version."""
    return ast.unparse(tree(f"{targets} = 0"))[: -len(" = 0")]


LOOPS = """
def back(d, k, n):
    for i in k:
        d = d * i
    for i in k:
        e = d * i
    for t in range({}):
        d += t
"""


@pytest.mark.parametrize(
    ("given", "tried_there"),
    [
        ("n", ["n + 1", "n - 1", "1, n", "-1, n"]),
        ("3", ["4", "2", "1, 3", "-1, 3"]),
        ("2, n, 3", ["2, n + 1, 3", "2, n - 1, 3", "3, n, 3", "1, n, 3"]),
        ("n, 5", ["n, 6", "n, 4", "n + 1, 5", "n - 1, 5"]),
        ("*n", []),
    ],
)
def test_a_range_is_tried_with_a_turn_more_or_less_at_either_end(given, tried_there):
    assert edits(tried._with_other_turns, LOOPS.format(given)) == [
        (6, f"for t in range({there}):", f"with range({there}) there, every gradient is right", set())
        for there in tried_there
    ]


def test_a_loop_of_which_a_turn_reads_the_one_before_is_turned_and_no_other():
    assert edits(tried._turned, LOOPS.format("n")) == [
        (2, "for i in reversed(list(k)):", tried.TURNS, set()),
    ]


def test_names_of_one_call_get_one_each():
    text = """
    def back(x):
        a = b = np.zeros(3)
        c = np.zeros(3)
        d = e = x
        f = g = h = list(x)
    """
    said = "{} are one array there: with one for each, every gradient is right"
    assert edits(tried._with_one_each, text) == [
        (2, as_python_writes("a, b") + " = (np.zeros(3), np.zeros(3))", said.format("a and b"), set()),
        (
            5,
            as_python_writes("f, g, h") + " = (list(x), list(x), list(x))",
            said.format("f and g and h"),
            set(),
        ),
    ]


def test_lines_of_loops_are_tried_as_sums_and_sums_as_lines():
    text = """
    def back(x, w):
        d, e = x, w
        d += 1
        for t in x:
            d += t
            e -= t
            e *= t
            f = t
            f = 2 * t
            d[0] = t * 2
            d[0] = d[0] * 2
            e = e + 1
            w.a = t
            e = d = t
    """
    assert edits(tried._adding, text) == [
        (5, "d = t", tried.ADDS, set()),
        (5, "d -= t", tried.SIGN.format("-="), set()),
        (6, "e = t", tried.ADDS, set()),
        (6, "e += t", tried.SIGN.format("+="), set()),
        (9, "f = f + 2 * t", tried.OVERWRITES.format("line 8"), set()),
        (10, "d[0] = d[0] + t * 2", tried.OVERWRITES.format("line 5"), set()),
    ]


def test_two_names_that_are_taken_out_of_something_are_exchanged_unless_they_are_right_or_made():
    text = """
    def back(c):
        a, b, (d, e) = c
        f, g = a, b
        for i, j in c:
            h, k[0], m = j
    """
    assert edits(tried._exchanged, text, {"m"}) == [
        (2, as_python_writes("b, a, (d, e)") + " = c", tried.EXCHANGED.format("a", "b"), {"a", "b"}),
        (
            4,
            ast.unparse(tree("for j, i in c: pass")).splitlines()[0],
            tried.EXCHANGED.format("i", "j"),
            {"i", "j"},
        ),
        (2, as_python_writes("a, b, (e, d)") + " = c", tried.EXCHANGED.format("d", "e"), {"d", "e"}),
    ]
    assert edits(tried._exchanged, text, set())[-1][1] == as_python_writes("m, k[0], h") + " = j"
