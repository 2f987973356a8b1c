"""Products of arrays, and attention."""

import numpy as np

from course_lib import Cause
from gradcheck_catalogue.case import Case, ignoring_dout


def batched_product(rng):
    def forward(a, b):
        return np.einsum("nij,njk->nik", a, b)

    def backward(dout, a, b):
        return np.einsum("nik,njk->nij", dout, b), np.einsum("nij,nik->njk", a, dout)

    inputs = {"a": rng.normal(size=(2, 4, 4)), "b": rng.normal(size=(2, 4, 4))}
    case = Case("batched_product", forward, backward, inputs, rng.normal(size=(2, 4, 4)))
    case.add(
        "da with b for its transpose",
        Cause.TRANSPOSED_OPERAND,
        lambda d, a, b: (np.einsum("nik,nkj->nij", d, b), backward(d, a, b)[1]),
    )
    case.add(
        "db with a for its transpose",
        Cause.TRANSPOSED_OPERAND,
        lambda d, a, b: (backward(d, a, b)[0], np.einsum("nji,nik->njk", a, d)),
    )
    case.add_changed("db transposed", Cause.TRANSPOSED, "b", lambda g: g.swapaxes(1, 2))
    case.add("in the wrong order", Cause.SWAPPED_ARGUMENTS, lambda d, a, b: backward(d, a, b)[::-1])
    case.add_usual("a")
    return case


def bilinear(rng):
    def forward(x, matrix, y):
        return np.einsum("ni,ij,nj->n", x, matrix, y)

    def backward(dout, x, matrix, y):
        d = dout[:, None]
        return d * (y @ matrix.T), (d * x).T @ y, d * (x @ matrix)

    inputs = {"x": rng.normal(size=(6, 4)), "matrix": rng.normal(size=(4, 4)), "y": rng.normal(size=(6, 4))}
    case = Case("bilinear", forward, backward, inputs, rng.normal(size=6))
    case.add_changed("dmatrix transposed", Cause.TRANSPOSED, "matrix", np.transpose)
    case.add(
        "dx with the matrix for its transpose",
        Cause.TRANSPOSED_OPERAND,
        lambda d, x, m, y: (d[:, None] * (y @ m), *backward(d, x, m, y)[1:]),
    )
    case.add(
        "dx and dy exchanged",
        Cause.SWAPPED_ARGUMENTS,
        lambda d, x, m, y: backward(d, x, m, y)[::-1],
    )
    case.add_changed("dmatrix averaged", Cause.SCALE_N, "matrix", lambda g: g / 6)
    case.add(
        "dmatrix of the last sample",
        Cause.OVERWRITTEN,
        lambda d, x, m, y: (backward(d, x, m, y)[0], d[-1] * np.outer(x[-1], y[-1]), backward(d, x, m, y)[2]),
    )
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, ignoring_dout(backward))
    case.add_usual("y")
    return case


def attention(rng):
    def weights(q, k):
        scores = q @ k.T / 2
        e = np.exp(scores - scores.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def forward(q, k, v):
        return weights(q, k) @ v

    def backward(dout, q, k, v, scale=0.5, shared=1.0, transpose=False):
        p = weights(q, k)
        dp = dout @ v.T
        ds = p * (dp - shared * (dp * p).sum(axis=1, keepdims=True)) * scale
        return ds @ k, (ds if transpose else ds.T) @ q, p.T @ dout

    shape = (5, 4)
    inputs = {name: rng.normal(size=shape) for name in ("q", "k", "v")}
    case = Case("attention", forward, backward, inputs, rng.normal(size=shape))
    case.add("1/sqrt(d) forgotten", Cause.FACTOR_2, lambda d, *i: backward(d, *i, scale=1.0))
    case.add("softmax's sum constant", Cause.DROPPED_PATH, lambda d, *i: backward(d, *i, shared=0.0))
    case.add(
        "dk with ds for its transpose",
        Cause.TRANSPOSED_OPERAND,
        lambda d, *i: backward(d, *i, transpose=True),
    )
    case.add(
        "dv with p for its transpose",
        Cause.TRANSPOSED_OPERAND,
        lambda d, q, k, v: (*backward(d, q, k, v)[:2], weights(q, k) @ d),
    )
    case.add(
        "dq and dk exchanged",
        Cause.SWAPPED_ARGUMENTS,
        lambda d, *i: tuple(backward(d, *i)[j] for j in (1, 0, 2)),
    )
    case.add_usual("v")
    return case


def squared_distances(rng):
    def forward(x, y):
        return ((x[:, None] - y[None]) ** 2).sum(axis=2)

    def backward(dout, x, y):
        d = 2 * dout[:, :, None] * (x[:, None] - y[None])
        return d.sum(axis=1), -d.sum(axis=0)

    inputs = {"x": rng.normal(size=(5, 3)), "y": rng.normal(size=(5, 3))}
    case = Case("squared_distances", forward, backward, inputs, rng.normal(size=(5, 5)))
    case.add_changed("sign of dy", Cause.SIGN, "y", np.negative)
    case.add_changed("2 forgotten in dx", Cause.FACTOR_2, "x", lambda g: g / 2)
    case.add(
        "dx summed over the wrong axis",
        Cause.WRONG_AXIS,
        lambda d, x, y: (-backward(d, x, y)[1], backward(d, x, y)[1]),
    )
    case.add(
        "dx of the last pair only",
        Cause.OVERWRITTEN,
        lambda d, x, y: (2 * d[:, -1:] * (x - y[-1]), backward(d, x, y)[1]),
    )
    case.add_usual("x")
    return case


def outer_sum(rng):
    def forward(rows, columns):
        return np.tanh(rows[:, None] + columns[None, :])

    def backward(dout, rows, columns):
        d = dout * (1 - forward(rows, columns) ** 2)
        return d.sum(axis=1), d.sum(axis=0)

    inputs = {"rows": rng.normal(size=5), "columns": rng.normal(size=5)}
    case = Case("outer_sum", forward, backward, inputs, rng.normal(size=(5, 5)))
    case.add(
        "axes exchanged", Cause.WRONG_AXIS | Cause.SWAPPED_ARGUMENTS, lambda d, r, c: backward(d, r, c)[::-1]
    )
    case.add(
        "drows along the wrong axis",
        Cause.WRONG_AXIS | Cause.SWAPPED_ARGUMENTS,
        lambda d, r, c: (backward(d, r, c)[1], backward(d, r, c)[1]),
    )
    case.add(
        "tanh's derivative forgotten",
        Cause.LOCAL_DERIVATIVE,
        lambda d, r, c: (d.sum(axis=1), backward(d, r, c)[1]),
    )
    case.add_usual("columns")
    return case


CASES = [batched_product, bilinear, attention, squared_distances, outer_sum]
