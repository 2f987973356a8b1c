"""Lines that are told by what would have to stand there, not by a name."""

import numpy as np

from course_lib import find_line

RNG = np.random.default_rng(0)
MAXOUT = [RNG.normal(size=shape) for shape in ((5, 4), (4, 3), (3,), (4, 3), (3,))]


def maxout_forward(x, w1, b1, w2, b2):
    first, second = x @ w1 + b1, x @ w2 + b2
    return np.maximum(first, second), (x, w1, w2, first >= second)


def test_two_values_of_one_line_are_told_together():
    def backward(dout, cache):
        x, w1, w2, _ = cache
        d1, d2 = dout, dout
        dx = d1 @ w1.T + d2 @ w2.T
        return dx, x.T @ d1, d1.sum(axis=0), x.T @ d2, d2.sum(axis=0)

    assert find_line(maxout_forward, backward, *MAXOUT).source == "d1, d2 = dout, dout"


def test_where_one_gradient_is_asked_for_the_line_that_it_builds_on_is_named_as_well():
    def forward(x):
        return maxout_forward(x, *MAXOUT[1:])

    def backward(dout, cache):
        _, w1, w2, _ = cache
        d1, d2 = dout, dout
        return d1 @ w1.T + d2 @ w2.T

    found = find_line(forward, backward, MAXOUT[0])
    assert found.doubts
    assert "if it is none named below" in str(found)
    assert "or line 3:  d1, d2 = dout, dout" in str(found)


def test_a_local_derivative_is_told_by_two_upstream_gradients():
    def backward(dout, cache):
        x, out = cache
        slope = 1 - np.abs(out)
        return 2 * dout * x * slope

    found = find_line(tanh_of_square, backward, RNG.normal(size=(3, 4)))
    assert found.source == "slope = 1 - np.abs(out)"


def tanh_of_square(x):
    out = np.tanh(x**2)
    return out, (x, out)


def test_a_value_that_is_summed_along_another_axis_is_told():
    def forward(x):
        length = np.sqrt(np.sum(x**2, axis=1, keepdims=True))
        return x / length, (x / length, length)

    def backward(du, cache):
        u, length = cache
        along = np.sum(u * du, axis=0, keepdims=True)
        return (du - along * u) / length

    found = find_line(forward, backward, RNG.normal(size=(4, 3)))
    assert found.source == "along = np.sum(u * du, axis=0, keepdims=True)"
