"""Affine maps, products and broadcasting, with every dimension equal so that a wrong shape cannot give them
away.
"""

import numpy as np

from course_lib import Cause
from gradcheck_catalogue.case import Case


def affine(rng):
    def backward(dout, x, W, b):
        return dout @ W.T, x.T @ dout, dout.sum(axis=0)

    inputs = {"x": rng.normal(size=(5, 5)), "W": rng.normal(size=(5, 5)), "b": rng.normal(size=5)}
    case = Case("affine", lambda x, W, b: x @ W + b, backward, inputs, rng.normal(size=(5, 5)))
    case.add_changed("dW transposed", Cause.TRANSPOSED, "W", np.transpose)
    case.add(
        "dx with W for its transpose",
        Cause.TRANSPOSED_OPERAND,
        lambda d, x, W, b: (d @ W, x.T @ d, d.sum(axis=0)),
    )
    case.add("db over the wrong axis", Cause.WRONG_AXIS, lambda d, x, W, b: (d @ W.T, x.T @ d, d.sum(axis=1)))
    case.add("db averaged", Cause.SCALE_N, lambda d, x, W, b: (d @ W.T, x.T @ d, d.mean(axis=0)))
    case.add("db of the last row", Cause.OVERWRITTEN, lambda d, x, W, b: (d @ W.T, x.T @ d, d[-1] * 1.0))
    case.add_usual("W")
    return case


def product(rng):
    def backward(dout, A, B):
        return dout @ B.T, A.T @ dout

    inputs = {"A": rng.normal(size=(4, 4)), "B": rng.normal(size=(4, 4))}
    case = Case("product", lambda A, B: A @ B, backward, inputs, rng.normal(size=(4, 4)))
    case.add("dA with B for its transpose", Cause.TRANSPOSED_OPERAND, lambda d, A, B: (d @ B, A.T @ d))
    case.add("dB with A for its transpose", Cause.TRANSPOSED_OPERAND, lambda d, A, B: (d @ B.T, A @ d))
    case.add_changed("dB transposed", Cause.TRANSPOSED, "B", np.transpose)
    case.add("in the wrong order", Cause.SWAPPED_ARGUMENTS, lambda d, A, B: (A.T @ d, d @ B.T))
    case.add_usual("A")
    return case


def broadcast_sum(rng):
    def backward(dout, a, row, column):
        return dout * 1.0, dout.sum(axis=0), dout.sum(axis=1, keepdims=True)

    inputs = {"a": rng.normal(size=(5, 5)), "row": rng.normal(size=5), "column": rng.normal(size=(5, 1))}
    case = Case(
        "broadcast_sum", lambda a, row, column: a + row + column, backward, inputs, rng.normal(size=(5, 5))
    )
    case.add(
        "drow over the wrong axis",
        Cause.WRONG_AXIS,
        lambda d, *i: (d * 1.0, d.sum(axis=1), d.sum(axis=1)[:, None]),
    )
    case.add(
        "dcolumn over the wrong axis",
        Cause.WRONG_AXIS,
        lambda d, *i: (d * 1.0, d.sum(axis=0), d.sum(axis=0)[:, None]),
    )
    case.add_changed("drow averaged", Cause.SCALE_N, "row", lambda g: g / 5)
    case.add(
        "drow of the last row",
        Cause.OVERWRITTEN,
        lambda d, *i: (d * 1.0, d[-1] * 1.0, d.sum(axis=1)[:, None]),
    )
    case.add(
        "dcolumn of the first column",
        Cause.OVERWRITTEN,
        lambda d, *i: (d * 1.0, d.sum(axis=0), d[:, :1] * 1.0),
    )
    case.add_usual("row")
    return case


def squared_norm(rng):
    def backward(dout, W, x):
        q = W @ x
        return 2 * dout * np.outer(q, x), 2 * dout * W.T @ q

    inputs = {"W": rng.normal(size=(4, 4)), "x": rng.normal(size=4)}
    case = Case("squared_norm", lambda W, x: np.sum((W @ x) ** 2), backward, inputs, rng.normal())
    case.add_changed("2 forgotten in dW", Cause.FACTOR_2, "W", lambda g: g / 2)
    case.add_changed("dW transposed", Cause.TRANSPOSED, "W", np.transpose)
    case.add(
        "dx with W for its transpose",
        Cause.TRANSPOSED_OPERAND,
        lambda d, W, x: (backward(d, W, x)[0], 2 * d * W @ (W @ x)),
    )
    case.add_usual("x")
    return case


def single_precision(rng):
    """A small layer with float32 inputs."""

    def backward(dout, x, W):
        d = dout * (1 - np.tanh(x @ W) ** 2)
        return d @ W.T, x.T @ d

    inputs = {"x": np.float32(rng.normal(size=(4, 4))), "W": np.float32(rng.normal(size=(4, 4)))}
    case = Case(
        "single_precision", lambda x, W: np.tanh(x @ W), backward, inputs, np.float32(rng.normal(size=(4, 4)))
    )
    case.add_changed("dW transposed", Cause.TRANSPOSED, "W", np.transpose)
    case.add_changed("sign of dW", Cause.SIGN, "W", np.negative)
    case.add_changed("dW doubled", Cause.FACTOR_2, "W", lambda g: 2 * g)
    return case


CASES = [affine, product, broadcast_sum, squared_norm, single_precision]
