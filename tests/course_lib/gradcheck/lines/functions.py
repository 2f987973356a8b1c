"""Functions with and without slips, as students write them; the comments say which line is wrong."""

import linecache

import numpy as np


def neuron(w, x, b):
    dot = w * x + b
    neg = -dot
    e = np.exp(neg)
    den = 1 + e
    f = 1 / den
    df = 1.0
    dden = -1 / den**2 * df
    de = dden
    dneg = e * de
    ddot = -dneg
    return f, {"w": x * ddot, "x": w * ddot, "b": ddot}


def neuron_without_exp(w, x, b):
    dot = w * x + b
    neg = -dot
    e = np.exp(neg)
    den = 1 + e
    f = 1 / den
    df = 1.0
    dden = -1 / den**2 * df
    de = dden
    dneg = de  # line 10: e is missing
    ddot = -dneg
    return f, {"w": x * ddot, "x": w * ddot, "b": ddot}


def overwritten(a, b):
    p = a * b
    s = np.sin(b)
    f = p + s
    grad_p = 1.0
    grad_s = 1.0
    a_grad = b * grad_p
    b_grad = a * grad_p
    b_grad = np.cos(b) * grad_s  # line 9: should add
    return f, {"a": a_grad, "b": b_grad}


def one_contribution_wrong(a, b):
    p = a * b
    s = np.sin(b)
    f = p + s
    df_dp = 1.0
    df_ds = 1.0
    da = b * df_dp
    db = a * df_dp
    db += np.sin(b) * df_ds  # line 9: cos
    return f, {"a": da, "b": db}


def local_derivative_by_itself(x, w):
    h = x * w
    t = np.tanh(h)
    f = (t**2).sum()
    dt = 2 * t
    local = 1 - t  # line 6: t**2
    dh = local * dt
    return f, {"x": w * dh, "w": x * dh}


def returned_in_each_others_place(x, y):
    f = x**2 * y
    dx = 2 * x * y
    dy = x**2
    return f, {"x": dy, "y": dx}  # line 5


def two_slips(x, y):
    p = np.exp(x)
    q = np.sin(y)
    f = p * q
    dp = -q  # line 5
    dq = p
    dx = p * dp
    dy = np.sin(y) * dq  # and line 8
    return f, {"x": dx, "y": dy}


def sum_of_powers(x):
    total, power = 0.0, 1.0
    for k in range(3):
        power = power * x
        total = total + (k + 1) * power
    dx = 0.0
    for k in range(3):
        dx += (k + 1) * x**k  # line 8: (k + 1) ** 2
    return total, {"x": dx}


def with_a_condition(x, y):
    if x > y:  # noqa: SIM108 - a student's way
        m = x
    else:
        m = y
    f = m**2
    dm = 2 * m
    if x > y:
        dx, dy = 0.0, dm  # line 9: the other way round
    else:
        dx, dy = dm, 0.0
    return f, {"x": dx, "y": dy}


def affine_forward(x, w, b):
    return x @ w + b, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dx = dout @ w.T
    dw = x.T @ dout
    db = dout.mean(axis=0)  # line 5: sum
    return dx, dw, db


def right_affine_backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)


def relu_layer_forward(x, w):
    h = x @ w
    mask = h > 0
    return h * mask, (x, w, mask)


def relu_layer_backward(dout, cache):
    x, w, _ = cache
    dh = dout  # line 3: the mask
    dx = dh @ w.T
    return dx, x.T @ dh


class Square:
    def forward(self, x):
        self.x = x
        return x**2

    def backward(self, dout):
        return self.x * dout  # line 2: 2


def softmax_loss(scores, y):
    rows = np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[rows, y].mean()
    dscores = np.exp(log_p)
    dscores[rows, y] -= 2  # line 7: 1
    dscores /= len(y)
    return loss, {"scores": dscores}


def unnamed_upstream(x0, x1):
    total = 2.0 * x0 + x1
    f = np.exp(-total)
    d = f
    return f, {"x0": 2.0 * d, "x1": d}


def never_used(x, b):
    y = x * x
    f = np.sin(y)
    dy = np.cos(y)
    return f, {"x": 2 * x * dy, "b": dy}


class Net:
    """A net that holds its parameters."""

    def __init__(self):
        rng = drawn(0)
        self.params = {"W1": rng.normal(size=(4, 5)), "W2": rng.normal(size=(5, 3))}
        self.calls = 0

    def loss(self, X, y, reg=0.0):
        W1, W2 = self.params["W1"], self.params["W2"]
        self.calls += 1
        a = X @ W1
        h = np.maximum(a, 0)
        s = h @ W2
        loss = np.sum((s - y) ** 2) + reg * np.sum(W1**2)
        ds = 2 * (s - y)
        dh = ds @ W2.T
        da = dh * (dh > 0)  # line 10: a > 0
        return loss, {"W1": X.T @ da + 2 * reg * W1, "W2": h.T @ ds}


def drawn(seed):
    return np.random.default_rng(seed)


def tanh_of_square(x):
    out = np.tanh(x**2)
    return out, (x, out)


def grow(balance, rate):
    seen = []
    while balance < 1500.0:
        seen.append(balance)
        balance = balance + (1 if balance < 1000.0 else 2) * rate * balance
    dbalance, drate = 1.0, 0.0
    for before in seen:  # line 7: backwards
        times = 1 if before < 1000.0 else 2
        drate += times * before * dbalance
        dbalance *= 1 + times * rate
    return balance, dbalance, drate


def choice(x, many):
    f = 3 * x if many else 2 * x
    dx = 2.0
    if not many:  # line 4: if many
        dx = 3.0
    return f, {"x": dx}


def rows_forward(x, w):
    return np.maximum(x @ w, 0), (x, w)


def by_rows(dout, cache):
    x, w = cache
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for n in range(len(x)):
        da = dout[n] * (x[n] @ w < 0)  # line 5: > 0
        dx[n] += w @ da
        dw += np.outer(x[n], da)
    return dx, dw


def one_of_two(dout, cache):
    x, w = cache
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for n in range(len(x)):
        da = dout[n] * (x[n] @ w > 0)
        dx[n] += w @ da
        dw += np.outer(x[0], da)  # line 7: x[n]
    return dx, dw


def relu(x):
    return np.maximum(0, x)


def relu_vjp(x, dy):
    mask = x < 0  # line 2: x > 0
    dx = dy * mask
    return dx  # noqa: RET504


def product_grads(x, w, dy):
    dx = dy @ w.T
    dw = 2.0 * x.T @ dy  # line 3: 1.0
    return dx, dw


def affine(x, w=2.0, *, b=1.0):
    """A text of its own."""
    y = x * w  # a comment
    mark = "a  # b"
    return y + b, mark


def of_text(text, name="f", shown=None):
    """Return a function of a text, whose source reads as `shown`."""
    file = f"<test {len(linecache.cache)}>"
    shown = text if shown is None else shown
    linecache.cache[file] = (len(shown), None, shown.splitlines(keepends=True), file)
    exec(compile(text, file, "exec"), scope := {"np": np})
    return scope[name]
