"""Slips in assignment 4."""

from slips.slip import Slip, slip
from slips.two_layer_net_activations import ACTIVATIONS
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
    **ACTIVATIONS,
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
