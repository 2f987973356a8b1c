"""Functions of plain numbers and 0-d arrays."""

import numpy as np

from gradcheck_stress_kinds.wrongs import add_relative, scalar_loss


def number(rng, low=0.3, high=5.0):
    """Draw a number as a course would write it, or one with all its digits, as a float or a 0-d array."""
    value = float(rng.choice([-1, 1])) * (
        round(rng.uniform(low, high), 1) if rng.random() < 0.5 else rng.uniform(low, high)
    )
    return np.array(value) if rng.random() < 0.3 else value


def square(rng):
    return add_relative(scalar_loss("square", lambda x: x**2, lambda x: 2 * x, {"x": number(rng)}))


def line(rng):
    return add_relative(scalar_loss("line", lambda x: 3 * x, lambda x: 3.0, {"x": number(rng)}))


def sum_times(rng):
    inputs = {"x": number(rng), "y": number(rng, 6, 9), "z": number(rng)}
    case = scalar_loss("sum_times", lambda x, y, z: (x + y) * z, lambda x, y, z: (z, z, x + y), inputs)
    return add_relative(case)


def neuron(rng):
    def forward(w, x, b):
        return 1 / (1 + np.exp(-(w * x + b)))

    def gradient(w, x, b):
        s = forward(w, x, b)
        return s * (1 - s) * x, s * (1 - s) * w, s * (1 - s)

    inputs = {"w": number(rng, 0.3, 2), "x": number(rng, 0.3, 2), "b": number(rng, 0.3, 2)}
    return add_relative(scalar_loss("neuron", forward, gradient, inputs))


def quotient(rng):
    inputs = {"x": number(rng), "y": number(rng)}
    return add_relative(scalar_loss("quotient", lambda x, y: x / y, lambda x, y: (1 / y, -x / y**2), inputs))


def wave(rng):
    def gradient(x, y):
        return y * np.cos(x * y), x * np.cos(x * y)

    inputs = {"x": number(rng), "y": number(rng)}
    return add_relative(scalar_loss("wave", lambda x, y: np.sin(x * y), gradient, inputs))


def exponential(rng):
    return add_relative(scalar_loss("exponential", np.exp, np.exp, {"x": number(rng)}))


def logarithm(rng):
    return add_relative(scalar_loss("logarithm", np.log, lambda x: 1 / x, {"x": abs(number(rng))}))


def loss_of_scalars(rng):
    def forward(a, b):
        return a * b + np.sin(b)

    def gradient(a, b):
        return b, a + np.cos(b)

    return add_relative(
        scalar_loss("loss_of_scalars", forward, gradient, {"a": number(rng), "b": number(rng)}), "a"
    )


CASES = [
    square,
    line,
    sum_times,
    neuron,
    quotient,
    wave,
    exponential,
    logarithm,
    loss_of_scalars,
]
