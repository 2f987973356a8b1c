"""Losses, penalties, and the networks of the course."""

import numpy as np

from course_lib import Cause
from gradcheck_catalogue.case import Case


def cross_entropy(z, y):
    shifted = z - z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y])


def cross_entropy_gradient(z, y, shift=0, minus=1.0, count=None):
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(y)), (y + shift) % z.shape[1]] -= minus
    return p / (len(y) if count is None else count)


def softmax_loss(rng):
    y = rng.integers(0, 4, 5)

    def backward(dout, z, **change):
        return (dout * cross_entropy_gradient(z, y, **change),)

    case = Case(
        "softmax_loss", lambda z: cross_entropy(z, y), backward, {"z": 2 * rng.normal(size=(5, 4))}, 1.0
    )
    case.add("not averaged", Cause.SCALE_N, lambda d, z: backward(d, z, count=1))
    case.add("next class", Cause.OFF_BY_ONE, lambda d, z: backward(d, z, shift=1))
    case.add("previous class", Cause.OFF_BY_ONE, lambda d, z: backward(d, z, shift=-1))
    case.add("true class's term forgotten", Cause.DROPPED_PATH, lambda d, z: backward(d, z, minus=0.0))
    case.add_usual("z")
    return case


def softmax_classifier(rng):
    X, y = rng.normal(size=(8, 4)), rng.integers(0, 4, 8)

    def forward(W):
        return cross_entropy(X @ W, y) + 0.01 * np.sum(W * W)

    def backward(dout, W, penalty=0.02, data=1.0, **change):
        gradient = data * X.T @ cross_entropy_gradient(X @ W, y, **change) + penalty * W
        return (dout * gradient,)

    case = Case("softmax_classifier", forward, backward, {"W": 0.5 * rng.normal(size=(4, 4))}, 1.0)
    case.add("penalty forgotten", Cause.REGULARIZATION, lambda d, W: backward(d, W, penalty=0.0))
    case.add("penalty without its 2", Cause.REGULARIZATION, lambda d, W: backward(d, W, penalty=0.01))
    case.add("data not averaged", Cause.SCALE_N, lambda d, W: backward(d, W, count=1))
    case.add("overwritten by the penalty", Cause.OVERWRITTEN, lambda d, W: backward(d, W, data=0.0))
    case.add("next class", Cause.OFF_BY_ONE, lambda d, W: backward(d, W, shift=1))
    case.add_changed("transposed", Cause.TRANSPOSED, "W", np.transpose)
    case.add_usual("W")
    return case


def svm_classifier(rng):
    X, y = rng.normal(size=(6, 4)), rng.integers(0, 3, 6)
    rows = np.arange(6)

    def margins(W):
        scores = X @ W
        above = scores - scores[rows, y][:, None] + 1
        above[rows, y] = 0
        return above

    def forward(W):
        return np.maximum(margins(W), 0).sum() / 6 + 0.01 * np.sum(W * W)

    def backward(dout, W, own=True, mask=True, count=6, penalty=0.02):
        active = (margins(W) > 0) * 1.0 if mask else np.ones((6, 3))
        active[rows, y] = 0
        if own:
            active[rows, y] = -active.sum(axis=1)
        return (dout * (X.T @ active / count + penalty * W),)

    case = Case("svm_classifier", forward, backward, {"W": rng.normal(size=(4, 3))}, 1.0)
    case.add("data not averaged", Cause.SCALE_N, lambda d, W: backward(d, W, count=1))
    case.add("true class's term forgotten", Cause.DROPPED_PATH, lambda d, W: backward(d, W, own=False))
    case.add("mask forgotten", Cause.MISSING_MASK, lambda d, W: backward(d, W, mask=False))
    case.add("penalty forgotten", Cause.REGULARIZATION, lambda d, W: backward(d, W, penalty=0.0))
    case.add_usual("W")
    return case


def elastic_net(rng):
    X, t = rng.normal(size=(7, 5)), rng.normal(size=(7, 4))
    W = rng.normal(size=(5, 4))
    W.flat[rng.permutation(20)[:2]] = 0

    def forward(W):
        data = 0.5 * np.mean(np.sum((X @ W - t) ** 2, axis=1))
        return data + 0.02 * np.abs(W).sum() + 0.05 * np.sum(W * W)

    def backward(dout, W, count=7, lasso=0.02, ridge=0.1):
        return (dout * (X.T @ (X @ W - t) / count + lasso * np.sign(W) + ridge * W),)

    case = Case("elastic_net", forward, backward, {"W": W}, 1.0)
    case.add("L1 forgotten", Cause.REGULARIZATION, lambda d, W: backward(d, W, lasso=0.0))
    case.add("L2 forgotten", Cause.REGULARIZATION, lambda d, W: backward(d, W, ridge=0.0))
    case.add("data not averaged", Cause.SCALE_N, lambda d, W: backward(d, W, count=1))
    case.add_usual("W")
    return case


def lasso(rng):
    w = rng.normal(size=(5, 4))
    w.flat[rng.permutation(20)[:4]] = 0
    case = Case(
        "lasso", lambda w: 0.05 * np.abs(w).sum(), lambda d, w: (d * 0.05 * np.sign(w),), {"w": w}, 1.0
    )
    case.add("w for its sign", Cause.LOCAL_DERIVATIVE, lambda d, w: (d * 0.05 * w,))
    case.add("strength forgotten", Cause.CONSTANT_FACTOR, lambda d, w: (d * np.sign(w),))
    case.add_usual("w")
    return case


def two_layer_net(rng):
    X, y = rng.normal(size=(6, 6)), rng.integers(0, 3, 6)

    def forward(W1, b1, W2, b2):
        hidden = np.maximum(X @ W1 + b1, 0)
        return cross_entropy(hidden @ W2 + b2, y) + 0.01 * (np.sum(W1**2) + np.sum(W2**2))

    def backward(dout, W1, b1, W2, b2, mask="units", count=None, penalties=(0.02, 0.02), axis=0):
        before = X @ W1 + b1
        hidden = np.maximum(before, 0)
        dz = dout * cross_entropy_gradient(hidden @ W2 + b2, y, count=count)
        dh = dz @ W2.T
        dh = dh * {"units": before > 0, "none": 1, "gradient": dh > 0}[mask]
        dW1, dW2 = X.T @ dh + dout * penalties[0] * W1, hidden.T @ dz + dout * penalties[1] * W2
        return dW1, dh.sum(axis=axis), dW2, dz.sum(axis=0)

    sizes = {"W1": (6, 6), "b1": 6, "W2": (6, 3), "b2": 3}
    inputs = {name: 0.5 * rng.normal(size=shape) for name, shape in sizes.items()}
    case = Case("two_layer_net", forward, backward, inputs, 1.0)
    case.add("mask forgotten", Cause.MISSING_MASK, lambda d, *i: backward(d, *i, mask="none"))
    case.add(
        "mask of the gradient", Cause.MASK_FROM_WRONG_TENSOR, lambda d, *i: backward(d, *i, mask="gradient")
    )
    case.add("not averaged", Cause.SCALE_N, lambda d, *i: backward(d, *i, count=1))
    case.add(
        "penalty of W1 forgotten", Cause.REGULARIZATION, lambda d, *i: backward(d, *i, penalties=(0, 0.02))
    )
    case.add(
        "penalty of W2 without its 2",
        Cause.REGULARIZATION,
        lambda d, *i: backward(d, *i, penalties=(0.02, 0.01)),
    )
    case.add("db1 over the wrong axis", Cause.WRONG_AXIS, lambda d, *i: backward(d, *i, axis=1))
    case.add_changed("dW1 transposed", Cause.TRANSPOSED, "W1", np.transpose)
    case.add_usual("W1")
    return case


CASES = [softmax_loss, softmax_classifier, svm_classifier, elastic_net, lasso, two_layer_net]
