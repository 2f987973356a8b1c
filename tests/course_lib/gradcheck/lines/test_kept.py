"""Values that backward takes out of the cache and that forward has otherwise."""

import numpy as np

from course_lib import find_line

X = np.random.default_rng(0).normal(size=(3, 2))


def test_the_line_that_keeps_another_value_is_named():
    def forward(x):
        out = np.tanh(x)
        return out, x

    def backward(dout, cache):
        out = cache
        return dout * (1 - out**2)

    found = find_line(forward, backward, X)
    assert (found.function, found.source) == ("forward", "return out, x")
    assert "out is another value there than in forward" in str(found)


def test_of_an_order_that_differs_both_sides_are_named():
    def forward(x, y):
        return x * y, (y, x)

    def backward(dout, cache):
        x, y = cache
        return dout * y, dout * x

    found = find_line(forward, backward, X, X + 1)
    assert found.doubts == 1
    assert {suspect.source for suspect in found.candidates[:2]} == {"x, y = cache", "return x * y, (y, x)"}
