"""Slips in answers to assignment 5, in hands of their own."""

from slips.slip import Slip, slip, written
from slips.words import FACTOR, LOCAL, MASK, SCALE, SHAPE, SUM, UPSTREAM, VALUE

ADD_MULTIPLY = """
def add_rule(x, y):
    def back(g):
        return unbroadcast(g, x.shape), unbroadcast(g, y.shape)

    return x + y, back


def multiply_rule(x, y):
    def back(g):
        gx, gy = g * y, g * x
        return unbroadcast(gx, x.shape), unbroadcast(gy, y.shape)

    return x * y, back
"""

ELEMENTWISE = """
def power_rule(x, exponent):
    def back(g):
        local = np.zeros_like(x) if exponent == 0 else exponent * x ** (exponent - 1)
        return (np.multiply(g, local),)

    return x**exponent, back


def exp_rule(x):
    return (grown := np.exp(x)), lambda g: (grown * g,)


def log_rule(x):
    return np.log(x), lambda g: (x**-1.0 * g,)


def relu_rule(x):
    passes = (x > 0).astype(float)
    return passes * x, lambda g: (passes * g,)
"""

MATMUL_SUM = """
def matmul_rule(x, y):
    def back(g):
        gx = np.einsum("nm,km->nk", g, y)
        gy = np.einsum("nk,nm->km", x, g)
        return gx, gy

    return x @ y, back


def sum_rule(x, axis=None, keepdims=False):
    def back(g):
        if axis is not None and not keepdims:
            g = np.expand_dims(g, axis)
        return (np.zeros_like(x) + g,)

    return np.sum(x, axis=axis, keepdims=keepdims), back
"""

SLIPS: dict[str, list[Slip]] = {
    "02_add_multiply": written(
        ADD_MULTIPLY,
        slip("each its own", "gx, gy = g * y, g * x", "gx, gy = g * x, g * y", "swapped arguments"),
        slip(
            "no upstream for y",
            "gx, gy = g * y, g * x",
            "gx, gy = g * y, x",
            f"{UPSTREAM}, {SHAPE}, {SUM}",
        ),
    ),
    "02_elementwise": written(
        ELEMENTWISE,
        slip("the exponent stays", "exponent * x ** (exponent - 1)", "exponent * x**exponent", LOCAL),
        slip("no factor", "exponent * x ** (exponent - 1)", "x ** (exponent - 1)", f"{FACTOR}, {SCALE}"),
        slip("log of log", "x**-1.0 * g", "np.log(x) * g", LOCAL),
        slip("exp of x times x", "grown * g", "grown * x * g", LOCAL),
        slip("a wrong mask", "passes = (x > 0)", "passes = (x < 1)", f"{LOCAL}, {MASK}, {VALUE}", says="z"),
    ),
    "02_matmul_sum": written(
        MATMUL_SUM,
        slip("x on the wrong side", '"nk,nm->km", x, g', '"nk,nm->km", x * 2, g', FACTOR),
        slip("a mean", "np.zeros_like(x) + g", "(np.zeros_like(x) + g) / x.size", SCALE),
        slip(
            "ones added",
            "np.zeros_like(x) + g",
            "np.ones_like(x) + g",
            f"{LOCAL}, not proportional to the upstream gradient, upstream gradient ignored",
        ),
    ),
}
