"""Loops that may never end: found where a function reaches them, and bounded in steps."""

import itertools
import sys
from functools import partial

import numpy as np
import pytest

from course_lib import find_line
from course_lib.gradcheck.lines import bounded
from course_lib.gradcheck.lines.tape import TooLong

pytestmark = pytest.mark.skipif(
    sys.gettrace() is not None, reason="a debugger or a coverage tool traces: nothing is bounded beside it"
)


def halved(x, n):
    while n != 1:
        x, n = x / 2, n // 2
    return x


def counted(x):
    for k in itertools.count():
        x = x / 2
        if k > x:
            break
    return x


def summed(xs):
    total = 0.0
    for x in xs:
        if x < 0:
            continue
        total += sum(y for y in (x, x) if y)
    return total


LONG = "def long(xs):\n    for x in xs:\n" + "        x = (x + 1) * (x + 2)\n" * 60 + "    return x"


class Layer:
    def __init__(self, inside=None):
        self.inside = [inside]

    @staticmethod
    def halved(x):
        return halved(x, 4)

    def forward(self, x):
        return x


class Plain:
    def forward(self, x):
        return summed(x)


def closed(f):
    return lambda x: f(x)


@pytest.mark.parametrize(
    ("value", "waits"),
    [
        (halved, True),
        (counted, True),
        (summed, False),
        (lambda x: halved(x, 2), True),
        (lambda x: [halved(one, 2) for one in x], True),
        (closed(counted), True),
        (closed(summed), False),
        (partial(summed, [1]), False),
        (partial(print, counted), True),
        (partial(print, key=counted), True),
        (Layer().forward, True),
        (Plain().forward, False),
        (Layer, True),
        (Plain, False),
        ({"a": [summed, (counted,)]}, True),
        (Plain(), False),
        (np.mean, False),
        (itertools.count, False),
        (3.0, False),
    ],
)
def test_loops_that_may_have_no_end_are_found_where_they_are_reached(value, waits):
    assert bounded.may_wait(value) is waits


def test_what_an_object_holds_is_looked_through():
    plain = Plain()
    plain.inside = [Plain(), counted]
    assert bounded.may_wait(plain.forward) is True


class Elsewhere:
    """Stands for a function of another process, which is asked whatever is read of it."""

    __class__ = type(halved)

    def __getattr__(self, name):
        raise AssertionError(f"asked for {name}")


def test_what_stands_for_something_elsewhere_is_not_asked():
    assert bounded.may_wait(Elsewhere(), [Elsewhere()], partial(summed, Elsewhere())) is False


def test_a_long_loop_begins_with_more_steps_and_is_none_of_them():
    space = {}
    exec(LONG, space)
    assert bounded.may_wait(space["long"]) is False


def test_a_loop_without_an_end_ends_and_others_do_not():
    with bounded.bounded():
        assert halved(8.0, 8) == 1.0
        assert summed([1.0] * 2 * bounded.MOST_STEPS) == 4.0 * bounded.MOST_STEPS
    with pytest.raises(TooLong), bounded.bounded():
        halved(1.0, 0)
    assert sys.gettrace() is None


def test_who_traces_already_goes_on():
    def tracing(*_):
        return None

    sys.settrace(tracing)
    try:
        with bounded.bounded():
            assert sys.gettrace() is tracing
        assert sys.gettrace() is tracing
    finally:
        sys.settrace(None)


def squared(x):
    return x * x / 4, (x, 4.0)


def squared_backward(dout, cache):
    a, b = cache
    part = halved(1.0, b)
    return dout * part * a * 3


def waiting_for_another(dout, cache):
    a, n = cache
    part = 1.0
    while n != 1:
        part, n = part / 2, n // 2
    return dout * part * a * 3


@pytest.mark.parametrize("backward", [squared_backward, waiting_for_another])
def test_what_would_wait_for_ever_with_another_line_is_given_up(backward):
    found = find_line(squared, backward, 0.5)  # with a and b, or n, exchanged, n never is 1
    assert "dout * part * a * 3" in [suspect.source[7:] for suspect in found.candidates]
