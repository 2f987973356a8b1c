"""Right gradients that are returned in each other's places."""

import numpy as np
import pytest

from course_lib import find_line


def forward(x, low, high):
    return np.minimum(np.maximum(x, low), high) ** 2, (x, low, high)


def exchanged(dout, cache):
    x, low, high = cache
    dy = 2 * np.minimum(np.maximum(x, low), high) * dout
    dx = dy * ((x > low) & (x < high))
    dlow = np.sum(dy[x <= low])
    dhigh = np.sum(dy[x >= high])
    return dx, dhigh, dlow


def exchanged_and_wrong(dout, cache):
    x, low, high = cache
    dy = 2 * np.minimum(np.maximum(x, low), high) * dout
    dx = dy * (x > low)
    dlow = np.sum(dy[x <= low])
    dhigh = np.sum(dy[x >= high])
    return dx, dhigh, dlow


def beside(x, h):
    return np.concatenate([x, h]) ** 3, (x, h)


def parts_exchanged(dout, cache):
    x, h = cache
    d = 3 * np.concatenate([x, h]) ** 2 * dout
    return d[len(x) :], d[: len(x)]


def parts_exchanged_and_doubled(dout, cache):
    x, h = cache
    d = 3 * np.concatenate([x, h]) ** 2 * dout
    return 2 * d[len(x) :], d[: len(x)]


def by_key(x, y):
    f = x**2 * y
    dx = 2 * x * y
    dy = x**2
    return f, {"x": dy, "y": dx}


def by_keyword(x, y):
    f = x**2 * y
    dx = 2 * x * y
    dy = x**2
    return f, dict(x=dy, y=dx)  # noqa: C408 - the way in which it is written is what is asked for


def test_right_gradients_in_each_others_places_are_said_to_be_so():
    found = find_line(forward, exchanged, np.array([-1.3, -0.2, 0.4, 2.0, 0.7]), -0.7, 0.9)
    assert found.source == "return dx, dhigh, dlow"
    assert found.sentences == ("dhigh is the gradient of high, and is returned as that of low",)


@pytest.mark.parametrize("function", [by_key, by_keyword])
def test_a_dict_has_its_places_by_name(function):
    found = find_line(function, {"x": 0.7, "y": -1.3})
    assert (found.line, found.doubts) == (5, 0)
    assert found.sentences == ("dy is the gradient of y, and is returned as that of x",)


def test_parts_without_a_name_in_each_others_places():
    points = np.array([0.5, -1.2]), np.array([0.8, 2.0])
    found = find_line(beside, parts_exchanged, *points)
    assert (found.line, found.doubts) == (4, 0)
    assert found.sentences == ("the gradient of h is returned as that of x",)
    assert "is returned as that of" not in str(find_line(beside, parts_exchanged_and_doubled, *points))


def test_the_gradient_of_what_is_no_input_is_returned_in_nobodys_place():
    def through(x, y):
        z = x * y
        return np.sin(z), (x, z)

    def backward(dout, cache):
        x, z = cache
        dz = np.cos(z) * dout
        return dz, dz * x

    found = find_line(through, backward, np.array([0.3, 1.2]), np.array([0.7, -0.4]))
    assert "is returned as that of" not in str(found)


def test_where_more_is_wrong_the_places_do_not_explain_it():
    found = find_line(forward, exchanged_and_wrong, np.array([-1.3, -0.2, 0.4, 2.0, 0.7]), -0.7, 0.9)
    assert "is returned as that of" not in str(found)
