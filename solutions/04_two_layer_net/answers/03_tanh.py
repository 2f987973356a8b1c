# %% right="from one exponential that cannot overflow"
def tanh_forward(x):
    e = np.exp(-2 * np.abs(x))
    out = np.sign(x) * (1 - e) / (1 + e)
    return out, 4 * e / (1 + e) ** 2


def tanh_backward(dout, cache):
    return dout * cache


# %% right="x in the cache"
def tanh_forward(x):
    return np.tanh(x), (x,)


def tanh_backward(dout, cache):
    (x,) = cache
    return (1 - np.tanh(x)) * (1 + np.tanh(x)) * dout


# %% wrong="a quotient of exponentials: nan at 1e4" of="solution" points={"03_tanh-values": 1} says="finite"
# -     out = np.tanh(x)
# +     out = (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))

# %% wrong="the slope of the sigmoid" of="solution" points={"03_tanh-values": 0} says="dx"
# -     return dout * (1 - out**2)
# +     return dout * (out * (1 - out))

# %% wrong="the slope from x instead of tanh(x)" of="solution" points={"03_tanh-values": 0} says="dx"
# -     return out, out
# +     return out, x

# %% wrong="the square is forgotten" of="solution" points={"03_tanh-values": 0} says="dx"
# -     return dout * (1 - out**2)
# +     return dout * (1 - out)

# %% wrong="dout is ignored" of="solution" points={"03_tanh-values": 0.5} cause="upstream gradient ignored"
# -     return dout * (1 - out**2)
# +     return 1 - out**2

# %% wrong="dout is scaled in place" of="solution" points={"03_tanh-values": 1} says="changed its argument `dout`"
# -     return dout * (1 - out**2)
# +     dout *= 1 - out**2
# +     return dout
