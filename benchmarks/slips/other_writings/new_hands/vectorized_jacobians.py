"""Slips in answers to assignment 3, in hands of their own."""

from slips.slip import Slip, slip, written
from slips.words import FACTOR, LOCAL, OPERAND, SCALE

SQUARED_NORM = """
def squared_norm(W, x):
    r = [row @ x for row in W]
    value = sum(entry**2 for entry in r)
    twice = [2 * entry for entry in r]
    dW = np.array([[g * xj for xj in x] for g in twice])
    dx = sum(g * row for g, row in zip(twice, W))
    return value, dW, dx
"""

LOG_SOFTMAX = """
def log_softmax_vjp(z, dy):
    e = np.exp(z - np.amax(z, axis=-1, keepdims=True))
    e /= np.sum(e, axis=-1, keepdims=True)
    back = np.array(dy, dtype=float)
    back -= e * np.sum(dy, axis=-1, keepdims=True)
    return back
"""

MATMUL = """
def matmul_vjp(x, w, dy):
    wt, xt = np.swapaxes(w, 0, 1), np.swapaxes(x, 0, 1)
    return np.matmul(dy, wt), np.matmul(xt, dy)
"""

NLL = """
def nll_grads(W, b, x, y):
    s = np.sum(W * x, axis=1) + b
    m = np.max(s)
    log_total = m + np.log(np.sum(np.exp(s - m)))
    loss = log_total - s[y]
    gs = np.exp(s - log_total)
    gs[y] -= 1.0
    return loss, np.multiply.outer(gs, x), gs
"""

SLIPS: dict[str, list[Slip]] = {
    "04_squared_norm": written(
        SQUARED_NORM,
        slip("not twice", "2 * entry for entry in r", "entry for entry in r", FACTOR),
        slip(
            "the weights in dW",
            "g * xj for xj in x",
            "g * wj for wj in W[0]",
            f"{LOCAL}, swapped arguments",
        ),
        slip("dx from r", "zip(twice, W)", "zip(r, W)", FACTOR),
    ),
    "05_matmul_vjp": written(
        MATMUL,
        slip("dy first", "np.matmul(xt, dy)", "np.matmul(dy.T, x)", OPERAND),
    ),
    "09_log_softmax_vjp": written(
        LOG_SOFTMAX,
        slip("plus", "back -= e", "back += e", "sign of one term, local derivative wrong"),
        slip("the mean", "np.sum(dy, axis=-1", "np.mean(dy, axis=-1", f"{SCALE}, {LOCAL}"),
        slip(
            "not normalised",
            "    e /= np.sum(e, axis=-1, keepdims=True)\n",
            "",
            LOCAL,
            lines=(
                "e = np.exp(z - np.amax(z, axis=-1, keepdims=True))",
                "back -= e * np.sum(dy, axis=-1, keepdims=True)",
            ),
        ),
    ),
    "09_nll_grads": written(
        NLL,
        slip("plus one", "gs[y] -= 1.0", "gs[y] += 1.0", f"sign of one term, one entry, {LOCAL}"),
        slip(
            "the weights' row",
            "np.multiply.outer(gs, x)",
            "np.multiply.outer(gs, W[y])",
            f"{LOCAL}, swapped arguments",
        ),
    ),
}
