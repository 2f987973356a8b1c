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


def test_a_value_that_forward_makes_anew_counts_as_it_is_in_the_end():
    def forward(x):
        scale = x * 0.5
        scale = np.tanh(scale)
        return scale, x

    def backward(dout, cache):
        scale = cache
        return dout * (1 - scale**2) * 0.5

    found = find_line(forward, backward, X)
    assert found.source == "return scale, x"
    assert (
        found.sentences[0]
        == "scale is another value there than in forward; with that, every gradient is right"
    )
    assert found.doubts == 0


def test_where_forward_keeps_the_right_value_too_the_line_that_takes_it_out_is_named():
    def forward(x):
        out = np.tanh(x)
        return out, (x, out)

    def backward(dout, cache):
        out = cache[0]
        return dout * (1 - out**2)

    found = find_line(forward, backward, X)
    assert (found.function, found.source) == ("backward", "out = cache[0]")


def test_a_value_that_mends_nothing_is_not_blamed():
    def forward(x):
        out = np.tanh(x)
        return out, x

    def backward(dout, cache):
        out = cache
        return dout * (1 - out**3)

    found = find_line(forward, backward, X)
    assert "another value there than in forward" not in str(found)
