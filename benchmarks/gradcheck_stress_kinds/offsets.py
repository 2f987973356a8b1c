"""Small functions on top of large constants."""

import numpy as np
from gradcheck_catalogue.case import Case

from course_lib import Cause
from gradcheck_stress_kinds.wrongs import scalar_loss


def add_coarse(case, *names):
    """Add what shows even through noise: a sign, a factor of 2, one per cent."""
    for name in names or tuple(case.inputs):
        case.add_changed(f"sign of d{name}", Cause.SIGN, name, np.negative)
        case.add_changed(f"d{name} doubled", Cause.FACTOR_2, name, lambda gradient: 2 * gradient)
        case.add_changed(
            f"d{name} a tenth more", Cause.CONSTANT_FACTOR, name, lambda gradient: 1.1 * gradient
        )
        case.add_changed(f"d{name} 1 % more", Cause.CONSTANT_FACTOR, name, lambda gradient: 1.01 * gradient)
    return case


def quadratic(rng, constant):
    return scalar_loss(
        "quadratic",
        lambda x: constant + np.sum(1e-3 * x**2),
        lambda x: 2e-3 * x,
        {"x": rng.uniform(0.3, 2, 4) * rng.choice([-1, 1], 4)},
    )


def regression(rng, constant):
    x, y, w = rng.normal(size=(8, 3)), rng.normal(size=8), rng.normal(size=3)
    return scalar_loss(
        "regression",
        lambda w: constant + np.mean((x @ w - y) ** 2),
        lambda w: 2 * x.T @ (x @ w - y) / 8,
        {"w": w},
    )


def outputs(rng, constant):
    def backward(dout, x):
        return (dout * 1e-2 * np.cos(x),)

    return Case(
        "outputs",
        lambda x: constant + 1e-2 * np.sin(x),
        backward,
        {"x": rng.uniform(0.3, 1.2, 5)},
        rng.normal(size=5),
    )


def number(rng, constant):
    return scalar_loss(
        "number", lambda x: constant + x**2, lambda x: 2 * x, {"x": float(rng.uniform(0.5, 3))}
    )


def with_constant(make, low, high):
    def case(rng):
        return add_coarse(make(rng, 10 ** rng.uniform(low, high)))

    case.__name__ = f"{make.__name__}_{low}_{high}"
    return case


MAKERS = (quadratic, regression, outputs, number)
RESOLVABLE = [with_constant(make, 3, 7) for make in MAKERS]
DROWNED = [with_constant(make, 15, 18) for make in MAKERS]
