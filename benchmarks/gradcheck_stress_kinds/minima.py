"""Minima, inflections and symmetric points: the right gradient is zero, or rounding, in every entry."""

import numpy as np

from gradcheck_stress_kinds.wrongs import add_absolute, scalar_loss


def bowl(rng):
    a = rng.normal(size=int(rng.integers(1, 8))) * 10 ** rng.uniform(-3, 3)
    if rng.random() < 0.3:
        a = np.ones(3)
    case = scalar_loss("bowl", lambda x: np.sum((x - a) ** 2), lambda x: 2 * (x - a), {"x": a.copy()})
    return add_absolute(case, float(np.abs(a).max()))


def bowl_as_number(rng):
    a = float(rng.choice([1.0, 3.0, rng.normal()]))
    return add_absolute(
        scalar_loss("bowl_as_number", lambda x: (x - a) ** 2, lambda x: 2 * (x - a), {"x": a}), 1.0
    )


def rosenbrock(rng):
    def forward(x):
        return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    def gradient(x):
        g = np.zeros_like(x)
        g[:-1] += -400 * x[:-1] * (x[1:] - x[:-1] ** 2) - 2 * (1 - x[:-1])
        g[1:] += 200 * (x[1:] - x[:-1] ** 2)
        return g

    case = scalar_loss("rosenbrock", forward, gradient, {"x": np.ones(int(rng.integers(2, 7)))})
    return add_absolute(case, 10.0)


def exact_fit(rng):
    n, m = int(rng.integers(3, 9)), int(rng.integers(1, 5))
    x, w = rng.normal(size=(n, m)) * 10 ** rng.uniform(-2, 2), rng.normal(size=m)
    y = x @ w
    case = scalar_loss(
        "exact_fit", lambda w: 0.5 * np.sum((x @ w - y) ** 2), lambda w: x.T @ (x @ w - y), {"w": w}
    )
    return add_absolute(case, float((x**2).sum()))


def factorisation(rng):
    u, v = rng.normal(size=(4, 2)), rng.normal(size=(3, 2))
    m = u @ v.T
    case = scalar_loss(
        "factorisation",
        lambda u, v: np.sum((u @ v.T - m) ** 2),
        lambda u, v: (2 * (u @ v.T - m) @ v, 2 * (u @ v.T - m).T @ u),
        {"u": u, "v": v},
    )
    return add_absolute(case, 1.0)


def cube(rng):
    a = rng.normal(size=3) if rng.random() < 0.5 else np.zeros(3)
    case = scalar_loss("cube", lambda x: np.sum((x - a) ** 3), lambda x: 3 * (x - a) ** 2, {"x": a.copy()})
    return add_absolute(case, 1.0)


def quartic(rng):
    a = rng.normal(size=3) if rng.random() < 0.5 else np.zeros(3)
    case = scalar_loss("quartic", lambda x: np.sum((x - a) ** 4), lambda x: 4 * (x - a) ** 3, {"x": a.copy()})
    return add_absolute(case, 1.0)


def cosine(rng):
    k = int(rng.integers(0, 5))
    x = np.pi * rng.integers(-k, k + 1, 4)
    case = scalar_loss("cosine", lambda x: np.sum(np.cos(x)), lambda x: -np.sin(x), {"x": x})
    return add_absolute(case, 1.0)


def log_cosh(rng):
    case = scalar_loss("log_cosh", lambda x: np.sum(np.log(np.cosh(x))), np.tanh, {"x": np.zeros(3)})
    return add_absolute(case, 1.0)


def well(rng):
    a = rng.normal(size=3)

    def gradient(x):
        return 2 * (x - a) * np.exp(-((x - a) ** 2))

    case = scalar_loss("well", lambda x: -np.sum(np.exp(-((x - a) ** 2))), gradient, {"x": a.copy()})
    return add_absolute(case, 1.0)


def entropy(rng):
    n = int(rng.integers(2, 8))
    p = np.full(n, 1 / n)
    case = scalar_loss(
        "entropy",
        lambda p: np.sum(p * np.log(p)) - (1 - np.log(n)) * p.sum(),
        lambda p: np.log(p) + 1 - (1 - np.log(n)),
        {"p": p},
    )
    return add_absolute(case, 1.0)


CASES = [
    bowl,
    bowl_as_number,
    rosenbrock,
    exact_fit,
    factorisation,
    cube,
    quartic,
    cosine,
    log_cosh,
    well,
    entropy,
]
