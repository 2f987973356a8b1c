"""Held out: layers of the kinds that other courses check, written after the diagnosis was last changed."""

import numpy as np

from course_lib import Cause
from gradcheck_catalogue.case import Case, ignoring_dout
from gradcheck_catalogue.units import sigmoid
from gradcheck_catalogue.windows import LOST, softmax, softmax_backward


def dilated_convolution(rng):
    """A convolution of signals with every second entry in its window, padded on the left only."""
    size, dilation = 3, 2
    reach = (size - 1) * dilation

    def forward(x, w):
        padded = np.pad(x, ((0, 0), (0, 0), (reach, 0)))
        return sum(
            np.einsum("nct,fc->nft", padded[:, :, i * dilation : i * dilation + x.shape[2]], w[:, :, i])
            for i in range(size)
        )

    def backward(dout, x, w, step=dilation, add=True, flip=False):
        padded = np.pad(x, ((0, 0), (0, 0), (reach, 0)))
        dx, dw = np.zeros_like(padded), np.zeros_like(w)
        for i in range(size):
            part = np.s_[:, :, i * step : i * step + x.shape[2]]
            dw[:, :, i] = np.einsum("nft,nct->fc", dout, padded[part])
            kernel = w[:, :, size - 1 - i] if flip else w[:, :, i]
            dx[part] = add * dx[part] + np.einsum("nft,fc->nct", dout, kernel)
        return dx[:, :, reach:], dw

    inputs = {"x": rng.normal(size=(2, 2, 7)), "w": rng.normal(size=(3, 2, size))}
    case = Case("dilated_convolution", forward, backward, inputs, rng.normal(size=(2, 3, 7)))
    case.add(
        "dilation forgotten", Cause.LOCAL_DERIVATIVE | Cause.OFF_BY_ONE, lambda d, *i: backward(d, *i, step=1)
    )
    case.add("dx overwritten", LOST, lambda d, *i: backward(d, *i, add=False))
    case.add(
        "kernel turned around",
        Cause.LOCAL_DERIVATIVE | Cause.TRANSPOSED_OPERAND | Cause.OFF_BY_ONE,
        lambda d, *i: backward(d, *i, flip=True),
    )
    case.add_changed("dw averaged over the batch", Cause.FACTOR_2 | Cause.SCALE_N, "w", lambda g: g / 2)
    case.add_usual("x")
    return case


def overlapping_average_pool(rng):
    """Means of windows of three, two apart; smaller windows at the border, divided by what they hold."""
    spans = [(max(0, i - 1), min(8, i + 2)) for i in range(0, 8, 2)]

    def forward(x):
        return np.stack([x[:, a:b].mean(axis=1) for a, b in spans], axis=1)

    def backward(dout, x, count=None, add=True):
        gradient = np.zeros_like(x)
        for k, (a, b) in enumerate(spans):
            new = dout[:, k : k + 1] / (count or (b - a))
            gradient[:, a:b] = add * gradient[:, a:b] + new
        return (gradient,)

    case = Case(
        "overlapping_average_pool", forward, backward, {"x": rng.normal(size=(3, 8))}, rng.normal(size=(3, 4))
    )
    case.add("overwritten where windows overlap", Cause.OVERWRITTEN, lambda d, x: backward(d, x, add=False))
    case.add(
        "not averaged",
        Cause.SCALE_N | Cause.CONSTANT_FACTOR | Cause.LOCAL_DERIVATIVE,
        lambda d, x: backward(d, x, 1),
    )
    case.add(
        "the padding counted", Cause.LOCAL_DERIVATIVE | Cause.CONSTANT_FACTOR, lambda d, x: backward(d, x, 3)
    )
    case.add_usual("x")
    return case


def gated_recurrence_through_time(rng):
    """A gated recurrent net without a reset gate, over three steps."""
    steps = 3

    def run(x, h, W, U):
        found = []
        for t in range(steps):
            z, c = np.split(x[:, t] @ W + h @ U, 2, axis=1)
            z, c = sigmoid(z), np.tanh(c)
            found.append((h, z, c))
            h = (1 - z) * h + z * c
        return h, found

    def backward(dout, x, h, W, U, keep=1.0, through=1.0, gate=1.0, add=True):
        _, found = run(x, h, W, U)
        dx, dW, dU, dh = np.zeros_like(x), np.zeros_like(W), np.zeros_like(U), dout
        for t in reversed(range(steps)):
            before, z, c = found[t]
            da = np.concatenate([dh * (c - gate * before) * z * (1 - z), dh * z * (1 - c**2)], axis=1)
            dx[:, t], dW, dU = da @ W.T, x[:, t].T @ da + add * dW, before.T @ da + add * dU
            dh = keep * dh * (1 - z) + through * da @ U.T
        return dx, dh, dW, dU

    inputs = {"x": rng.normal(size=(2, steps, 3)), "h": rng.normal(size=(2, 2))}
    inputs |= {"W": rng.normal(size=(3, 4)), "U": rng.normal(size=(2, 4))}
    case = Case(
        "gated_recurrence_through_time",
        lambda *inputs: run(*inputs)[0],
        backward,
        inputs,
        rng.normal(size=(2, 2)),
    )
    case.add("kept state's path dropped", LOST, lambda d, *i: backward(d, *i, keep=0.0))
    case.add("path through the gates dropped", LOST, lambda d, *i: backward(d, *i, through=0.0))
    case.add(
        "sign in the gate's gradient",
        Cause.SIGN_OF_ONE_TERM | Cause.LOCAL_DERIVATIVE,
        lambda d, *i: backward(d, *i, gate=-1.0),
    )
    case.add("weights' gradients of the first step only", LOST, lambda d, *i: backward(d, *i, add=False))
    case.add_usual("W")
    return case


def attention_of_two_heads(rng):
    """Attention to keys of which some are padding, in two heads."""
    steps, keys, width = 3, 4, 4
    present = np.array([True, True, False, True])
    usual = 1 / np.sqrt(width // 2)

    def heads(x):
        return x.reshape(len(x), 2, width // 2).transpose(1, 0, 2)

    def merged(x):
        return x.transpose(1, 0, 2).reshape(x.shape[1], width)

    def probabilities(q, k):
        return softmax(np.where(present, heads(q) @ heads(k).transpose(0, 2, 1) * usual, -np.inf))

    def forward(q, k, v):
        return merged(probabilities(q, k) @ heads(v))

    def backward(dout, q, k, v, scale=usual, direct=False):
        p, d = probabilities(q, k), heads(dout)
        dp = d @ heads(v).transpose(0, 2, 1)
        ds = scale * (p * dp if direct else softmax_backward(dp, p))
        return (
            merged(ds @ heads(k)),
            merged(ds.transpose(0, 2, 1) @ heads(q)),
            merged(p.transpose(0, 2, 1) @ d),
        )

    inputs = {
        name: rng.normal(size=(count, width)) for name, count in (("q", steps), ("k", keys), ("v", keys))
    }
    case = Case("attention_of_two_heads", forward, backward, inputs, rng.normal(size=(steps, width)))
    case.add("scale forgotten", Cause.CONSTANT_FACTOR, lambda d, *i: backward(d, *i, scale=1.0))
    case.add("scaled twice", Cause.CONSTANT_FACTOR, lambda d, *i: backward(d, *i, scale=0.5))
    case.add("softmax's sum forgotten", Cause.DROPPED_PATH, lambda d, *i: backward(d, *i, direct=True))
    case.add(
        "dk and dv exchanged",
        Cause.SWAPPED_ARGUMENTS,
        lambda d, *i: tuple(backward(d, *i)[j] for j in (0, 2, 1)),
    )
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, ignoring_dout(backward))
    case.add_usual("q")
    return case


CASES = [
    dilated_convolution,
    overlapping_average_pool,
    gated_recurrence_through_time,
    attention_of_two_heads,
]
