"""Problems of the size that the course meets, and larger."""

import numpy as np

from course_lib import Cause
from gradcheck_catalogue.case import Case
from gradcheck_catalogue.losses import cross_entropy, cross_entropy_gradient


def softmax_3073(rng):
    X, y = rng.normal(size=(100, 3073)), rng.integers(0, 10, 100)

    def forward(W):
        return cross_entropy(X @ W, y) + 0.1 * np.sum(W * W)

    def backward(dout, W, penalty=0.2, **change):
        return (dout * (X.T @ cross_entropy_gradient(X @ W, y, **change) + penalty * W),)

    case = Case("softmax_3073", forward, backward, {"W": 1e-2 * rng.normal(size=(3073, 10))}, rng.normal())
    case.add("true class's term forgotten", Cause.DROPPED_PATH, lambda d, W: backward(d, W, minus=0.0))
    case.add("next class", Cause.OFF_BY_ONE, lambda d, W: backward(d, W, shift=1))
    case.add("penalty without its 2", Cause.REGULARIZATION, lambda d, W: backward(d, W, penalty=0.1))
    case.add("not averaged", Cause.SCALE_N, lambda d, W: backward(d, W, count=1))
    return case


def svm_3073(rng):
    X, y = rng.normal(size=(100, 3073)), rng.integers(0, 10, 100)
    rows = np.arange(100)

    def margins(W):
        scores = X @ W
        above = scores - scores[rows, y][:, None] + 1
        above[rows, y] = 0
        return np.maximum(above, 0)

    def backward(dout, W, own=True, masked=True):
        active = (margins(W) > 0) * 1.0 if masked else np.ones((100, 10))
        active[rows, y] = 0
        if own:
            active[rows, y] = -active.sum(axis=1)
        return (dout * X.T @ active / 100,)

    W = 1e-2 * rng.normal(size=(3073, 10))
    case = Case("svm_3073", lambda W: margins(W).sum() / 100, backward, {"W": W}, rng.normal())
    case.add("true class's term forgotten", Cause.DROPPED_PATH, lambda d, W: backward(d, W, own=False))
    case.add("mask forgotten", Cause.MISSING_MASK, lambda d, W: backward(d, W, masked=False))
    return case


def relu_20k(rng):
    x = rng.normal(size=(200, 100))
    x[rng.random(x.shape) < 0.1] = 0
    case = Case(
        "relu_20k",
        lambda x: np.maximum(x, 0),
        lambda d, x: (d * (x > 0),),
        {"x": x},
        rng.normal(size=x.shape),
    )
    case.add("mask forgotten", Cause.MISSING_MASK, lambda d, x: (d * 1.0,))
    case.add("mask of dout", Cause.MASK_FROM_WRONG_TENSOR, lambda d, x: (d * (d > 0),))
    return case


def sparse_lasso(rng):
    w = rng.normal(size=10_000)
    w[rng.random(w.size) < 0.9] = 0
    case = Case(
        "sparse_lasso", lambda w: np.abs(w).sum(), lambda d, w: (d * np.sign(w),), {"w": w}, rng.normal()
    )
    case.add("doubled", Cause.FACTOR_2, lambda d, w: (2 * d * np.sign(w),))
    return case


def max_pool_12k(rng):
    def windows(x):
        return x.reshape(12, 16, 2, 16, 2).transpose(0, 1, 3, 2, 4).reshape(12, 16, 16, 4)

    def folded(w):
        return w.reshape(12, 16, 16, 2, 2).transpose(0, 1, 3, 2, 4).reshape(12, 32, 32)

    def backward(dout, x):
        gradient = np.zeros((12, 16, 16, 4))
        np.put_along_axis(gradient, windows(x).argmax(axis=-1)[..., None], dout[..., None], -1)
        return (folded(gradient),)

    def every_tie(dout, x):
        w = windows(x)
        return (folded(dout[..., None] * (w == w.max(axis=-1, keepdims=True))),)

    x = np.maximum(rng.normal(size=(12, 32, 32)), 0)
    case = Case(
        "max_pool_12k", lambda x: windows(x).max(axis=-1), backward, {"x": x}, rng.normal(size=(12, 16, 16))
    )
    case.add("every tie in full", Cause.TIE_COUNTED_TWICE, every_tie)
    return case


def two_layer_net(rng, features, width):
    X, y = rng.normal(size=(64, features)), rng.integers(0, 10, 64)

    def forward(W1, b1, W2, b2):
        hidden = np.maximum(X @ W1 + b1, 0)
        return cross_entropy(hidden @ W2 + b2, y) + 1e-3 * (np.sum(W1 * W1) + np.sum(W2 * W2))

    def backward(dout, W1, b1, W2, b2):
        hidden = np.maximum(X @ W1 + b1, 0)
        dz = dout * cross_entropy_gradient(hidden @ W2 + b2, y)
        dh = dz @ W2.T * (hidden > 0)
        dW1, dW2 = X.T @ dh + dout * 2e-3 * W1, hidden.T @ dz + dout * 2e-3 * W2
        return dW1, dh.sum(axis=0), dW2, dz.sum(axis=0)

    def one_off(gradient):
        gradient = gradient.copy()
        gradient[features // 3, width // 2] *= 1.01
        return gradient

    inputs = {"W1": 0.05 * rng.normal(size=(features, width)), "b1": np.zeros(width)}
    inputs |= {"W2": 0.05 * rng.normal(size=(width, 10)), "b2": np.zeros(10)}
    case = Case(f"two_layer_net_{features * width}", forward, backward, inputs, rng.normal())
    case.add_changed("sign of dW1", Cause.SIGN, "W1", np.negative)
    case.add_changed("one entry of dW1 off by 1e-02", Cause.ONE_ENTRY, "W1", one_off)
    return case


def net_of_10_thousand(rng):
    return two_layer_net(rng, 100, 95)


def net_of_a_million(rng):
    return two_layer_net(rng, 1000, 950)


CASES = [softmax_3073, svm_3073, relu_20k, sparse_lasso, max_pool_12k, net_of_10_thousand, net_of_a_million]
