"""Assignment 4, written otherwise."""

from slips.slip import Slip, slip, written
from slips.words import FACTOR, LOCAL, PATH, REG, SCALE, SUM

AFFINE = """
def affine_forward(x, w, b):
    rows = x.reshape(x.shape[0], -1)
    return np.dot(rows, w) + b, (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    rows = x.reshape(x.shape[0], -1)
    dw = np.einsum("nd,nm->dm", rows, dout)
    db = np.einsum("nm->m", dout)
    dx = np.einsum("nm,dm->nd", dout, w)
    dx = dx.reshape(x.shape)
    return dx, dw, db
"""

LEAKY = """
def leaky_relu_forward(x, slope=0.1):
    out = x.astype(float)
    out[x < 0] *= slope
    return out, (x, slope)


def leaky_relu_backward(dout, cache):
    x, slope = cache
    dx = dout.astype(float)
    dx[x <= 0] *= slope
    return dx
"""

PRELU = """
def prelu_forward(x, alpha):
    negative = x <= 0
    return np.where(negative, alpha * x, x), (x, alpha, negative)


def prelu_backward(dout, cache):
    x, alpha, negative = cache
    dx = dout.astype(float)
    dx[negative] = dx[negative] * alpha
    dalpha = (dout * x)[negative].sum()
    return dx, dalpha
"""

TANH = """
def tanh_forward(x):
    return np.tanh(x), x


def tanh_backward(dout, cache):
    t = np.tanh(cache)
    slope = (1 - t) * (1 + t)
    return dout * slope
"""

MAXOUT = """
def maxout_forward(x, w1, b1, w2, b2):
    a = x @ w1 + b1
    b = x @ w2 + b2
    return np.where(a >= b, a, b), (x, w1, w2, a, b)


def maxout_backward(dout, cache):
    x, w1, w2, a, b = cache
    da = np.where(a >= b, dout, 0)
    db = np.where(a >= b, 0, dout)
    dx = da @ w1.T
    dx += db @ w2.T
    dw1 = x.T @ da
    dw2 = x.T @ db
    db1 = np.sum(da, axis=0)
    db2 = np.sum(db, axis=0)
    return dx, dw1, db1, dw2, db2
"""

SVM = """
def svm_loss(x, y):
    n = x.shape[0]
    correct = x[range(n), y].reshape(-1, 1)
    hinge = x - correct + 1
    active = hinge > 0
    active[range(n), y] = False
    loss = np.sum(hinge[active]) / n

    grad = active.astype(float)
    counts = active.sum(axis=1)
    grad[range(n), y] -= counts
    grad /= n
    return loss, grad
"""

SOFTMAX = """
def softmax_loss(x, y):
    n = x.shape[0]
    z = x - x.max(axis=1).reshape(n, 1)
    e = np.exp(z)
    total = e.sum(axis=1).reshape(n, 1)
    loss = np.sum(np.log(total[:, 0]) - z[range(n), y]) / n

    p = e / total
    target = np.zeros_like(p)
    target[range(n), y] = 1
    grad = p - target
    grad = grad / n
    return loss, grad
"""

NET_LOSS = """        W1, b1, W2, b2 = (self.params[name] for name in ("W1", "b1", "W2", "b2"))
        hidden = np.maximum(X @ W1 + b1, 0)
        scores = hidden @ W2 + b2
        if y is None:
            return scores

        rows = np.arange(len(X))
        shifted = scores - scores.max(axis=1, keepdims=True)
        log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        data_loss = -log_probabilities[rows, y].mean()
        penalty = reg * (np.sum(W1**2) + np.sum(W2**2))

        dscores = np.exp(log_probabilities)
        dscores[rows, y] -= 1
        dscores /= len(X)
        dhidden = dscores @ W2.T * (hidden > 0)
        grads = {
            "W1": X.T @ dhidden + 2 * reg * W1,
            "b1": dhidden.sum(axis=0),
            "W2": hidden.T @ dscores + 2 * reg * W2,
            "b2": dscores.sum(axis=0),
        }
        return data_loss + penalty, grads
"""

OTHER_LOSS = """        W1, b1 = self.params["W1"], self.params["b1"]
        W2, b2 = self.params["W2"], self.params["b2"]
        N = X.shape[0]
        z1 = X.dot(W1) + b1
        a1 = np.where(z1 > 0, z1, 0)
        z2 = a1.dot(W2) + b2
        if y is None:
            return z2

        z2 = z2 - z2.max(axis=1, keepdims=True)
        exp_z2 = np.exp(z2)
        probs = exp_z2 / exp_z2.sum(axis=1, keepdims=True)
        loss = np.mean(np.log(exp_z2.sum(axis=1)) - z2[np.arange(N), y])
        loss += reg * np.sum(W1 * W1) + reg * np.sum(W2 * W2)

        onehot = np.eye(W2.shape[1])[y]
        dz2 = (probs - onehot) / N
        dW2 = a1.T.dot(dz2)
        db2 = dz2.sum(axis=0)
        da1 = dz2.dot(W2.T)
        dz1 = da1.copy()
        dz1[z1 <= 0] = 0
        dW1 = X.T.dot(dz1)
        db1 = dz1.sum(axis=0)
        dW1 += 2 * reg * W1
        dW2 += 2 * reg * W2
        return loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
"""


def in_net(title: str, old: str, new: str, causes: str, lines: tuple[str, ...] = ()) -> Slip:
    """A slip in `OTHER_LOSS`, which has the solution's place."""
    if OTHER_LOSS.count(old) != 1:
        raise ValueError(f"{title}: {old!r} occurs {OTHER_LOSS.count(old)} times")
    changed = {line.strip() for line in OTHER_LOSS.replace(old, new).split("\n")}
    wrong = changed - {line.strip() for line in OTHER_LOSS.split("\n")}
    return slip(title, NET_LOSS, OTHER_LOSS.replace(old, new), causes, lines=(*sorted(wrong), *lines))


SLIPS: dict[str, list[Slip]] = {
    "02_affine": written(
        AFFINE,
        slip(
            "the upstream's rows mixed",
            '"nd,nm->dm", rows, dout',
            '"nd,km->dm", rows, dout',
            f"{SUM}, {LOCAL}",
        ),
        slip("the bias twice", '"nm->m", dout)', '"nm->m", dout + dout)', FACTOR),
        slip("the weights summed", '"nm,dm->nd", dout, w', '"nm,dk->nd", dout, w', f"{SUM}, {LOCAL}"),
        slip("the bias's own value", '"nm->m", dout)', '"nm,m->m", dout, b)', f"{LOCAL}, swapped arguments"),
        slip(
            "dx reshaped as the rows",
            "dx = dx.reshape(x.shape)",
            "dx = dx.reshape(rows.shape)",
            "wrong shape",
        ),
    ),
    "03_leaky_relu": written(
        LEAKY,
        slip(
            "where the gradient is negative",
            "dx[x <= 0] *= slope",
            "dx[dx <= 0] *= slope",
            "mask from the wrong tensor",
        ),
        slip(
            "the slope, not times it",
            "dx[x <= 0] *= slope",
            "dx[x <= 0] = slope",
            "not proportional to the upstream gradient",
        ),
        slip("the wrong side", "dx[x <= 0] *= slope", "dx[x > 0] *= slope", f"inverted mask, {LOCAL}"),
        slip("divided", "dx[x <= 0] *= slope", "dx[x <= 0] /= slope", LOCAL),
    ),
    "03_prelu": written(
        PRELU,
        slip(
            "the positive ones",
            "(dout * x)[negative].sum()",
            "(dout * x)[~negative].sum()",
            "inverted mask, local derivative wrong",
        ),
        slip("x forgotten", "(dout * x)[negative].sum()", "dout[negative].sum()", LOCAL),
        slip("a mean", "(dout * x)[negative].sum()", "(dout * x)[negative].mean()", f"{SCALE}, {FACTOR}"),
        slip(
            "alpha in it",
            "(dout * x)[negative].sum()",
            "(alpha * dout * x)[negative].sum()",
            "constant factor, local derivative wrong",
        ),
        slip(
            "upstream forgotten",
            "dx[negative] = dx[negative] * alpha",
            "dx[negative] = alpha",
            "not proportional to the upstream gradient",
        ),
    ),
    "03_tanh": written(
        TANH,
        slip("one side of it", "(1 - t) * (1 + t)", "1 - t", LOCAL),
        slip("squared wrongly", "(1 - t) * (1 + t)", "(1 - t) * (1 - t)", LOCAL),
        slip("the sigmoid's", "(1 - t) * (1 + t)", "t * (1 - t)", LOCAL),
        slip("of the input", "(1 - t) * (1 + t)", "(1 - cache) * (1 + cache)", LOCAL),
    ),
    "03_maxout": written(
        MAXOUT,
        slip("overwritten", "dx += db @ w2.T", "dx = db @ w2.T", PATH),
        slip("the other's weights", "dx += db @ w2.T", "dx += db @ w1.T", LOCAL),
        slip(
            "copied mask",
            "db = np.where(a >= b, 0, dout)",
            "db = np.where(a >= b, dout, 0)",
            "inverted mask, swapped arguments",
        ),
        slip("copied weights", "dw2 = x.T @ db", "dw2 = x.T @ da", "inverted mask, swapped arguments"),
        slip("the mask forgotten", "dw1 = x.T @ da", "dw1 = x.T @ dout", "missing mask"),
        slip("minus", "dx += db @ w2.T", "dx -= db @ w2.T", "sign of one term"),
    ),
    "04_svm_loss": written(
        SVM,
        slip("one for the true class", "-= counts", "-= 1", LOCAL),
        slip("adds the counts", "-= counts", "+= counts", "sign of one term"),
        slip("the hinge, not its slope", "active.astype(float)", "hinge * active", LOCAL),
        slip(
            "every class counts",
            "counts = active.sum(axis=1)",
            "counts = x.shape[1] - 1",
            f"missing mask, {LOCAL}",
            lines=("grad[range(n), y] -= counts",),
        ),
        slip("divided once more", "grad /= n", "grad /= n * n", SCALE),
        slip(
            "averaged before the counts",
            "    counts = active.sum(axis=1)\n    grad[range(n), y] -= counts\n    grad /= n\n",
            "    grad /= n\n    counts = active.sum(axis=1)\n    grad[range(n), y] -= counts\n",
            f"{LOCAL}, {SCALE}",
            lines=("counts = active.sum(axis=1)", "grad[range(n), y] -= counts"),
        ),
    ),
    "04_softmax_loss": written(
        SOFTMAX,
        slip("the sum forgotten", "p = e / total", "p = e", LOCAL),
        slip("plus the target", "grad = p - target", "grad = p + target", "sign of one term"),
        slip("the sum of everything", "p = e / total", "p = e / total.sum()", f"{SUM}, {LOCAL}"),
        slip("divided by the classes", "grad = grad / n", "grad = grad / x.shape[1]", f"{SCALE}, {FACTOR}"),
        slip("log of it", "grad = p - target", "grad = np.log(p) - target", LOCAL),
        slip(
            "the target's place times p",
            "grad = p - target",
            "grad = p - p * target",
            f"{LOCAL}, zero in part",
        ),
    ),
    "05_l1": [slip("divided by itself squared", "lam * np.sign(W)", "lam * W / W**2", LOCAL)],
    "05_elastic": [
        slip("one strength for both", "2 * beta * W + lam", "2 * lam * W + lam", f"{LOCAL}, {REG}")
    ],
    "06_TwoLayerNet": [
        in_net("the 2 of the penalty", "dW1 += 2 * reg * W1", "dW1 += reg * W1", f"{REG}, {FACTOR}"),
        in_net("the penalty overwrites", "dW1 += 2 * reg * W1", "dW1 = 2 * reg * W1", f"{PATH}, zero"),
        in_net(
            "one penalty forgotten",
            "        dW2 += 2 * reg * W2\n",
            "",
            f"{REG}, zero",
            ("dW2 = a1.T.dot(dz2)",),
        ),
        in_net("the mask forgotten", "        dz1[z1 <= 0] = 0\n", "", "missing mask", ("dz1 = da1.copy()",)),
        in_net(
            "the mask of the gradient",
            "dz1[z1 <= 0]",
            "dz1[dz1 <= 0]",
            "mask from the wrong tensor, missing mask",
        ),
        in_net("before the ReLU", "a1.T.dot(dz2)", "z1.T.dot(dz2)", "missing mask"),
        in_net("the bias before the mask", "db1 = dz1.sum(axis=0)", "db1 = da1.sum(axis=0)", "missing mask"),
        in_net(
            "turned round",
            "(probs - onehot) / N",
            "(onehot - probs) / N",
            "sign, missing or mis-scaled regularization",
        ),
        in_net("the bias averaged", "db2 = dz2.sum(axis=0)", "db2 = dz2.mean(axis=0)", SCALE),
        in_net("not averaged", "(probs - onehot) / N", "probs - onehot", SCALE),
    ],
}
