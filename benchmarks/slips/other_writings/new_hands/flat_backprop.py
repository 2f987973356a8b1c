"""Slips in answers to assignment 1, in hands of their own."""

from slips.slip import Slip, slip, written
from slips.words import FACTOR, LOCAL, MASK, PATH, SCALE, SIGNS, VALUE

NEURON = """
def sigmoid_neuron(w0, x0, w1, x1, w2):
    fw = {}
    fw["w0x0"], fw["w1x1"] = w0 * x0, w1 * x1
    fw["sum"] = fw["w0x0"] + fw["w1x1"]
    fw["dot"] = fw["sum"] + w2
    fw["negated"] = -fw["dot"]
    fw["exp"] = np.exp(fw["negated"])
    fw["plus_one"] = fw["exp"] + 1
    fw["reciprocal"] = 1 / fw["plus_one"]

    bw = {"reciprocal": 1.0}
    bw["plus_one"] = -bw["reciprocal"] / fw["plus_one"] ** 2
    bw["exp"] = bw["plus_one"]
    bw["negated"] = bw["exp"] * fw["exp"]
    bw["dot"] = -bw["negated"]
    bw["sum"] = bw["dot"]
    bw["w0x0"] = bw["w1x1"] = bw["sum"]
    grads = {
        "w0": bw["w0x0"] * x0,
        "x0": bw["w0x0"] * w0,
        "w1": bw["w1x1"] * x1,
        "x1": bw["w1x1"] * w1,
        "w2": bw["dot"],
    }
    return fw["reciprocal"], grads, {stage: (fw[stage], bw[stage]) for stage in fw}
"""

RATIONAL = """
def rational(x, y):
    def unit(t):
        value = 1 / (1 + np.exp(-t))
        return value, value * (1 - value)

    sx, slope_x = unit(x)
    sy, slope_y = unit(y)
    up = x + sy
    total = x + y
    down = sx + total**2
    inv = down**-1

    ginv = up
    gup = inv
    gdown = ginv * -(inv**2)
    gtotal = gdown * 2 * total
    gx, gy = gup, gup * slope_y
    gx += gdown * slope_x
    gx += gtotal
    gy += gtotal
    return up * inv, {"x": gx, "y": gy}
"""

SINE = """
def sin_product(x1, x2):
    value = (left := x1 * x2) + (right := np.sin(x2))
    from_left, from_right = 1.0, 1.0
    d1 = from_left * x2
    d2 = from_left * x1 + from_right * np.cos(x2)
    return value, {"x1": d1, "x2": d2}
"""

LOGISTIC = """
def logistic_loss(w, x):
    score = np.dot(w, x)
    small = np.exp(-abs(score))
    loss = max(-score, 0.0) + np.log1p(small)
    p = (1.0 if score >= 0 else small) / (1.0 + small)
    upstream = p - 1
    return loss, np.multiply(upstream, x)
"""

REGRESSION = """
def linear_regression(w, b, x, y):
    residual = b - y
    for weight, feature in zip(w, x):
        residual = residual + weight * feature
    loss = residual**2
    slope = 2 * residual
    dw = np.fromiter((slope * feature for feature in x), dtype=float)
    return loss, dw, slope
"""

TWO_LAYER = """
def flat_two_layer(W1, b1, W2, b2, X, y):
    def lin(a, M, c):
        return np.einsum("ni,ij->nj", a, M) + c

    def lin_back(g, a, M):
        return g @ M.T, np.einsum("ni,nj->ij", a, g), np.add.reduce(g)

    pre = lin(X, W1, b1)
    act = np.where(pre > 0, pre, 0.0)
    out = lin(act, W2, b2)
    out = out - out.max(axis=1)[:, None]
    norm = np.exp(out).sum(axis=1)
    count = len(y)
    loss = (np.log(norm) - out[range(count), y]).mean()

    gout = np.exp(out) / norm[:, None]
    gout[range(count), y] -= 1
    gout /= count
    gact, gW2, gb2 = lin_back(gout, act, W2)
    gact[pre <= 0] = 0.0
    _, gW1, gb1 = lin_back(gact, X, W1)
    return loss, {"W1": gW1, "b1": gb1, "W2": gW2, "b2": gb2}
"""

SLIPS: dict[str, list[Slip]] = {
    "04_sigmoid_neuron": written(
        NEURON,
        slip("the reciprocal's minus", '= -bw["reciprocal"] /', '= bw["reciprocal"] /', "sign"),
        slip("exp's own value forgotten", '= bw["exp"] * fw["exp"]', '= bw["exp"]', LOCAL),
        slip("not squared", '/ fw["plus_one"] ** 2', '/ fw["plus_one"]', LOCAL),
        slip("the negation forgotten", '= -bw["negated"]', '= bw["negated"]', "sign"),
        slip("w1's own factor", '"w1": bw["w1x1"] * x1', '"w1": bw["w1x1"] * w1', "swapped arguments"),
    ),
    "06_sin_product": written(
        SINE,
        slip("minus the cosine", "+ from_right * np.cos", "- from_right * np.cos", f"{LOCAL}, {SIGNS}"),
        slip("the sine again", "from_right * np.cos(x2)", "from_right * right", LOCAL),
        slip("one path", "from_left * x1 + from_right", "from_right", PATH),
        slip(
            "the other sine",
            "right := np.sin(x2)",
            "right := np.sin(x1)",
            VALUE,
            says="mend the value first",
        ),
    ),
    "08_rational": written(
        RATIONAL,
        slip("the slope of a square", "gdown * 2 * total", "gdown * total", f"{FACTOR}, {LOCAL}"),
        slip(
            "the helper's slope",
            "value * (1 - value)",
            "1 - value",
            LOCAL,
            lines=("sx, slope_x = unit(x)", "sy, slope_y = unit(y)"),
        ),
        slip("one path overwritten", "gx += gdown * slope_x", "gx = gdown * slope_x", f"{PATH}, {LOCAL}"),
        slip(
            "a path of y lost",
            "    gy += gtotal\n",
            "",
            f"{PATH}, {LOCAL}",
            lines=("gx, gy = gup, gup * slope_y",),
        ),
        slip("not squared on the way back", "-(inv**2)", "-inv", LOCAL),
    ),
    "09_logistic_loss": written(
        LOGISTIC,
        slip("the other class", "upstream = p - 1", "upstream = p", f"{LOCAL}, {SCALE}, sign"),
        slip("times the weights", "np.multiply(upstream, x)", "np.multiply(upstream, w)", LOCAL),
    ),
    "10_linear_regression": written(
        REGRESSION,
        slip("the two", "slope = 2 * residual", "slope = residual", FACTOR),
        slip("times the weights", "slope * feature for feature in x", "slope * w_i for w_i in w", LOCAL),
    ),
    "11_flat_two_layer": written(
        TWO_LAYER,
        slip("the mask at the wrong sign", "gact[pre <= 0] = 0.0", "gact[pre > 0] = 0.0", MASK),
        slip(
            "no mask",
            "    gact[pre <= 0] = 0.0\n",
            "",
            f"{MASK}, {PATH}",
            lines=("_, gW1, gb1 = lin_back(gact, X, W1)",),
        ),
        slip("not averaged", "    gout /= count\n", "", SCALE, lines=("gout[range(count), y] -= 1",)),
        slip(
            "the labels' ones",
            "    gout[range(count), y] -= 1\n",
            "",
            f"{LOCAL}, {PATH}",
            lines=("gout = np.exp(out) / norm[:, None]", "gout /= count"),
        ),
        slip(
            "the mean over rows",
            "np.add.reduce(g)",
            "np.mean(g, axis=0)",
            SCALE,
            lines=("gact, gW2, gb2 = lin_back(gout, act, W2)", "_, gW1, gb1 = lin_back(gact, X, W1)"),
        ),
    ),
}
