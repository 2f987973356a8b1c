"""Functions in which a wrong line is searched for, as students write them, and how what is told is read."""

from binascii import a2b_base64

import numpy as np

X = np.array([[0.5, -1.0, 2.0], [3.0, 0.1, -0.7]])
FIRST = 40


def stepping(x, turns):
    for _ in range(turns):
        x = x + 1.0
    return x


def square(x):
    y = x * x
    return y, (x,)


def wrong(dout, cache):
    (x,) = cache
    slope = 3 * x
    return dout * slope


class Gate:
    def forward(self, x):
        y = x * x
        return y, (x,)

    def other(self, x):
        y = 5 * x
        return y  # noqa: RET504 (lines are looked for by their names)


def result_of(said):
    """The numbers of what a traced call returned."""
    return np.frombuffer(a2b_base64(said["result"]["bytes"]), "<f8")
