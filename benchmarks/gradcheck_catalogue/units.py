"""Activations and elementwise units."""

import numpy as np

from course_lib import Cause
from gradcheck_catalogue.case import Case, ignoring_dout


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softplus(rng):
    def forward(x):
        return np.logaddexp(0, x)

    def backward(dout, x):
        return (dout * sigmoid(x),)

    case = Case("softplus", forward, backward, {"x": rng.normal(size=(4, 5)) * 2}, rng.normal(size=(4, 5)))
    case.add(
        "derivative of the sigmoid",
        Cause.LOCAL_DERIVATIVE,
        lambda dout, x: (dout * sigmoid(x) * sigmoid(-x),),
    )
    case.add("tanh instead of sigmoid", Cause.LOCAL_DERIVATIVE, lambda dout, x: (dout * np.tanh(x),))
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, ignoring_dout(backward))
    case.add_usual("x")
    return case


def swish(rng):
    def forward(x):
        return x * sigmoid(x)

    def backward(dout, x, through_sigmoid=1.0):
        s = sigmoid(x)
        return (dout * (s + through_sigmoid * x * s * (1 - s)),)

    case = Case("swish", forward, backward, {"x": rng.normal(size=(4, 6)) * 2}, rng.normal(size=(4, 6)))
    case.add("path through the sigmoid", Cause.DROPPED_PATH, lambda dout, x: backward(dout, x, 0.0))
    case.add("sign of that path", Cause.SIGN_OF_ONE_TERM, lambda dout, x: backward(dout, x, -1.0))
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, ignoring_dout(backward))
    case.add_usual("x")
    return case


def prelu(rng):
    def forward(x, alpha):
        return np.where(x > 0, x, alpha * x)

    def backward(dout, x, alpha):
        return dout * np.where(x > 0, 1.0, alpha), np.sum(dout * np.where(x > 0, 0.0, x), axis=0)

    inputs = {"x": rng.normal(size=(6, 4)), "alpha": rng.uniform(0.1, 0.4, 4)}
    case = Case("prelu", forward, backward, inputs, rng.normal(size=(6, 4)))
    case.add(
        "dalpha without mask",
        Cause.MISSING_MASK,
        lambda dout, x, alpha: (backward(dout, x, alpha)[0], np.sum(dout * x, axis=0)),
    )
    case.add(
        "dx without slope",
        Cause.MISSING_MASK,
        lambda dout, x, alpha: (dout * 1.0, backward(dout, x, alpha)[1]),
    )
    case.add(
        "dalpha from the last row",
        Cause.OVERWRITTEN,
        lambda dout, x, alpha: (backward(dout, x, alpha)[0], (dout * np.where(x > 0, 0.0, x))[-1]),
    )
    case.add(
        "slope on the wrong side",
        Cause.INVERTED_MASK,
        lambda dout, x, alpha: (dout * np.where(x < 0, 1.0, alpha), backward(dout, x, alpha)[1]),
    )
    case.add_usual("alpha")
    return case


def dropout(rng):
    keep = (rng.random((5, 6)) < 0.6) * 1.0

    def forward(x):
        return x * keep / 0.6

    def backward(dout, x):
        return (dout * keep / 0.6,)

    case = Case("dropout", forward, backward, {"x": rng.normal(size=(5, 6))}, rng.normal(size=(5, 6)))
    case.add("mask forgotten", Cause.MISSING_MASK, lambda dout, x: (dout / 0.6,))
    case.add("mask inverted", Cause.INVERTED_MASK, lambda dout, x: (dout * (1 - keep) / 0.6,))
    case.add("not rescaled", Cause.CONSTANT_FACTOR, lambda dout, x: (dout * keep,))
    case.add("mask of the sign of x", Cause.MASK_FROM_WRONG_TENSOR, lambda dout, x: (dout * (x > 0) / 0.6,))
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, ignoring_dout(backward))
    case.add_usual("x")
    return case


def clip(rng):
    def forward(x):
        return np.clip(x, -1, 1)

    def backward(dout, x):
        return (dout * (np.abs(x) < 1),)

    case = Case("clip", forward, backward, {"x": rng.normal(size=(5, 5)) * 1.5}, rng.normal(size=(5, 5)))
    case.add("mask forgotten", Cause.MISSING_MASK, lambda dout, x: (dout * 1.0,))
    case.add("mask inverted", Cause.INVERTED_MASK, lambda dout, x: (dout * (np.abs(x) > 1),))
    case.add("mask of dout", Cause.MASK_FROM_WRONG_TENSOR, lambda dout, x: (dout * (np.abs(dout) < 1),))
    case.add("one side only", Cause.MISSING_MASK, lambda dout, x: (dout * (x < 1),))
    case.add_usual("x")
    return case


def huber(rng):
    def forward(x, target):
        r = x - target
        return np.where(np.abs(r) < 1, 0.5 * r**2, np.abs(r) - 0.5)

    def backward(dout, x, target):
        slope = np.clip(x - target, -1, 1)
        return dout * slope, -dout * slope

    inputs = {"x": rng.normal(size=(4, 5)) * 2, "target": rng.normal(size=(4, 5))}
    case = Case("huber", forward, backward, inputs, rng.normal(size=(4, 5)))
    case.add(
        "not clipped",
        Cause.MISSING_MASK | Cause.LOCAL_DERIVATIVE,
        lambda dout, x, target: (dout * (x - target), backward(dout, x, target)[1]),
    )
    case.add_changed("sign of dtarget", Cause.SIGN, "target", np.negative)
    case.add(
        "zero outside",
        Cause.ZERO_IN_PART,
        lambda dout, x, target: (
            dout * (x - target) * (np.abs(x - target) < 1),
            backward(dout, x, target)[1],
        ),
    )
    case.add_usual("x")
    return case


def gelu(rng):
    root = np.sqrt(2 / np.pi)

    def inner(x):
        return np.tanh(root * (x + 0.044715 * x**3))

    def forward(x):
        return 0.5 * x * (1 + inner(x))

    def backward(dout, x, gate=1.0, path=1.0):
        t = inner(x)
        return (
            dout * (gate * 0.5 * (1 + t) + path * 0.5 * x * (1 - t**2) * root * (1 + 3 * 0.044715 * x**2)),
        )

    case = Case("gelu", forward, backward, {"x": rng.normal(size=(4, 6))}, rng.normal(size=(4, 6)))
    case.add(
        "path through tanh",
        Cause.DROPPED_PATH | Cause.LOCAL_DERIVATIVE,
        lambda dout, x: backward(dout, x, path=0.0),
    )
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, ignoring_dout(backward))
    case.add_usual("x")
    return case


def gate_unit(rng):
    """A product of a value and a squashed gate, as in a gated linear unit."""

    def forward(value, gate):
        return value * sigmoid(gate)

    def backward(dout, value, gate):
        s = sigmoid(gate)
        return dout * s, dout * value * s * (1 - s)

    inputs = {"value": rng.normal(size=(4, 4)), "gate": rng.normal(size=(4, 4))}
    case = Case("gate_unit", forward, backward, inputs, rng.normal(size=(4, 4)))
    case.add(
        "returned in the wrong order", Cause.SWAPPED_ARGUMENTS, lambda dout, v, g: backward(dout, v, g)[::-1]
    )
    case.add(
        "gate's local derivative",
        Cause.LOCAL_DERIVATIVE,
        lambda dout, v, g: (dout * sigmoid(g), dout * v * sigmoid(g)),
    )
    case.add(
        "dvalue transposed",
        Cause.TRANSPOSED,
        lambda dout, v, g: (backward(dout, v, g)[0].T, backward(dout, v, g)[1]),
    )
    case.add_usual("gate")
    return case


CASES = [softplus, swish, prelu, dropout, clip, huber, gelu, gate_unit]
