"""Functions of sequences and grids."""

import numpy as np

from course_lib import Cause
from gradcheck_catalogue.case import Case, ignoring_dout
from gradcheck_catalogue.units import sigmoid


def moving_average(rng):
    width = 3

    def forward(x):
        return sum(x[i : len(x) - width + 1 + i] for i in range(width)) / width

    def backward(dout, x, parts=range(width), scale=1 / width):
        gradient = np.zeros_like(x)
        for i in parts:
            gradient[i : len(x) - width + 1 + i] += dout * scale
        return (gradient,)

    def overwriting(dout, x):
        gradient = np.zeros_like(x)
        for i in range(width):
            gradient[i : len(x) - width + 1 + i] = dout / width
        return (gradient,)

    case = Case("moving_average", forward, backward, {"x": rng.normal(size=(9, 2))}, rng.normal(size=(7, 2)))
    case.add("overwritten where windows overlap", Cause.OVERWRITTEN, overwriting)
    case.add(
        "first of the window only", Cause.DROPPED_PATH | Cause.OVERWRITTEN, lambda d, x: backward(d, x, (0,))
    )
    case.add("not averaged", Cause.SCALE_N | Cause.CONSTANT_FACTOR, lambda d, x: backward(d, x, scale=1.0))
    case.add("one to the left", Cause.OFF_BY_ONE, lambda d, x: (np.roll(backward(d, x)[0], -1, axis=0),))
    case.add_usual("x")
    return case


def average_pool(rng):
    def forward(x):
        return x.reshape(3, 3, 2, 3, 2).mean(axis=(2, 4))

    def backward(dout, x):
        return (np.repeat(np.repeat(dout, 2, axis=1), 2, axis=2) / 4,)

    case = Case(
        "average_pool", forward, backward, {"x": rng.normal(size=(3, 6, 6))}, rng.normal(size=(3, 3, 3))
    )
    case.add(
        "not divided by the window",
        Cause.SCALE_N | Cause.CONSTANT_FACTOR,
        lambda d, x: (4 * backward(d, x)[0],),
    )
    case.add("divided by its side", Cause.FACTOR_2, lambda d, x: (2 * backward(d, x)[0],))
    case.add_changed(
        "rows and columns exchanged", Cause.TRANSPOSED | Cause.WRONG_AXIS, "x", lambda g: g.swapaxes(1, 2)
    )
    case.add(
        "first of the window only", Cause.ZERO_IN_PART, lambda d, x: (backward(d, x)[0] * corner(x.shape),)
    )
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, ignoring_dout(backward))
    case.add_usual("x")
    return case


def corner(shape):
    """A mask of the upper left entry of each 2 x 2 window."""
    mask = np.zeros(shape)
    mask[:, ::2, ::2] = 1
    return mask


def lstm_cell(rng):
    def gates(z):
        i, f, o, g = np.split(z, 4, axis=1)
        return sigmoid(i), sigmoid(f), sigmoid(o), np.tanh(g)

    def forward(z, c):
        i, f, o, g = gates(z)
        return o * np.tanh(f * c + i * g)

    def backward(dout, z, c, through_cell=1.0, tanh_slope=True, order=(0, 1, 2, 3)):
        i, f, o, g = gates(z)
        t = np.tanh(f * c + i * g)
        dc = dout * o * ((1 - t**2) if tanh_slope else 1.0) * through_cell
        parts = [dc * g * i * (1 - i), dc * c * f * (1 - f), dout * t * o * (1 - o), dc * i * (1 - g**2)]
        return np.concatenate([parts[p] for p in order], axis=1), dc * f

    inputs = {"z": rng.normal(size=(4, 12)), "c": rng.normal(size=(4, 3))}
    case = Case("lstm_cell", forward, backward, inputs, rng.normal(size=(4, 3)))
    case.add("cell's tanh forgotten", Cause.LOCAL_DERIVATIVE, lambda d, *i: backward(d, *i, tanh_slope=False))
    case.add(
        "only the output gate",
        Cause.ZERO_IN_PART | Cause.DROPPED_PATH | Cause.ZERO,
        lambda d, *i: backward(d, *i, through_cell=0.0),
    )
    case.add_changed("dc reversed", Cause.SIGN, "c", np.negative)
    case.add(
        "dc overwritten by the batch mean",
        Cause.WRONG_SUM | Cause.LOCAL_DERIVATIVE,
        lambda d, z, c: (
            backward(d, z, c)[0],
            np.broadcast_to(backward(d, z, c)[1].mean(axis=0), c.shape) * 1.0,
        ),
    )
    case.add_usual("z")
    return case


def causal_product(rng):
    """A lower triangular matrix product: each row sees the rows up to itself."""

    def forward(scores, values):
        return np.tril(scores) @ values

    def backward(dout, scores, values, mask=np.tril, transpose=True):
        lower = np.tril(scores)
        return mask(dout @ values.T), (lower.T if transpose else lower) @ dout

    inputs = {"scores": rng.normal(size=(5, 5)), "values": rng.normal(size=(5, 3))}
    case = Case("causal_product", forward, backward, inputs, rng.normal(size=(5, 3)))
    case.add("mask forgotten", Cause.MISSING_MASK, lambda d, *i: backward(d, *i, mask=lambda g: g))
    case.add(
        "mask of the other half",
        Cause.INVERTED_MASK | Cause.MASK_FROM_WRONG_TENSOR,
        lambda d, *i: backward(d, *i, mask=np.triu),
    )
    case.add(
        "strictly lower mask",
        Cause.ZERO_IN_PART | Cause.OFF_BY_ONE,
        lambda d, *i: backward(d, *i, mask=lambda g: np.tril(g, -1)),
    )
    case.add(
        "dvalues without transpose", Cause.TRANSPOSED_OPERAND, lambda d, *i: backward(d, *i, transpose=False)
    )
    case.add_usual("values")
    return case


CASES = [moving_average, average_pool, lstm_cell, causal_product]
