"""Linear algebra and similarities."""

import numpy as np

from course_lib import Cause
from gradcheck_catalogue.case import Case, ignoring_dout


def cosine_similarity(rng):
    def forward(x, y):
        return (x * y).sum(axis=1) / np.linalg.norm(x, axis=1) / np.linalg.norm(y, axis=1)

    def backward(dout, x, y, radial=1.0):
        nx, ny = (np.linalg.norm(v, axis=1, keepdims=True) for v in (x, y))
        similarity = forward(x, y)[:, None]
        d = dout[:, None]
        return d * (y / (nx * ny) - radial * similarity * x / nx**2), d * (
            x / (nx * ny) - similarity * y / ny**2
        )

    inputs = {"x": rng.normal(size=(4, 5)), "y": rng.normal(size=(4, 5))}
    case = Case("cosine_similarity", forward, backward, inputs, rng.normal(size=4))
    case.add("norm of x constant", Cause.DROPPED_PATH, lambda d, *i: backward(d, *i, radial=0.0))
    case.add("sign of the norm's path", Cause.SIGN_OF_ONE_TERM, lambda d, *i: backward(d, *i, radial=-1.0))
    case.add("gradients exchanged", Cause.SWAPPED_ARGUMENTS, lambda d, *i: backward(d, *i)[::-1])
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, ignoring_dout(backward))
    case.add_usual("y")
    return case


def inverse(rng):
    def forward(A):
        return np.linalg.inv(A)

    def backward(dout, A):
        B = np.linalg.inv(A)
        return (-B.T @ dout @ B.T,)

    A = rng.normal(size=(4, 4)) + 4 * np.eye(4)
    case = Case("inverse", forward, backward, {"A": A}, rng.normal(size=(4, 4)))
    case.add("sign", Cause.SIGN, lambda d, A: (-backward(d, A)[0],))
    case.add(
        "not transposed", Cause.TRANSPOSED_OPERAND, lambda d, A: (-np.linalg.inv(A) @ d @ np.linalg.inv(A),)
    )
    case.add_changed("transposed", Cause.TRANSPOSED, "A", np.transpose)
    case.add_usual("A")
    return case


def gram(rng):
    def forward(x):
        return x @ x.T

    def backward(dout, x):
        return (dout @ x + dout.T @ x,)

    case = Case("gram", forward, backward, {"x": rng.normal(size=(4, 3))}, rng.normal(size=(4, 4)))
    both = Cause.DROPPED_PATH | Cause.OVERWRITTEN
    case.add("first use only", both, lambda d, x: (d @ x,))
    case.add("second use only", both, lambda d, x: (d.T @ x,))
    case.add("first use twice", Cause.TRANSPOSED_OPERAND | Cause.LOCAL_DERIVATIVE, lambda d, x: (2 * d @ x,))
    case.add("sign of the second use", Cause.SIGN_OF_ONE_TERM, lambda d, x: (d @ x - d.T @ x,))
    case.add_usual("x")
    return case


def scaled_sum(rng):
    """A scalar gate on one of two branches: out = x W + s tanh(x V)."""

    def forward(x, W, V, s):
        return x @ W + s * np.tanh(x @ V)

    def backward(dout, x, W, V, s, straight=1.0, gated=1.0):
        t = np.tanh(x @ V)
        d = dout * s * (1 - t**2)
        return straight * dout @ W.T + gated * d @ V.T, x.T @ dout, x.T @ d, np.sum(dout * t)

    inputs = {
        "x": rng.normal(size=(5, 4)),
        "W": rng.normal(size=(4, 4)),
        "V": rng.normal(size=(4, 4)),
        "s": np.array(0.7),
    }
    case = Case("scaled_sum", forward, backward, inputs, rng.normal(size=(5, 4)))
    both = Cause.DROPPED_PATH | Cause.OVERWRITTEN
    case.add("straight branch dropped", both, lambda d, *i: backward(d, *i, straight=0.0))
    case.add("gated branch dropped", both, lambda d, *i: backward(d, *i, gated=0.0))
    case.add("sign of the gated branch", Cause.SIGN_OF_ONE_TERM, lambda d, *i: backward(d, *i, gated=-1.0))
    case.add(
        "V for its transpose",
        Cause.TRANSPOSED_OPERAND,
        lambda d, x, W, V, s: (
            d @ W.T + (d * s * (1 - np.tanh(x @ V) ** 2)) @ V,
            *backward(d, x, W, V, s)[1:],
        ),
    )
    case.add(
        "dW and dV exchanged",
        Cause.SWAPPED_ARGUMENTS,
        lambda d, *i: tuple(backward(d, *i)[j] for j in (0, 2, 1, 3)),
    )
    case.add_changed("ds averaged", Cause.SCALE_N, "s", lambda g: g / 20)
    case.add_usual("V")
    return case


def weighted_mean(rng):
    def forward(x, weight):
        return (weight[:, None] * x).sum(axis=0) / weight.sum()

    def backward(dout, x, weight, normalise=1.0):
        total, mean = weight.sum(), forward(x, weight)
        return weight[:, None] * dout / total, (x - normalise * mean) @ dout / total

    inputs = {"x": rng.normal(size=(6, 3)), "weight": rng.uniform(0.5, 2, 6)}
    case = Case("weighted_mean", forward, backward, inputs, rng.normal(size=3))
    case.add("total treated as constant", Cause.DROPPED_PATH, lambda d, *i: backward(d, *i, normalise=0.0))
    case.add_changed(
        "divided by the count",
        Cause.CONSTANT_FACTOR | Cause.SCALE_N,
        "x",
        lambda g: g * inputs["weight"].sum() / 6,
    )
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, ignoring_dout(backward))
    case.add(
        "plain mean",
        Cause.LOCAL_DERIVATIVE,
        lambda d, x, w: (np.broadcast_to(d / 6, x.shape) * 1.0, backward(d, x, w)[1]),
    )
    case.add_usual("weight")
    return case


CASES = [cosine_similarity, inverse, gram, scaled_sum, weighted_mean]
