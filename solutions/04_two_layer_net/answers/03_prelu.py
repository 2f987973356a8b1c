# %% right="with masks"
def prelu_forward(x, alpha):
    negative = x < 0
    return x * ~negative + alpha * x * negative, (x, alpha, negative)


def prelu_backward(dout, cache):
    x, alpha, negative = cache
    return dout * (1 - negative) + alpha * dout * negative, (dout * x)[negative].sum()


# %% right="in loops"
def prelu_forward(x, alpha):
    out = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        out[i] = x[i] if x[i] > 0 else alpha * x[i]
    return out, {"x": x, "alpha": alpha}


def prelu_backward(dout, cache):
    x, alpha = cache["x"], cache["alpha"]
    dx, dalpha = np.zeros(x.shape), 0.0
    for i in np.ndindex(x.shape):
        if x[i] > 0:
            dx[i] = dout[i]
        else:
            dx[i] = alpha * dout[i]
            dalpha += dout[i] * x[i]
    return dx, dalpha


# %% wrong="dalpha is not summed" points={"03_prelu-values": 1.5} cause="wrong shape"
def prelu_forward(x, alpha):
    return np.where(x > 0, x, alpha * x), (x, alpha)


def prelu_backward(dout, cache):
    x, alpha = cache
    dx = np.where(x > 0, dout, alpha * dout)
    dalpha = dout * np.minimum(x, 0)
    return dx, dalpha


# %% wrong="dalpha is a mean" points={"03_prelu-values": 1.5} says="alpha"
def prelu_forward(x, alpha):
    return np.where(x > 0, x, alpha * x), (x, alpha)


def prelu_backward(dout, cache):
    x, alpha = cache
    dx = np.where(x > 0, dout, alpha * dout)
    dalpha = np.mean(dout * np.minimum(x, 0))
    return dx, dalpha


# %% wrong="dalpha over all entries" points={"03_prelu-values": 1.5} says="alpha"
def prelu_forward(x, alpha):
    return np.where(x > 0, x, alpha * x), (x, alpha)


def prelu_backward(dout, cache):
    x, alpha = cache
    dx = np.where(x > 0, dout, alpha * dout)
    dalpha = np.sum(dout * x)
    return dx, dalpha


# %% wrong="dalpha ignores dout" points={"03_prelu-values": 1.5} says="alpha"
def prelu_forward(x, alpha):
    return np.where(x > 0, x, alpha * x), (x, alpha)


def prelu_backward(dout, cache):
    x, alpha = cache
    dx = np.where(x > 0, dout, alpha * dout)
    dalpha = np.sum(np.minimum(x, 0))
    return dx, dalpha


# %% wrong="dalpha of shape (1,)" points={"03_prelu-values": 1.5} cause="wrong shape"
def prelu_forward(x, alpha):
    return np.where(x > 0, x, alpha * x), (x, alpha)


def prelu_backward(dout, cache):
    x, alpha = cache
    dx = np.where(x > 0, dout, alpha * dout)
    dalpha = np.sum(dout * np.minimum(x, 0)).reshape(1)
    return dx, dalpha


# %% wrong="dalpha is left out" points={"03_prelu-values": 1} says="should return dx, dalpha"
def prelu_forward(x, alpha):
    return np.where(x > 0, x, alpha * x), (x, alpha)


def prelu_backward(dout, cache):
    x, alpha = cache
    dx = np.where(x > 0, dout, alpha * dout)
    np.sum(dout * np.minimum(x, 0))
    return dx


# %% wrong="dx without the slope" points={"03_prelu-values": 1.5} says="dx"
def prelu_forward(x, alpha):
    return np.where(x > 0, x, alpha * x), (x, alpha)


def prelu_backward(dout, cache):
    x, _alpha = cache
    dx = np.where(x > 0, dout, 0 * dout)
    dalpha = np.sum(dout * np.minimum(x, 0))
    return dx, dalpha


# %% wrong="the maximum of x and alpha x: wrong for slopes that are negative or above 1" points={"03_prelu-values": 2} says="out"
def prelu_forward(x, alpha):
    return np.maximum(x, alpha * x), (x, alpha)


def prelu_backward(dout, cache):
    x, alpha = cache
    dx = np.where(x > 0, dout, alpha * dout)
    dalpha = np.sum(dout * np.minimum(x, 0))
    return dx, dalpha


# %% wrong="dout is scaled in place" points={"03_prelu-values": 2} says="changed its argument `dout`"
def prelu_forward(x, alpha):
    return np.where(x > 0, x, alpha * x), (x, alpha)


def prelu_backward(dout, cache):
    x, alpha = cache
    dalpha = np.sum(dout * np.minimum(x, 0))
    dx = dout
    dx[x <= 0] *= alpha
    return dx, dalpha
