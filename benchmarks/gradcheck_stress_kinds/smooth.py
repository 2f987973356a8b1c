"""Smooth functions, of which no kink may be reported, and right backwards that lose digits."""

import numpy as np
from gradcheck_catalogue import unstable
from gradcheck_catalogue.case import Case

from gradcheck_stress_kinds.wrongs import add_relative, scalar_loss


def batch_norm(rng):
    n, m = int(rng.integers(2, 9)), int(rng.integers(1, 6))

    def parts(x):
        s = np.sqrt(x.var(axis=0) + 1e-5)
        return (x - x.mean(axis=0)) / s, s

    def backward(dout, x, gamma, beta):
        h, s = parts(x)
        d = gamma * dout
        return (d - d.mean(axis=0) - h * (d * h).mean(axis=0)) / s, (dout * h).sum(axis=0), dout.sum(axis=0)

    inputs = {"x": rng.normal(size=(n, m)), "gamma": rng.normal(size=m), "beta": rng.normal(size=m)}
    case = Case("batch_norm", lambda x, g, b: g * parts(x)[0] + b, backward, inputs, rng.normal(size=(n, m)))
    return add_relative(case) if n > 2 else add_relative(case, "gamma", "beta")


def tanh_net(rng):
    x, y = rng.normal(size=(6, 3)), rng.normal(size=(6, 2))

    def forward(w, v):
        return np.mean((np.tanh(x @ w) @ v - y) ** 2)

    def gradient(w, v):
        h = np.tanh(x @ w)
        d = 2 * (h @ v - y) / y.size
        return x.T @ ((d @ v.T) * (1 - h**2)), h.T @ d

    inputs = {"w": rng.normal(size=(3, 5)), "v": rng.normal(size=(5, 2))}
    return add_relative(scalar_loss("tanh_net", forward, gradient, inputs))


def cosines(rng):
    k = 10 ** rng.uniform(-1, 3, 5)
    x = rng.normal(size=5)
    return add_relative(
        scalar_loss("cosines", lambda x: np.sum(np.cos(k * x)), lambda x: -k * np.sin(k * x), {"x": x})
    )


def bowls(rng):
    a = np.arange(1.0, 30.0)
    offset = rng.choice([0.1, 1e-3, 1e-5, 1e-7])
    return add_relative(
        scalar_loss("bowls", lambda x: np.sum((x - a) ** 2), lambda x: 2 * (x - a), {"x": a + offset})
    )


def softmax_loss(rng):
    y = rng.integers(0, 4, 5)

    def log_softmax(z):
        z = z - z.max(axis=1, keepdims=True)
        return z - np.log(np.exp(z).sum(axis=1, keepdims=True))

    def gradient(z):
        p = np.exp(log_softmax(z))
        p[np.arange(5), y] -= 1
        return p / 5

    z = rng.normal(size=(5, 4)) * rng.choice([0.1, 1, 10])
    return add_relative(
        scalar_loss("softmax_loss", lambda z: -log_softmax(z)[np.arange(5), y].mean(), gradient, {"z": z})
    )


def division(rng):
    a = rng.normal(size=4)
    x = rng.normal(size=4) * 10 ** rng.uniform(-4, 0, 4)

    def backward(dout, x):
        return (-dout * a / x**2,)

    return add_relative(Case("division", lambda x: a / x, backward, {"x": x}, rng.normal(size=4)))


def naive_variance(rng):
    x = rng.normal(size=(int(rng.integers(4, 10)), 3)) + 10 ** rng.uniform(1, 5)
    n = len(x)

    def backward(dout, x):
        return (dout * (2 * x - 2 * x.mean(axis=0)) / n,)

    return Case(
        "naive_variance",
        lambda x: (x**2).mean(axis=0) - x.mean(axis=0) ** 2,
        backward,
        {"x": x},
        rng.normal(size=3),
    )


def variance_at_1e5(rng):
    x = rng.normal(size=(8, 3)) + 1e5

    def backward(dout, x):
        return (dout * (2 * x - 2 * x.mean(axis=0)) / 8,)

    return Case(
        "variance_at_1e5",
        lambda x: (x**2).mean(axis=0) - x.mean(axis=0) ** 2,
        backward,
        {"x": x},
        rng.normal(size=3),
    )


def unshifted_softmax(rng):
    return unstable.unshifted_softmax(rng, farthest=600)


def naive_sigmoid_loss(rng):
    def forward(z):
        return -np.mean(np.log(1 / (1 + np.exp(-z))))

    def gradient(z):
        return (1 / (1 + np.exp(-z)) - 1) / z.size

    return scalar_loss("naive_sigmoid_loss", forward, gradient, {"z": 6 * rng.normal(size=6)})


CASES = [batch_norm, tanh_net, cosines, bowls, softmax_loss, division]
UNSTABLE = [naive_variance, variance_at_1e5, unshifted_softmax, naive_sigmoid_loss]
