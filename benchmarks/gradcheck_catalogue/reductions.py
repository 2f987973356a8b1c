"""Sums, means, maxima and batch normalization."""

import numpy as np

from course_lib import Cause
from gradcheck_catalogue.case import Case, ignoring_dout


def one_hot(x, axis=1, pick=np.argmax):
    mask = np.zeros(x.shape)
    np.put_along_axis(mask, np.expand_dims(pick(x, axis), axis), 1.0, axis)
    return mask


def mean_of_rows(rng):
    def backward(dout, x, divisor=6):
        return (np.broadcast_to(dout / divisor, x.shape) * 1.0,)

    x = rng.normal(size=(6, 4))
    case = Case("mean_of_rows", lambda x: x.mean(axis=0), backward, {"x": x}, rng.normal(size=4))
    case.add("not averaged", Cause.SCALE_N, lambda d, x: backward(d, x, 1))
    case.add("divided by the other axis", Cause.CONSTANT_FACTOR, lambda d, x: backward(d, x, 4))
    case.add(
        "first row only", Cause.ZERO_IN_PART, lambda d, x: (backward(d, x)[0] * (np.arange(6) == 0)[:, None],)
    )
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, ignoring_dout(backward))
    case.add_usual("x")
    return case


def sum_of_columns(rng):
    def backward(dout, x):
        return (np.broadcast_to(dout[:, None], x.shape) * 1.0,)

    x = rng.normal(size=(5, 5))
    case = Case("sum_of_columns", lambda x: x.sum(axis=1), backward, {"x": x}, rng.normal(size=5))
    case.add(
        "along the wrong axis", Cause.WRONG_AXIS, lambda d, x: (np.broadcast_to(d[None], x.shape) * 1.0,)
    )
    case.add("averaged", Cause.SCALE_N, lambda d, x: (backward(d, x)[0] / 5,))
    case.add("multiplied by x", Cause.LOCAL_DERIVATIVE, lambda d, x: (d[:, None] * x,))
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, ignoring_dout(backward))
    case.add_usual("x")
    return case


def maximum_of_rows(rng):
    def backward(dout, x):
        return (dout[:, None] * one_hot(x),)

    x = rng.permutation(25).reshape(5, 5) / 5 + rng.uniform(0, 0.1, (5, 5))
    case = Case("maximum_of_rows", lambda x: x.max(axis=1), backward, {"x": x}, rng.normal(size=5))
    case.add("to all", Cause.MISSING_MASK, lambda d, x: (np.broadcast_to(d[:, None], x.shape) * 1.0,))
    case.add("along the wrong axis", Cause.WRONG_AXIS, lambda d, x: (d[None, :] * one_hot(x, 0),))
    case.add("to the smallest", Cause.INVERTED_MASK, lambda d, x: (d[:, None] * one_hot(x, 1, np.argmin),))
    case.add("multiplied by the value", Cause.LOCAL_DERIVATIVE, lambda d, x: (d[:, None] * one_hot(x) * x,))
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, ignoring_dout(backward))
    case.add_usual("x")
    return case


def tied_maximum(rng):
    def backward(dout, x):
        return (dout[:, None] * one_hot(x),)

    x = np.round(2 * rng.normal(size=(5, 6))) / 2
    x[0, :2] = x[0].max() + 0.5
    x[1, 2:5] = x[1].max() + 0.5
    case = Case("tied_maximum", lambda x: x.max(axis=1), backward, {"x": x}, rng.normal(size=5))
    case.add(
        "every tie in full",
        Cause.TIE_COUNTED_TWICE,
        lambda d, x: (d[:, None] * (x == x.max(axis=1, keepdims=True)),),
    )
    case.add("to all", Cause.MISSING_MASK, lambda d, x: (np.broadcast_to(d[:, None], x.shape) * 1.0,))
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, ignoring_dout(backward))
    return case


def log_sum_exp(rng):
    def forward(x):
        largest = x.max(axis=1)
        return np.log(np.exp(x - largest[:, None]).sum(axis=1)) + largest

    def weights(x):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def overflowing(dout, x):
        with np.errstate(all="ignore"):
            return (dout[:, None] * np.exp(x) / np.exp(x).sum(axis=1, keepdims=True),)

    x = 1000 + 3 * rng.normal(size=(4, 5))
    x[1] -= 2500
    case = Case("log_sum_exp", forward, lambda d, x: (d[:, None] * weights(x),), {"x": x}, rng.normal(size=4))
    case.add("overflows", Cause.NON_FINITE, overflowing)
    case.add("to the largest only", Cause.ZERO_IN_PART, lambda d, x: (d[:, None] * weights(x) * one_hot(x),))
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, lambda d, x: (weights(x),))
    case.add_changed("sign", Cause.SIGN, "x", np.negative)
    return case


def batch_norm(rng):
    def parts(x):
        deviation = np.sqrt(x.var(axis=0) + 1e-5)
        return (x - x.mean(axis=0)) / deviation, deviation

    def backward(dout, x, gamma, beta, mean=1.0, variance=1.0):
        normal, deviation = parts(x)
        d = dout * gamma
        dx = (d - mean * d.mean(axis=0) - variance * normal * (d * normal).mean(axis=0)) / deviation
        return dx, (dout * normal).sum(axis=0), dout.sum(axis=0)

    inputs = {
        "x": 2 * rng.normal(size=(7, 4)) + 1,
        "gamma": rng.normal(size=4) + 1,
        "beta": rng.normal(size=4),
    }
    case = Case("batch_norm", lambda x, g, b: g * parts(x)[0] + b, backward, inputs, rng.normal(size=(7, 4)))
    case.add("mean constant", Cause.DROPPED_PATH, lambda d, *i: backward(d, *i, mean=0.0))
    case.add("variance constant", Cause.DROPPED_PATH, lambda d, *i: backward(d, *i, variance=0.0))
    case.add("both constant", Cause.DROPPED_PATH, lambda d, *i: backward(d, *i, mean=0.0, variance=0.0))
    case.add(
        "sign of the variance path", Cause.SIGN_OF_ONE_TERM, lambda d, *i: backward(d, *i, variance=-1.0)
    )
    case.add("mean path not averaged", Cause.SCALE_N, lambda d, *i: backward(d, *i, mean=7.0))
    case.add_changed("dbeta averaged", Cause.SCALE_N, "beta", lambda g: g / 7)
    case.add_usual("x")
    return case


CASES = [mean_of_rows, sum_of_columns, maximum_of_rows, tied_maximum, log_sum_exp, batch_norm]
