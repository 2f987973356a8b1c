"""Assignment 3, written otherwise."""

from slips.slip import Slip, slip, written
from slips.words import FACTOR, LOCAL, PATH, SHAPE, SUM, UPSTREAM

RELU = """
def relu_vjp(x, dy):
    grad = np.array(dy, dtype=float)
    grad[x <= 0] = 0
    return grad
"""

SQUARED_NORM = """
def squared_norm(W, x):
    q = np.einsum("ij,j->i", W, x)
    value = q @ q

    q_grad = q + q
    W_grad = np.einsum("i,j->ij", q_grad, x)
    x_grad = np.einsum("ij,i->j", W, q_grad)
    return value, W_grad, x_grad
"""

MATMUL = """
def matmul_vjp(x, w, dy):
    dx = np.einsum("nm,dm->nd", dy, w)
    dw = np.zeros(w.shape)
    for row, upstream in zip(x, dy):
        dw += row[:, None] * upstream[None, :]
    return dx, dw
"""

BIAS = """
def bias_vjp(dy):
    total = np.zeros(dy.shape[1])
    for row in dy:
        total += row
    return total
"""

LOG_SOFTMAX = """
def log_softmax_vjp(z, dy):
    shifted = z - z.max(axis=-1, keepdims=True)
    exps = np.exp(shifted)
    softmax = exps / exps.sum(axis=-1, keepdims=True)
    total = dy.sum(axis=-1, keepdims=True)
    return dy - softmax * total
"""

NLL = """
def nll_grads(W, b, x, y):
    scores = W.dot(x) + b
    scores = scores - scores.max()
    exps = np.exp(scores)
    probs = exps / exps.sum()
    loss = np.log(exps.sum()) - scores[y]

    onehot = np.eye(len(b))[y]
    grad_scores = probs - onehot
    grad_W = grad_scores[:, None] * x[None, :]
    grad_b = grad_scores
    return loss, grad_W, grad_b
"""

SLIPS: dict[str, list[Slip]] = {
    "03_relu_vjp": written(
        RELU,
        slip(
            "the mask of the gradient",
            "grad[x <= 0] = 0",
            "grad[grad <= 0] = 0",
            "mask from the wrong tensor",
        ),
        slip("the mask inverted", "grad[x <= 0] = 0", "grad[x > 0] = 0", "inverted mask"),
        slip(
            "one in place of zero",
            "grad[x <= 0] = 0",
            "grad[x <= 0] = 1",
            "not proportional to the upstream gradient",
        ),
        slip("x's copy", "np.array(dy, dtype=float)", "np.array(x, dtype=float)", UPSTREAM),
    ),
    "04_squared_norm": written(
        SQUARED_NORM,
        slip("one of the two", "q_grad = q + q", "q_grad = q", FACTOR),
        slip("the square", "q_grad = q + q", "q_grad = q * q", LOCAL),
        slip("x twice", "q_grad, x)", "x, x)", f"{SHAPE}, {LOCAL}"),
        slip("q for its gradient", '"ij,i->j", W, q_grad', '"ij,i->j", W, q', FACTOR),
        slip("all of W", '"ij,i->j", W, q_grad', '"ij,k->j", W, q_grad', f"{SUM}, {LOCAL}"),
        slip(
            "the forward's subscripts",
            '"ij,i->j", W, q_grad',
            '"ij,j->i", W, q_grad',
            f"{SHAPE}, transposed operand",
        ),
    ),
    "05_matmul_vjp": written(
        MATMUL,
        slip("the last row", "dw += row", "dw = row", PATH),
        slip("minus", "dw += row", "dw -= row", "sign"),
        slip("everything summed", '"nm,dm->nd"', '"nm,dk->nd"', f"{SUM}, {LOCAL}"),
        slip(
            "upstream forgotten",
            "row[:, None] * upstream[None, :]",
            "row[:, None] * np.ones_like(upstream)[None, :]",
            UPSTREAM,
        ),
        slip(
            "the rows backwards",
            "zip(x, dy)",
            "zip(x[::-1], dy)",
            LOCAL,
            lines=("dw += row[:, None] * upstream[None, :]",),
        ),
        slip(
            "a row skipped",
            "zip(x, dy)",
            "zip(x[1:], dy[1:])",
            f"{PATH}, off by one index",
            lines=("dw += row[:, None] * upstream[None, :]",),
        ),
        slip(
            "rows against each other",
            "zip(x, dy)",
            "zip(x[1:], dy)",
            "off by one index",
            lines=("dw += row[:, None] * upstream[None, :]",),
        ),
    ),
    "08_bias_vjp": written(
        BIAS,
        slip("the last row", "total += row", "total = row", PATH),
        slip(
            "the first is skipped",
            "for row in dy:",
            "for row in dy[1:]:",
            f"{PATH}, off by one index",
            lines=("total += row",),
        ),
        slip("one row's sum", "total += row", "total += row.sum()", f"{SUM}, {LOCAL}"),
        slip(
            "begins with the first row",
            "np.zeros(dy.shape[1])",
            "dy[0].astype(float)",
            f"{LOCAL}, {FACTOR}",
            lines=("total += row",),
        ),
    ),
    "09_log_softmax_vjp": written(
        LOG_SOFTMAX,
        slip(
            "over the batch",
            "total = dy.sum(axis=-1, keepdims=True)",
            "total = dy.sum(axis=0, keepdims=True)",
            f"{SUM}, {LOCAL}",
        ),
        slip("the softmax forgotten", "dy - softmax * total", "dy - total", LOCAL),
        slip("not normalized", "dy - softmax * total", "dy - exps * total", LOCAL),
        slip("dy in place of its sum", "dy - softmax * total", "dy - softmax * dy", f"{LOCAL}, {PATH}"),
        slip("scores for probabilities", "dy - softmax * total", "dy - shifted * total", LOCAL),
        slip("the other way round", "dy - softmax * total", "softmax * total - dy", "sign"),
    ),
    "09_nll_grads": written(
        NLL,
        slip("turned round", "probs - onehot", "onehot - probs", "sign"),
        slip("not normalized", "probs - onehot", "exps - onehot", LOCAL),
        slip(
            "the labels forgotten",
            "grad_scores = probs - onehot",
            "grad_scores = probs",
            "dropped path, sign of one term, one entry",
        ),
        slip(
            "the weights in place of x",
            "grad_scores[:, None] * x[None, :]",
            "grad_scores[:, None] * W",
            LOCAL,
        ),
        slip(
            "probabilities for the bias",
            "grad_b = grad_scores",
            "grad_b = probs",
            "dropped path, sign of one term, one entry",
        ),
        slip(
            "sigmoid's slope",
            "grad_scores = probs - onehot",
            "grad_scores = (probs - onehot) * probs * (1 - probs)",
            LOCAL,
        ),
    ),
}
