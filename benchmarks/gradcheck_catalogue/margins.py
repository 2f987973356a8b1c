"""Losses that compare."""

import numpy as np

from course_lib import Cause
from gradcheck_catalogue.case import Case


def triplet(rng):
    def forward(anchor, positive, negative):
        near = ((anchor - positive) ** 2).sum(axis=1)
        far = ((anchor - negative) ** 2).sum(axis=1)
        return np.maximum(near - far + 1, 0).mean()

    def backward(dout, anchor, positive, negative, mask=True, count=7.0, near=1.0, far=1.0):
        margin = ((anchor - positive) ** 2).sum(axis=1) - ((anchor - negative) ** 2).sum(axis=1) + 1
        d = 2 * dout / count * ((margin > 0) if mask else np.ones(7))[:, None]
        return (
            d * (near * (anchor - positive) - far * (anchor - negative)),
            d * (positive - anchor),
            d * (anchor - negative),
        )

    inputs = {name: rng.normal(size=(7, 3)) for name in ("anchor", "positive", "negative")}
    case = Case("triplet", forward, backward, inputs, rng.normal())
    case.add("mask forgotten", Cause.MISSING_MASK, lambda d, *i: backward(d, *i, mask=False))
    case.add("not averaged", Cause.SCALE_N, lambda d, *i: backward(d, *i, count=1.0))
    case.add("far term dropped", Cause.DROPPED_PATH, lambda d, *i: backward(d, *i, far=0.0))
    case.add("sign of the far term", Cause.SIGN_OF_ONE_TERM, lambda d, *i: backward(d, *i, far=-1.0))
    case.add_changed("2 forgotten", Cause.FACTOR_2, "positive", lambda g: g / 2)
    case.add_changed("sign of dnegative", Cause.SIGN, "negative", np.negative)
    case.add_usual("anchor")
    return case


def smoothed_cross_entropy(rng):
    y = rng.integers(0, 5, 6)
    target = np.full((6, 5), 0.02)
    target[np.arange(6), y] = 0.92

    def forward(z):
        log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        return -np.mean((target * log_p).sum(axis=1))

    def backward(dout, z, minus=1.0, count=6.0, shift=0):
        p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        return (dout * (p - minus * np.roll(target, shift, axis=1)) / count,)

    case = Case("smoothed_cross_entropy", forward, backward, {"z": rng.normal(size=(6, 5))}, rng.normal())
    case.add("target forgotten", Cause.DROPPED_PATH, lambda d, z: backward(d, z, minus=0.0))
    case.add("not averaged", Cause.SCALE_N, lambda d, z: backward(d, z, count=1.0))
    case.add("next class", Cause.OFF_BY_ONE, lambda d, z: backward(d, z, shift=1))
    case.add_usual("z")
    return case


def ridge(rng):
    X, t = rng.normal(size=(9, 4)), rng.normal(size=(9, 2))

    def forward(W, b):
        return 0.5 * np.mean(((X @ W + b - t) ** 2).sum(axis=1)) + 0.3 * np.sum(W**2)

    def backward(dout, W, b, count=9.0, penalty=0.6):
        d = dout * (X @ W + b - t) / count
        return X.T @ d + dout * penalty * W, d.sum(axis=0)

    case = Case(
        "ridge", forward, backward, {"W": rng.normal(size=(4, 2)), "b": rng.normal(size=2)}, rng.normal()
    )
    case.add("penalty forgotten", Cause.REGULARIZATION, lambda d, *i: backward(d, *i, penalty=0.0))
    case.add("penalty without its 2", Cause.REGULARIZATION, lambda d, *i: backward(d, *i, penalty=0.3))
    case.add("penalty averaged too", Cause.REGULARIZATION, lambda d, *i: backward(d, *i, penalty=0.6 / 9))
    case.add("data not averaged", Cause.SCALE_N, lambda d, *i: backward(d, *i, count=1.0))
    case.add(
        "penalty overwrites",
        Cause.OVERWRITTEN,
        lambda d, W, b: (d * 0.6 * W, backward(d, W, b)[1]),
    )
    case.add_usual("W")
    return case


def absolute_deviation(rng):
    def forward(x, centre):
        return np.abs(x - centre).sum(axis=0)

    def backward(dout, x, centre):
        s = dout * np.sign(x - centre)
        return s, -s.sum(axis=0)

    inputs = {"x": rng.normal(size=(6, 4)), "centre": rng.normal(size=4)}
    case = Case("absolute_deviation", forward, backward, inputs, rng.normal(size=4))
    case.add(
        "sign forgotten",
        Cause.LOCAL_DERIVATIVE | Cause.SIGN,
        lambda d, x, c: (np.broadcast_to(d, x.shape) * 1.0, backward(d, x, c)[1]),
    )
    case.add(
        "difference for its sign", Cause.LOCAL_DERIVATIVE, lambda d, x, c: (d * (x - c), backward(d, x, c)[1])
    )
    case.add_changed("sign of dcentre", Cause.SIGN, "centre", np.negative)
    case.add(
        "dcentre from the last row",
        Cause.OVERWRITTEN,
        lambda d, x, c: (backward(d, x, c)[0], -(d * np.sign(x - c))[-1]),
    )
    case.add_changed("dcentre averaged", Cause.SCALE_N, "centre", lambda g: g / 6)
    case.add_usual("centre")
    return case


CASES = [triplet, smoothed_cross_entropy, ridge, absolute_deviation]
