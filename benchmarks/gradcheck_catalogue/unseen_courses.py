"""Held out: functions of the kinds that other courses check, written after the diagnosis was last changed."""

import numpy as np

from course_lib import Cause
from gradcheck_catalogue.case import Case, ignoring_dout
from gradcheck_catalogue.units import sigmoid
from gradcheck_catalogue.windows import LOST, softmax, softmax_backward


def dilated_convolution(rng):
    """A convolution of signals with every second entry in its window, padded on the left only."""
    size, dilation = 3, 2
    reach = (size - 1) * dilation

    def forward(x, w):
        padded = np.pad(x, ((0, 0), (0, 0), (reach, 0)))
        return sum(
            np.einsum("nct,fc->nft", padded[:, :, i * dilation : i * dilation + x.shape[2]], w[:, :, i])
            for i in range(size)
        )

    def backward(dout, x, w, step=dilation, add=True, flip=False):
        padded = np.pad(x, ((0, 0), (0, 0), (reach, 0)))
        dx, dw = np.zeros_like(padded), np.zeros_like(w)
        for i in range(size):
            part = np.s_[:, :, i * step : i * step + x.shape[2]]
            dw[:, :, i] = np.einsum("nft,nct->fc", dout, padded[part])
            kernel = w[:, :, size - 1 - i] if flip else w[:, :, i]
            dx[part] = add * dx[part] + np.einsum("nft,fc->nct", dout, kernel)
        return dx[:, :, reach:], dw

    inputs = {"x": rng.normal(size=(2, 2, 7)), "w": rng.normal(size=(3, 2, size))}
    case = Case("dilated_convolution", forward, backward, inputs, rng.normal(size=(2, 3, 7)))
    case.add(
        "dilation forgotten", Cause.LOCAL_DERIVATIVE | Cause.OFF_BY_ONE, lambda d, *i: backward(d, *i, step=1)
    )
    case.add("dx overwritten", LOST, lambda d, *i: backward(d, *i, add=False))
    case.add(
        "kernel turned around",
        Cause.LOCAL_DERIVATIVE | Cause.TRANSPOSED_OPERAND | Cause.OFF_BY_ONE,
        lambda d, *i: backward(d, *i, flip=True),
    )
    case.add_changed("dw averaged over the batch", Cause.FACTOR_2 | Cause.SCALE_N, "w", lambda g: g / 2)
    case.add_usual("x")
    return case


def overlapping_average_pool(rng):
    """Means of windows of three, two apart; smaller windows at the border, divided by what they hold."""
    spans = [(max(0, i - 1), min(8, i + 2)) for i in range(0, 8, 2)]

    def forward(x):
        return np.stack([x[:, a:b].mean(axis=1) for a, b in spans], axis=1)

    def backward(dout, x, count=None, add=True):
        gradient = np.zeros_like(x)
        for k, (a, b) in enumerate(spans):
            new = dout[:, k : k + 1] / (count or (b - a))
            gradient[:, a:b] = add * gradient[:, a:b] + new
        return (gradient,)

    case = Case(
        "overlapping_average_pool", forward, backward, {"x": rng.normal(size=(3, 8))}, rng.normal(size=(3, 4))
    )
    case.add("overwritten where windows overlap", Cause.OVERWRITTEN, lambda d, x: backward(d, x, add=False))
    case.add(
        "not averaged",
        Cause.SCALE_N | Cause.CONSTANT_FACTOR | Cause.LOCAL_DERIVATIVE,
        lambda d, x: backward(d, x, 1),
    )
    case.add(
        "the padding counted", Cause.LOCAL_DERIVATIVE | Cause.CONSTANT_FACTOR, lambda d, x: backward(d, x, 3)
    )
    case.add_usual("x")
    return case


def gated_recurrence_through_time(rng):
    """A gated recurrent net without a reset gate, over three steps."""
    steps = 3

    def run(x, h, W, U):
        found = []
        for t in range(steps):
            z, c = np.split(x[:, t] @ W + h @ U, 2, axis=1)
            z, c = sigmoid(z), np.tanh(c)
            found.append((h, z, c))
            h = (1 - z) * h + z * c
        return h, found

    def backward(dout, x, h, W, U, keep=1.0, through=1.0, gate=1.0, add=True):
        _, found = run(x, h, W, U)
        dx, dW, dU, dh = np.zeros_like(x), np.zeros_like(W), np.zeros_like(U), dout
        for t in reversed(range(steps)):
            before, z, c = found[t]
            da = np.concatenate([dh * (c - gate * before) * z * (1 - z), dh * z * (1 - c**2)], axis=1)
            dx[:, t], dW, dU = da @ W.T, x[:, t].T @ da + add * dW, before.T @ da + add * dU
            dh = keep * dh * (1 - z) + through * da @ U.T
        return dx, dh, dW, dU

    inputs = {"x": rng.normal(size=(2, steps, 3)), "h": rng.normal(size=(2, 2))}
    inputs |= {"W": rng.normal(size=(3, 4)), "U": rng.normal(size=(2, 4))}
    case = Case(
        "gated_recurrence_through_time",
        lambda *inputs: run(*inputs)[0],
        backward,
        inputs,
        rng.normal(size=(2, 2)),
    )
    case.add("kept state's path dropped", LOST, lambda d, *i: backward(d, *i, keep=0.0))
    case.add("path through the gates dropped", LOST, lambda d, *i: backward(d, *i, through=0.0))
    case.add(
        "sign in the gate's gradient",
        Cause.SIGN_OF_ONE_TERM | Cause.LOCAL_DERIVATIVE,
        lambda d, *i: backward(d, *i, gate=-1.0),
    )
    case.add("weights' gradients of the first step only", LOST, lambda d, *i: backward(d, *i, add=False))
    case.add_usual("W")
    return case


def attention_of_two_heads(rng):
    """Attention to keys of which some are padding, in two heads."""
    steps, keys, width = 3, 4, 4
    present = np.array([True, True, False, True])
    usual = 1 / np.sqrt(width // 2)

    def heads(x):
        return x.reshape(len(x), 2, width // 2).transpose(1, 0, 2)

    def merged(x):
        return x.transpose(1, 0, 2).reshape(x.shape[1], width)

    def probabilities(q, k):
        return softmax(np.where(present, heads(q) @ heads(k).transpose(0, 2, 1) * usual, -np.inf))

    def forward(q, k, v):
        return merged(probabilities(q, k) @ heads(v))

    def backward(dout, q, k, v, scale=usual, direct=False):
        p, d = probabilities(q, k), heads(dout)
        dp = d @ heads(v).transpose(0, 2, 1)
        ds = scale * (p * dp if direct else softmax_backward(dp, p))
        return (
            merged(ds @ heads(k)),
            merged(ds.transpose(0, 2, 1) @ heads(q)),
            merged(p.transpose(0, 2, 1) @ d),
        )

    inputs = {
        name: rng.normal(size=(count, width)) for name, count in (("q", steps), ("k", keys), ("v", keys))
    }
    case = Case("attention_of_two_heads", forward, backward, inputs, rng.normal(size=(steps, width)))
    case.add("scale forgotten", Cause.CONSTANT_FACTOR, lambda d, *i: backward(d, *i, scale=1.0))
    case.add("scaled twice", Cause.CONSTANT_FACTOR, lambda d, *i: backward(d, *i, scale=0.5))
    case.add("softmax's sum forgotten", Cause.DROPPED_PATH, lambda d, *i: backward(d, *i, direct=True))
    case.add(
        "dk and dv exchanged",
        Cause.SWAPPED_ARGUMENTS,
        lambda d, *i: tuple(backward(d, *i)[j] for j in (0, 2, 1)),
    )
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, ignoring_dout(backward))
    case.add_usual("q")
    return case


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
    dilated_convolution,
    overlapping_average_pool,
    gated_recurrence_through_time,
    attention_of_two_heads,
    weighted_cross_entropy,
    determinant,
    scatter_add,
    top_three,
    three_way_product,
    bilinear_interpolation,
    cumulative_log_sum_exp,
]
