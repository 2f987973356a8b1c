"""One change of a wrong function that makes its gradients right: found, and said in words."""

import numpy as np
import pytest

from autograder.grader_side.repair.search import MOST, repair_here
from autograder.grader_side.repair.statements import changes
from course_lib import find_line
from course_lib.gradcheck.lines.edited import Draft
from course_lib.gradcheck.lines.question import question
from course_lib.gradcheck.lines.source import NotFollowed

rng = np.random.default_rng(0)
X, W, B = rng.normal(size=(4, 3)), rng.normal(size=(3, 2)), rng.normal(size=2)


def affine(x, w, b):
    return x @ w + b, (x, w)


def transposed(dout, cache):
    x, w = cache
    return dout @ w.T, (dout.T @ x), dout.sum(axis=0)


def no_sum(dout, cache):
    x, w = cache
    db = dout.mean(axis=0)
    return dout @ w.T, x.T @ dout, db


def gate(x):
    h = np.tanh(x)
    return h * np.maximum(x, 0), (x, h)


def no_mask(dout, cache):
    x, h = cache
    dh = dout * np.maximum(x, 0)
    dx = dout * h
    dx += dh * (1 - h * h)
    return dx


def overwritten(dout, cache):
    x, h = cache
    dh = dout * np.maximum(x, 0)
    dx = dout * h * (x > 0)
    dx = dh * (1 - h * h)
    return dx  # noqa: RET504


def wrong_sign(dout, cache):
    x, h = cache
    dh = dout * np.maximum(x, 0)
    dx = dout * h * (x > 0)
    dx -= dh * (1 - h * h)
    return dx


def two_slips(dout, cache):
    x, h = cache
    dh = -dout * np.maximum(x, 0)
    dx = 3 * dout * h * (x > 0)
    dx += dh * (1 - h)
    return dx


def repaired(forward, backward, *inputs):
    return repair_here(question(forward, (backward, *inputs), None, 0), find_line(forward, backward, *inputs))


@pytest.mark.parametrize(
    ("backward", "line", "after"),
    [
        (no_mask, 4, "dx = dout * h * (x > 0)"),
        (overwritten, 5, "dx += dh * (1 - h * h)"),
        (wrong_sign, 5, "dx += dh * (1 - h * h)"),
    ],
)
def test_a_slip_of_a_gate(backward, line, after):
    found = repaired(gate, backward, X)
    assert (found.line, found.after) == (line, after), found


def test_a_factor_that_is_missing_and_that_stands_in_forward():
    def gate_with_name(x):
        h, r = np.tanh(x), np.maximum(x, 0)
        return h * r, (x, h, r)

    def no_r(dout, cache):
        x, h, r = cache  # noqa: RUF059
        dh = dout
        return dout * h * (x > 0) + dh * (1 - h * h)

    found = repaired(gate_with_name, no_r, X)
    assert (found.line, found.after, found.words) == (3, "dh = dout * r", "times r")


def test_a_sum_and_a_shape():
    found = repaired(affine, no_sum, X, W, B)
    assert (found.line, found.after, found.words) == (3, "db = dout.sum(axis=0)", "sum in the place of mean")


def test_nothing_mends_two_slips_or_what_cannot_be_read():
    assert repaired(gate, two_slips, X) is None
    assert repaired(gate, lambda dout, cache: dout, X) is None


def test_a_hostile_text_is_bounded():
    long = "def f(x):\n" + "    x = x + x * x\n" * 900 + "    return x"
    assert len(changes([Draft("f", long, {"x": (3,)})], [], 0, MOST)) <= MOST
    with pytest.raises(NotFollowed):
        changes([Draft("f", "def f(x):\n    return " + "-" * 9000 + "x", {})], [], 0, MOST)
