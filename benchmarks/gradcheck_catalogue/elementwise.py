"""Elementwise functions: smooth, with kinks nearby, and with kinks at the point itself."""

import numpy as np

from course_lib import Cause
from gradcheck_catalogue.case import Case, ignoring_dout
from gradcheck_catalogue.units import sigmoid

SHAPE = (4, 6)


def away_from_zero(rng):
    x = rng.normal(size=SHAPE)
    return x + np.sign(x) * 0.2


def relu_case(name, x, rng):
    def backward(dout, x):
        return (dout * (x > 0),)

    case = Case(name, lambda x: np.maximum(x, 0), backward, {"x": x}, rng.normal(size=SHAPE))
    case.add("mask forgotten", Cause.MISSING_MASK, lambda dout, x: (dout * 1.0,))
    case.add("mask of dout", Cause.MASK_FROM_WRONG_TENSOR, lambda dout, x: (dout * (dout > 0),))
    case.add("mask of both", Cause.MASK_FROM_WRONG_TENSOR, lambda dout, x: (dout * (x > 0) * (dout > 0),))
    case.add("mask inverted", Cause.INVERTED_MASK, lambda dout, x: (dout * (x < 0),))
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, lambda dout, x: ((x > 0) * 1.0,))
    case.add_usual("x")
    return case


def relu(rng):
    return relu_case("relu", away_from_zero(rng), rng)


def relu_near_kinks(rng):
    x = away_from_zero(rng)
    x.flat[rng.permutation(24)[:8]] = [1e-8, -1e-7, 1e-6, -4e-6, 2e-5, -1e-4, 5e-4, -2e-3]
    return relu_case("relu_near_kinks", x, rng)


def relu_on_kinks(rng):
    x = away_from_zero(rng)
    x.flat[rng.permutation(24)[:5]] = 0.0
    return relu_case("relu_on_kinks", x, rng)


def leaky_relu_near_kinks(rng):
    def forward(x):
        return np.where(x > 0, x, 0.1 * x)

    def backward(dout, x):
        return (dout * np.where(x > 0, 1.0, 0.1),)

    x = rng.normal(size=SHAPE)
    x.flat[rng.permutation(24)[:4]] = [1e-7, -3e-6, 1e-4, -1e-3]
    case = Case("leaky_relu_near_kinks", forward, backward, {"x": x}, rng.normal(size=SHAPE))
    case.add("slope zero", Cause.ZERO_IN_PART, lambda dout, x: (dout * (x > 0),))
    case.add(
        "slope on the wrong side", Cause.INVERTED_MASK, lambda dout, x: (dout * np.where(x < 0, 1.0, 0.1),)
    )
    case.add("slope forgotten", Cause.MISSING_MASK, lambda dout, x: (dout * 1.0,))
    case.add(
        "mask of dout", Cause.MASK_FROM_WRONG_TENSOR, lambda dout, x: (np.where(dout > 0, dout, 0.1 * dout),)
    )
    case.add_usual("x")
    return case


def elu(rng):
    def below(x):
        return np.exp(np.minimum(x, 0))

    def backward(dout, x):
        return (dout * below(x),)

    x = rng.normal(size=SHAPE) * 1.5
    x.flat[:2] = [1e-5, -1e-5]
    case = Case("elu", lambda x: np.maximum(x, 0) + below(x) - 1, backward, {"x": x}, rng.normal(size=SHAPE))
    case.add(
        "output for its derivative",
        Cause.LOCAL_DERIVATIVE,
        lambda dout, x: (dout * np.where(x > 0, 1.0, below(x) - 1),),
    )
    case.add("exp everywhere", Cause.LOCAL_DERIVATIVE, lambda dout, x: (dout * np.exp(x),))
    case.add("zero below", Cause.ZERO_IN_PART, lambda dout, x: (dout * (x > 0),))
    case.add_usual("x")
    return case


def logistic(rng):
    def backward(dout, x):
        return (dout * sigmoid(x) * (1 - sigmoid(x)),)

    case = Case("logistic", sigmoid, backward, {"x": 3 * rng.normal(size=SHAPE)}, rng.normal(size=SHAPE))
    case.add("s for s (1 - s)", Cause.LOCAL_DERIVATIVE, lambda dout, x: (dout * sigmoid(x),))
    case.add("x (1 - x)", Cause.LOCAL_DERIVATIVE, lambda dout, x: (dout * x * (1 - x),))
    case.add("s (s - 1)", Cause.SIGN, lambda dout, x: (-backward(dout, x)[0],))
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, ignoring_dout(backward))
    case.add_usual("x")
    return case


def tanh(rng):
    def backward(dout, x):
        return (dout * (1 - np.tanh(x) ** 2),)

    case = Case("tanh", np.tanh, backward, {"x": rng.normal(size=SHAPE)}, rng.normal(size=SHAPE))
    case.add("1 - t", Cause.LOCAL_DERIVATIVE, lambda dout, x: (dout * (1 - np.tanh(x)),))
    case.add("1 - x**2", Cause.LOCAL_DERIVATIVE, lambda dout, x: (dout * (1 - x**2),))
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, ignoring_dout(backward))
    case.add_usual("x")
    return case


def quotient(rng):
    def backward(dout, x, y):
        return dout / y, -dout * x / y**2

    y = rng.uniform(0.3, 2, SHAPE) * rng.choice([-1, 1], SHAPE)
    case = Case(
        "quotient",
        lambda x, y: x / y,
        backward,
        {"x": rng.normal(size=SHAPE), "y": y},
        rng.normal(size=SHAPE),
    )
    case.add("y not squared", Cause.LOCAL_DERIVATIVE, lambda d, x, y: (d / y, -d * x / y))
    case.add("dx = y", Cause.LOCAL_DERIVATIVE, lambda d, x, y: (d * y, -d * x / y**2))
    case.add("upstream ignored in dx", Cause.UPSTREAM_IGNORED, lambda d, x, y: (1 / y, -d * x / y**2))
    case.add_usual("y")
    return case


def logarithm(rng):
    def backward(dout, x):
        return (dout / x,)

    x = rng.uniform(0.05, 3, SHAPE)
    x.flat[:2] = [2e-4, 5e-3]
    case = Case("logarithm", np.log, backward, {"x": x}, rng.normal(size=SHAPE))
    case.add("x for 1/x", Cause.LOCAL_DERIVATIVE, lambda dout, x: (dout * x,))
    case.add("1/x**2", Cause.LOCAL_DERIVATIVE, lambda dout, x: (dout / x**2,))
    case.add("logarithm to base 10", Cause.CONSTANT_FACTOR, lambda dout, x: (dout / x / np.log(10),))
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, ignoring_dout(backward))
    case.add_usual("x")
    return case


def exponential(rng):
    def backward(dout, x):
        return (dout * np.exp(x),)

    case = Case("exponential", np.exp, backward, {"x": 4 * rng.normal(size=SHAPE)}, rng.normal(size=SHAPE))
    case.add("x exp(x)", Cause.LOCAL_DERIVATIVE, lambda dout, x: (dout * x * np.exp(x),))
    case.add("dout itself", Cause.LOCAL_DERIVATIVE, lambda dout, x: (dout * 1.0,))
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, ignoring_dout(backward))
    case.add_usual("x")
    return case


def sine_and_product(rng):
    def backward(dout, x1, x2, product=1.0, sine=1.0):
        return dout * x2, dout * (product * x1 + sine * np.cos(x2))

    inputs = {"x1": rng.normal(size=SHAPE), "x2": rng.normal(size=SHAPE)}
    case = Case(
        "sine_and_product", lambda x1, x2: x1 * x2 + np.sin(x2), backward, inputs, rng.normal(size=SHAPE)
    )
    both = Cause.DROPPED_PATH | Cause.OVERWRITTEN
    case.add("path of the sine dropped", both, lambda d, *i: backward(d, *i, sine=0.0))
    case.add("path of the product overwritten", both, lambda d, *i: backward(d, *i, product=0.0))
    case.add("sign of the cosine", Cause.SIGN_OF_ONE_TERM, lambda d, *i: backward(d, *i, sine=-1.0))
    case.add("dx1 = x1", Cause.LOCAL_DERIVATIVE, lambda d, x1, x2: (d * x1, backward(d, x1, x2)[1]))
    case.add_usual("x2")
    return case


CASES = [
    relu,
    relu_near_kinks,
    relu_on_kinks,
    leaky_relu_near_kinks,
    elu,
    logistic,
    tanh,
    quotient,
    logarithm,
    exponential,
    sine_and_product,
]
