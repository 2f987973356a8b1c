"""Right backwards that lose digits: a checker has to tell their rounding from a mistake."""

import numpy as np

from gradcheck_catalogue.case import Case


def naive_variance(rng):
    def forward(x):
        return (x**2).mean(axis=0) - x.mean(axis=0) ** 2

    def backward(dout, x):
        return (dout * (2 * x - 2 * x.mean(axis=0)) / len(x),)

    x = rng.normal(size=(8, 4)) + rng.choice([10, 100, 1000])
    return Case("naive_variance", forward, backward, {"x": x}, rng.normal(size=4))


def naive_batch_norm(rng):
    def forward(x):
        variance = (x**2).mean(axis=0) - x.mean(axis=0) ** 2
        return (x - x.mean(axis=0)) / np.sqrt(variance + 1e-5)

    def backward(dout, x):
        variance = (x**2).mean(axis=0) - x.mean(axis=0) ** 2
        deviation = np.sqrt(variance + 1e-5)
        normal = (x - x.mean(axis=0)) / deviation
        return ((dout - dout.mean(axis=0) - normal * (dout * normal).mean(axis=0)) / deviation,)

    x = rng.normal(size=(8, 4)) + rng.choice([10, 100, 300])
    return Case("naive_batch_norm", forward, backward, {"x": x}, rng.normal(size=(8, 4)))


def unshifted_softmax(rng, farthest=500):
    def forward(z):
        e = np.exp(z)
        return e / e.sum(axis=1, keepdims=True)

    def backward(dout, z):
        p = forward(z)
        return (p * (dout - (dout * p).sum(axis=1, keepdims=True)),)

    z = 3 * rng.normal(size=(4, 5)) + rng.choice([0, 100, farthest])
    return Case("unshifted_softmax", forward, backward, {"z": z}, rng.normal(size=(4, 5)))


def unshifted_loss(rng):
    y = rng.integers(0, 4, 6)

    def forward(z):
        return np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(6), y])

    def backward(dout, z):
        p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        p[np.arange(6), y] -= 1
        return (dout * p / 6,)

    z = 3 * rng.normal(size=(6, 4)) + rng.choice([0, 100, 500])
    return Case("unshifted_loss", forward, backward, {"z": z}, rng.normal())


def saturated_tanh(rng):
    def backward(dout, x):
        return (dout * (1 - np.tanh(x) ** 2),)

    return Case(
        "saturated_tanh", np.tanh, backward, {"x": 8 * rng.normal(size=(4, 6))}, rng.normal(size=(4, 6))
    )


def saturated_sigmoid(rng):
    def forward(x):
        return 1 / (1 + np.exp(-x))

    def backward(dout, x):
        return (dout * forward(x) * (1 - forward(x)),)

    return Case(
        "saturated_sigmoid", forward, backward, {"x": 15 * rng.normal(size=(4, 6))}, rng.normal(size=(4, 6))
    )


CASES = [
    naive_variance,
    naive_batch_norm,
    unshifted_softmax,
    unshifted_loss,
    saturated_tanh,
    saturated_sigmoid,
]
