"""Slips in answers to assignment 4, in hands of their own."""

from slips.slip import Slip, slip, written
from slips.words import FACTOR, LOCAL, MASK, PATH, SCALE, SHAPE, SUM

AFFINE = """
def affine_forward(x, w, b):
    flat = np.reshape(x, (len(x), -1))
    return flat @ w + b, {"flat": flat, "shape": x.shape, "w": w}


def affine_backward(dout, cache):
    db = np.add.reduce(dout, axis=0)
    dw = cache["flat"].T @ dout
    dflat = dout @ cache["w"].T
    return dflat.reshape(cache["shape"]), dw, db
"""

ELU = """
def elu_forward(x):
    low = np.expm1(np.minimum(x, 0.0))
    return np.maximum(x, 0.0) + low, (x, low)


def elu_backward(dout, cache):
    x, low = cache
    slope = np.ones_like(dout)
    negative = x < 0
    slope[negative] = low[negative] + 1
    return slope * dout
"""

PRELU = """
def prelu_forward(x, alpha):
    plus, minus = np.clip(x, 0, None), np.clip(x, None, 0)
    return plus + alpha * minus, (plus, minus, alpha)


def prelu_backward(dout, cache):
    plus, minus, alpha = cache
    dplus = dout
    dminus = dout * alpha
    dalpha = np.vdot(dout, minus)
    dx = np.where(plus > 0, dplus, dminus)
    return dx, dalpha
"""

MAXOUT = """
def maxout_forward(x, w1, b1, w2, b2):
    both = np.stack([x @ w1 + b1, x @ w2 + b2])
    return both.max(axis=0), (x, (w1, w2), both.argmax(axis=0))


def maxout_backward(dout, cache):
    x, weights, winner = cache
    dx, grads = 0, []
    for k, w in enumerate(weights):
        share = np.where(winner == k, dout, 0)
        dx = dx + share @ w.T
        grads += [x.T @ share, share.sum(axis=0)]
    return (dx, *grads)
"""

SVM = """
def svm_loss(x, y):
    n = len(y)
    gap = 1 + x - np.take_along_axis(x, y[:, None], axis=1)
    np.put_along_axis(gap, y[:, None], 0, axis=1)
    active = (gap > 0).astype(float)
    loss = np.sum(active * gap) / n
    np.put_along_axis(active, y[:, None], -active.sum(axis=1, keepdims=True), axis=1)
    return loss, active / n
"""

ELASTIC = """
def elastic(W, lam, beta):
    ridge, lasso = np.vdot(W, W), np.abs(W).sum()
    pull = 2.0 * beta
    grad = pull * W
    grad = grad + lam * np.sign(W)
    return beta * ridge + lam * lasso, grad
"""

SLIPS: dict[str, list[Slip]] = {
    "02_affine": written(
        AFFINE,
        slip(
            "along the other axis",
            "np.add.reduce(dout, axis=0)",
            "np.add.reduce(dout, axis=1)",
            f"{SUM}, {SHAPE}",
        ),
        slip("the mean of rows", "np.add.reduce(dout, axis=0)", "np.mean(dout, axis=0)", SCALE),
        slip("averaged weights", 'cache["flat"].T @ dout', 'cache["flat"].T @ dout / len(dout)', SCALE),
    ),
    "03_elu": written(
        ELU,
        slip("without the one", "low[negative] + 1", "low[negative]", f"{LOCAL}, sign of one term"),
        slip(
            "the slope of dout's sign",
            "negative = x < 0",
            "negative = dout < 0",
            f"{MASK}, not proportional to the upstream gradient",
        ),
    ),
    "03_prelu": written(
        PRELU,
        slip("the positive part", "np.vdot(dout, minus)", "np.vdot(dout, plus)", f"{LOCAL}, {MASK}"),
        slip("no slope below", "dminus = dout * alpha", "dminus = dout", f"{LOCAL}, {MASK}, {SCALE}"),
        slip("a mean", "np.vdot(dout, minus)", "np.mean(dout * minus)", SCALE),
    ),
    "03_maxout": written(
        MAXOUT,
        slip("overwritten", "dx = dx + share @ w.T", "dx = share @ w.T", PATH),
        slip("the loser", "winner == k", "winner != k", MASK),
        slip(
            "a mask from dout",
            "np.where(winner == k, dout, 0)",
            "np.where(dout > 0, dout, 0)",
            f"{MASK}, {LOCAL}, not proportional to the upstream gradient",
        ),
    ),
    "04_svm_loss": written(
        SVM,
        slip(
            "the true class alone once",
            "-active.sum(axis=1, keepdims=True)",
            "-1.0",
            f"{LOCAL}, {PATH}, scale by N",
        ),
        slip("not averaged", "return loss, active / n", "return loss, active", SCALE),
        slip(
            "the true class left",
            "    np.put_along_axis(active, y[:, None], -active.sum(axis=1, keepdims=True), axis=1)\n",
            "",
            f"{LOCAL}, {PATH}, zero in part",
            lines=("return loss, active / n", "active = (gap > 0).astype(float)"),
        ),
    ),
    "05_elastic": written(
        ELASTIC,
        slip(
            "overwritten",
            "grad = grad + lam",
            "grad = lam",
            f"{PATH}, {LOCAL}, missing or mis-scaled regularization",
        ),
        slip(
            "not twice",
            "pull = 2.0 * beta",
            "pull = beta",
            f"{FACTOR}, {LOCAL}, missing or mis-scaled regularization",
        ),
        slip(
            "lam and beta exchanged",
            "pull = 2.0 * beta",
            "pull = 2.0 * lam",
            f"{LOCAL}, {SCALE}, missing or mis-scaled regularization",
        ),
    ),
}
