"""Functions whose outputs share a statistic."""

import numpy as np

from course_lib import Cause
from gradcheck_catalogue.case import Case, ignoring_dout


def layer_norm(rng):
    def parts(x):
        centred = x - x.mean(axis=1, keepdims=True)
        deviation = np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)
        return centred / deviation, deviation

    def forward(x, gamma, beta):
        return gamma * parts(x)[0] + beta

    def backward(dout, x, gamma, beta, mean=1.0, variance=1.0):
        normal, deviation = parts(x)
        d = dout * gamma
        through_mean = mean * d.mean(axis=1, keepdims=True)
        through_variance = variance * normal * (d * normal).mean(axis=1, keepdims=True)
        return (
            (d - through_mean - through_variance) / deviation,
            (dout * normal).sum(axis=0),
            dout.sum(axis=0),
        )

    inputs = {"x": rng.normal(size=(5, 7)) * 2, "gamma": rng.normal(size=7) + 1, "beta": rng.normal(size=7)}
    case = Case("layer_norm", forward, backward, inputs, rng.normal(size=(5, 7)))
    case.add("mean constant", Cause.DROPPED_PATH, lambda dout, *i: backward(dout, *i, mean=0.0))
    case.add("variance constant", Cause.DROPPED_PATH, lambda dout, *i: backward(dout, *i, variance=0.0))
    case.add(
        "sign of the variance path",
        Cause.SIGN_OF_ONE_TERM,
        lambda dout, *i: backward(dout, *i, variance=-1.0),
    )
    case.add("mean path not averaged", Cause.SCALE_N, lambda dout, *i: backward(dout, *i, mean=7.0))
    case.add_changed("dbeta averaged", Cause.SCALE_N, "beta", lambda gradient: gradient / 5)
    case.add(
        "dgamma from the last row",
        Cause.OVERWRITTEN,
        lambda dout, *i: (backward(dout, *i)[0], (dout * parts(i[0])[0])[-1], backward(dout, *i)[2]),
    )
    case.add_usual("x")
    return case


def softmax(rng):
    def forward(z):
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def backward(dout, z, shared=1.0):
        p = forward(z)
        return (p * (dout - shared * (dout * p).sum(axis=1, keepdims=True)),)

    case = Case("softmax", forward, backward, {"z": rng.normal(size=(4, 5))}, rng.normal(size=(4, 5)))
    case.add("sum treated as constant", Cause.DROPPED_PATH, lambda dout, z: backward(dout, z, 0.0))
    case.add("sign of the shared term", Cause.SIGN_OF_ONE_TERM, lambda dout, z: backward(dout, z, -1.0))
    case.add(
        "diagonal only, p (1 - p)",
        Cause.DROPPED_PATH | Cause.LOCAL_DERIVATIVE,
        lambda dout, z: (dout * forward(z) * (1 - forward(z)),),
    )
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, ignoring_dout(backward))
    case.add_usual("z")
    return case


def log_softmax(rng):
    def forward(z):
        return z - np.log(np.exp(z).sum(axis=1, keepdims=True))

    def backward(dout, z, shared=1.0):
        p = np.exp(forward(z))
        return (dout - shared * p * dout.sum(axis=1, keepdims=True),)

    case = Case("log_softmax", forward, backward, {"z": rng.normal(size=(5, 4))}, rng.normal(size=(5, 4)))
    case.add("log sum constant", Cause.DROPPED_PATH, lambda dout, z: backward(dout, z, 0.0))
    case.add(
        "upstream not summed",
        Cause.WRONG_SUM | Cause.LOCAL_DERIVATIVE | Cause.DROPPED_PATH,
        lambda dout, z: (dout - np.exp(forward(z)) * dout,),
    )
    case.add_usual("z")
    return case


def unit_rows(rng):
    def forward(x):
        return x / np.linalg.norm(x, axis=1, keepdims=True)

    def backward(dout, x, radial=1.0):
        length = np.linalg.norm(x, axis=1, keepdims=True)
        y = x / length
        return ((dout - radial * y * (dout * y).sum(axis=1, keepdims=True)) / length,)

    case = Case("unit_rows", forward, backward, {"x": rng.normal(size=(4, 5))}, rng.normal(size=(4, 5)))
    case.add("length constant", Cause.DROPPED_PATH, lambda dout, x: backward(dout, x, 0.0))
    case.add("sign of the length path", Cause.SIGN_OF_ONE_TERM, lambda dout, x: backward(dout, x, -1.0))
    case.add(
        "not divided by the length",
        Cause.LOCAL_DERIVATIVE,
        lambda dout, x: (backward(dout, x)[0] * np.linalg.norm(x, axis=1, keepdims=True),),
    )
    case.add_usual("x")
    return case


def centre_columns(rng):
    def forward(x):
        return x - x.mean(axis=0)

    def backward(dout, x):
        return (dout - dout.mean(axis=0),)

    case = Case("centre_columns", forward, backward, {"x": rng.normal(size=(6, 4))}, rng.normal(size=(6, 4)))
    case.add("mean constant", Cause.DROPPED_PATH, lambda dout, x: (dout * 1.0,))
    case.add("mean path not averaged", Cause.SCALE_N, lambda dout, x: (dout - dout.sum(axis=0),))
    case.add("sign of the mean path", Cause.SIGN_OF_ONE_TERM, lambda dout, x: (dout + dout.mean(axis=0),))
    case.add_usual("x")
    return case


def variance(rng):
    def forward(x):
        return x.var(axis=0)

    def backward(dout, x):
        return (dout * 2 * (x - x.mean(axis=0)) / len(x),)

    case = Case("variance", forward, backward, {"x": rng.normal(size=(7, 4)) + 2}, rng.normal(size=4))
    case.add("2 forgotten", Cause.FACTOR_2, lambda dout, x: (backward(dout, x)[0] / 2,))
    case.add("not averaged", Cause.SCALE_N, lambda dout, x: (backward(dout, x)[0] * len(x),))
    case.add(
        "not centred", Cause.LOCAL_DERIVATIVE | Cause.DROPPED_PATH, lambda dout, x: (dout * 2 * x / len(x),)
    )
    case.add_usual("x")
    return case


CASES = [layer_norm, softmax, log_softmax, unit_rows, centre_columns, variance]
