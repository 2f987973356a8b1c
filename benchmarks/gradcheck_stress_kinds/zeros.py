"""Gradients that are exactly zero, where a right backward returns rounding."""

import numpy as np
from gradcheck_catalogue.case import Case

from gradcheck_stress_kinds.wrongs import add_absolute, scalar_loss


def mean_removed(rng):
    shape = (int(rng.integers(2, 9)), int(rng.integers(1, 5)))

    def backward(dout, x, b):
        d = dout - dout.mean(axis=0)
        return d, d.sum(axis=0)

    inputs = {"x": rng.normal(size=shape), "b": rng.normal(size=shape[1])}
    case = Case(
        "mean_removed",
        lambda x, b: (x + b) - (x + b).mean(axis=0),
        backward,
        inputs,
        rng.normal(size=shape),
    )
    add_absolute(case, 1.0, "b")
    return add_absolute(case, 1.0, "b", proportional=False)


def bias_before_batch_norm(rng):
    n, m = int(rng.integers(3, 12)), int(rng.integers(1, 6))

    def normal(x, b):
        z = x + b
        return (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + 1e-5), np.sqrt(z.var(axis=0) + 1e-5)

    def backward(dout, x, b):
        h, s = normal(x, b)
        d = (dout - dout.mean(axis=0) - h * (dout * h).mean(axis=0)) / s
        return d, d.sum(axis=0)

    inputs = {"x": rng.normal(size=(n, m)) * 10 ** rng.uniform(-2, 2), "b": rng.normal(size=m)}
    case = Case(
        "bias_before_batch_norm",
        lambda x, b: normal(x, b)[0],
        backward,
        inputs,
        rng.normal(size=(n, m)),
    )
    add_absolute(case, 1.0 / inputs["x"].std(), "b")
    return add_absolute(case, 1.0 / inputs["x"].std(), "b", proportional=False)


def sum_of_batch_norm(rng):
    def normal(x):
        return (x - x.mean(axis=0)) / x.std(axis=0), x.std(axis=0)

    def gradient(x):
        h, s = normal(x)
        d = np.ones_like(x)
        return (d - d.mean(axis=0) - h * (d * h).mean(axis=0)) / s

    x = rng.normal(size=(7, 3))
    return add_absolute(
        scalar_loss("sum_of_batch_norm", lambda x: normal(x)[0].sum(), gradient, {"x": x}), 1.0
    )


def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_of_ones(rng):
    def backward(dout, z):
        p = softmax(z)
        return (p * (dout - (dout * p).sum(axis=1, keepdims=True)),)

    shape = (int(rng.integers(1, 6)), int(rng.integers(2, 7)))
    dout = np.full(shape, rng.choice([1.0, 0.7, -3.3, 1e6]))
    z = 2 * rng.normal(size=shape)
    case = Case("softmax_of_ones", softmax, backward, {"z": z}, dout)
    add_absolute(case, abs(dout.flat[0]))
    return add_absolute(case, abs(dout.flat[0]), proportional=False)


def shift_before_softmax(rng):
    def backward(dout, z, c):
        p = softmax(z + c)
        d = p * (dout - (dout * p).sum(axis=1, keepdims=True))
        return d, d.sum(axis=1, keepdims=True)

    shape = (int(rng.integers(1, 6)), int(rng.integers(2, 7)))
    inputs = {"z": rng.normal(size=shape), "c": rng.normal(size=(shape[0], 1))}
    case = Case("shift_before_softmax", lambda z, c: softmax(z + c), backward, inputs, rng.normal(size=shape))
    return add_absolute(case, 0.3, "c")


def shift_as_number(rng):
    z = rng.normal(size=5)

    def gradient(c):
        p = softmax(z + c)
        d = -np.eye(5)[2] + p
        return float(d.sum())

    def forward(c):
        return float(-np.log(softmax(z + c)[2]))

    return add_absolute(scalar_loss("shift_as_number", forward, gradient, {"c": float(rng.normal())}), 1.0)


def key_bias_in_attention(rng):
    t, d = int(rng.integers(2, 6)), int(rng.integers(2, 5))
    q, v = rng.normal(size=(t, d)), rng.normal(size=(t, d))

    def forward(k, b):
        return softmax(q @ (k + b).T / np.sqrt(d)) @ v

    def backward(dout, k, b):
        p = softmax(q @ (k + b).T / np.sqrt(d))
        dp = dout @ v.T
        ds = p * (dp - (dp * p).sum(axis=1, keepdims=True))
        dk = ds.T @ q / np.sqrt(d)
        return dk, dk.sum(axis=0)

    inputs = {"k": rng.normal(size=(t, d)), "b": rng.normal(size=d)}
    case = Case("key_bias_in_attention", forward, backward, inputs, rng.normal(size=(t, d)))
    add_absolute(case, 0.3, "b")
    return add_absolute(case, 0.3, "b", proportional=False)


def least_squares_at_its_solution(rng):
    n, m = int(rng.integers(4, 12)), int(rng.integers(1, 4))
    x, y = rng.normal(size=(n, m)) * 10 ** rng.uniform(-2, 2), rng.normal(size=n)
    w = np.linalg.lstsq(x, y, rcond=None)[0]
    case = scalar_loss(
        "least_squares_at_its_solution",
        lambda w: np.mean((x @ w - y) ** 2),
        lambda w: 2 * x.T @ (x @ w - y) / n,
        {"w": w},
    )
    return add_absolute(case, float(np.abs(x).mean()))


def gain_before_norm(rng):
    def normal(s, x):
        z = s * x
        return z / np.sqrt((z**2).sum())

    def backward(dout, s, x):
        z = s * x
        r = np.sqrt((z**2).sum())
        u = z / r
        dz = (dout - u * (u @ dout)) / r
        return float(dz @ x), s * dz

    inputs = {"s": float(rng.uniform(0.5, 3)), "x": rng.normal(size=int(rng.integers(2, 8)))}
    case = Case("gain_before_norm", normal, backward, inputs, rng.normal(size=inputs["x"].size))
    return add_absolute(case, 0.3, "s")


def difference_of_itself(rng):
    def backward(dout, x):
        return (dout.sum(axis=1) - dout.sum(axis=1),)

    x = rng.normal(size=4)
    case = Case(
        "difference_of_itself",
        lambda x: (x[:, None] - x[None, :]) * 0.0 + 1.0,
        backward,
        {"x": x},
        rng.normal(size=(4, 4)),
    )
    return add_absolute(case, 1.0)


CASES = [
    mean_removed,
    bias_before_batch_norm,
    sum_of_batch_norm,
    softmax_of_ones,
    shift_before_softmax,
    shift_as_number,
    key_bias_in_attention,
    least_squares_at_its_solution,
    gain_before_norm,
    difference_of_itself,
]
