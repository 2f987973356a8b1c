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


# %% wrong="db of shape (1, M)" of="solution" warned="4.2" points={"02_affine-backward": 5.5} cause="wrong shape"
# ~     db = dout.sum(axis=0{+, keepdims=True+})
# %% wrong="db is not summed over the batch" of="solution" warned="4.2" points={"02_affine-backward": 5.5} cause="wrong shape"
# ~     db = dout[-.sum(axis=0)-]
# %% wrong="db is summed along the wrong axis" of="solution" points={"02_affine-backward": 5.5} cause="wrong shape"
# ~     db = dout.sum(axis=[-0-]{+1+})
# %% wrong="db is summed over everything" of="solution" points={"02_affine-backward": 5.5} cause="wrong shape"
# ~     db = [-dout-]{+np+}.sum([-axis=0-]{+dout+})
# %% wrong="db is a mean over the batch" of="solution" points={"02_affine-backward": 5.5} cause="scale by N"
# ~     db = dout.[-sum-]{+mean+}(axis=0)
# %% wrong="db is computed from dw" of="solution" points={"02_affine-backward": 5.5} says="gradient of `b` is wrong"
# ~     db = [-dout-]{+dw+}.sum(axis=0)
# %% wrong="db ignores dout" of="solution" points={"02_affine-backward": 5.5} cause="upstream gradient ignored"
# -     db = dout.sum(axis=0)
# +     db = np.full(w.shape[1], float(len(x)))
# %% wrong="dx is not folded back" of="solution" warned="4.2" points={"02_affine-backward": 6} cause="wrong shape"
# ~     dx = [-(-]dout @ w.T[-).reshape(x.shape)-]
# %% wrong="dw is divided by N" of="solution" points={"02_affine-backward": 5.5} cause="scale by N"
# ~     dw = x.reshape(len(x), -1).T @ dout{+ / len(x)+}
# %% wrong="dw has the wrong sign" of="solution" points={"02_affine-backward": 4.5} cause="sign"
# ~     dw = {+-+}x.reshape(len(x), -1).T @ dout
# %% wrong="dw is transposed" of="solution" points={"02_affine-backward": 4.5} cause="wrong shape"
# ~     dw ={+ dout.T @+} x.reshape(len(x), -1)[-.T @ dout-]
# %% wrong="dw is the sum of x: dout is ignored" of="solution" points={"02_affine-backward": 4.5} says="dw"
# ~     dw = x.reshape(len(x), -1).T @ {+np.ones_like(+}dout{+)+}
# %% wrong="dx ignores dout" of="solution" points={"02_affine-backward": 4} says="dx"
# ~     dx = ({+np.ones_like(+}dout{+)+} @ w.T).reshape(x.shape)
# %% wrong="the bias is forgotten" of="solution" points={"02_affine-forward": 0} says="out is wrong"
# ~     out = x.reshape(len(x), -1) @ w[- + b-]
# %% wrong="vectors only: x is not unrolled" of="solution" points={"02_affine-forward": 2, "02_affine-backward": 4.5} says="Error"
# -     out = x.reshape(len(x), -1) @ w + b
# +     out = x @ w + b
# -     dw = x.reshape(len(x), -1).T @ dout
# +     dw = x.T @ dout
# %% wrong="unrolled in the wrong order" of="solution" points={"02_affine-forward": 2} says="out for examples of shape (2, 3)"
# ~     out = x.{+T.+}reshape({+-1, +}len(x)[-, -1)-]{+).T+} @ w + b
# %% wrong="dout is changed in place" of="solution" warned="4.2" points={"02_affine-backward": 6} says="changed its argument `dout`"
#       db = dout.sum(axis=0)
# +     dout *= 0
# %% wrong="b is set to 0 in place" of="solution" points={"02_affine-forward": 2, "02_affine-backward": 6} says="in place"
#       out = x.reshape(len(x), -1) @ w + b
# +     b *= 0
# %% wrong="the gradients in another order" of="solution" points={"02_affine-backward": 1.5} says="dx"
# ~     return{+ dw,+} dx, [-dw, -]db
# %% wrong="db is left out" of="solution" points={"02_affine-backward": 1} says="dx, dw, db"
# ~     [-db = -]dout.sum(axis=0)
# ~     return dx, dw[-, db-]
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
