"""Functions of very large, very small and mixed inputs."""

import numpy as np

from course_lib import Cause
from gradcheck_catalogue.case import Case, ignoring_dout


def large(rng):
    def backward(dout, x, one=1.0):
        return (dout * (np.log(x) + one),)

    x = rng.uniform(0.5, 3, (3, 4)) * 1e6
    case = Case("large", lambda x: x * np.log(x), backward, {"x": x}, rng.normal(size=(3, 4)))
    case.add("+ 1 dropped", Cause.DROPPED_PATH, lambda d, x: backward(d, x, 0.0))
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, ignoring_dout(backward))
    case.add_usual("x")
    return case


def small(rng):
    k = 1e-6

    def backward(dout, x, through_denominator=1.0):
        return (dout * (2 * x / (x + k) - through_denominator * x**2 / (x + k) ** 2),)

    x = rng.uniform(0.5, 3, (3, 4)) * 1e-6
    case = Case("small", lambda x: x * x / (x + k), backward, {"x": x}, rng.normal(size=(3, 4)))
    case.add("path of the denominator dropped", Cause.DROPPED_PATH, lambda d, x: backward(d, x, 0.0))
    case.add("its sign", Cause.SIGN_OF_ONE_TERM, lambda d, x: backward(d, x, -1.0))
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, ignoring_dout(backward))
    case.add_usual("x")
    return case


def mixed(rng):
    def forward(u, v, w):
        return np.sum(np.tanh(u * 1e-6) * (w @ (v * 1e6)))

    def backward(dout, u, v, w):
        t, q = np.tanh(u * 1e-6), w @ (v * 1e6)
        return dout * (1 - t * t) * 1e-6 * q, dout * (w.T @ t) * 1e6, dout * np.outer(t, v * 1e6)

    inputs = {"u": rng.normal(size=6) * 1e6, "v": rng.normal(size=6) * 1e-6, "w": rng.normal(size=(6, 6))}
    case = Case("mixed", forward, backward, inputs, 1.0)
    case.add_changed("1e-6 forgotten in du", Cause.CONSTANT_FACTOR, "u", lambda g: g * 1e6)
    case.add_changed("du zero", Cause.ZERO, "u", np.zeros_like)
    case.add_changed("sign of du", Cause.SIGN, "u", np.negative)
    case.add_changed("dw transposed", Cause.TRANSPOSED, "w", np.transpose)
    case.add_usual("v")
    return case


CASES = [large, small, mixed]
