"""Points for tests of one room alone."""

import numpy as np
import pytest

from course_lib.gradcheck.pairs import CachedPair
from course_lib.gradcheck.point import Point
from course_lib.gradcheck.problem import Problem
from course_lib.gradcheck.stepping import Slopes


def point_of(forward, *inputs, dout=None, backward=lambda dout, cache: dout):
    """Return the point of a function at some inputs; the upstream gradient is one unless given."""
    names = [f"x{i}" for i in range(len(inputs))]
    problem = Problem(CachedPair(forward, backward), inputs, names, "f")
    out = problem.forward(problem.inputs)[0]
    out = np.array(out, dtype=float)
    return Point.of(problem, out, np.ones(out.shape) if dout is None else np.reshape(dout, out.shape) * 1.0)


def digits_of(expected, rel=1e-6):
    """What is equal in its digits, however small: to `approx`, all numbers below 1e-12 are equal."""
    return pytest.approx(expected, rel=rel, abs=0)


def slopes_of(step, left, right, noise=0.0, rounding=None, **others):
    """Return slopes of which the one-sided ones, output by output, are given."""
    left, right = np.atleast_1d(left) * 1.0, np.atleast_1d(right) * 1.0
    noise = np.broadcast_to(noise, left.shape) * 1.0
    known = {
        "central": float((left + right).sum()) / 2,
        "low": float(np.minimum(left, right).sum()),
        "high": float(np.maximum(left, right).sum()),
        "rounding": float(6 * np.sqrt((noise**2).sum())) if rounding is None else rounding,
    }
    return Slopes(
        step, outputs=(left + right) / 2, right=right, left=left, noise=noise, **{**known, **others}
    )
