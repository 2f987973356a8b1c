"""Points for tests of one room alone."""

import numpy as np

from course_lib.gradcheck.pairs import CachedPair
from course_lib.gradcheck.point import Point
from course_lib.gradcheck.problem import Problem


def point_of(forward, *inputs, dout=None, backward=lambda dout, cache: dout):
    """Return the point of a function at some inputs; the upstream gradient is one unless given."""
    names = [f"x{i}" for i in range(len(inputs))]
    problem = Problem(CachedPair(forward, backward), inputs, names, "f")
    out = problem.forward(problem.inputs)[0]
    out = np.array(out, dtype=float)
    return Point.of(problem, out, np.ones(out.shape) if dout is None else np.reshape(dout, out.shape) * 1.0)
