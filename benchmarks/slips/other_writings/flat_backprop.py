"""Assignment 1, written otherwise."""

from slips.slip import Slip, slip, written
from slips.words import FACTOR, LOCAL, PATH

SWAP = f"swapped arguments, {LOCAL}"

PRODUCT_OF_SUM = """
def product_of_sum(x, y, z):
    s = x + y
    out = s * z
    grad = {}
    grad_out = 1.0
    grad_s = grad_out * z
    grad["z"] = grad_out * s
    grad["x"] = grad_s * 1
    grad["y"] = grad_s * 1
    return out, grad
"""

SIGMOID_NEURON = """
def sigmoid_neuron(w0, x0, w1, x1, w2):
    a = w0 * x0
    b = w1 * x1
    c = a + b
    d = c + w2
    n = -d
    e = np.exp(n)
    p = e + 1
    f = p**-1

    f_bar = 1.0
    p_bar = f_bar * -1.0 * p**-2
    e_bar = p_bar
    n_bar = e_bar * e
    d_bar = n_bar * -1
    c_bar, w2_bar = d_bar, d_bar
    a_bar, b_bar = c_bar, c_bar
    w0_bar, x0_bar = a_bar * x0, a_bar * w0
    w1_bar, x1_bar = b_bar * x1, b_bar * w1
    grads = dict(w0=w0_bar, x0=x0_bar, w1=w1_bar, x1=x1_bar, w2=w2_bar)
    stages = dict(w0x0=(a, a_bar), w1x1=(b, b_bar), sum=(c, c_bar), dot=(d, d_bar))
    stages.update(negated=(n, n_bar), exp=(e, e_bar), plus_one=(p, p_bar), reciprocal=(f, f_bar))
    return f, grads, stages
"""

GROUPED = """
def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def sigmoid_neuron_grouped(w0, x0, w1, x1, w2):
    ws, xs = np.array([w0, w1]), np.array([x0, x1])
    score = ws @ xs + w2
    out = sigmoid(score)
    local = out * (1 - out)
    dws = local * xs
    dxs = local * ws
    return out, {"w0": dws[0], "x0": dxs[0], "w1": dws[1], "x1": dxs[1], "w2": local}
"""

SIN_PRODUCT = """
def sin_product(x1, x2):
    f = x1 * x2 + np.sin(x2)
    grads = {"x1": 0.0, "x2": 0.0}
    grads["x1"] += x2
    grads["x2"] += x1
    grads["x2"] += np.cos(x2)
    return f, grads
"""

PATTERNS = """
def patterns(x, y, z, w):
    xy = x * y
    m = max(z, w)
    f = 2 * (xy + m)
    g = 2.0
    if z >= w:
        gz, gw = g, 0.0
    else:
        gz, gw = 0.0, g
    return f, {"x": g * y, "y": g * x, "z": gz, "w": gw}
"""

RATIONAL = """
def rational(x, y):
    def sigma(t):
        return 1 / (1 + np.exp(-t))

    top = x + sigma(y)
    bottom = sigma(x) + (x + y) ** 2
    f = top / bottom
    dtop = 1 / bottom
    dbottom = -top / bottom**2
    slope_x = sigma(x) * (1 - sigma(x))
    slope_y = sigma(y) * (1 - sigma(y))
    both = 2 * (x + y) * dbottom
    dx = dtop + both + slope_x * dbottom
    dy = slope_y * dtop + both
    return f, {"x": dx, "y": dy}
"""

LOGISTIC_LOSS = """
def logistic_loss(w, x):
    z = sum(wi * xi for wi, xi in zip(w, x))
    loss = np.logaddexp(0, -z)
    p = np.exp(-np.logaddexp(0, -z))
    p_minus_one = -np.exp(-np.logaddexp(0, z))
    dw = np.array([p_minus_one * xi for xi in x])
    return loss, dw
"""

LINEAR_REGRESSION = """
def linear_regression(w, b, x, y):
    prediction = w @ x + b
    error = prediction - y
    loss = error * error
    derror = error + error
    dprediction = derror
    dw = np.array([dprediction * xi for xi in x])
    db = dprediction
    return loss, dw, db
"""

TWO_LAYER = """
def flat_two_layer(W1, b1, W2, b2, X, y):
    N = X.shape[0]
    hidden_in = X.dot(W1) + b1
    hidden = hidden_in * (hidden_in > 0)
    logits = hidden.dot(W2) + b2
    logits = logits - np.max(logits, axis=1, keepdims=True)
    exps = np.exp(logits)
    totals = np.sum(exps, axis=1, keepdims=True)
    probs = exps / totals
    onehot = np.eye(W2.shape[1])[y]
    loss = np.sum(onehot * (np.log(totals) - logits)) / N

    g = {}
    g_logits = (probs - onehot) / N
    g["W2"] = np.einsum("nh,nc->hc", hidden, g_logits)
    g["b2"] = np.einsum("nc->c", g_logits)
    g_hidden = np.einsum("nc,hc->nh", g_logits, W2)
    g_hidden[hidden_in <= 0] = 0
    g["W1"] = np.einsum("nd,nh->dh", X, g_hidden)
    g["b1"] = np.einsum("nh->h", g_hidden)
    return loss, g
"""

SLIPS: dict[str, list[Slip]] = {
    "03_product_of_sum": written(
        PRODUCT_OF_SUM,
        slip(
            "the sum where its other factor belongs", "grad_s = grad_out * z", "grad_s = grad_out * s", SWAP
        ),
        slip("another stage's gradient upstream", '"z"] = grad_out * s', '"z"] = grad_s * s', LOCAL),
        slip("the sum's other side", 'grad["y"] = grad_s * 1', 'grad["y"] = grad_s * x', LOCAL),
    ),
    "04_sigmoid_neuron": written(
        SIGMOID_NEURON,
        slip("one power too few", "* p**-2", "* p**-1", LOCAL),
        slip("exp's input for its output", "n_bar = e_bar * e\n", "n_bar = e_bar * n\n", LOCAL),
        slip("the minus forgotten", "d_bar = n_bar * -1", "d_bar = n_bar", "sign"),
        slip("both sides of the product", "= a_bar * x0, a_bar * w0", "= a_bar * w0, a_bar * x0", SWAP),
        slip("copied from the line above", "= b_bar * x1, b_bar * w1", "= b_bar * x0, b_bar * w1", SWAP),
        slip("starts from the value", "f_bar = 1.0", "f_bar = f", LOCAL),
        slip("w2 from a later stage", "c_bar, w2_bar = d_bar, d_bar", "c_bar, w2_bar = d_bar, n_bar", "sign"),
    ),
    "05_sigmoid_neuron_grouped": written(
        GROUPED,
        slip(
            "the sigmoid of the output", "local = out * (1 - out)", "local = sigmoid(out) * (1 - out)", LOCAL
        ),
        slip("a precedence", "local = out * (1 - out)", "local = out * 1 - out", "zero"),
        slip(
            "weights for inputs",
            "dws = local * xs\n    dxs = local * ws",
            "dws = local * ws\n    dxs = local * xs",
            SWAP,
        ),
        slip("the other index", '"w1": dws[1]', '"w1": dws[0]', f"{SWAP}, off by one index"),
    ),
    "06_sin_product": written(
        SIN_PRODUCT,
        slip("the cosine of the product", "+= np.cos(x2)", "+= np.cos(x1 * x2)", LOCAL),
        slip("the chain once too often", "+= np.cos(x2)", "+= np.cos(x2) * x2", LOCAL),
        slip("overwritten", '["x2"] += np.cos(x2)', '["x2"] = np.cos(x2)', PATH),
        slip(
            "the first path forgotten",
            '    grads["x2"] += x1\n',
            "",
            PATH,
            lines=('grads["x2"] += np.cos(x2)',),
        ),
    ),
    "07_patterns": written(
        PATTERNS,
        slip(
            "the branch copied",
            "gz, gw = 0.0, g",
            "gz, gw = g, 0.0",
            "inverted mask, swapped arguments, zero, no dependence on the argument, missing mask",
        ),
        slip("the 2 forgotten", '"x": g * y', '"x": y', FACTOR),
        slip(
            "the condition turned",
            "if z >= w",
            "if z <= w",
            "inverted mask, swapped arguments, zero, no dependence on the argument, missing mask",
            lines=("gz, gw = g, 0.0", "gz, gw = 0.0, g"),
        ),
        slip("the value of the larger", "gz, gw = g, 0.0", "gz, gw = g * m, 0.0", LOCAL),
    ),
    "08_rational": written(
        RATIONAL,
        slip(
            "the quotient's minus",
            "dbottom = -top / bottom**2",
            "dbottom = top / bottom**2",
            "sign of one term, sign",
        ),
        slip("the quotient's square", "dbottom = -top / bottom**2", "dbottom = -top / bottom", LOCAL),
        slip(
            "the square's 2", "both = 2 * (x + y) * dbottom", "both = (x + y) * dbottom", f"{FACTOR}, {LOCAL}"
        ),
        slip(
            "one path of three", "dx = dtop + both + slope_x * dbottom", "dx = dtop + slope_x * dbottom", PATH
        ),
        slip("upstream of the other", "dy = slope_y * dtop + both", "dy = slope_y * dbottom + both", LOCAL),
        slip("upstream forgotten", "both = 2 * (x + y) * dbottom", "both = 2 * (x + y)", LOCAL),
        slip("the other's slope", "+ slope_x * dbottom", "+ slope_y * dbottom", LOCAL),
    ),
    "09_logistic_loss": written(
        LOGISTIC_LOSS,
        slip(
            "the true label's 1", "[p_minus_one * xi for xi in x]", "[p * xi for xi in x]", f"{LOCAL}, {PATH}"
        ),
        slip(
            "times the weights", "[p_minus_one * xi for xi in x]", "[p_minus_one * wi for wi in w]", f"{SWAP}"
        ),
        slip("the sign", "p_minus_one = -np.exp", "p_minus_one = np.exp", "sign"),
        slip("the slope again", "[p_minus_one * xi", "[p * p_minus_one * xi", LOCAL),
    ),
    "10_linear_regression": written(
        LINEAR_REGRESSION,
        slip("one of the two sides of the square", "derror = error + error", "derror = error", FACTOR),
        slip(
            "the error turned round",
            "error = prediction - y",
            "error = y - prediction",
            "sign",
            lines=("dprediction = derror",),
        ),
        slip("times the weights", "[dprediction * xi for xi in x]", "[dprediction * wi for wi in w]", SWAP),
        slip("the bias times itself", "db = dprediction", "db = dprediction * b", LOCAL),
        slip("the error's value", "derror = error + error", "derror = 2 * prediction", LOCAL),
    ),
    "11_flat_two_layer": written(
        TWO_LAYER,
        slip("turned round", "(probs - onehot) / N", "(onehot - probs) / N", "sign"),
        slip("not averaged", "(probs - onehot) / N", "probs - onehot", "scale by N, constant factor"),
        slip("not normalized", "(probs - onehot) / N", "(exps - onehot) / N", LOCAL),
        slip("the labels forgotten", "(probs - onehot) / N", "probs / N", "dropped path"),
        slip("before the ReLU", "hidden, g_logits", "hidden_in, g_logits", "missing mask"),
        slip(
            "the mask of the gradient",
            "g_hidden[hidden_in <= 0]",
            "g_hidden[g_hidden <= 0]",
            "mask from the wrong tensor, missing mask",
        ),
        slip("the mask inverted", "g_hidden[hidden_in <= 0]", "g_hidden[hidden_in > 0]", "inverted mask"),
        slip(
            "an axis more summed",
            '"nd,nh->dh"',
            '"nd,mh->dh"',
            f"summed too much or not at all, wrong axis, {LOCAL}",
        ),
        slip(
            "the bias before its mask",
            "    g_hidden[hidden_in <= 0] = 0\n",
            '    g["b1"] = np.einsum("nh->h", g_hidden)\n    g_hidden[hidden_in <= 0] = 0\n',
            "missing mask",
            ('    g["b1"] = np.einsum("nh->h", g_hidden)\n    return', "    return"),
            lines=('g["b1"] = np.einsum("nh->h", g_hidden)',),
        ),
        slip("the bias twice", '"nc->c", g_logits)', '"nc->c", g_logits + g_logits)', FACTOR),
    ),
}
