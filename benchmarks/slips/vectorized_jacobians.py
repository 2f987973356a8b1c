"""Slips in assignment 3."""

from slips.slip import Slip, slip
from slips.words import FACTOR, LOCAL, PATH, SCALE, SHAPE, UPSTREAM

SLIPS: dict[str, list[Slip]] = {
    "03_relu_vjp": [
        slip("no mask", "return dy * (x > 0)", "return dy * 1.0", "missing mask"),
        slip(
            "mask of the upstream",
            "return dy * (x > 0)",
            "return dy * (dy > 0)",
            "mask from the wrong tensor",
        ),
        slip("inverted", "return dy * (x > 0)", "return dy * (x < 0)", "inverted mask"),
        slip("the value in place of the slope", "return dy * (x > 0)", "return dy * np.maximum(x, 0)", LOCAL),
        slip("upstream forgotten", "return dy * (x > 0)", "return (x > 0) * 1.0", UPSTREAM),
        slip(
            "absolute value",
            "return dy * (x > 0)",
            "return dy * np.sign(x)",
            f"{LOCAL}, sign of one term, missing mask",
        ),
    ],
    "04_squared_norm": [
        slip("the 2", "dq = 2 * q", "dq = q", FACTOR),
        slip("the square kept", "dq = 2 * q", "dq = 2 * q**2", LOCAL),
        slip("outer the other way round", "np.outer(dq, x)", "np.outer(x, dq)", "wrong shape, transposed"),
        slip("W not transposed", "dx = W.T @ dq", "dx = W @ dq", f"{SHAPE}, transposed operand"),
        slip("q in place of dq", "dx = W.T @ dq", "dx = W.T @ q", FACTOR),
        slip("elementwise in place of outer", "np.outer(dq, x)", "2 * W", LOCAL),
        slip("ones in place of x", "np.outer(dq, x)", "np.outer(dq, np.ones_like(x))", LOCAL),
        slip("returned exchanged", "return f, dW, dx", "return f, dx, dW", "wrong shape, swapped arguments"),
        slip("the sign", "dx = W.T @ dq", "dx = -W.T @ dq", "sign"),
    ],
    "05_matmul_vjp": [
        slip("w not transposed", "dx = dy @ w.T", "dx = dy @ w", f"{SHAPE}, transposed operand"),
        slip("x not transposed", "dw = x.T @ dy", "dw = x @ dy", f"{SHAPE}, transposed operand"),
        slip("dw transposed", "dw = x.T @ dy", "dw = dy.T @ x", "wrong shape, transposed"),
        slip("averaged", "dw = x.T @ dy", "dw = x.T @ dy / len(x)", SCALE),
        slip("returned exchanged", "return dx, dw", "return dw, dx", "wrong shape, swapped arguments"),
        slip("upstream forgotten", "dw = x.T @ dy", "dw = x.T @ np.ones_like(dy)", UPSTREAM),
        slip(
            "the product's value",
            "dx = dy @ w.T",
            "dx = (x @ w) @ w.T",
            "upstream gradient ignored, local derivative wrong",
        ),
        slip("one row only", "dw = x.T @ dy", "dw = np.outer(x[0], dy[0])", PATH),
        slip(
            "the last row only",
            "dw = x.T @ dy",
            "for n in range(len(x)):\n        dw = np.outer(x[n], dy[n])",
            PATH,
        ),
        slip("one row too few", "dw = x.T @ dy", "dw = x[1:].T @ dy[1:]", f"{PATH}, off by one index"),
        slip("rows shifted", "dw = x.T @ dy", "dw = np.roll(x, 1, axis=0).T @ dy", "off by one index"),
    ],
    "07_linear_dW": [
        slip("transposed", "return dh.T @ x", "return x.T @ dh", "transposed, wrong shape"),
        slip("averaged", "return dh.T @ x", "return dh.T @ x / len(x)", SCALE),
        slip(
            "summed over the wrong one",
            "return np.outer(dh, x)",
            "return np.outer(x, dh)",
            "wrong shape, transposed",
        ),
    ],
    "08_bias_vjp": [
        slip("mean", "return dy.sum(axis=0)", "return dy.mean(axis=0)", SCALE),
        slip("other axis", "return dy.sum(axis=0)", "return dy.sum(axis=1)", "wrong shape, wrong axis"),
        slip(
            "kept dimensions", "return dy.sum(axis=0)", "return dy.sum(axis=0, keepdims=True)", "wrong shape"
        ),
        slip("first row", "return dy.sum(axis=0)", "return dy[0]", PATH),
        slip("everything", "return dy.sum(axis=0)", "return dy.sum()", "wrong shape"),
        slip("as it is", "return dy.sum(axis=0)", "return dy", "wrong shape"),
    ],
    "09_log_softmax_vjp": [
        slip(
            "the sum left out",
            "return dy - p * np.sum(dy, axis=-1, keepdims=True)",
            "return dy - p",
            f"not proportional to the upstream gradient, {PATH}",
        ),
        slip(
            "the softmax's backward",
            "return dy - p * np.sum(dy, axis=-1, keepdims=True)",
            "return p * (dy - np.sum(dy * p, axis=-1, keepdims=True))",
            LOCAL,
        ),
        slip(
            "dy alone",
            "return dy - p * np.sum(dy, axis=-1, keepdims=True)",
            "return dy * 1.0",
            "dropped path",
        ),
        slip("plus", "return dy - p *", "return dy + p *", "sign of one term"),
        slip(
            "sum over everything",
            "return dy - p * np.sum(dy, axis=-1, keepdims=True)",
            "return dy - p * np.sum(dy)",
            f"wrong axis, {LOCAL}, summed too much or not at all",
        ),
        slip(
            "dy times p",
            "return dy - p * np.sum(dy, axis=-1, keepdims=True)",
            "return dy * (1 - p)",
            f"dropped path, {LOCAL}",
        ),
        slip(
            "mean in place of sum",
            "np.sum(dy, axis=-1, keepdims=True)",
            "np.mean(dy, axis=-1, keepdims=True)",
            f"{SCALE}",
        ),
        slip(
            "softmax over the batch",
            "p = p / np.sum(p, axis=-1, keepdims=True)",
            "p = p / np.sum(p, axis=0, keepdims=True)",
            f"wrong axis, {LOCAL}",
        ),
    ],
    "09_nll_grads": [
        slip(
            "the true class's 1",
            "    dz[y] -= 1\n",
            "",
            "dropped path, sign of one term, one entry",
            lines=("dz = np.exp(log_p)",),
        ),
        slip("plus 1", "dz[y] -= 1", "dz[y] += 1", "sign of one term, one entry"),
        slip("the sign", "dW = np.outer(dz, x)", "dW = -np.outer(dz, x)", "sign"),
        slip("the next class", "dz[y] -= 1", "dz[y - 1] -= 1", "off by one index"),
        slip("outer the other way round", "np.outer(dz, x)", "np.outer(x, dz)", "wrong shape, transposed"),
        slip("log probabilities", "dz = np.exp(log_p)", "dz = log_p.copy()", LOCAL),
        slip("not normalized", "dz = np.exp(log_p)", "dz = np.exp(shifted)", LOCAL),
        slip("db is x's", "db = dz", "db = dz * z", LOCAL),
        slip(
            "averaged over the classes",
            "    dW = np.outer(dz, x)",
            "    dz = dz / len(z)\n    dW = np.outer(dz, x)",
            SCALE,
        ),
    ],
}
