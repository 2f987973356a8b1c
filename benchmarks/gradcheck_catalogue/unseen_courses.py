"""Held out: what other courses check beside layers, written after the diagnosis was last changed."""

import numpy as np

from course_lib import Cause
from gradcheck_catalogue.case import Case
from gradcheck_catalogue.windows import LOST, softmax


def weighted_cross_entropy(rng):
    """Classes with weights and labels to ignore: the mean is over the weights of the others."""
    labels, weights = np.array([2, 0, -100, 1, 2, -100, 0]), np.array([0.5, 2.0, 1.5])
    known = labels >= 0
    share = np.where(known, weights[labels * known], 0.0)
    whole = share.sum()

    def forward(z):
        p = softmax(z)
        return -(share * np.log(p[np.arange(7), labels * known])).sum() / whole

    def backward(dout, z, weight=share, total=whole, minus=1.0):
        d = softmax(z)
        d[np.arange(7), labels * known] -= minus
        return (dout * d * weight[:, None] / total,)

    case = Case("weighted_cross_entropy", forward, backward, {"z": rng.normal(size=(7, 3))}, rng.normal())
    case.add(
        "ignored ones counted", Cause.MISSING_MASK, lambda d, z: backward(d, z, np.where(known, share, 1.0))
    )
    case.add("averaged over all", Cause.CONSTANT_FACTOR, lambda d, z: backward(d, z, total=7.0))
    case.add("classes' weights forgotten", Cause.LOCAL_DERIVATIVE, lambda d, z: backward(d, z, known * 1.0))
    case.add("true class's term forgotten", Cause.DROPPED_PATH, lambda d, z: backward(d, z, minus=0.0))
    case.add_usual("z")
    return case


def determinant(rng):
    def backward(dout, A, factor=True):
        return (dout * (np.linalg.det(A) if factor else 1.0) * np.linalg.inv(A).T,)

    inputs = {"A": rng.normal(size=(4, 4)) + 2 * np.eye(4)}
    case = Case("determinant", np.linalg.det, backward, inputs, rng.normal())
    case.add_changed("transpose forgotten", Cause.TRANSPOSED, "A", np.transpose)
    case.add("the logarithm's gradient", Cause.CONSTANT_FACTOR, lambda d, A: backward(d, A, factor=False))
    case.add_usual("A")
    return case


def scatter_add(rng):
    """Rows added to the places that an index names, some of them more than once, on top of what is there."""
    index = np.array([3, 1, 3, 0, 1, 3])

    def forward(base, x):
        out = base.copy()
        np.add.at(out, index, x)
        return out

    def backward(dout, base, x, shift=0, keep=1.0):
        return keep * dout, dout[(index + shift) % len(base)]

    inputs = {"base": rng.normal(size=(4, 2)), "x": rng.normal(size=(6, 2))}
    case = Case("scatter_add", forward, backward, inputs, rng.normal(size=(4, 2)))
    case.add("next row", Cause.OFF_BY_ONE, lambda d, *i: backward(d, *i, shift=1))
    case.add("what was there forgotten", Cause.ZERO | LOST, lambda d, *i: backward(d, *i, keep=0.0))
    case.add_changed(
        "last of equal places only", Cause.ZERO_IN_PART | LOST, "x", lambda g: g * last_of_equal(index)
    )
    case.add_usual("x")
    return case


def last_of_equal(index):
    """A column of ones where an index comes for the last time."""
    return np.array([[float(i not in index[k + 1 :])] for k, i in enumerate(index)])


def top_three(rng):
    """The mean of the three largest of each row."""

    def forward(x):
        return np.sort(x, axis=1)[:, -3:].mean(axis=1)

    def chosen(x, sign=1):
        rank = np.argsort(np.argsort(sign * x, axis=1), axis=1)
        return rank >= x.shape[1] - 3

    def backward(dout, x, mask=True, count=3, sign=1):
        return (dout[:, None] * (chosen(x, sign) if mask else np.ones(x.shape)) / count,)

    case = Case("top_three", forward, backward, {"x": rng.normal(size=(4, 7))}, rng.normal(size=4))
    case.add("to all of the row", Cause.MISSING_MASK, lambda d, x: backward(d, x, mask=False))
    case.add("not averaged", Cause.CONSTANT_FACTOR | Cause.SCALE_N, lambda d, x: backward(d, x, count=1))
    case.add(
        "to the smallest", Cause.INVERTED_MASK | Cause.LOCAL_DERIVATIVE, lambda d, x: backward(d, x, sign=-1)
    )
    case.add(
        "in the sorted order",
        Cause.OFF_BY_ONE | Cause.LOCAL_DERIVATIVE,
        lambda d, x: (np.sort(backward(d, x)[0], axis=1),),
    )
    case.add_usual("x")
    return case


def three_way_product(rng):
    def backward(dout, a, W, b):
        return (
            np.einsum("nj,ijk,nk->ni", dout, W, b),
            np.einsum("ni,nj,nk->ijk", a, dout, b),
            np.einsum("ni,ijk,nj->nk", a, W, dout),
        )

    inputs = {"a": rng.normal(size=(4, 3)), "W": rng.normal(size=(3, 3, 3)), "b": rng.normal(size=(4, 3))}
    case = Case(
        "three_way_product",
        lambda a, W, b: np.einsum("ni,ijk,nk->nj", a, W, b),
        backward,
        inputs,
        rng.normal(size=(4, 3)),
    )
    case.add_changed(
        "two axes of dW exchanged", Cause.TRANSPOSED | Cause.WRONG_AXIS, "W", lambda g: g.transpose(2, 1, 0)
    )
    case.add(
        "da and db exchanged",
        Cause.SWAPPED_ARGUMENTS,
        lambda d, *i: tuple(backward(d, *i)[j] for j in (2, 1, 0)),
    )
    case.add(
        "dW without b",
        Cause.LOCAL_DERIVATIVE,
        lambda d, a, W, b: (
            backward(d, a, W, b)[0],
            backward(d, a, W, np.ones_like(b))[1],
            backward(d, a, W, b)[2],
        ),
    )
    case.add_changed("da averaged", Cause.SCALE_N, "a", lambda g: g / 4)
    case.add_usual("W")
    return case


def bilinear_interpolation(rng):
    """An image looked up between its pixels."""

    def corners(place):
        corner = np.floor(place).astype(int)
        y, x = (place - corner).T
        return corner, ((0, 0, (1 - y) * (1 - x)), (0, 1, (1 - y) * x), (1, 0, y * (1 - x)), (1, 1, y * x))

    def forward(image, place):
        corner, parts = corners(place)
        return sum(weight * image[corner[:, 0] + i, corner[:, 1] + j] for i, j, weight in parts)

    def backward(dout, image, place, kept=4, swap=False):
        corner, parts = corners(place)
        dimage = np.zeros_like(image)
        for i, j, weight in parts[:kept]:
            np.add.at(dimage, (corner[:, 0] + i, corner[:, 1] + j), dout * weight)
        a, b, c, d = (image[corner[:, 0] + i, corner[:, 1] + j] for i, j, _ in parts)
        y, x = (place - corner).T
        dy, dx = dout * ((1 - x) * (c - a) + x * (d - b)), dout * ((1 - y) * (b - a) + y * (d - c))
        return dimage, np.stack([dx, dy] if swap else [dy, dx], axis=1)

    inputs = {"image": rng.normal(size=(4, 4)), "place": rng.uniform(0.05, 2.95, (6, 2))}
    case = Case("bilinear_interpolation", forward, backward, inputs, rng.normal(size=6))
    case.add("one corner forgotten", LOST, lambda d, *i: backward(d, *i, kept=3))
    case.add(
        "rows and columns exchanged",
        Cause.OFF_BY_ONE | Cause.WRONG_AXIS,
        lambda d, *i: backward(d, *i, swap=True),
    )
    case.add_changed("image's gradient transposed", Cause.TRANSPOSED, "image", np.transpose)
    case.add_usual("image")
    return case


def cumulative_log_sum_exp(rng):
    def forward(x):
        return np.log(np.exp(x).cumsum(axis=1))

    def backward(dout, x, reverse=True):
        d = dout * np.exp(-forward(x))
        d = d[:, ::-1].cumsum(axis=1)[:, ::-1] if reverse else d.cumsum(axis=1)
        return (np.exp(x) * d,)

    case = Case(
        "cumulative_log_sum_exp", forward, backward, {"x": rng.normal(size=(3, 5))}, rng.normal(size=(3, 5))
    )
    case.add(
        "summed from the front",
        Cause.LOCAL_DERIVATIVE | Cause.OFF_BY_ONE,
        lambda d, x: backward(d, x, reverse=False),
    )
    case.add("own entry only", LOST | Cause.LOCAL_DERIVATIVE, lambda d, x: (d * np.exp(x - forward(x)),))
    case.add("exp forgotten", Cause.LOCAL_DERIVATIVE, lambda d, x: (backward(d, x)[0] / np.exp(x),))
    case.add_usual("x")
    return case


CASES = [
    weighted_cross_entropy,
    determinant,
    scatter_add,
    top_three,
    three_way_product,
    bilinear_interpolation,
    cumulative_log_sum_exp,
]
