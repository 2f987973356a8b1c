"""Several kinks within a step of each other, and of the point itself."""

import numpy as np
from gradcheck_catalogue.case import Case

from gradcheck_stress_kinds.wrongs import add_off_kinks, scalar_loss


def gap(rng):
    return float(rng.choice([-1, 1])) * 10 ** rng.uniform(-9, -3)


def two_kinks(rng):
    d, k = gap(rng), rng.uniform(0.5, 3)

    def gradient(w):
        return np.sign(w) + k * np.sign(k * w - d)

    return add_off_kinks(
        scalar_loss(
            "two_kinks", lambda w: np.sum(np.abs(w) + np.abs(k * w - d)), gradient, {"w": np.zeros(1)}
        )
    )


def residuals(rng, whole=True):
    n, m = int(rng.integers(5, 12)), int(rng.integers(1, 4))
    x = rng.integers(-2, 3, (n, m)) * 1.0 if whole else rng.normal(size=(n, m))
    w = rng.choice([-1.0, -0.5, 0.5, 1.0, 2.0], m)
    e = rng.normal(size=n)
    e[: int(rng.integers(0, 3))] = 0.0
    e[3], e[4] = gap(rng), gap(rng)
    return x, w, x @ w + e


def absolute_regression(rng):
    x, w, y = residuals(rng, whole=rng.random() < 0.7)
    case = scalar_loss(
        "absolute_regression",
        lambda w: np.abs(y - x @ w).mean(),
        lambda w: -np.sign(y - x @ w) @ x / len(y),
        {"w": w},
    )
    return add_off_kinks(case)


def quantile_regression(rng):
    x, w, y = residuals(rng, whole=rng.random() < 0.7)
    tau = rng.uniform(0.1, 0.9)

    def forward(w):
        r = y - x @ w
        return np.maximum(tau * r, (tau - 1) * r).mean()

    def gradient(w):
        r = y - x @ w
        return -np.where(r > 0, tau, tau - 1) @ x / len(y)

    return add_off_kinks(scalar_loss("quantile_regression", forward, gradient, {"w": w}))


def hinge(rng):
    n, m = int(rng.integers(5, 12)), int(rng.integers(1, 4))
    x, w = rng.integers(-2, 3, (n, m)) * 1.0, rng.choice([-1.0, 0.5, 2.0], m)
    s = x @ w
    y = np.where(s == 0, 1.0, np.sign(s))
    margin = 1.0 + gap(rng)
    close = np.abs(s) > 0
    x[close] /= np.abs(s[close])[:, None]
    far = rng.random(n) < 0.5
    x[far] *= rng.uniform(0.2, 2.0, (int(far.sum()), 1))

    def gradient(w):
        return -((margin - y * (x @ w) > 0) * y) @ x / n

    case = scalar_loss("hinge", lambda w: np.mean(np.maximum(0, margin - y * (x @ w))), gradient, {"w": w})
    return add_off_kinks(case)


def max_pool(rng):
    rows, columns = 4, 6
    x = rng.normal(size=(rows, columns))
    for row in range(rows):
        i, j = rng.choice(columns, 2, replace=False)
        x[row, i] = x[row].max() + rng.choice([0.0, abs(gap(rng))]) if rng.random() < 0.8 else x[row, i]
        x[row, j] = x[row, i] + rng.choice([0.0, gap(rng)])

    def backward(dout, x):
        g = np.zeros_like(x)
        g[np.arange(rows), x.argmax(axis=1)] = dout
        return (g,)

    return add_off_kinks(Case("max_pool", lambda x: x.max(axis=1), backward, {"x": x}, rng.normal(size=rows)))


def relu_layer(rng):
    x, w = rng.integers(-2, 3, (4, 3)) * 1.0, rng.integers(-2, 3, (3, 2)) * 0.5
    b = -(x @ w)[0] + rng.choice([0.0, 1.0], 2) * gap(rng)

    def backward(dout, x, w, b):
        d = dout * (x @ w + b > 0)
        return d @ w.T, x.T @ d, d.sum(axis=0)

    inputs = {"x": x, "w": w, "b": b}
    case = Case(
        "relu_layer", lambda x, w, b: np.maximum(0, x @ w + b), backward, inputs, rng.normal(size=(4, 2))
    )
    return add_off_kinks(case)


def lasso(rng):
    n, m = 6, 4
    x, y = rng.normal(size=(n, m)), rng.normal(size=n)
    w = rng.choice([0.0, 1.0], m) * np.array([gap(rng) for _ in range(m)])

    def gradient(w):
        return 2 * x.T @ (x @ w - y) / n + 0.3 * np.sign(w)

    def forward(w):
        return np.mean((x @ w - y) ** 2) + 0.3 * np.abs(w).sum()

    return add_off_kinks(scalar_loss("lasso", forward, gradient, {"w": w}))


def clip(rng):
    x = rng.normal(size=6)
    x[:2], x[2], x[3] = 1.0, 1.0 + gap(rng), -1.0 + gap(rng)

    def backward(dout, x):
        return (dout * ((x > -1) & (x < 1)),)

    return add_off_kinks(Case("clip", lambda x: np.clip(x, -1, 1), backward, {"x": x}, rng.normal(size=6)))


CASES = [
    two_kinks,
    absolute_regression,
    quantile_regression,
    hinge,
    max_pool,
    relu_layer,
    lasso,
    clip,
]
