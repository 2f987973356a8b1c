# %% right="the cache is (x, w, b), as in a well-known course"
def affine_forward(x, w, b):
    out = None
    N = x.shape[0]
    D = np.prod(x.shape[1:])
    x_reshape = np.reshape(x, (N, D))
    out = x_reshape.dot(w) + b
    cache = (x, w, b)
    return out, cache


def affine_backward(dout, cache):
    x, w, _b = cache
    dx, dw, db = None, None, None
    dx = dout.dot(w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T.dot(dout)
    db = np.sum(dout, axis=0)
    return dx, dw, db


# %% right="loops, and a dict for a cache"
def affine_forward(x, w, b):
    rows = np.array([np.ravel(example) for example in x], dtype=float)
    out = np.zeros((len(rows), len(b)))
    for n in range(len(rows)):
        for m in range(len(b)):
            out[n, m] = b[m] + sum(rows[n, d] * w[d, m] for d in range(len(w)))
    return out, {"rows": rows, "w": w, "shape": x.shape}


def affine_backward(dout, cache):
    rows, w = cache["rows"], cache["w"]
    dx, dw, db = np.zeros_like(rows), np.zeros(w.shape), np.zeros(w.shape[1])
    for n in range(dout.shape[0]):
        for m in range(dout.shape[1]):
            db[m] += dout[n, m]
            dw[:, m] += rows[n] * dout[n, m]
            dx[n] += w[:, m] * dout[n, m]
    return dx.reshape(cache["shape"]), dw, db


# %% right="the bias as one more row of w, and a closure for a cache"
def affine_forward(x, w, b):
    flat = np.hstack([x.reshape(x.shape[0], -1), np.ones((x.shape[0], 1))])

    def backward(dout):
        both = np.einsum("nd,nm->dm", flat, dout)
        return np.einsum("nm,dm->nd", dout, w).reshape(x.shape), both[:-1], both[-1]

    return flat @ np.vstack([w, b]), backward


def affine_backward(dout, cache):
    return list(cache(dout))


# %% wrong="db of shape (1, M)" warned="4.2" points={"02_affine-backward": 5.5} cause="wrong shape"
def affine_forward(x, w, b):
    out = x.reshape(len(x), -1) @ w + b
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    db = dout.sum(axis=0, keepdims=True)
    return dx, dw, db


# %% wrong="db is not summed over the batch" warned="4.2" points={"02_affine-backward": 5.5} cause="wrong shape"
def affine_forward(x, w, b):
    out = x.reshape(len(x), -1) @ w + b
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    db = dout
    return dx, dw, db


# %% wrong="db is summed along the wrong axis" points={"02_affine-backward": 5.5} cause="wrong shape"
def affine_forward(x, w, b):
    out = x.reshape(len(x), -1) @ w + b
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    db = dout.sum(axis=1)
    return dx, dw, db


# %% wrong="db is summed over everything" points={"02_affine-backward": 5.5} cause="wrong shape"
def affine_forward(x, w, b):
    out = x.reshape(len(x), -1) @ w + b
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    db = np.sum(dout)
    return dx, dw, db


# %% wrong="db is a mean over the batch" points={"02_affine-backward": 5.5} cause="scale by N"
def affine_forward(x, w, b):
    out = x.reshape(len(x), -1) @ w + b
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    db = dout.mean(axis=0)
    return dx, dw, db


# %% wrong="db is computed from dw" points={"02_affine-backward": 5.5} says="gradient of `b` is wrong"
def affine_forward(x, w, b):
    out = x.reshape(len(x), -1) @ w + b
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    db = dw.sum(axis=0)
    return dx, dw, db


# %% wrong="db ignores dout" points={"02_affine-backward": 5.5} cause="upstream gradient ignored"
def affine_forward(x, w, b):
    out = x.reshape(len(x), -1) @ w + b
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    db = np.full(w.shape[1], float(len(x)))
    return dx, dw, db


# %% wrong="dx is not folded back" warned="4.2" points={"02_affine-backward": 6} cause="wrong shape"
def affine_forward(x, w, b):
    out = x.reshape(len(x), -1) @ w + b
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dx = dout @ w.T
    dw = x.reshape(len(x), -1).T @ dout
    db = dout.sum(axis=0)
    return dx, dw, db


# %% wrong="dw is divided by N" points={"02_affine-backward": 5.5} cause="scale by N"
def affine_forward(x, w, b):
    out = x.reshape(len(x), -1) @ w + b
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout / len(x)
    db = dout.sum(axis=0)
    return dx, dw, db


# %% wrong="dw has the wrong sign" points={"02_affine-backward": 4.5} cause="sign"
def affine_forward(x, w, b):
    out = x.reshape(len(x), -1) @ w + b
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = -x.reshape(len(x), -1).T @ dout
    db = dout.sum(axis=0)
    return dx, dw, db


# %% wrong="dw is transposed" points={"02_affine-backward": 4.5} cause="wrong shape"
def affine_forward(x, w, b):
    out = x.reshape(len(x), -1) @ w + b
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = dout.T @ x.reshape(len(x), -1)
    db = dout.sum(axis=0)
    return dx, dw, db


# %% wrong="dw is the sum of x: dout is ignored" points={"02_affine-backward": 4.5} says="dw"
def affine_forward(x, w, b):
    out = x.reshape(len(x), -1) @ w + b
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ np.ones_like(dout)
    db = dout.sum(axis=0)
    return dx, dw, db


# %% wrong="dx ignores dout" points={"02_affine-backward": 4} says="dx"
def affine_forward(x, w, b):
    out = x.reshape(len(x), -1) @ w + b
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dx = (np.ones_like(dout) @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    db = dout.sum(axis=0)
    return dx, dw, db


# %% wrong="the bias is forgotten" points={"02_affine-forward": 0} says="out is wrong"
def affine_forward(x, w, b):
    out = x.reshape(len(x), -1) @ w
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    db = dout.sum(axis=0)
    return dx, dw, db


# %% wrong="vectors only: x is not unrolled" points={"02_affine-forward": 2, "02_affine-backward": 4.5} says="Error"
def affine_forward(x, w, b):
    out = x @ w + b
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.T @ dout
    db = dout.sum(axis=0)
    return dx, dw, db


# %% wrong="unrolled in the wrong order" points={"02_affine-forward": 2} says="out for examples of shape (2, 3)"
def affine_forward(x, w, b):
    out = x.T.reshape(-1, len(x)).T @ w + b
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    db = dout.sum(axis=0)
    return dx, dw, db


# %% wrong="dout is changed in place" warned="4.2" points={"02_affine-backward": 6} says="changed its argument `dout`"
def affine_forward(x, w, b):
    out = x.reshape(len(x), -1) @ w + b
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    db = dout.sum(axis=0)
    dout *= 0
    return dx, dw, db


# %% wrong="b is set to 0 in place" points={"02_affine-forward": 2, "02_affine-backward": 6} says="in place"
def affine_forward(x, w, b):
    out = x.reshape(len(x), -1) @ w + b
    b *= 0
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    db = dout.sum(axis=0)
    return dx, dw, db


# %% wrong="the gradients in another order" points={"02_affine-backward": 1.5} says="dx"
def affine_forward(x, w, b):
    out = x.reshape(len(x), -1) @ w + b
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    db = dout.sum(axis=0)
    return dw, dx, db


# %% wrong="db is left out" points={"02_affine-backward": 1} says="dx, dw, db"
def affine_forward(x, w, b):
    out = x.reshape(len(x), -1) @ w + b
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    dout.sum(axis=0)
    return dx, dw


# %% wrong="backward differentiates numerically" points={"02_affine-backward": 2} says="looks measured"
def affine_forward(x, w, b):
    return x.reshape(len(x), -1) @ w + b, [x, w, b]


def affine_backward(dout, cache):
    grads = []
    for k in range(3):
        grad = np.zeros(cache[k].shape)
        for index in np.ndindex(grad.shape):
            step = np.zeros(grad.shape)
            step[index] = 1e-5
            up, down = list(cache), list(cache)
            up[k], down[k] = cache[k] + step, cache[k] - step
            difference = affine_forward(*up)[0] - affine_forward(*down)[0]
            grad[index] = np.sum(dout * difference) / 2e-5
        grads.append(grad)
    return tuple(grads)


# %% wrong="backward changes its cache" points={"02_affine-backward": 4.5} says="backward twice with one cache"
def affine_forward(x, w, b):
    return x.reshape(len(x), -1) @ w + b, (x.copy(), w.copy())


def affine_backward(dout, cache):
    x, w = cache
    x *= 2.0
    return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.sum(axis=0)
