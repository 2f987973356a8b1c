"""Recurrences, losses with margins, linear algebra, products in a row, gathers, interpolation, quantiles."""

import numpy as np

from course_lib import Cause
from gradcheck_catalogue.case import Case, ignoring_dout
from gradcheck_catalogue.windows import LOST


def recurrence_through_time(rng):
    """A vanilla recurrent net over four steps: the weights are used in each of them."""
    steps = 4

    def states(x, h, W, U):
        found = [h]
        for t in range(steps):
            found.append(np.tanh(x[:, t] @ W + found[-1] @ U))
        return found

    def forward(x, h, W, U):
        return np.stack(states(x, h, W, U)[1:], axis=1)

    def backward(dout, x, h, W, U, carry=1.0, add=True, slope=2):
        found = states(x, h, W, U)
        dx, dW, dU, dh = np.zeros_like(x), np.zeros_like(W), np.zeros_like(U), np.zeros_like(h)
        for t in reversed(range(steps)):
            da = (dout[:, t] + carry * dh) * (1 - found[t + 1] ** slope)
            dx[:, t], dh = da @ W.T, da @ U.T
            dW, dU = x[:, t].T @ da + add * dW, found[t].T @ da + add * dU
        return dx, dh, dW, dU

    inputs = {"x": rng.normal(size=(3, steps, 2)), "h": rng.normal(size=(3, 3))}
    inputs |= {"W": rng.normal(size=(2, 3)), "U": 0.7 * rng.normal(size=(3, 3))}
    case = Case("recurrence_through_time", forward, backward, inputs, rng.normal(size=(3, steps, 3)))
    case.add("state's path dropped", LOST, lambda d, *i: backward(d, *i, carry=0.0))
    case.add("weights' gradients overwritten", LOST, lambda d, *i: backward(d, *i, add=False))
    case.add("square of tanh forgotten", Cause.LOCAL_DERIVATIVE, lambda d, *i: backward(d, *i, slope=1))
    case.add_changed("dU transposed", Cause.TRANSPOSED, "U", np.transpose)
    case.add_changed("dW averaged over the batch", Cause.SCALE_N, "W", lambda g: g / 3)
    case.add_usual("U")
    return case


def margin_with_ignored_labels(rng):
    labels = np.array([0, -1, 3, 2, -1, 1])
    known = labels >= 0
    number = known.sum()

    def violations(s):
        margin = s - s[np.arange(6), labels][:, None] + 1
        margin[np.arange(6), labels] = 0
        return np.maximum(margin, 0) * known[:, None]

    def forward(s):
        return violations(s).sum() / number

    def backward(dout, s, true=1.0, ignore=True, count=number):
        d = (violations(s) > 0) * 1.0
        if not ignore:
            d[~known] = 1.0
        d[np.arange(6), labels] -= true * d.sum(axis=1)
        return (dout * d / count,)

    case = Case("margin_with_ignored_labels", forward, backward, {"s": rng.normal(size=(6, 4))}, rng.normal())
    case.add("true class's term forgotten", Cause.DROPPED_PATH, lambda d, s: backward(d, s, true=0.0))
    case.add("averaged over the ignored too", Cause.CONSTANT_FACTOR, lambda d, s: backward(d, s, count=6))
    case.add("not averaged", Cause.SCALE_N | Cause.CONSTANT_FACTOR, lambda d, s: backward(d, s, count=1))
    case.add("ignored ones counted", Cause.MISSING_MASK, lambda d, s: backward(d, s, ignore=False))
    case.add_usual("s")
    return case


def linear_solve(rng):
    def backward(dout, A, b, transpose=True, sign=-1.0):
        x = np.linalg.solve(A, b)
        db = np.linalg.solve(A.T if transpose else A, dout)
        return sign * db @ x.T, db

    inputs = {"A": rng.normal(size=(4, 4)) + 4 * np.eye(4), "b": rng.normal(size=(4, 2))}
    case = Case("linear_solve", np.linalg.solve, backward, inputs, rng.normal(size=(4, 2)))
    case.add("A for its transpose", Cause.TRANSPOSED_OPERAND, lambda d, *i: backward(d, *i, transpose=False))
    case.add("sign of the inverse forgotten", Cause.SIGN, lambda d, *i: backward(d, *i, sign=1.0))
    case.add_changed("dA transposed", Cause.TRANSPOSED, "A", np.transpose)
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, ignoring_dout(backward))
    case.add_usual("A")
    return case


def log_determinant(rng):
    def backward(dout, A):
        return (dout * np.linalg.inv(A).T,)

    case = Case(
        "log_determinant",
        lambda A: np.linalg.slogdet(A)[1],
        backward,
        {"A": rng.normal(size=(4, 4)) + 3 * np.eye(4)},
        rng.normal(),
    )
    case.add_changed("transpose forgotten", Cause.TRANSPOSED, "A", np.transpose)
    case.add(
        "determinant's own gradient",
        Cause.CONSTANT_FACTOR,
        lambda d, A: (np.linalg.det(A) * backward(d, A)[0],),
    )
    case.add_usual("A")
    return case


def cumulative_product(rng):
    def backward(dout, x, reverse=True):
        d = dout * np.cumprod(x, axis=1)
        if reverse:
            d = d[:, ::-1].cumsum(axis=1)[:, ::-1]
        return (d / x,)

    x = rng.uniform(0.5, 1.5, (3, 5)) * rng.choice([-1, 1], (3, 5))
    case = Case(
        "cumulative_product", lambda x: np.cumprod(x, axis=1), backward, {"x": x}, rng.normal(size=(3, 5))
    )
    case.add(
        "later products forgotten", LOST | Cause.LOCAL_DERIVATIVE, lambda d, x: backward(d, x, reverse=False)
    )
    case.add(
        "summed from the front",
        Cause.WRONG_AXIS | Cause.LOCAL_DERIVATIVE | Cause.OFF_BY_ONE,
        lambda d, x: ((d * np.cumprod(x, axis=1)).cumsum(axis=1) / x,),
    )
    case.add("not divided by x", Cause.LOCAL_DERIVATIVE, lambda d, x: (backward(d, x)[0] * x,))
    case.add_usual("x")
    return case


def gather_along_rows(rng):
    index = np.array([[0, 2, 2], [1, 1, 1], [3, 0, 3]])

    def backward(dout, x, add=True, shift=0):
        gradient, rows = np.zeros_like(x), np.arange(3)[:, None]
        where = (rows, (index + shift) % 4)
        if add:
            np.add.at(gradient, where, dout)
        else:
            gradient[where] = dout
        return (gradient,)

    case = Case(
        "gather_along_rows",
        lambda x: np.take_along_axis(x, index, axis=1),
        backward,
        {"x": rng.normal(size=(3, 4))},
        rng.normal(size=(3, 3)),
    )
    case.add("repeated ones overwritten", LOST, lambda d, x: backward(d, x, add=False))
    case.add("next column", Cause.OFF_BY_ONE, lambda d, x: backward(d, x, shift=1))
    case.add_usual("x")
    return case


def linear_interpolation(rng):
    """Values on a grid, looked up between its points; both the places and the values are variables."""
    last = 5

    def parts(t):
        left = np.clip(np.floor(t).astype(int), 0, last - 1)
        return left, t - left

    def forward(t, values):
        left, share = parts(t)
        return (1 - share) * values[left] + share * values[left + 1]

    def backward(dout, t, values, right=1.0, swap=False, sign=1.0):
        left, share = parts(t)
        dvalues = np.zeros_like(values)
        near, far = (share, 1 - share) if swap else (1 - share, share)
        np.add.at(dvalues, left, dout * near)
        np.add.at(dvalues, left + 1, right * dout * far)
        return dout * (values[left + 1] - sign * values[left]), dvalues

    inputs = {"t": rng.uniform(0, last, 7), "values": rng.normal(size=last + 1)}
    case = Case("linear_interpolation", forward, backward, inputs, rng.normal(size=7))
    case.add("right neighbour forgotten", LOST, lambda d, *i: backward(d, *i, right=0.0))
    case.add(
        "shares exchanged",
        Cause.LOCAL_DERIVATIVE | Cause.OFF_BY_ONE | Cause.SWAPPED_ARGUMENTS,
        lambda d, *i: backward(d, *i, swap=True),
    )
    case.add(
        "sign in the slope",
        Cause.SIGN_OF_ONE_TERM | Cause.LOCAL_DERIVATIVE,
        lambda d, *i: backward(d, *i, sign=-1.0),
    )
    case.add_usual("values")
    return case


def quantile(rng):
    q = 0.3

    def places(x):
        order, at = np.argsort(x, axis=0), q * (len(x) - 1)
        low = int(at)
        return order[low], order[low + 1], at - low

    def backward(dout, x, weights=None, shift=0):
        below, above, share = places(x)
        gradient, columns = np.zeros_like(x), np.arange(x.shape[1])
        near, far = weights or (1 - share, share)
        gradient[(below + shift) % len(x), columns] = dout * near
        gradient[(above + shift) % len(x), columns] = dout * far
        return (gradient,)

    case = Case(
        "quantile",
        lambda x: np.quantile(x, q, axis=0),
        backward,
        {"x": rng.normal(size=(7, 3))},
        rng.normal(size=3),
    )
    case.add(
        "all to one neighbour",
        Cause.ZERO_IN_PART | Cause.LOCAL_DERIVATIVE | LOST,
        lambda d, x: backward(d, x, (1.0, 0.0)),
    )
    case.add(
        "both in full",
        Cause.LOCAL_DERIVATIVE | Cause.TIE_COUNTED_TWICE,
        lambda d, x: backward(d, x, (1.0, 1.0)),
    )
    case.add("next row", Cause.OFF_BY_ONE, lambda d, x: backward(d, x, shift=1))
    case.add(
        "to all of the column", Cause.MISSING_MASK | Cause.LOCAL_DERIVATIVE, lambda d, x: (d / 7 + 0 * x,)
    )
    case.add_usual("x")
    return case


CASES = [
    recurrence_through_time,
    margin_with_ignored_labels,
    linear_solve,
    log_determinant,
    cumulative_product,
    gather_along_rows,
    linear_interpolation,
    quantile,
]
