"""Slips in the activations of assignment 4."""

from slips.slip import Slip, slip
from slips.words import LOCAL, PATH, SCALE, UPSTREAM

ACTIVATIONS: dict[str, list[Slip]] = {
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
}
