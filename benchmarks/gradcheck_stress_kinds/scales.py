"""Inputs, outputs and both, from 1e-150 to 1e150."""

import numpy as np
from gradcheck_catalogue.case import Case

from gradcheck_stress_kinds.wrongs import add_relative, scalar_loss


def scale(rng):
    return 10.0 ** rng.uniform(-150, 150)


def scaled_tanh(rng):
    s, t = scale(rng), 10 ** rng.uniform(-140, 140)

    def backward(dout, x):
        return (dout * t / s * (1 - np.tanh(x / s) ** 2),)

    if not 1e-280 < t / s < 1e280:
        t = s
    x = rng.normal(size=(2, 3)) * s
    return add_relative(
        Case("scaled_tanh", lambda x: t * np.tanh(x / s), backward, {"x": x}, rng.normal(size=(2, 3)))
    )


def matrix_product(rng):
    s, t = scale(rng), scale(rng)
    inputs = {"x": rng.normal(size=(3, 2)) * s, "w": rng.normal(size=(2, 3)) * t}

    def backward(dout, x, w):
        return dout @ w.T, x.T @ dout

    return add_relative(Case("matrix_product", lambda x, w: x @ w, backward, inputs, rng.normal(size=(3, 3))))


def mean_square(rng):
    s = scale(rng)
    x = rng.normal(size=5) * s
    return (
        add_relative(
            scalar_loss(
                "mean_square", lambda x: np.mean(x / s * x / s), lambda x: 2 * x / s / s / 5, {"x": x}
            )
        )
        if s < 1e140 and s > 1e-140
        else matrix_product(rng)
    )


def logarithm(rng):
    x = rng.uniform(0.5, 3, 4) * scale(rng)

    def backward(dout, x):
        return (dout / x,)

    return add_relative(Case("logarithm", np.log, backward, {"x": x}, rng.normal(size=4)))


def mixed(rng):
    x = rng.normal(size=6) * 10.0 ** rng.uniform(-4, 4, 6)

    def backward(dout, x):
        return (dout * np.cos(x / np.abs(c)) / np.abs(c),)

    c = x.copy()
    return add_relative(
        Case("mixed", lambda x: np.sin(x / np.abs(c)), backward, {"x": x}, rng.normal(size=6))
    )


def number(rng):
    x = float(rng.uniform(0.5, 3) * scale(rng))
    return add_relative(scalar_loss("number", lambda x: 3.0 * x, lambda x: 3.0, {"x": x}))


def large_upstream(rng):
    x = rng.normal(size=5)

    def backward(dout, x):
        return (dout * np.exp(x),)

    return add_relative(Case("large_upstream", np.exp, backward, {"x": x}, rng.normal(size=5) * scale(rng)))


def exponential(rng):
    x = rng.uniform(1, 300) * np.array([1.0, rng.uniform(0.95, 1)])
    return add_relative(scalar_loss("exponential", lambda x: np.sum(np.exp(x)), np.exp, {"x": x}))


CASES = [scaled_tanh, matrix_product, mean_square, logarithm, mixed, number, large_upstream, exponential]
