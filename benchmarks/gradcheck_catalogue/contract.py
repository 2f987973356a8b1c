"""Right numbers from functions that break the contract: changed arguments, other shapes and the like."""

import numpy as np

from course_lib import Cause
from gradcheck_catalogue.case import Case


def affine(dout, x, W, b):
    return dout @ W.T, x.T @ dout, dout.sum(axis=0)


def affine_case(rng):
    inputs = {"x": rng.normal(size=(6, 4)), "W": rng.normal(size=(4, 5)), "b": rng.normal(size=5)}
    return Case("contract", lambda x, W, b: x @ W + b, affine, inputs, rng.normal(size=(6, 5)))


def changed_arguments(rng):
    def zeroing(dout, x, W, b):
        gradients = affine(dout, x, W, b)
        dout[...] = 0
        return gradients

    def in_the_cache(dout, x, W, b):
        gradients = affine(dout, x, W, b)
        x *= 0.5
        return gradients

    case = affine_case(rng)
    case.add("dout zeroed in place", Cause.MUTATED, zeroing)
    case.add("cached input halved in place", Cause.MUTATED, in_the_cache)
    return case


def shapes_and_types(rng):
    case = affine_case(rng)
    case.add_changed("db of shape (1, M)", Cause.WRONG_SHAPE, "b", lambda g: g[None])
    case.add_changed("db of shape (M, 1)", Cause.WRONG_SHAPE, "b", lambda g: g[:, None])
    case.add_changed("dW transposed", Cause.WRONG_SHAPE, "W", np.transpose)
    case.add("db not summed", Cause.WRONG_SHAPE, lambda d, *i: (*affine(d, *i)[:2], d * 1.0))
    case.add_changed("dW of integers", Cause.WRONG_DTYPE, "W", lambda g: g.astype(int))
    case.add_changed("dW of float32", Cause.FLOAT32, "W", lambda g: g.astype(np.float32))
    case.add_changed("nan in dx", Cause.NON_FINITE, "x", lambda g: np.where(g == g.max(), np.nan, g))
    case.add("one gradient short", Cause.WRONG_COUNT, lambda d, *i: affine(d, *i)[:2])
    return case


def upstream(rng):
    case = affine_case(rng)
    dout = case.dout
    case.add("always the same dout", Cause.UPSTREAM_IGNORED, lambda d, *i: affine(dout, *i))
    case.add("dout squared", Cause.UPSTREAM_MISUSED, lambda d, *i: affine(d * np.abs(d), *i))
    return case


def stale(rng):
    """A backward that reads what the last forward call left behind."""
    case = affine_case(rng)
    last = {}

    def forward(x, W, b):
        last["inputs"] = (x, W, b)
        return x @ W + b

    case.forward = forward
    case.add("last forward's inputs", Cause.FOREIGN_CACHE, lambda d, *i: affine(d, *last["inputs"]))
    return case


def noisy(rng):
    """A forward with fresh noise in each call; its backward is right for the noiseless function."""
    noise = np.random.default_rng(0)
    case = affine_case(rng)
    quiet = case.forward
    case.forward = lambda *i: quiet(*i) * (1 + 1e-3 * noise.normal())
    case.add("noise in forward", Cause.NOT_DETERMINISTIC, affine)
    return case


#: The last one has no right backward.
CASES = [changed_arguments, shapes_and_types, upstream, stale, noisy]
