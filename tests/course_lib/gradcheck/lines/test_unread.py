"""Names that backward gives a value and reads nowhere."""

from types import SimpleNamespace

import numpy as np
import pytest

from course_lib import find_line
from course_lib.gradcheck.lines.source import written
from course_lib.gradcheck.lines.unread import left_at_zero, unread

X, W = np.array([[0.3, -1.2], [0.8, 0.1], [-0.5, 0.9]]), np.array([[0.7, -0.4], [0.2, 1.1]])


def names_unread(*lines, ask=unread, wrong=""):
    source = written("\n    ".join(["def back(dout, x, w):", *lines, "return dx, dw"]) + "\n")
    subject = SimpleNamespace(name="back", sources={"back": source})
    asked = SimpleNamespace(subject=subject, values={"x": [], "w": []}, wrong=frozenset(wrong.split()))
    found = ask(asked)
    assert all(lines[one.line - 2].count(one.name) for one in found)
    return [one.name for one in found]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("slope = 1 - x", ["slope"]),
        ("mask: bool = x > 0", ["mask"]),
        ("minus = -x", ["minus"]),
        ("each = x if w else dx", ["each"]),
        ("size = len(x)", ["size"]),
        ("first = second = 2 * x", ["first", "second"]),
        ("total = 2 * x; again = lambda: total", []),
        ("part = dx[0]; part += 2 * x", []),  # which changes dx
        ("dx = 2 * x", []),
        ("_ = 2 * x", []),
        ("other = x", []),
        ("rows, columns = x.shape", []),
        ("mean = cache['mean']", []),
        ("self.x = 2 * x", []),
        ("loss, other = both(x, w)", []),
        ("loss, dw2, grad_x = both(x, w)", ["grad_x"]),
        ("[loss, w_grad] = both(x, w)", ["w_grad"]),
    ],
)
def test_what_is_computed_and_read_nowhere_is_found_of_several_results_the_gradients_alone(line, names):
    assert names_unread(line) == names


def test_such_a_line_is_named_and_what_it_makes_is_said_to_be_read_nowhere():
    def forward(x, w):
        return np.tanh(x @ w), (x, w)

    def backward(dout, cache):
        x, w = cache
        slope = 1 - np.tanh(x @ w) ** 2  # noqa: F841 (the slip)
        return dout @ w.T, x.T @ dout

    found = str(find_line(forward, backward, X, W))
    assert "or line 3:  slope = 1 - np.tanh(x @ w) ** 2" in found
    assert "slope, which line 3 makes, is read nowhere" in found


@pytest.mark.parametrize(
    ("lines", "wrong", "names"),
    [
        (["dw = np.zeros_like(w)"], "w", ["dw"]),
        (["dw = np.zeros_like(w)"], "x", []),  # which may be right
        (["dw = 0.0", "dx = dw * x"], "x", ["dw"]),
        (["dw = dx = np.zeros(3)", "y = -dx"], "w", ["dw", "dx"]),
        (["dw = other = 0", "y = 2 - other"], "x", []),  # no gradient by its name
        (["other = 0", "for k in x:", "    dx = other * k"], "x", ["other"]),  # which a loop should carry
        (["dw = np.ones(3)", "dw = 1.0", "dw = x"], "w", []),
        (["dw = 0.0", "dw += x"], "w", []),
        (["dw = 0.0", "dw = dw + x"], "w", []),
        (["dw = np.zeros(3)", "dw[0] = x"], "w", []),
        (["dw = np.zeros(3)", "add(dw, x)"], "w", []),
        (["dw = np.zeros(3)", "part = dw"], "w", ["dw"]),
        (["dw = np.zeros(3)", "part = dw", "part += x"], "w", []),
        (["dw = np.zeros(3)", "part = dw", "part[0] = x"], "w", []),
        (["dw = np.zeros(3)", "part = dw", "dw = part"], "w", []),
        (["dx, dw = 0.0, 0 * x"], "x w", ["dx"]),
        (["dx, dw = split(w)"], "x w", []),
        (["grad_x = 0.0"], "x", []),  # it is read nowhere
    ],
)
def test_a_gradient_that_is_zero_and_stays_so_is_found(lines, wrong, names):
    assert names_unread(*lines, ask=left_at_zero, wrong=wrong) == names


def test_what_stays_zero_where_a_line_is_missing_is_said():
    def forward(x, w):
        kept = [0.0]
        for one in x:
            kept.append(np.tanh(one + w * kept[-1]))
        return kept[-1], (x, kept)

    def backward(dout, cache):
        x, kept = cache
        dx, dw = np.zeros_like(x), 0.0
        dh = 0.0
        for k in range(len(x) - 1, -1, -1):
            da = (dh + dout * (k == len(x) - 1)) * (1 - kept[k + 1] ** 2)
            dx[k] = da
            dw += da * kept[k]
        return dx, dw

    told = str(find_line(forward, backward, X[:, 0], 0.7))
    assert "line 4:  dh = 0.0" in told
    assert "dh, which line 4 makes zero, stays zero" in told
