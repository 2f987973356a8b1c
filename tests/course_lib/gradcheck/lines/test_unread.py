"""Names that backward gives a value and reads nowhere."""

from types import SimpleNamespace

import numpy as np
import pytest

from course_lib import find_line
from course_lib.gradcheck.lines.source import written
from course_lib.gradcheck.lines.unread import unread

X, W = np.array([[0.3, -1.2], [0.8, 0.1], [-0.5, 0.9]]), np.array([[0.7, -0.4], [0.2, 1.1]])


def names_unread(*lines):
    source = written("\n    ".join(["def back(dout, x, w):", *lines, "return dx, dw"]) + "\n")
    subject = SimpleNamespace(name="back", sources={"back": source})
    found = unread(SimpleNamespace(subject=subject, values={"x": [], "w": []}))
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
