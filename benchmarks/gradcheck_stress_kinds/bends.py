"""Functions whose slope is continuous and whose curvature is not, at the bend or close to it."""

import numpy as np
from gradcheck_catalogue.case import Case

from gradcheck_stress_kinds.wrongs import add_relative, scalar_loss


def near(rng, size, places):
    """Draw points at, close to, and away from some places."""
    distance = rng.choice([0.0, 1.0], size) * 10 ** rng.uniform(-9, -2, size) * rng.choice([-1, 1], size)
    x = rng.choice(places, size) + distance
    return np.where(rng.random(size) < 0.7, x, x + rng.normal(size=size))


def huber(rng):
    delta = float(rng.choice([1.0, 0.1, 2.5]))

    def forward(x):
        return np.where(np.abs(x) <= delta, 0.5 * x**2, delta * (np.abs(x) - 0.5 * delta))

    def backward(dout, x):
        return (dout * np.clip(x, -delta, delta),)

    x = near(rng, (2, 3), [-delta, delta])
    return add_relative(Case("huber", forward, backward, {"x": x}, rng.normal(size=(2, 3))))


def huber_regression(rng):
    x, w, e = rng.normal(size=(8, 3)), rng.normal(size=3), near(rng, 8, [-1.0, 1.0])
    y = x @ w - e

    def forward(w):
        r = x @ w - y
        return np.mean(np.where(np.abs(r) <= 1, 0.5 * r**2, np.abs(r) - 0.5))

    def gradient(w):
        return x.T @ np.clip(x @ w - y, -1, 1) / 8

    return add_relative(scalar_loss("huber_regression", forward, gradient, {"w": w}))


def smooth_hinge(rng):
    x = near(rng, 6, [0.0, 1.0])

    def forward(z):
        return np.sum(np.where(z >= 1, 0, np.where(z <= 0, 0.5 - z, 0.5 * (1 - z) ** 2)))

    def gradient(z):
        return np.where(z >= 1, 0, np.where(z <= 0, -1.0, z - 1))

    case = scalar_loss("smooth_hinge", forward, gradient, {"z": x})
    return add_relative(case) if np.any(case.backward(1.0, x)[0]) else case


def squared_relu(rng):
    x = near(rng, (2, 3), [0.0])
    x[0, 0] = 0.7

    def backward(dout, x):
        return (dout * 2 * np.maximum(x, 0),)

    return add_relative(
        Case("squared_relu", lambda x: np.maximum(x, 0) ** 2, backward, {"x": x}, rng.normal(size=(2, 3)))
    )


def squared_hinge(rng):
    x, w = rng.normal(size=(6, 3)), rng.normal(size=3)
    y = np.sign(x @ w)
    x[:3] /= np.abs(x[:3] @ w)[:, None]

    def gradient(w):
        return -2 * (np.maximum(0, 1 - y * (x @ w)) * y) @ x / 6

    def forward(w):
        return np.mean(np.maximum(0, 1 - y * (x @ w)) ** 2)

    case = scalar_loss("squared_hinge", forward, gradient, {"w": w})
    return add_relative(case) if np.abs(gradient(w)).max() > 1e-9 else case


def elu(rng):
    x = near(rng, (2, 3), [0.0])

    def backward(dout, x):
        return (dout * np.where(x > 0, 1.0, np.exp(np.minimum(x, 0))),)

    return add_relative(
        Case(
            "elu",
            lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
            backward,
            {"x": x},
            rng.normal(size=(2, 3)),
        )
    )


def signed_square(rng):
    x = near(rng, 5, [0.0])
    x[0] = 1.3
    return add_relative(
        scalar_loss("signed_square", lambda x: np.sum(x * np.abs(x)), lambda x: 2 * np.abs(x), {"x": x})
    )


CASES = [huber, huber_regression, smooth_hinge, squared_relu, squared_hinge, elu, signed_square]
