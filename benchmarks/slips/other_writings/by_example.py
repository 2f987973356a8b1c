"""More right answers in other hands: example by example, entry by entry."""

from slips.slip import Slip, slip, written
from slips.words import FACTOR, LOCAL, PATH, SCALE, SUM

EXAMPLES = """
def flat_two_layer(W1, b1, W2, b2, X, y):
    loss = 0.0
    dW1, db1 = np.zeros(W1.shape), np.zeros(b1.shape)
    dW2, db2 = np.zeros(W2.shape), np.zeros(b2.shape)
    for n in range(len(X)):
        a = X[n] @ W1 + b1
        h = np.maximum(a, 0)
        s = h @ W2 + b2
        s = s - s.max()
        total = np.exp(s).sum()
        loss += (np.log(total) - s[y[n]]) / len(X)
        ds = np.exp(s) / total
        ds[y[n]] -= 1
        ds /= len(X)
        dW2 += np.outer(h, ds)
        db2 += ds
        da = (W2 @ ds) * (a > 0)
        dW1 += np.outer(X[n], da)
        db1 += da
    return loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
"""

ROWS = """
def log_softmax_vjp(z, dy):
    rows, upstream = np.atleast_2d(z), np.atleast_2d(dy)
    result = np.zeros(rows.shape)
    for i in range(len(rows)):
        e = np.exp(rows[i] - rows[i].max())
        p = e / e.sum()
        result[i] = upstream[i] - p * upstream[i].sum()
    return result.reshape(np.shape(z))
"""

NLL = """
def nll_grads(W, b, x, y):
    z = W @ x + b
    z = z - np.max(z)
    e = np.exp(z)
    total = np.sum(e)
    loss = np.log(total) - z[y]
    dz = np.array([e[k] / total - (1 if k == y else 0) for k in range(len(z))])
    dW = np.array([d * x for d in dz])
    return loss, dW, dz
"""

NORM = """
def squared_norm(W, x):
    q = W.dot(x)
    f = np.dot(q, q)
    dW = 2 * q[:, None] * x[None, :]
    dx = 2 * (W * q[:, None]).sum(axis=0)
    return f, dW, dx
"""

SIGMOID = """
def sigmoid_forward(x):
    t = np.tanh(0.5 * x)
    return 0.5 * (1 + t), t


def sigmoid_backward(dout, cache):
    t = cache
    slope = 0.25 * (1 - t * t)
    return dout * slope
"""

AFFINE = """
def affine_forward(x, w, b):
    out = np.array([row.ravel() @ w + b for row in x])
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(w.shape[1])
    for row, into, d in zip(x, dx, dout):
        into += (w @ d).reshape(row.shape)
        dw += np.outer(row.ravel(), d)
        db += d
    return dx, dw, db
"""

SVM = """
def svm_loss(x, y):
    n, c = x.shape
    loss, dx = 0.0, np.zeros(x.shape)
    for i in range(n):
        for j in range(c):
            if j == y[i]:
                continue
            margin = x[i, j] - x[i, y[i]] + 1
            if margin > 0:
                loss += margin / n
                dx[i, j] += 1
                dx[i, y[i]] -= 1
    dx = dx / n
    return loss, dx
"""

EXAMPLES_SLIPS = written(
    EXAMPLES,
    slip("the last example's", "dW2 += np.outer(h, ds)", "dW2 = np.outer(h, ds)", PATH),
    slip("the mask", " * (a > 0)", "", "missing mask"),
    slip(
        "the average", "        ds /= len(X)\n", "", SCALE, lines=("ds[y[n]] -= 1", "dW2 += np.outer(h, ds)")
    ),
    slip("all units", "db1 += da", "db1 += da.sum()", f"{SUM}, {LOCAL}"),
    slip("the first example's inputs", "np.outer(X[n], da)", "np.outer(X[0], da)", LOCAL),
    slip("before the ReLU", "np.outer(h, ds)", "np.outer(a, ds)", "missing mask"),
    slip("the mask inverted", "(a > 0)", "(a < 0)", "inverted mask"),
    slip("the class before", "ds[y[n]] -= 1", "ds[y[n] - 1] -= 1", "off by one index"),
)


SLIPS: dict[str, dict[str, list[Slip]]] = {
    "01_flat_backprop": {"11_flat_two_layer": EXAMPLES_SLIPS},
    "03_vectorized_jacobians": {
        "04_squared_norm": written(
            NORM,
            slip("dW's 2", "dW = 2 * q[:, None]", "dW = q[:, None]", FACTOR),
            slip("q for x", "q[:, None] * x[None, :]", "q[:, None] * W", LOCAL),
            slip("q forgotten", "(W * q[:, None])", "W", LOCAL),
            slip(
                "absolute values",
                "dW = 2 * q[:, None]",
                "dW = 2 * np.abs(q)[:, None]",
                f"sign of one term, missing mask, {LOCAL}",
            ),
        ),
        "09_log_softmax_vjp": written(
            ROWS,
            slip("the sum of all rows", "p * upstream[i].sum()", "p * upstream.sum()", f"{SUM}, {LOCAL}"),
            slip(
                "the first row's",
                "e = np.exp(rows[i] - rows[i].max())",
                "e = np.exp(rows[0] - rows[0].max())",
                LOCAL,
            ),
            slip("plus", "upstream[i] - p", "upstream[i] + p", "sign of one term"),
            slip("one entry", "p * upstream[i].sum()", "p * upstream[i][0]", f"{PATH}, {LOCAL}"),
        ),
        "09_nll_grads": written(
            NLL,
            slip("all the others", "if k == y", "if k != y", f"{LOCAL}, off by one index"),
            slip("the sum of x", "d * x for d in dz", "d * x.sum() for d in dz", "wrong shape"),
            slip("not normalized", "e[k] / total", "e[k]", LOCAL),
            slip("plus", "e[k] / total - (", "e[k] / total + (", "sign of one term, one entry"),
        ),
    },
    "04_two_layer_net": {
        "02_affine": written(
            AFFINE,
            slip("the last row's", "dw += np.outer", "dw = np.outer", PATH),
            slip("one number", "db += d", "db += d.sum()", f"{SUM}, {LOCAL}"),
            slip("with the weights", "db += d", "db += d * w.sum(axis=0)", LOCAL),
        ),
        "03_sigmoid": written(
            SIGMOID,
            slip("one half", "0.25 * (1", "0.5 * (1", FACTOR),
            slip("not squared", "(1 - t * t)", "(1 - t)", LOCAL),
            slip("plus", "(1 - t * t)", "(1 + t * t)", f"sign of one term, {LOCAL}"),
        ),
        "04_svm_loss": written(
            SVM,
            slip(
                "the true class's part",
                "                dx[i, y[i]] -= 1\n",
                "",
                "dropped path, sign of one term, zero in part",
                lines=("dx[i, j] += 1", "dx = dx / n"),
            ),
            slip("the margin itself", "dx[i, j] += 1", "dx[i, j] += margin", LOCAL),
            slip("added as well", "dx[i, y[i]] -= 1", "dx[i, y[i]] += 1", "sign of one term"),
            slip("over the classes", "dx = dx / n", "dx = dx / c", SCALE),
            slip("set, not taken away", "dx[i, y[i]] -= 1", "dx[i, y[i]] = -1", f"{LOCAL}, {PATH}"),
        ),
    },
}
