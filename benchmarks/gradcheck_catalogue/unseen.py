"""Held out, written after the last change of the diagnosis: functions of several kinds."""

import numpy as np

from course_lib import Cause
from gradcheck_catalogue.case import Case, ignoring_dout
from gradcheck_catalogue.units import sigmoid

BOTH = Cause.DROPPED_PATH | Cause.OVERWRITTEN


def gated_recurrence(rng):
    """One step of a gated recurrent unit."""

    def parts(x, h, W, U):
        return sigmoid(x @ W), np.tanh(h @ U)

    def forward(x, h, W, U):
        z, c = parts(x, h, W, U)
        return (1 - z) * h + z * c

    def backward(dout, x, h, W, U, keep=1.0, candidate=1.0, gate_sign=1.0):
        z, c = parts(x, h, W, U)
        dz = dout * (c - gate_sign * h) * z * (1 - z)
        dc = dout * z * (1 - c**2)
        return dz @ W.T, keep * dout * (1 - z) + candidate * dc @ U.T, x.T @ dz, h.T @ dc

    inputs = {name: rng.normal(size=(5, 4)) for name in ("x", "h")} | {
        name: rng.normal(size=(4, 4)) for name in ("W", "U")
    }
    case = Case("gated_recurrence", forward, backward, inputs, rng.normal(size=(5, 4)))
    case.add("kept state's path dropped", BOTH, lambda d, *i: backward(d, *i, keep=0.0))
    case.add("candidate's path dropped", BOTH, lambda d, *i: backward(d, *i, candidate=0.0))
    case.add(
        "sign in the gate's gradient",
        Cause.SIGN_OF_ONE_TERM | Cause.LOCAL_DERIVATIVE,
        lambda d, *i: backward(d, *i, gate_sign=-1.0),
    )
    case.add_changed("dU transposed", Cause.TRANSPOSED, "U", np.transpose)
    case.add(
        "dW and dU exchanged",
        Cause.SWAPPED_ARGUMENTS,
        lambda d, *i: tuple(backward(d, *i)[j] for j in (0, 1, 3, 2)),
    )
    case.add_usual("W")
    return case


def grouped_mean(rng):
    groups = np.array([0, 2, 1, 0, 2, 0, 1, 2])
    counts = np.bincount(groups)

    def forward(x):
        total = np.zeros((3, x.shape[1]))
        np.add.at(total, groups, x)
        return total / counts[:, None]

    def backward(dout, x, shift=0, divide=True):
        return ((dout / (counts[:, None] if divide else 1))[(groups + shift) % 3],)

    case = Case("grouped_mean", forward, backward, {"x": rng.normal(size=(8, 3))}, rng.normal(size=(3, 3)))
    case.add("next group", Cause.OFF_BY_ONE, lambda d, x: backward(d, x, 1))
    case.add(
        "divided by all", Cause.CONSTANT_FACTOR | Cause.LOCAL_DERIVATIVE, lambda d, x: ((d / 8)[groups],)
    )
    case.add(
        "one group forgotten", Cause.ZERO_IN_PART, lambda d, x: (backward(d, x)[0] * (groups != 1)[:, None],)
    )
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, ignoring_dout(backward))
    case.add_usual("x")
    return case


def rms_norm(rng):
    def forward(x, gain):
        return gain * x / np.sqrt((x**2).mean(axis=1, keepdims=True))

    def backward(dout, x, gain, shared=1.0):
        root = np.sqrt((x**2).mean(axis=1, keepdims=True))
        d, y = dout * gain, x / root
        return (d - shared * y * (d * y).mean(axis=1, keepdims=True)) / root, (dout * y).sum(axis=0)

    inputs = {"x": rng.normal(size=(5, 6)), "gain": rng.normal(size=6) + 1}
    case = Case("rms_norm", forward, backward, inputs, rng.normal(size=(5, 6)))
    case.add("root constant", Cause.DROPPED_PATH, lambda d, *i: backward(d, *i, shared=0.0))
    case.add("sign of the root's path", Cause.SIGN_OF_ONE_TERM, lambda d, *i: backward(d, *i, shared=-1.0))
    case.add("root's path not averaged", Cause.SCALE_N, lambda d, *i: backward(d, *i, shared=6.0))
    case.add_changed("dgain averaged", Cause.SCALE_N, "gain", lambda g: g / 5)
    case.add("dgain forgets x", Cause.LOCAL_DERIVATIVE, lambda d, x, g: (backward(d, x, g)[0], d.sum(axis=0)))
    case.add_usual("gain")
    return case


def ranking_hinge(rng):
    X = 2 * rng.normal(size=(6, 4))

    def forward(w):
        s = X @ w
        return np.maximum(1 - (s[:3, None] - s[None, 3:]), 0).mean() + 0.1 * w @ w

    def backward(dout, w, masked=True, below=1.0, count=9.0, penalty=0.2):
        s = X @ w
        active = 1 - (s[:3, None] - s[None, 3:]) > 0 if masked else np.ones((3, 3))
        ds = np.concatenate([-active.sum(axis=1), below * active.sum(axis=0)]) / count
        return (dout * (X.T @ ds + penalty * w),)

    case = Case("ranking_hinge", forward, backward, {"w": rng.normal(size=4)}, rng.normal())
    case.add("mask forgotten", Cause.MISSING_MASK, lambda d, w: backward(d, w, masked=False))
    case.add("lower item's term dropped", Cause.DROPPED_PATH, lambda d, w: backward(d, w, below=0.0))
    case.add("not averaged", Cause.SCALE_N | Cause.CONSTANT_FACTOR, lambda d, w: backward(d, w, count=1.0))
    case.add("penalty forgotten", Cause.REGULARIZATION, lambda d, w: backward(d, w, penalty=0.0))
    case.add_usual("w")
    return case


def strided_convolution(rng):
    def windows(x):
        return np.stack([x[:, i : i + 3] for i in (0, 2, 4)], axis=1)

    def forward(x, w, b):
        return np.einsum("npi,ci->npc", windows(x), w) + b

    def backward(dout, x, w, b, add=True):
        dx = np.zeros_like(x)
        for p, i in enumerate((0, 2, 4)):
            dx[:, i : i + 3] = dout[:, p] @ w + (dx[:, i : i + 3] if add else 0)
        return dx, np.einsum("npc,npi->ci", dout, windows(x)), dout.sum(axis=(0, 1))

    inputs = {"x": rng.normal(size=(3, 7)), "w": rng.normal(size=(3, 3)), "b": rng.normal(size=3)}
    case = Case("strided_convolution", forward, backward, inputs, rng.normal(size=(3, 3, 3)))
    case.add(
        "dx overwritten where windows overlap", Cause.OVERWRITTEN, lambda d, *i: backward(d, *i, add=False)
    )
    case.add_changed("dw transposed", Cause.TRANSPOSED, "w", np.transpose)
    case.add(
        "db over the wrong axes", Cause.WRONG_AXIS, lambda d, *i: (*backward(d, *i)[:2], d.sum(axis=(1, 2)))
    )
    case.add("db of the last position", BOTH, lambda d, *i: (*backward(d, *i)[:2], d[:, -1].sum(axis=0)))
    case.add(
        "db averaged over positions",
        Cause.SCALE_N,
        lambda d, *i: (*backward(d, *i)[:2], d.mean(axis=1).sum(axis=0)),
    )
    case.add(
        "dx with w for its transpose",
        Cause.TRANSPOSED_OPERAND,
        lambda d, x, w, b: (backward(d, x, w.T, b)[0], *backward(d, x, w, b)[1:]),
    )
    case.add_usual("w")
    return case


def softmax_regression_of_inputs(rng):
    """Class scores, their loss, and the gradient with respect to inputs and weights alike."""
    y = rng.integers(0, 4, 5)

    def probabilities(x, W):
        e = np.exp(x @ W)
        return e / e.sum(axis=1, keepdims=True)

    def forward(x, W):
        return -np.mean(np.log(probabilities(x, W)[np.arange(5), y]))

    def backward(dout, x, W, minus=1.0, count=5.0, transpose=True):
        dz = probabilities(x, W)
        dz[np.arange(5), y] -= minus
        dz *= dout / count
        return dz @ (W.T if transpose else W), x.T @ dz

    inputs = {"x": rng.normal(size=(5, 4)), "W": rng.normal(size=(4, 4))}
    case = Case("softmax_regression_of_inputs", forward, backward, inputs, rng.normal())
    case.add("true class's term forgotten", Cause.DROPPED_PATH, lambda d, *i: backward(d, *i, minus=0.0))
    case.add("not averaged", Cause.SCALE_N, lambda d, *i: backward(d, *i, count=1.0))
    case.add(
        "dx with W for its transpose",
        Cause.TRANSPOSED_OPERAND,
        lambda d, *i: backward(d, *i, transpose=False),
    )
    case.add_changed("dW transposed", Cause.TRANSPOSED, "W", np.transpose)
    case.add_usual("x")
    return case


CASES = [
    gated_recurrence,
    grouped_mean,
    rms_norm,
    ranking_hinge,
    strided_convolution,
    softmax_regression_of_inputs,
]
