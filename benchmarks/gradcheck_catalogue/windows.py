"""Windows of images, tables of vectors and attention, as courses on networks write them."""

import numpy as np

from course_lib import Cause
from gradcheck_catalogue.case import Case, ignoring_dout

LOST = Cause.OVERWRITTEN | Cause.DROPPED_PATH


def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_backward(d, p):
    return p * (d - (d * p).sum(axis=-1, keepdims=True))


def padded_convolution(rng):
    """A convolution of images with padding 1 and stride 2."""
    size, stride = 3, 2

    def patches(x):
        padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(2, 3))
        return windows[:, :, ::stride, ::stride]

    def forward(x, w, b):
        return np.einsum("nchwij,fcij->nfhw", patches(x), w) + b[:, None, None]

    def backward(dout, x, w, b, add=True, crop=1, flip=False):
        dx = np.zeros((*x.shape[:2], x.shape[2] + 2, x.shape[3] + 2))
        kernel = w[:, :, ::-1, ::-1] if flip else w
        for h in range(dout.shape[2]):
            for v in range(dout.shape[3]):
                part = np.s_[:, :, h * stride : h * stride + size, v * stride : v * stride + size]
                new = np.einsum("nf,fcij->ncij", dout[:, :, h, v], kernel)
                dx[part] = dx[part] + new if add else new
        dx = dx[:, :, crop : crop + x.shape[2], crop : crop + x.shape[3]]
        return dx, np.einsum("nfhw,nchwij->fcij", dout, patches(x)), dout.sum(axis=(0, 2, 3))

    inputs = {
        "x": rng.normal(size=(2, 2, 5, 5)),
        "w": rng.normal(size=(3, 2, 3, 3)),
        "b": rng.normal(size=3),
    }
    case = Case("padded_convolution", forward, backward, inputs, rng.normal(size=(2, 3, 3, 3)))
    case.add(
        "dx overwritten where windows overlap", Cause.OVERWRITTEN, lambda d, *i: backward(d, *i, add=False)
    )
    case.add("padding cut off at one end", Cause.OFF_BY_ONE, lambda d, *i: backward(d, *i, crop=0))
    case.add(
        "kernel turned around",
        Cause.TRANSPOSED_OPERAND | Cause.LOCAL_DERIVATIVE | Cause.OFF_BY_ONE,
        lambda d, *i: backward(d, *i, flip=True),
    )
    case.add_changed(
        "dw with rows for columns", Cause.TRANSPOSED | Cause.WRONG_AXIS, "w", lambda g: g.swapaxes(2, 3)
    )
    case.add_changed("db averaged over the batch", Cause.FACTOR_2 | Cause.SCALE_N, "b", lambda g: g / 2)
    case.add_usual("w")
    return case


def tied_image_pool(rng):
    """Maxima of 2 x 2 windows of an image with few grey levels: the first of equal ones gets all."""

    def windows(x):
        return x.reshape(2, 3, 2, 3, 2).transpose(0, 1, 3, 2, 4).reshape(2, 3, 3, 4)

    def backward(dout, x, shares=None):
        flat = windows(x)
        first = np.eye(4)[flat.argmax(axis=-1)]
        chosen = first if shares is None else shares(flat, first)
        return ((chosen * dout[..., None]).reshape(2, 3, 3, 2, 2).transpose(0, 1, 3, 2, 4).reshape(x.shape),)

    def ties(flat, _):
        return (flat == flat.max(axis=-1, keepdims=True)) * 1.0

    x = rng.integers(0, 4, (2, 6, 6)) * 1.0
    x[:, :2, :2] = 5.0
    case = Case(
        "tied_image_pool",
        lambda x: windows(x).max(axis=-1),
        backward,
        {"x": x},
        rng.normal(size=(2, 3, 3)),
    )
    case.add("every tie in full", Cause.TIE_COUNTED_TWICE, lambda d, x: backward(d, x, ties))
    case.add(
        "to all of the window", Cause.MISSING_MASK, lambda d, x: backward(d, x, lambda flat, _: 0 * flat + 1)
    )
    case.add(
        "to the smallest",
        Cause.INVERTED_MASK | Cause.LOCAL_DERIVATIVE | Cause.OFF_BY_ONE | Cause.TIE_COUNTED_TWICE,
        lambda d, x: backward(d, x, lambda flat, _: np.eye(4)[flat.argmin(axis=-1)]),
    )
    case.add("sign of dx", Cause.SIGN, lambda d, x: (-backward(d, x)[0],))
    return case


def padded_embedding(rng):
    """Rows of a table, some of them more than once; the padding's row is never learned."""
    index, padding = np.array([[1, 4, 0, 0], [2, 1, 1, 0]]), 0
    seen = (index != padding)[..., None]

    def forward(table):
        return table[index] * seen

    def backward(dout, table, mask=True, add=True, shift=0):
        gradient, rows = np.zeros_like(table), (index + shift) % len(table)
        if add:
            np.add.at(gradient, rows, dout * (seen if mask else 1))
        else:
            gradient[rows] += dout * seen
        return (gradient,)

    case = Case(
        "padded_embedding", forward, backward, {"table": rng.normal(size=(6, 3))}, rng.normal(size=(2, 4, 3))
    )
    case.add("repeated rows overwritten", LOST, lambda d, t: backward(d, t, add=False))
    case.add("padding learned too", Cause.MISSING_MASK, lambda d, t: backward(d, t, mask=False))
    case.add("next row", Cause.OFF_BY_ONE, lambda d, t: backward(d, t, shift=1))
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, ignoring_dout(backward))
    case.add_usual("table")
    return case


def causal_attention(rng):
    steps, width = 5, 4
    usual = 1 / np.sqrt(width)
    future = np.triu(np.ones((steps, steps), dtype=bool), 1)

    def probabilities(q, k):
        return softmax(np.where(future, -1e9, q @ k.T / np.sqrt(width)))

    def forward(q, k, v):
        return probabilities(q, k) @ v

    def backward(dout, q, k, v, scale=usual, shared=1.0, mask=True):
        p = probabilities(q, k) if mask else softmax(q @ k.T / np.sqrt(width))
        dp = dout @ v.T
        ds = p * (dp - shared * (dp * p).sum(axis=1, keepdims=True)) * scale
        return ds @ k, ds.T @ q, p.T @ dout

    inputs = {name: rng.normal(size=(steps, width)) for name in "qkv"}
    case = Case("causal_attention", forward, backward, inputs, rng.normal(size=(steps, width)))
    case.add(
        "scale forgotten", Cause.CONSTANT_FACTOR | Cause.FACTOR_2, lambda d, *i: backward(d, *i, scale=1.0)
    )
    case.add("softmax's sum forgotten", Cause.DROPPED_PATH, lambda d, *i: backward(d, *i, shared=0.0))
    case.add(
        "mask forgotten",
        Cause.MISSING_MASK | Cause.LOCAL_DERIVATIVE,
        lambda d, *i: backward(d, *i, mask=False),
    )
    case.add(
        "dq and dk exchanged",
        Cause.SWAPPED_ARGUMENTS,
        lambda d, *i: tuple(backward(d, *i)[j] for j in (1, 0, 2)),
    )
    case.add(
        "dv with p for its transpose",
        Cause.TRANSPOSED_OPERAND | Cause.LOCAL_DERIVATIVE,
        lambda d, q, k, v: (*backward(d, q, k, v)[:2], probabilities(q, k) @ d),
    )
    case.add_usual("k")
    return case


CASES = [padded_convolution, tied_image_pool, padded_embedding, causal_attention]
