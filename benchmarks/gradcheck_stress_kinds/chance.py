"""Wrong factors that vanish, turn or are right at the very point, by chance or by a special case.

The function is smooth there and the right gradient large, so that each of them is a gross mistake.
"""

import numpy as np
from gradcheck_catalogue.case import Case

from course_lib import Cause
from gradcheck_stress_kinds.scalars import number
from gradcheck_stress_kinds.wrongs import scalar_loss

#: What the local derivative is multiplied by, of how far a preactivation is from where it is checked.
FACTORS = {
    "it vanishes": lambda away: away,
    "it vanishes twice": lambda away: away**2,
    "it turns steeply": lambda away: np.tanh(1e7 * away),
    "it jumps": lambda away: np.where(away >= 0, 0.5, -0.5),
    "it is zero there alone": lambda away: np.where(away == 0, 0.0, 1.0),
    "it is halved there alone": lambda away: np.where(away == 0, 0.5, 1.0),
}


def _with_factors(name, forward, gradient, preactivation, inputs) -> Case:
    case = scalar_loss(name, forward, gradient, inputs)
    here = preactivation(*inputs.values())
    for label, factor in FACTORS.items():

        def backward(dout, *arguments, factor=factor):
            scale = dout * factor(preactivation(*arguments) - here)
            return tuple(scale * part for part in gradient(*arguments))

        case.add(f"a factor: {label}", Cause.LOCAL_DERIVATIVE, backward)
    return case


def neuron(rng):
    def gradient(w, x, b):
        slope = 1 - np.tanh(w * x + b) ** 2
        return slope * x, slope * w, slope

    inputs = {"w": number(rng, 0.3, 1), "x": number(rng, 0.3, 1), "b": number(rng, 0.3, 1)}
    return _with_factors(
        "neuron", lambda w, x, b: np.tanh(w * x + b), gradient, lambda w, x, b: w * x + b, inputs
    )


def product(rng):
    inputs = {"x": number(rng), "y": number(rng)}
    return _with_factors(
        "product", lambda x, y: x * y, lambda x, y: (y, x), lambda x, y: np.sin(x) + y, inputs
    )


def inner_product(rng):
    inputs = {"w": rng.normal(size=4), "x": rng.normal(size=4)}
    return _with_factors("inner_product", lambda w, x: w @ x, lambda w, x: (x, w), lambda w, x: w @ x, inputs)


def softplus_sum(rng):
    inputs = {"x": rng.normal(size=int(rng.integers(1, 6)))}

    def gradient(x):
        return (1 / (1 + np.exp(-x)),)

    return _with_factors(
        "softplus_sum", lambda x: np.sum(np.logaddexp(0, x)), gradient, lambda x: np.sum(x), inputs
    )


CASES = [neuron, product, inner_product, softplus_sum]
