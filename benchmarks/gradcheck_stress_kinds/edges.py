"""Points close to the edge of a domain, and to poles: where the slope changes over less than a usual step."""

import numpy as np

from gradcheck_stress_kinds.wrongs import add_relative, scalar_loss

#: How far away edges are: down to where float64 still tells a small mistake from rounding.
CLOSEST, FARTHEST = -9, -2


def close_to(edge):
    """One entry a little to the inside of an edge: others would drown beside its slope."""

    def make(name, function, derivative, inside):
        def case(rng):
            x = np.array([edge + inside * 10 ** rng.uniform(CLOSEST, FARTHEST)])
            return add_relative(scalar_loss(name, lambda x: np.sum(function(x)), derivative, {"x": x}))

        case.__name__ = name
        return case

    return make


def arcsine_slope(x):
    return 1 / np.sqrt((1 - x) * (1 + x))


CASES = [
    close_to(1.0)("arcsin", np.arcsin, arcsine_slope, -1),
    close_to(1.0)("arctanh", np.arctanh, lambda x: 1 / ((1 - x) * (1 + x)), -1),
    close_to(1.0)("arccosh", np.arccosh, lambda x: 1 / np.sqrt((x - 1) * (x + 1)), 1),
    close_to(-1.0)("log1p", np.log1p, lambda x: 1 / (1 + x), 1),
    close_to(1.0)("entropy", lambda p: -np.log(p) - np.log(1 - p), lambda p: -1 / p + 1 / (1 - p), -1),
    close_to(0.0)("sqrt", np.sqrt, lambda x: 0.5 / np.sqrt(x), 1),
    close_to(0.0)("log", np.log, lambda x: 1 / x, 1),
    close_to(0.0)("reciprocal", lambda x: 1 / x, lambda x: -1 / x**2, 1),
    close_to(np.pi / 2)("tan", np.tan, lambda x: 1 / np.cos(x) ** 2, -1),
]
