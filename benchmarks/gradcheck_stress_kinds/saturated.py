"""Outputs that all depend on an entry and hardly move with it: saturated softmax, sizes far apart."""

import numpy as np
from gradcheck_catalogue.case import Case

from course_lib import Cause


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def add_to_largest(case: Case, *names: str) -> Case:
    """Add a wrong sign, a factor of 2, and the largest entry off by a little: the others drown."""
    gradients = dict(zip(case.inputs, case.backward(case.dout, *case.inputs.values()), strict=True))
    for name in names or tuple(case.inputs):
        largest = int(np.argmax(np.abs(gradients[name])))
        if np.abs(gradients[name]).flat[largest] < 1e-4:  # all of it drowns
            continue
        case.add_changed(f"sign of d{name}", Cause.SIGN, name, np.negative)
        case.add_changed(f"d{name} doubled", Cause.FACTOR_2, name, lambda gradient: 2 * gradient)
        for error in (1e-3, 1e-5):
            factors = np.ones(np.shape(gradients[name]))
            factors.flat[largest] += error
            label = f"one entry of d{name} off by {error:.0e}"
            case.add_changed(label, Cause.ONE_ENTRY, name, lambda g, factors=factors: g * factors)
    return case


def saturated_softmax(rng):
    def backward(dout, z):
        p = softmax(z)
        return (p * (dout - (dout * p).sum(axis=1, keepdims=True)),)

    z = 10 ** rng.uniform(0.5, 1.5) * rng.normal(size=(4, 5))
    z[0, :2] = z[0].max(), z[0].max() + rng.uniform(-1, 1)
    return add_to_largest(Case("saturated_softmax", softmax, backward, {"z": z}, rng.normal(size=(4, 5))))


def sharp_attention(rng):
    def forward(q, k, v):
        return softmax(q @ k.T) @ v

    def backward(dout, q, k, v):
        p = softmax(q @ k.T)
        dp = dout @ v.T
        ds = p * (dp - (dp * p).sum(axis=1, keepdims=True))
        return ds @ k, ds.T @ q, p.T @ dout

    size = 10 ** rng.uniform(0, 0.5)
    inputs = {"q": size * rng.normal(size=(4, 3)), "k": size * rng.normal(size=(4, 3))}
    inputs |= {"v": rng.normal(size=(4, 3))}
    return add_to_largest(Case("sharp_attention", forward, backward, inputs, rng.normal(size=(4, 3))))


def sizes(rng):
    return rng.uniform(1, 2, 5) * 10 ** rng.uniform(-12, 12, 5)


def shares(rng):
    def backward(dout, x):
        return (dout / x.sum() - (dout @ x) / x.sum() ** 2,)

    return add_to_largest(
        Case("shares", lambda x: x / x.sum(), backward, {"x": sizes(rng)}, rng.normal(size=5))
    )


def unit_vector(rng):
    def backward(dout, x):
        r = np.linalg.norm(x)
        return (dout / r - x / r * ((dout @ x) / r / r),)

    case = Case(
        "unit_vector", lambda x: x / np.linalg.norm(x), backward, {"x": sizes(rng)}, rng.normal(size=5)
    )
    return add_to_largest(case)


def gelu(rng):
    k = np.sqrt(2 / np.pi)

    def forward(x):
        return 0.5 * x * (1 + np.tanh(k * (x + 0.044715 * x**3)))

    def backward(dout, x):
        t = np.tanh(k * (x + 0.044715 * x**3))
        return (dout * (0.5 * (1 + t) + 0.5 * x * (1 - t**2) * k * (1 + 3 * 0.044715 * x**2)),)

    x = rng.choice([3.0, 10.0]) * rng.normal(size=6)
    x[0] = abs(x[0])
    return add_to_largest(Case("gelu", forward, backward, {"x": x}, rng.normal(size=6)))


CASES = [gelu, saturated_softmax, sharp_attention, shares, unit_vector]
