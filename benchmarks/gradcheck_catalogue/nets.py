"""Losses and whole networks."""

import numpy as np

from course_lib import Cause
from gradcheck_catalogue.case import Case, ignoring_dout
from gradcheck_catalogue.units import sigmoid


def mean_squared_error(rng):
    def forward(x, target):
        return np.mean((x - target) ** 2)

    def backward(dout, x, target):
        d = 2 * dout * (x - target) / x.size
        return d, -d

    inputs = {"x": rng.normal(size=(6, 3)), "target": rng.normal(size=(6, 3))}
    case = Case("mean_squared_error", forward, backward, inputs, rng.normal())
    case.add("2 forgotten", Cause.FACTOR_2, lambda d, *i: tuple(g / 2 for g in backward(d, *i)))
    case.add("not averaged", Cause.SCALE_N, lambda d, *i: tuple(g * 18 for g in backward(d, *i)))
    case.add(
        "averaged over the batch only", Cause.SCALE_N, lambda d, *i: tuple(g * 3 for g in backward(d, *i))
    )
    case.add_changed("sign of dtarget", Cause.SIGN, "target", np.negative)
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, lambda d, *i: backward(1.0, *i))
    case.add_usual("x")
    return case


def logistic_loss(rng):
    X, y = rng.normal(size=(9, 4)), rng.integers(0, 2, 9)

    def forward(w, b):
        z = X @ w + b
        return np.mean(np.logaddexp(0, z) - y * z) + 0.05 * w @ w

    def backward(dout, w, b, count=9.0, penalty=0.1, label=1.0):
        d = dout * (sigmoid(X @ w + b) - label * y) / count
        return X.T @ d + dout * penalty * w, d.sum()

    inputs = {"w": rng.normal(size=4), "b": np.array(rng.normal())}
    case = Case("logistic_loss", forward, backward, inputs, rng.normal())
    case.add("not averaged", Cause.SCALE_N, lambda d, *i: backward(d, *i, count=1.0))
    case.add("penalty forgotten", Cause.REGULARIZATION, lambda d, *i: backward(d, *i, penalty=0.0))
    case.add("penalty without its 2", Cause.REGULARIZATION, lambda d, *i: backward(d, *i, penalty=0.05))
    case.add(
        "labels forgotten",
        Cause.DROPPED_PATH | Cause.LOCAL_DERIVATIVE,
        lambda d, *i: backward(d, *i, label=0.0),
    )
    case.add_usual("w")
    return case


def three_layers(rng):
    X, y = rng.normal(size=(7, 5)), rng.integers(0, 3, 7)

    def scores(W1, b1, W2, b2, W3, b3):
        a1 = X @ W1 + b1
        h1 = np.maximum(a1, 0)
        a2 = h1 @ W2 + b2
        h2 = np.maximum(a2, 0)
        return a1, h1, a2, h2, h2 @ W3 + b3

    def forward(*params):
        z = scores(*params)[-1]
        z = z - z.max(axis=1, keepdims=True)
        loss = np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(7), y])
        return loss + 0.01 * sum(np.sum(W**2) for W in params[::2])

    def backward(
        dout, *params, mask1=True, mask2=True, count=7.0, penalty=0.02, operand=False, label_shift=0
    ):
        W1, _, W2, _, W3, _ = params
        a1, h1, a2, h2, z = scores(*params)
        dz = np.exp(z - z.max(axis=1, keepdims=True))
        dz /= dz.sum(axis=1, keepdims=True)
        dz[np.arange(7), (y + label_shift) % 3] -= 1
        dz *= dout / count
        da2 = (dz @ W3.T) * (a2 > 0 if mask2 else 1)
        da1 = (da2 @ (W2 if operand else W2.T)) * (a1 > 0 if mask1 else 1)
        dW1 = X.T @ da1 + dout * penalty * W1
        dW2 = h1.T @ da2 + dout * penalty * W2
        dW3 = h2.T @ dz + dout * penalty * W3
        return dW1, da1.sum(axis=0), dW2, da2.sum(axis=0), dW3, dz.sum(axis=0)

    sizes = {"W1": (5, 6), "b1": 6, "W2": (6, 6), "b2": 6, "W3": (6, 3), "b3": 3}
    inputs = {name: rng.normal(size=shape) * 0.6 for name, shape in sizes.items()}
    case = Case("three_layers", forward, backward, inputs, rng.normal())
    case.add("first mask forgotten", Cause.MISSING_MASK, lambda d, *i: backward(d, *i, mask1=False))
    case.add("second mask forgotten", Cause.MISSING_MASK, lambda d, *i: backward(d, *i, mask2=False))
    case.add("not averaged", Cause.SCALE_N, lambda d, *i: backward(d, *i, count=1.0))
    case.add("penalty forgotten", Cause.REGULARIZATION, lambda d, *i: backward(d, *i, penalty=0.0))
    case.add("W2 for its transpose", Cause.TRANSPOSED_OPERAND, lambda d, *i: backward(d, *i, operand=True))
    case.add("label off by one", Cause.OFF_BY_ONE, lambda d, *i: backward(d, *i, label_shift=1))
    case.add_changed("dW2 transposed", Cause.TRANSPOSED, "W2", np.transpose)
    case.add(
        "dW3 overwritten by its penalty",
        Cause.OVERWRITTEN,
        lambda d, *i: (*backward(d, *i)[:4], d * 0.02 * i[4], backward(d, *i)[5]),
    )
    case.add_usual("W1")
    return case


def residual_block(rng):
    def forward(x, W):
        return x + np.maximum(x @ W, 0)

    def backward(dout, x, W, skip=1.0, branch=1.0):
        d = dout * (x @ W > 0)
        return skip * dout + branch * d @ W.T, x.T @ d

    inputs = {"x": rng.normal(size=(6, 4)), "W": rng.normal(size=(4, 4))}
    case = Case("residual_block", forward, backward, inputs, rng.normal(size=(6, 4)))
    both = Cause.DROPPED_PATH | Cause.OVERWRITTEN
    case.add("skip dropped", both, lambda d, *i: backward(d, *i, skip=0.0))
    case.add("branch dropped", both, lambda d, *i: backward(d, *i, branch=0.0))
    case.add("sign of the branch", Cause.SIGN_OF_ONE_TERM, lambda d, *i: backward(d, *i, branch=-1.0))
    case.add("mask forgotten", Cause.MISSING_MASK, lambda d, x, W: (d + d @ W.T, x.T @ d))
    case.add(
        "W for its transpose",
        Cause.TRANSPOSED_OPERAND,
        lambda d, x, W: (d + (d * (x @ W > 0)) @ W, backward(d, x, W)[1]),
    )
    case.add_usual("W")
    return case


def recurrent(rng):
    X = rng.normal(size=(3, 5, 4))

    def states(W, U, b):
        h = [np.zeros((5, 4))]
        for x in X:
            h.append(np.tanh(x @ W + h[-1] @ U + b))
        return h

    def forward(W, U, b):
        return states(W, U, b)[-1]

    def backward(dout, W, U, b, add=True, through_time=True, operand=False):
        h = states(W, U, b)
        dW, dU, db, dh = np.zeros_like(W), np.zeros_like(U), np.zeros_like(b), dout
        for t in (2, 1, 0):
            da = dh * (1 - h[t + 1] ** 2)
            dW = X[t].T @ da + (dW if add else 0)
            dU = h[t].T @ da + (dU if add else 0)
            db = da.sum(axis=0) + (db if add else 0)
            dh = da @ (U if operand else U.T)
            if not through_time:
                break
        return dW, dU, db

    inputs = {"W": rng.normal(size=(4, 4)) * 0.7, "U": rng.normal(size=(4, 4)) * 0.7, "b": rng.normal(size=4)}
    case = Case("recurrent", forward, backward, inputs, rng.normal(size=(5, 4)))
    both = Cause.DROPPED_PATH | Cause.OVERWRITTEN
    case.add("each step overwrites", both, lambda d, *i: backward(d, *i, add=False))
    case.add("last step only", both, lambda d, *i: backward(d, *i, through_time=False))
    case.add("U for its transpose", Cause.TRANSPOSED_OPERAND, lambda d, *i: backward(d, *i, operand=True))
    case.add_changed("db averaged", Cause.SCALE_N, "b", lambda g: g / 5)
    case.add_changed("dU transposed", Cause.TRANSPOSED, "U", np.transpose)
    case.add("upstream ignored", Cause.UPSTREAM_IGNORED, ignoring_dout(backward))
    case.add_usual("U")
    return case


def two_uses(rng):
    """One input with two uses that meet again: u = x y, v = sin x, out = u v."""

    def forward(x, y):
        return x * y * np.sin(x)

    def backward(dout, x, y, product=1.0, sine=1.0):
        du, dv = dout * np.sin(x), dout * x * y
        return product * du * y + sine * dv * np.cos(x), du * x

    inputs = {"x": rng.normal(size=(4, 5)), "y": rng.normal(size=(4, 5))}
    case = Case("two_uses", forward, backward, inputs, rng.normal(size=(4, 5)))
    both = Cause.DROPPED_PATH | Cause.OVERWRITTEN
    case.add("path of the sine dropped", both, lambda d, *i: backward(d, *i, sine=0.0))
    case.add("path of the product dropped", both, lambda d, *i: backward(d, *i, product=0.0))
    case.add("sign of the sine's path", Cause.SIGN_OF_ONE_TERM, lambda d, *i: backward(d, *i, sine=-1.0))
    case.add_usual("y")
    return case


CASES = [mean_squared_error, logistic_loss, three_layers, residual_block, recurrent, two_uses]
