"""Slips in assignment 4."""

from slips.slip import Slip, slip
from slips.words import FACTOR, LOCAL, PATH, REG, SCALE, SHAPE, UPSTREAM

# with a mask missing in dhidden, its next use is wrong: nothing tells where it was to be
LAST = ("dx[rows, y] = -dx.sum(axis=1)", "dx[rows, y] -= 1")  # where dx is finished but for its average
MASKED = ('"W1": X.T @ dhidden + 2 * reg * W1,', '"b1": dhidden.sum(axis=0),')

SLIPS: dict[str, list[Slip]] = {
    "02_affine": [
        slip("w not transposed", "dout @ w.T", "dout @ w", f"{SHAPE}, transposed operand"),
        slip("dx not reshaped", "dx = (dout @ w.T).reshape(x.shape)", "dx = dout @ w.T", "wrong shape"),
        slip("bias of one row", "db = dout.sum(axis=0)", "db = dout[0]", PATH),
        slip("bias averaged", "db = dout.sum(axis=0)", "db = dout.mean(axis=0)", SCALE),
        slip("bias a row", "db = dout.sum(axis=0)", "db = dout.sum(axis=0, keepdims=True)", "wrong shape"),
        slip("bias from dw", "db = dout.sum(axis=0)", "db = dw.sum(axis=0)", LOCAL),
        slip(
            "weights averaged",
            "dw = x.reshape(len(x), -1).T @ dout",
            "dw = x.reshape(len(x), -1).T @ dout / len(x)",
            SCALE,
        ),
        slip(
            "upstream forgotten",
            "dw = x.reshape(len(x), -1).T @ dout",
            "dw = x.reshape(len(x), -1).T @ np.ones_like(dout)",
            UPSTREAM,
        ),
        slip(
            "returned exchanged", "return dx, dw, db", "return dw, dx, db", "wrong shape, swapped arguments"
        ),
        slip(
            "forward forgets the bias's sign", "@ w + b", "@ w - b", "sign", lines=("db = dout.sum(axis=0)",)
        ),
        slip(
            "b multiplies",
            "db = dout.sum(axis=0)",
            "db = (dout * (dout @ w.T @ w)).sum(axis=0)",
            "not proportional to the upstream gradient, local derivative wrong",
        ),
    ],
    "03_relu": [
        slip("no mask", "return dout * (x > 0)", "return dout * 1.0", "missing mask"),
        slip(
            "mask of dout", "return dout * (x > 0)", "return dout * (dout > 0)", "mask from the wrong tensor"
        ),
        slip("in place", "return dout * (x > 0)", "dout[x <= 0] = 0\n    return dout", "mutated argument"),
        slip("the value", "return dout * (x > 0)", "return dout * np.maximum(x, 0)", LOCAL),
        slip("inverted", "return dout * (x > 0)", "return dout * (x <= 0)", "inverted mask"),
        slip(
            "the mask is of another threshold",
            "return dout * (x > 0)",
            "return dout * (x > 1)",
            "zero in part, mask from the wrong tensor",
        ),
        slip(
            "float32",
            "return dout * (x > 0)",
            "return (dout * (x > 0)).astype(np.float32)",
            "float32, wrong dtype",
        ),
    ],
    "03_leaky_relu": [
        slip("the slope forgotten", "np.where(x > 0, 1, slope)", "np.where(x > 0, 1, 0)", "zero in part"),
        slip("the slope's default", "np.where(x > 0, 1, slope)", "np.where(x > 0, 1, 0.01)", LOCAL),
        slip("times x", "np.where(x > 0, 1, slope)", "np.where(x > 0, 1, slope * x)", LOCAL),
        slip("exchanged", "np.where(x > 0, 1, slope)", "np.where(x > 0, slope, 1)", "inverted mask"),
        slip("everywhere 1", "np.where(x > 0, 1, slope)", "np.ones_like(x)", "missing mask"),
        slip(
            "everywhere slope", "np.where(x > 0, 1, slope)", "slope", "missing mask, local derivative wrong"
        ),
    ],
    "03_prelu": [
        slip(
            "alpha not summed",
            "dalpha = np.sum(dout * np.minimum(x, 0))",
            "dalpha = dout * np.minimum(x, 0)",
            "wrong shape",
        ),
        slip("alpha without the mask", "np.minimum(x, 0)", "x", "missing mask"),
        slip(
            "alpha averaged",
            "dalpha = np.sum(dout * np.minimum(x, 0))",
            "dalpha = np.mean(dout * np.minimum(x, 0))",
            SCALE,
        ),
        slip("alpha sums dout", "dout * np.minimum(x, 0)", "dout * (x < 0)", LOCAL),
        slip("alpha's sign", "dout * np.minimum(x, 0)", "dout * np.maximum(-x, 0)", "sign"),
        slip(
            "x without alpha",
            "dx = np.where(x > 0, dout, alpha * dout)",
            "dx = np.where(x > 0, dout, 0)",
            "zero in part",
        ),
        slip(
            "returned exchanged", "return dx, dalpha", "return dalpha, dx", "wrong shape, swapped arguments"
        ),
    ],
    "03_elu": [
        slip(
            "the value",
            "return dout * np.exp(np.minimum(x, 0))",
            "return dout * np.where(x > 0, 1, np.exp(np.minimum(x, 0)) - 1)",
            LOCAL,
        ),
        slip(
            "no mask",
            "return dout * np.exp(np.minimum(x, 0))",
            "return dout * np.exp(x)",
            f"missing mask, non-finite, {LOCAL}",
        ),
        slip("the ReLU's", "return dout * np.exp(np.minimum(x, 0))", "return dout * (x > 0)", "zero in part"),
        slip(
            "exp of minus",
            "return dout * np.exp(np.minimum(x, 0))",
            "return dout * np.exp(-np.minimum(x, 0))",
            f"non-finite, {LOCAL}",
        ),
    ],
    "03_sigmoid": [
        slip("slope forgotten", "return dout * out * (1 - out)", "return dout * out", LOCAL),
        slip(
            "of the input",
            "return dout * out * (1 - out)",
            "s = 1 / (1 + np.exp(-out))\n    return dout * s * (1 - s)",
            LOCAL,
        ),
        slip(
            "plus",
            "return dout * out * (1 - out)",
            "return dout * out * (1 + out)",
            f"sign of one term, {LOCAL}",
        ),
        slip("upstream forgotten", "return dout * out * (1 - out)", "return out * (1 - out)", UPSTREAM),
    ],
    "03_tanh": [
        slip("not squared", "return dout * (1 - out**2)", "return dout * (1 - out)", LOCAL),
        slip(
            "plus", "return dout * (1 - out**2)", "return dout * (1 + out**2)", f"sign of one term, {LOCAL}"
        ),
        slip("tanh again", "return dout * (1 - out**2)", "return dout * (1 - np.tanh(out) ** 2)", LOCAL),
        slip(
            "a precedence",
            "return dout * (1 - out**2)",
            "return dout * 1 - out**2",
            "not proportional to the upstream gradient",
        ),
    ],
    "03_maxout": [
        slip("one path into x", "dx = d1 @ w1.T + d2 @ w2.T", "dx = d1 @ w1.T", PATH),
        slip("minus", "dx = d1 @ w1.T + d2 @ w2.T", "dx = d1 @ w1.T - d2 @ w2.T", "sign of one term"),
        slip(
            "both get all",
            "d1, d2 = dout * first_wins, dout * ~first_wins",
            "d1, d2 = dout, dout",
            "missing mask",
            lines=("dx = d1 @ w1.T + d2 @ w2.T",),
        ),
        slip(
            "exchanged",
            "d1, d2 = dout * first_wins, dout * ~first_wins",
            "d2, d1 = dout * first_wins, dout * ~first_wins",
            "inverted mask, swapped arguments",
            lines=("dx = d1 @ w1.T + d2 @ w2.T",),
        ),
        slip(
            "weights exchanged",
            "dx = d1 @ w1.T + d2 @ w2.T",
            "dx = d1 @ w2.T + d2 @ w1.T",
            f"{LOCAL}, swapped arguments",
        ),
        slip(
            "weights' order",
            "x.T @ d1, d1.sum(axis=0), x.T @ d2, d2.sum(axis=0)",
            "x.T @ d2, d2.sum(axis=0), x.T @ d1, d1.sum(axis=0)",
            "swapped arguments, inverted mask",
        ),
        slip("bias averaged", "d1.sum(axis=0), x.T @ d2", "d1.mean(axis=0), x.T @ d2", SCALE),
        slip("overwritten", "dx = d1 @ w1.T + d2 @ w2.T", "dx = d1 @ w1.T\n    dx = d2 @ w2.T", PATH),
        slip("bias with dout", "d2.sum(axis=0)", "dout.sum(axis=0)", "missing mask"),
    ],
    "04_svm_loss": [
        slip(
            "the true class's term",
            "    dx[rows, y] = -dx.sum(axis=1)\n",
            "",
            "dropped path, sign of one term, zero in part",
            lines=("dx = np.where(margins > 0, 1.0, 0.0)", "return loss, dx / len(x)"),
        ),
        slip("minus 1 for the true class", "dx[rows, y] = -dx.sum(axis=1)", "dx[rows, y] = -1", LOCAL),
        slip("not averaged", "return loss, dx / len(x)", "return loss, dx", SCALE, lines=LAST),
        slip("the margin in place of the mask", "np.where(margins > 0, 1.0, 0.0)", "margins.copy()", LOCAL),
        slip("the sign of the true class", "-dx.sum(axis=1)", "dx.sum(axis=1)", "sign of one term"),
        slip("averaged over the classes too", "return loss, dx / len(x)", "return loss, dx / x.size", SCALE),
        slip(
            "the mask forgotten",
            "np.where(margins > 0, 1.0, 0.0)",
            "np.ones_like(x)",
            "missing mask",
            ("dx[rows, y] = -dx.sum(axis=1)", "dx[rows, y] = 1 - dx.sum(axis=1)"),
        ),
        slip(
            "the next class",
            "dx[rows, y] = -dx.sum(axis=1)",
            "dx[rows, y - 1] = -dx.sum(axis=1)",
            "off by one index",
        ),
        slip(
            "the mask of x",
            "np.where(margins > 0, 1.0, 0.0)",
            "np.where(x > 0, 1.0, 0.0)",
            "mask from the wrong tensor",
        ),
    ],
    "04_softmax_loss": [
        slip("not averaged", "return loss, dx / len(x)", "return loss, dx", SCALE, lines=LAST),
        slip("averaged twice", "return loss, dx / len(x)", "return loss, dx / len(x) / len(x)", SCALE),
        slip(
            "precedence",
            "    dx[rows, y] -= 1\n    return loss, dx / len(x)",
            "    dx[rows, y] -= 1 / len(x)\n    return loss, dx",
            SCALE + ", local derivative wrong",
            lines=("dx = np.exp(log_p)",),  # averaged there, it would be right as well
        ),
        slip(
            "the true class's 1",
            "    dx[rows, y] -= 1\n",
            "",
            "dropped path, sign of one term",
            lines=("dx = np.exp(log_p)", "return loss, dx / len(x)"),
        ),
        slip("plus 1", "dx[rows, y] -= 1", "dx[rows, y] += 1", "sign of one term"),
        slip("the next class", "dx[rows, y] -= 1", "dx[rows, y - 1] -= 1", "off by one index"),
        slip(
            "all rows",
            "dx[rows, y] -= 1",
            "dx[:, y] -= 1",
            f"{LOCAL}, wrong axis, dropped path, sign of one term",
        ),
        slip("not normalized", "dx = np.exp(log_p)", "dx = np.exp(shifted)", LOCAL),
        slip(
            "ten classes",
            "return loss, dx / len(x)",
            "return loss, dx / 10",
            f"{SCALE}, factor 2",
            lines=LAST,
        ),
        slip(
            "a constant in the logarithm",
            "loss = -log_p[rows, y].mean()",
            "loss = -np.log(np.exp(log_p[rows, y]) + 1e-8).mean()",
            f"{LOCAL}, numerical differentiation",
        ),
    ],
    "05_l2": [
        slip("the 2", "2 * lam * W", "lam * W", f"{REG}, {FACTOR}"),
        slip("lam", "2 * lam * W", "2 * W", f"{REG}, constant factor"),
        slip("the square", "2 * lam * W", "2 * lam * W**2", LOCAL),
        slip("averaged", "2 * lam * W", "2 * lam * W / W.size", SCALE),
        slip(
            "the absolute value",
            "2 * lam * W",
            "2 * lam * np.abs(W)",
            f"{LOCAL}, missing mask, sign of one term",
        ),
    ],
    "05_l1": [
        slip(
            "no sign", "lam * np.sign(W)", "lam * np.ones_like(W)", f"{LOCAL}, missing mask, sign of one term"
        ),
        slip("W", "lam * np.sign(W)", "lam * W", LOCAL),
        slip("positive only", "lam * np.sign(W)", "lam * (W > 0)", "zero in part"),
        slip("the square's", "lam * np.sign(W)", "2 * lam * W", LOCAL),
    ],
    "05_elastic": [
        slip(
            "exchanged strengths",
            "2 * beta * W + lam * np.sign(W)",
            "2 * lam * W + beta * np.sign(W)",
            f"{LOCAL}, {REG}, swapped arguments",
        ),
        slip("the L1 part", "2 * beta * W + lam * np.sign(W)", "2 * beta * W", f"{REG}, {PATH}"),
        slip("the L2 part", "2 * beta * W + lam * np.sign(W)", "lam * np.sign(W)", f"{REG}, {PATH}"),
        slip("the 2", "2 * beta * W + lam * np.sign(W)", "beta * W + lam * np.sign(W)", f"{REG}, {FACTOR}"),
        slip(
            "minus",
            "2 * beta * W + lam * np.sign(W)",
            "2 * beta * W - lam * np.sign(W)",
            f"{REG}, sign of one term",
        ),
    ],
    "06_TwoLayerNet": [
        slip(
            "the penalty's gradient of W1",
            '"W1": X.T @ dhidden + 2 * reg * W1',
            '"W1": X.T @ dhidden',
            f"{REG}, zero",
        ),
        slip(
            "the penalty's 2",
            '"W2": hidden.T @ dscores + 2 * reg * W2',
            '"W2": hidden.T @ dscores + reg * W2',
            f"{REG}, {FACTOR}",
        ),
        slip(
            "the penalty averaged",
            '"W2": hidden.T @ dscores + 2 * reg * W2',
            '"W2": hidden.T @ dscores + 2 * reg * W2 / len(X)',
            f"{REG}, {SCALE}",
        ),
        slip(
            "the penalty of the other",
            '"W2": hidden.T @ dscores + 2 * reg * W2',
            '"W2": hidden.T @ dscores - 2 * reg * W2',
            f"{REG}, sign",
        ),
        slip("not averaged", "        dscores /= len(X)\n", "", SCALE, lines=("dscores[rows, y] -= 1",)),
        slip(
            "the true class's 1",
            "        dscores[rows, y] -= 1\n",
            "",
            "dropped path",
            lines=("dscores = np.exp(log_probabilities)", "dscores /= len(X)"),
        ),
        slip(
            "the mask",
            "dhidden = dscores @ W2.T * (hidden > 0)",
            "dhidden = dscores @ W2.T",
            "missing mask",
            lines=MASKED,
        ),
        slip(
            "the mask of scores",
            "dhidden = dscores @ W2.T * (hidden > 0)",
            "dhidden = dscores @ W2.T\n        dhidden *= dhidden > 0",
            f"mask from the wrong tensor, missing mask, {LOCAL}",
            lines=MASKED,
        ),
        slip("bias averaged", '"b2": dscores.sum(axis=0)', '"b2": dscores.mean(axis=0)', SCALE),
        slip(
            "bias regularized",
            '"b1": dhidden.sum(axis=0)',
            '"b1": dhidden.sum(axis=0) + 2 * reg * b1',
            REG,
            says="reg should add nothing",
        ),
        slip("bias of the last row", '"b1": dhidden.sum(axis=0)', '"b1": dhidden[-1]', PATH),
        slip(
            "float32",
            "dscores = np.exp(log_probabilities)",
            "dscores = np.exp(log_probabilities).astype(np.float32)",
            "float32",
        ),
    ],
}
