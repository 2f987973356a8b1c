# %% right="where picks the finite branch, with a warning"
def elu_forward(x):
    out = np.where(x > 0, x, np.exp(x) - 1)
    return out, (x, out)


def elu_backward(dout, cache):
    x, out = cache
    return dout * np.where(x > 0, 1, out + 1)


# %% right="with expm1 and masks"
def elu_forward(x):
    out = np.array(x, dtype=float)
    out[x <= 0] = np.expm1(x[x <= 0])
    return out, {"out": out}


def elu_backward(dout, cache):
    out = cache["out"]
    return dout * np.minimum(out + 1, 1)


# %% wrong="a mask that multiplies infinity by 0" warned="4.3" points={"03_elu-values": 1.5} says="finite"
def elu_forward(x):
    return (x > 0) * x + (x <= 0) * (np.exp(x) - 1), x


def elu_backward(dout, cache):
    x = cache
    return dout * np.exp(np.minimum(x, 0))


# %% wrong="backwards a mask that multiplies infinity by 0" warned="4.3" points={"03_elu-values": 1.5} cause="non-finite"
def elu_forward(x):
    return np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1), x


def elu_backward(dout, cache):
    x = cache
    return dout * ((x > 0) + (x <= 0) * np.exp(x))


# %% wrong="the 1 is not subtracted" points={"03_elu-values": 0.5} says="out"
def elu_forward(x):
    return np.where(x > 0, x, np.exp(np.minimum(x, 0))), x


def elu_backward(dout, cache):
    x = cache
    return dout * np.exp(np.minimum(x, 0))


# %% wrong="the slope is the value" points={"03_elu-values": 0.5} says="dx"
def elu_forward(x):
    return np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1), x


def elu_backward(dout, cache):
    x = cache
    return dout * np.where(x > 0, 1, np.exp(np.minimum(x, 0)) - 1)


# %% wrong="a plain ReLU backwards" points={"03_elu-values": 1} says="dx"
def elu_forward(x):
    return np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1), x


def elu_backward(dout, cache):
    x = cache
    return dout * (x > 0)


# %% wrong="dout is ignored" points={"03_elu-values": 0.5} cause="upstream gradient ignored"
def elu_forward(x):
    return np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1), x


def elu_backward(dout, cache):
    x = cache
    return np.exp(np.minimum(x, 0))


# %% wrong="dout is scaled in place" points={"03_elu-values": 1.5} says="changed its argument `dout`"
def elu_forward(x):
    return np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1), x


def elu_backward(dout, cache):
    x = cache
    dout *= np.exp(np.minimum(x, 0))
    return dout
