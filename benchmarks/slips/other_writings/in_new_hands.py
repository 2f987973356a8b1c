"""Right answers in hands of their own: walrus, comprehensions, stages in dicts, in place, einsum, helpers."""

from slips.slip import Slip, slip, written

LOCAL = "local derivative wrong"
PATH = "dropped path, overwritten"
FACTOR = "factor 2, constant factor"
UPSTREAM = "upstream gradient ignored"
SCALE = "scale by N, constant factor"
SHAPE = "wrong shape, raised an exception"
SUM = "summed too much or not at all, wrong axis"
OPERAND = "transposed operand, transposed, wrong shape, raised an exception"
MASK = "missing mask, inverted mask, mask from the wrong tensor, zero in part"
SIGNS = "sign, sign of one term"
VALUE = "wrong value"

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

MULTIPLY = """
class MultiplyGate:
    def __init__(self):
        self.seen = []

    def forward(self, x, y):
        self.seen = [x, y]
        return np.multiply(*self.seen)

    def backward(self, dz):
        if not self.seen:
            raise RuntimeError("MultiplyGate.backward: call forward first")
        first, second = self.seen
        to_first = second * dz
        to_second = first * dz
        return to_first, to_second
"""

SIGMOID = """
class SigmoidGate:
    def __init__(self):
        self.kept = {}

    def forward(self, x):
        self.kept["y"] = y = np.exp(-np.logaddexp(0, -x))
        return y

    def backward(self, dy):
        if "y" not in self.kept:
            raise RuntimeError("SigmoidGate.backward: call forward first")
        y = self.kept["y"]
        slope = y - y**2
        return (dy * slope,)
"""

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

AFFINE = """
def affine_forward(x, w, b):
    flat = np.reshape(x, (len(x), -1))
    return flat @ w + b, {"flat": flat, "shape": x.shape, "w": w}


def affine_backward(dout, cache):
    db = np.add.reduce(dout, axis=0)
    dw = cache["flat"].T @ dout
    dflat = dout @ cache["w"].T
    return dflat.reshape(cache["shape"]), dw, db
"""

ELU = """
def elu_forward(x):
    low = np.expm1(np.minimum(x, 0.0))
    return np.maximum(x, 0.0) + low, (x, low)


def elu_backward(dout, cache):
    x, low = cache
    slope = np.ones_like(dout)
    negative = x < 0
    slope[negative] = low[negative] + 1
    return slope * dout
"""

PRELU = """
def prelu_forward(x, alpha):
    plus, minus = np.clip(x, 0, None), np.clip(x, None, 0)
    return plus + alpha * minus, (plus, minus, alpha)


def prelu_backward(dout, cache):
    plus, minus, alpha = cache
    dplus = dout
    dminus = dout * alpha
    dalpha = np.vdot(dout, minus)
    dx = np.where(plus > 0, dplus, dminus)
    return dx, dalpha
"""

MAXOUT = """
def maxout_forward(x, w1, b1, w2, b2):
    both = np.stack([x @ w1 + b1, x @ w2 + b2])
    return both.max(axis=0), (x, (w1, w2), both.argmax(axis=0))


def maxout_backward(dout, cache):
    x, weights, winner = cache
    dx, grads = 0, []
    for k, w in enumerate(weights):
        share = np.where(winner == k, dout, 0)
        dx = dx + share @ w.T
        grads += [x.T @ share, share.sum(axis=0)]
    return (dx, *grads)
"""

SVM = """
def svm_loss(x, y):
    n = len(y)
    gap = 1 + x - np.take_along_axis(x, y[:, None], axis=1)
    np.put_along_axis(gap, y[:, None], 0, axis=1)
    active = (gap > 0).astype(float)
    loss = np.sum(active * gap) / n
    np.put_along_axis(active, y[:, None], -active.sum(axis=1, keepdims=True), axis=1)
    return loss, active / n
"""

ELASTIC = """
def elastic(W, lam, beta):
    ridge, lasso = np.vdot(W, W), np.abs(W).sum()
    pull = 2.0 * beta
    grad = pull * W
    grad = grad + lam * np.sign(W)
    return beta * ridge + lam * lasso, grad
"""

ADD_MULTIPLY = """
def add_rule(x, y):
    def back(g):
        return unbroadcast(g, x.shape), unbroadcast(g, y.shape)

    return x + y, back


def multiply_rule(x, y):
    def back(g):
        gx, gy = g * y, g * x
        return unbroadcast(gx, x.shape), unbroadcast(gy, y.shape)

    return x * y, back
"""

ELEMENTWISE = """
def power_rule(x, exponent):
    def back(g):
        local = np.zeros_like(x) if exponent == 0 else exponent * x ** (exponent - 1)
        return (np.multiply(g, local),)

    return x**exponent, back


def exp_rule(x):
    return (grown := np.exp(x)), lambda g: (grown * g,)


def log_rule(x):
    return np.log(x), lambda g: (x**-1.0 * g,)


def relu_rule(x):
    passes = (x > 0).astype(float)
    return passes * x, lambda g: (passes * g,)
"""

MATMUL_SUM = """
def matmul_rule(x, y):
    def back(g):
        gx = np.einsum("nm,km->nk", g, y)
        gy = np.einsum("nk,nm->km", x, g)
        return gx, gy

    return x @ y, back


def sum_rule(x, axis=None, keepdims=False):
    def back(g):
        if axis is not None and not keepdims:
            g = np.expand_dims(g, axis)
        return (np.zeros_like(x) + g,)

    return np.sum(x, axis=axis, keepdims=keepdims), back
"""

UNIT = """
def unit_vector(x):
    inverse = np.einsum("nd,nd->n", x, x)[:, None] ** -0.5
    return x * inverse, (x, inverse)


def unit_vector_backward(du, cache):
    x, inverse = cache
    dinverse = np.einsum("nd,nd->n", x, du)[:, None]
    dx = du * inverse
    dx -= x * dinverse * inverse**3
    return dx
"""

BATCHNORM = """
def batchnorm_forward(x, gamma, beta, running=None, eps=1e-5):
    mu = np.mean(x, axis=0)
    off = x - mu
    spread = np.mean(off * off, axis=0)
    if running is not None:
        running["mean"] = 0.9 * running["mean"] + 0.1 * mu
        running["var"] = 0.9 * running["var"] + 0.1 * spread
    inv = (spread + eps) ** -0.5
    return gamma * off * inv + beta, (off, inv, gamma)


def batchnorm_backward(dout, cache):
    off, inv, gamma = cache
    n = len(off)
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * off * inv, axis=0)
    dhat = dout * gamma
    dinv = np.sum(dhat * off, axis=0)
    dspread = -0.5 * dinv * inv**3
    doff = dhat * inv
    doff += 2 * off * dspread / n
    dmu = -np.sum(doff, axis=0)
    return doff + dmu / n, dgamma, dbeta
"""

RNN = """
def rnn_forward(x, h0, Wx, Wh):
    h, tape = h0, []
    for xt in np.moveaxis(x, 1, 0):
        new = np.tanh(xt @ Wx + h @ Wh)
        tape.append((xt, h, new))
        h = new
    return np.stack([new for _, _, new in tape], axis=1), (tape, Wx, Wh)


def rnn_backward(dout, cache):
    tape, Wx, Wh = cache
    carried, dWx, dWh, dxs = 0.0, 0.0, 0.0, []
    for t in range(len(tape) - 1, -1, -1):
        xt, before, after = tape[t]
        into = dout[:, t] + carried
        raw = into * (1 - after * after)
        dWx = dWx + xt.T @ raw
        dWh = dWh + before.T @ raw
        carried = raw @ Wh.T
        dxs.insert(0, raw @ Wx.T)
    return np.stack(dxs, axis=1), carried, dWx, dWh
"""

ATTENTION = """
def attention_forward(q, k, v, mask=None):
    scale = q.shape[1] ** -0.5
    s = scale * np.einsum("id,jd->ij", q, k)
    if mask is not None:
        s = np.where(mask, s, -np.inf)
    a = np.exp(s - s.max(axis=1, keepdims=True))
    a /= a.sum(axis=1, keepdims=True)
    return np.einsum("ij,jd->id", a, v), (q, k, v, a, scale)


def attention_backward(dout, cache):
    q, k, v, a, scale = cache
    dv = np.einsum("ij,id->jd", a, dout)
    da = np.einsum("id,jd->ij", dout, v)
    ds = a * da
    ds = ds - a * np.sum(ds, axis=1, keepdims=True)
    ds = ds * scale
    dq = np.einsum("ij,jd->id", ds, k)
    dk = np.einsum("ij,id->jd", ds, q)
    return dq, dk, dv
"""

CONV = """
def conv_forward(x, w, b, stride=1, pad=0):
    xp = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    kh, kw = w.shape[2:]
    view = np.lib.stride_tricks.sliding_window_view(xp, (kh, kw), axis=(2, 3))[:, :, ::stride, ::stride]
    out = np.einsum("ncijpq,fcpq->nfij", view, w) + b[:, None, None]
    return out, (xp, view, w, stride, pad)


def conv_backward(dout, cache):
    xp, view, w, stride, pad = cache
    db = np.einsum("nfij->f", dout)
    dw = np.einsum("nfij,ncijpq->fcpq", dout, view)
    dview = np.einsum("nfij,fcpq->ncijpq", dout, w)
    dxp = np.zeros(xp.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            a, b = i * stride, j * stride
            dxp[:, :, a : a + w.shape[2], b : b + w.shape[3]] += dview[:, :, i, j]
    return dxp[:, :, pad : xp.shape[2] - pad, pad : xp.shape[3] - pad], dw, db
"""

SLIPS: dict[str, dict[str, list[Slip]]] = {
    "01_flat_backprop": {
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
    },
    "02_modular_gates": {
        "01_multiply_gate": written(
            MULTIPLY,
            slip(
                "each its own", "first, second = self.seen", "second, first = self.seen", "swapped arguments"
            ),
            slip(
                "a sum",
                "to_first = second * dz",
                "to_first = second + dz",
                f"{LOCAL}, not proportional to the upstream gradient",
            ),
        ),
        "03_sigmoid_gate": written(
            SIGMOID,
            slip("plus", "y - y**2", "y + y**2", LOCAL),
            slip("the slope of tanh", "y - y**2", "1 - y**2", LOCAL),
            slip("no upstream", "(dy * slope,)", "(slope,)", UPSTREAM),
        ),
    },
    "03_vectorized_jacobians": {
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
    },
    "04_two_layer_net": {
        "02_affine": written(
            AFFINE,
            slip(
                "along the other axis",
                "np.add.reduce(dout, axis=0)",
                "np.add.reduce(dout, axis=1)",
                f"{SUM}, {SHAPE}",
            ),
            slip("the mean of rows", "np.add.reduce(dout, axis=0)", "np.mean(dout, axis=0)", SCALE),
            slip("averaged weights", 'cache["flat"].T @ dout', 'cache["flat"].T @ dout / len(dout)', SCALE),
        ),
        "03_elu": written(
            ELU,
            slip("without the one", "low[negative] + 1", "low[negative]", f"{LOCAL}, sign of one term"),
            slip(
                "the slope of dout's sign",
                "negative = x < 0",
                "negative = dout < 0",
                f"{MASK}, not proportional to the upstream gradient",
            ),
        ),
        "03_prelu": written(
            PRELU,
            slip("the positive part", "np.vdot(dout, minus)", "np.vdot(dout, plus)", f"{LOCAL}, {MASK}"),
            slip("no slope below", "dminus = dout * alpha", "dminus = dout", f"{LOCAL}, {MASK}, {SCALE}"),
            slip("a mean", "np.vdot(dout, minus)", "np.mean(dout * minus)", SCALE),
        ),
        "03_maxout": written(
            MAXOUT,
            slip("overwritten", "dx = dx + share @ w.T", "dx = share @ w.T", PATH),
            slip("the loser", "winner == k", "winner != k", MASK),
            slip(
                "a mask from dout",
                "np.where(winner == k, dout, 0)",
                "np.where(dout > 0, dout, 0)",
                f"{MASK}, {LOCAL}, not proportional to the upstream gradient",
            ),
        ),
        "04_svm_loss": written(
            SVM,
            slip(
                "the true class alone once",
                "-active.sum(axis=1, keepdims=True)",
                "-1.0",
                f"{LOCAL}, {PATH}, scale by N",
            ),
            slip("not averaged", "return loss, active / n", "return loss, active", SCALE),
            slip(
                "the true class left",
                "    np.put_along_axis(active, y[:, None], -active.sum(axis=1, keepdims=True), axis=1)\n",
                "",
                f"{LOCAL}, {PATH}, zero in part",
                lines=("return loss, active / n", "active = (gap > 0).astype(float)"),
            ),
        ),
        "05_elastic": written(
            ELASTIC,
            slip(
                "overwritten",
                "grad = grad + lam",
                "grad = lam",
                f"{PATH}, {LOCAL}, missing or mis-scaled regularization",
            ),
            slip(
                "not twice",
                "pull = 2.0 * beta",
                "pull = beta",
                f"{FACTOR}, {LOCAL}, missing or mis-scaled regularization",
            ),
            slip(
                "lam and beta exchanged",
                "pull = 2.0 * beta",
                "pull = 2.0 * lam",
                f"{LOCAL}, {SCALE}, missing or mis-scaled regularization",
            ),
        ),
    },
    "05_autodiff": {
        "02_add_multiply": written(
            ADD_MULTIPLY,
            slip("each its own", "gx, gy = g * y, g * x", "gx, gy = g * x, g * y", "swapped arguments"),
            slip(
                "no upstream for y",
                "gx, gy = g * y, g * x",
                "gx, gy = g * y, x",
                f"{UPSTREAM}, {SHAPE}, {SUM}",
            ),
        ),
        "02_elementwise": written(
            ELEMENTWISE,
            slip("the exponent stays", "exponent * x ** (exponent - 1)", "exponent * x**exponent", LOCAL),
            slip("no factor", "exponent * x ** (exponent - 1)", "x ** (exponent - 1)", f"{FACTOR}, {SCALE}"),
            slip("log of log", "x**-1.0 * g", "np.log(x) * g", LOCAL),
            slip("exp of x times x", "grown * g", "grown * x * g", LOCAL),
            slip(
                "a wrong mask", "passes = (x > 0)", "passes = (x < 1)", f"{LOCAL}, {MASK}, {VALUE}", says="z"
            ),
        ),
        "02_matmul_sum": written(
            MATMUL_SUM,
            slip("x on the wrong side", '"nk,nm->km", x, g', '"nk,nm->km", x * 2, g', FACTOR),
            slip("a mean", "np.zeros_like(x) + g", "(np.zeros_like(x) + g) / x.size", SCALE),
            slip(
                "ones added",
                "np.zeros_like(x) + g",
                "np.ones_like(x) + g",
                f"{LOCAL}, not proportional to the upstream gradient, upstream gradient ignored",
            ),
        ),
    },
    "06_deeper_nets": {
        "01_unit_vector": written(
            UNIT,
            slip("plus", "dx -= x * dinverse", "dx += x * dinverse", f"{SIGNS}, {LOCAL}"),
            slip("squared", "inverse**3", "inverse**2", f"{LOCAL}, {PATH}"),
            slip("overwritten", "dx -= x * dinverse", "dx = -x * dinverse", PATH),
            slip("one sum", '"nd,nd->n", x, du)[:, None]', '"nd,nd->", x, du)', f"{LOCAL}, {SUM}"),
        ),
        "02_batchnorm": written(
            BATCHNORM,
            slip("no half", "-0.5 * dinv", "-dinv", f"{FACTOR}, {LOCAL}, {PATH}"),
            slip("the mean's path", "return doff + dmu / n", "return doff", PATH),
            slip("inv cubed", "inv**3", "inv**2", f"{LOCAL}, {PATH}"),
            slip("not averaged", "2 * off * dspread / n", "2 * off * dspread", f"{SCALE}, {LOCAL}, {PATH}"),
            slip(
                "gamma at xhat",
                "dhat = dout * gamma",
                "dhat = dout",
                f"{LOCAL}, {PATH}, another argument, {SCALE}",
            ),
        ),
        "05_rnn": written(
            RNN,
            slip("the state before", "1 - after * after", "1 - before * before", f"{LOCAL}, {PATH}"),
            slip(
                "nothing carried",
                "carried = raw @ Wh.T",
                "carried = 0 * raw @ Wh.T",
                f"{PATH}, zero, {LOCAL}",
            ),
            slip(
                "the weights not turned", "carried = raw @ Wh.T", "carried = raw @ Wh", f"{OPERAND}, {PATH}"
            ),
            slip("the last alone", "dWh = dWh + before.T", "dWh = before.T", f"{PATH}, {LOCAL}"),
            slip(
                "after for before",
                "dWh + before.T @ raw",
                "dWh + after.T @ raw",
                f"{LOCAL}, {PATH}, off by one index",
            ),
            slip(
                "appended",
                "dxs.insert(0, raw @ Wx.T)",
                "dxs.append(raw @ Wx.T)",
                f"{LOCAL}, {PATH}, off by one index, transposed, summed too much or not at all",
            ),
            slip(
                "the first step forgotten",
                "range(len(tape) - 1, -1, -1)",
                "range(len(tape) - 1, 0, -1)",
                f"{SHAPE}",
            ),
        ),
        "06_attention": written(
            ATTENTION,
            slip(
                "the sum over keys",
                "np.sum(ds, axis=1, keepdims=True)",
                "np.sum(ds, axis=0, keepdims=True)",
                f"{SUM}, {LOCAL}, {PATH}",
            ),
            slip(
                "not scaled",
                "    ds = ds * scale\n",
                "",
                f"{SCALE}, {LOCAL}",
                lines=(
                    "ds = ds - a * np.sum(ds, axis=1, keepdims=True)",
                    'dq = np.einsum("ij,jd->id", ds, k)',
                    'dk = np.einsum("ij,id->jd", ds, q)',
                ),
            ),
            slip("scaled back", "ds = ds * scale", "ds = ds / scale", f"{SCALE}, {LOCAL}, {FACTOR}"),
            slip(
                "k for q", '"ij,id->jd", ds, q', '"ij,id->jd", ds, k', f"{LOCAL}, {SHAPE}, swapped arguments"
            ),
        ),
        "04_conv": written(
            CONV,
            slip("overwritten", "+= dview[:, :, i, j]", "= dview[:, :, i, j]", PATH),
            slip("one image", '"nfij->f", dout', '"fij->f", dout[0]', f"{PATH}, {SUM}, {LOCAL}"),
            slip("the stride forgotten", "a, b = i * stride, j * stride", "a, b = i, j", f"{LOCAL}, {PATH}"),
        ),
    },
}
