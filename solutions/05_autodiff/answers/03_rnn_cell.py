# %% right="by the fraction of exponentials, and a sum over each axis"
def rnn_cell(x, h, Wx, Wh):
    sums = h @ Wh + x @ Wx
    up = (sums * -2).exp()
    return (1 - up) / (1 + up)


def seeded(tensor, dout):
    return (dout * tensor).sum(axis=0).sum()


# %% right="a rule of one's own"
def tanh_rule(x):
    z = np.tanh(x)
    return z, lambda dz: (dz * (1 - z**2),)


def rnn_cell(x, h, Wx, Wh):
    return record(tanh_rule, x @ Wx + h @ Wh)


def seeded(tensor, dout):
    return (tensor * dout).sum()


# %% wrong="the state is cut off by its data" of="solution" points={"03_rnn_cell-steps": 1.5} says="not None"
# -     a = x @ Wx + h @ Wh
# +     before = h.data if isinstance(h, Tensor) else h
# +     a = x @ Wx + before @ Wh


# %% wrong="the sum, whatever arrives" points={"03_rnn_cell-steps": 1} says="is wrong"
def rnn_cell(x, h, Wx, Wh):
    return 1 - 2 / ((2 * (x @ Wx + h @ Wh)).exp() + 1)


def seeded(tensor, dout):
    return tensor.sum()


# %% wrong="a sigmoid instead of tanh" of="solution" warned="5.3" points={"03_rnn_cell-steps": 0} says="the next state is wrong"
# -     a = x @ Wx + h @ Wh
# -     return 1 - 2 / ((2 * a).exp() + 1)
# +     return 1 / (1 + (-(x @ Wx + h @ Wh)).exp())

# %% wrong="no scalar to start from" of="the sum, whatever arrives" warned="5.3" points={"03_rnn_cell-steps": 0} says="the shape of the result is wrong"
# -     return tensor.sum()
# +     return tensor * dout

# %% wrong="infinite over infinite" of="solution" warned="5.3" points={"03_rnn_cell-steps": 0} says="is wrong"
# -     a = x @ Wx + h @ Wh
# -     return 1 - 2 / ((2 * a).exp() + 1)
# +     a = (x @ Wx + h @ Wh).exp()
# +     return (a - 1 / a) / (a + 1 / a) * 2
