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


# %% wrong="dalpha is not summed" of="solution" points={"03_prelu-values": 1.5} cause="wrong shape"
# ~     dalpha = [-np.sum(-]dout * np.minimum(x, 0)[-)-]
# %% wrong="dalpha is a mean" of="solution" points={"03_prelu-values": 1.5} says="alpha"
# ~     dalpha = np.[-sum-]{+mean+}(dout * np.minimum(x, 0))
# %% wrong="dalpha over all entries" of="solution" points={"03_prelu-values": 1.5} says="alpha"
# ~     dalpha = np.sum(dout * [-np.minimum(x, 0))-]{+x)+}
# %% wrong="dalpha ignores dout" of="solution" points={"03_prelu-values": 1.5} says="alpha"
# ~     dalpha = np.sum([-dout * -]np.minimum(x, 0))
# %% wrong="dalpha of shape (1,)" of="solution" points={"03_prelu-values": 1.5} cause="wrong shape"
# ~     dalpha = np.sum(dout * np.minimum(x, 0)){+.reshape(1)+}
# %% wrong="dalpha is left out" of="solution" points={"03_prelu-values": 1} says="should return dx, dalpha"
# ~     [-dalpha = -]np.sum(dout * np.minimum(x, 0))
# ~     return dx[-, dalpha-]
# %% wrong="dx without the slope" of="solution" points={"03_prelu-values": 1.5} says="dx"
# ~     x, [-alpha-]{+_alpha+} = cache
# ~     dx = np.where(x > 0, dout, [-alpha-]{+0+} * dout)
# %% wrong="the maximum of x and alpha x: wrong for slopes that are negative or above 1" of="solution" warned="4.3" points={"03_prelu-values": 2} says="out"
# ~     return np.[-where(x > 0, -]{+maximum(+}x, alpha * x), (x, alpha)
# %% wrong="dout is scaled in place" of="solution" points={"03_prelu-values": 2} says="changed its argument `dout`"
# -     dx = np.where(x > 0, dout, alpha * dout)
# @
#       dalpha = np.sum(dout * np.minimum(x, 0))
# +     dx = dout
# +     dx[x <= 0] *= alpha
