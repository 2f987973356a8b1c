"""Gradients that are gathered, scattered, shifted and pooled."""

import numpy as np

from course_lib import Cause
from gradcheck_catalogue.case import Case, ignoring_dout


def embedding(rng):
    words = np.array([3, 1, 3, 0, 4, 1, 3])

    def forward(table):
        return table[words]

    def backward(dout, table, shift=0):
        gradient = np.zeros_like(table)
        np.add.at(gradient, (words + shift) % len(table), dout)
        return (gradient,)

    def overwriting(dout, table):
        gradient = np.zeros_like(table)
        gradient[words] = dout
        return (gradient,)

    case = Case("embedding", forward, backward, {"table": rng.normal(size=(5, 3))}, rng.normal(size=(7, 3)))
    case.add("repeated words overwrite", Cause.OVERWRITTEN, overwriting)
    case.add("next word", Cause.OFF_BY_ONE, lambda dout, table: backward(dout, table, 1))
    case.add("previous word", Cause.OFF_BY_ONE, lambda dout, table: backward(dout, table, -1))
    case.add_usual("table")
    return case


def cumulative_sum(rng):
    def forward(x):
        return np.cumsum(x, axis=1)

    def backward(dout, x):
        return (np.cumsum(dout[:, ::-1], axis=1)[:, ::-1],)

    def exclusive(dout, x):
        return (backward(dout, x)[0] - dout,)

    case = Case("cumulative_sum", forward, backward, {"x": rng.normal(size=(4, 4))}, rng.normal(size=(4, 4)))
    case.add("without the own term", Cause.OFF_BY_ONE | Cause.DROPPED_PATH, exclusive)
    case.add("along the other axis", Cause.WRONG_AXIS, lambda dout, x: (np.cumsum(dout[::-1], axis=0)[::-1],))
    case.add("own term only", Cause.DROPPED_PATH | Cause.OVERWRITTEN, lambda dout, x: (dout * 1.0,))
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, ignoring_dout(backward))
    case.add_usual("x")
    return case


def difference(rng):
    def forward(x):
        return x[1:] - x[:-1]

    def backward(dout, x, right=1.0, left=1.0):
        gradient = np.zeros_like(x)
        gradient[1:] += right * dout
        gradient[:-1] -= left * dout
        return (gradient,)

    def overwriting(dout, x):
        gradient = np.zeros_like(x)
        gradient[1:] = dout
        gradient[:-1] = -dout
        return (gradient,)

    case = Case("difference", forward, backward, {"x": rng.normal(size=(6, 3))}, rng.normal(size=(5, 3)))
    case.add("second use overwrites", Cause.OVERWRITTEN, overwriting)
    case.add(
        "left use dropped",
        Cause.DROPPED_PATH | Cause.OVERWRITTEN,
        lambda dout, x: backward(dout, x, left=0.0),
    )
    case.add("sign of the left use", Cause.SIGN_OF_ONE_TERM, lambda dout, x: backward(dout, x, left=-1.0))
    case.add_usual("x")
    return case


def max_pool(rng):
    def windows(x):
        return x.reshape(2, 3, 2, 3, 2).transpose(0, 1, 3, 2, 4).reshape(2, 3, 3, 4)

    def folded(w):
        return w.reshape(2, 3, 3, 2, 2).transpose(0, 1, 3, 2, 4).reshape(2, 6, 6)

    def forward(x):
        return windows(x).max(axis=-1)

    def backward(dout, x, pick=np.argmax):
        w = windows(x)
        gradient = np.zeros_like(w)
        np.put_along_axis(gradient, pick(w, axis=-1)[..., None], dout[..., None], axis=-1)
        return (folded(gradient),)

    def to_all(dout, x):
        return (folded(np.repeat(dout[..., None], 4, axis=-1)),)

    def every_tie(dout, x):
        w = windows(x)
        return (folded(dout[..., None] * (w == w.max(axis=-1, keepdims=True))),)

    x = np.maximum(rng.normal(size=(2, 6, 6)), -0.3)  # floored, so that some windows tie
    case = Case("max_pool", forward, backward, {"x": x}, rng.normal(size=(2, 3, 3)))
    case.add("to all of the window", Cause.MISSING_MASK, to_all)
    case.add(
        "averaged over the window",
        Cause.LOCAL_DERIVATIVE | Cause.MISSING_MASK,
        lambda d, x: (to_all(d, x)[0] / 4,),
    )
    case.add(
        "to the smallest",
        Cause.INVERTED_MASK | Cause.MASK_FROM_WRONG_TENSOR,
        lambda d, x: backward(d, x, np.argmin),
    )
    if (windows(x) == windows(x).max(axis=-1, keepdims=True)).sum() > 18:
        case.add("every tie in full", Cause.TIE_COUNTED_TWICE, every_tie)
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, ignoring_dout(backward))
    case.add_usual("x")
    return case


def convolution(rng):
    def forward(x, w, b):
        out = np.zeros((2, 3, 3, 3)) + b[:, None, None]
        for i in range(3):
            for j in range(3):
                out[:, :, i, j] += np.tensordot(x[:, :, i : i + 3, j : j + 3], w, axes=([1, 2, 3], [1, 2, 3]))
        return out

    def backward(dout, x, w, b, shift=0, add=True):
        dx, dw = np.zeros_like(x), np.zeros_like(w)
        for i in range(3):
            for j in range(3):
                d = dout[:, :, i, j]
                patch = np.tensordot(d, w, axes=(1, 0))
                dx[:, :, i : i + 3, j : j + 3] = patch + (dx[:, :, i : i + 3, j : j + 3] if add else 0)
                k = min(i + shift, 2)
                dw += np.tensordot(d, x[:, :, k : k + 3, j : j + 3], axes=(0, 0))
        return dx, dw, dout.sum(axis=(0, 2, 3))

    inputs = {"x": rng.normal(size=(2, 2, 5, 5)), "w": rng.normal(size=(3, 2, 3, 3)), "b": rng.normal(size=3)}
    case = Case("convolution", forward, backward, inputs, rng.normal(size=(2, 3, 3, 3)))
    case.add(
        "dx overwritten where windows overlap", Cause.OVERWRITTEN, lambda d, *i: backward(d, *i, add=False)
    )
    case.add_changed(
        "kernel of dw flipped",
        Cause.TRANSPOSED | Cause.OFF_BY_ONE | Cause.LOCAL_DERIVATIVE,
        "w",
        lambda g: g[..., ::-1, ::-1],
    )
    case.add_changed("dw transposed", Cause.TRANSPOSED, "w", lambda g: g.swapaxes(2, 3))
    case.add_changed("db averaged over the batch", Cause.SCALE_N | Cause.FACTOR_2, "b", lambda g: g / 2)
    case.add(
        "db of one position",
        Cause.OVERWRITTEN | Cause.DROPPED_PATH,
        lambda d, *i: (*backward(d, *i)[:2], d[:, :, -1, -1].sum(axis=0)),
    )
    case.add_usual("w")
    return case


def sorted_values(rng):
    def forward(x):
        return np.sort(x)

    def backward(dout, x):
        gradient = np.zeros_like(x)
        gradient[np.argsort(x)] = dout
        return (gradient,)

    case = Case("sorted_values", forward, backward, {"x": rng.normal(size=8)}, rng.normal(size=8))
    case.add(
        "not unsorted",
        Cause.MASK_FROM_WRONG_TENSOR | Cause.LOCAL_DERIVATIVE | Cause.WRONG_AXIS,
        lambda dout, x: (dout * 1.0,),
    )
    case.add_usual("x")
    return case


CASES = [embedding, cumulative_sum, difference, max_pool, convolution, sorted_values]
