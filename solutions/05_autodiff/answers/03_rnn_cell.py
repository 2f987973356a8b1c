# %% right="by the fraction of exponentials, and a sum over each axis" of="solution"
# -     a = x @ Wx + h @ Wh
# -     return 1 - 2 / ((2 * a).exp() + 1)
# +     sums = h @ Wh + x @ Wx
# +     up = (sums * -2).exp()
# +     return (1 - up) / (1 + up)
# ~     return ([-tensor-]{+dout+} * [-dout-]{+tensor).sum(axis=0+}).sum()
# %% right="a rule of one's own"
def tanh_rule(x):
    z = np.tanh(x)
    return z, lambda dz: (dz * (1 - z**2),)


def rnn_cell(x, h, Wx, Wh):
    return record(tanh_rule, x @ Wx + h @ Wh)


def seeded(tensor, dout):
    return (tensor * dout).sum()


# %% wrong="the state is cut off by its data" of="solution" points={"03_rnn_cell-steps": 1.5} says="not None"
#   def rnn_cell(x, h, Wx, Wh):
# +     before = h.data if isinstance(h, Tensor) else h
# ~     a = x @ Wx + [-h-]{+before+} @ Wh
# %% wrong="the sum, whatever arrives" of="solution" points={"03_rnn_cell-steps": 1} says="is wrong"
# -     a = x @ Wx + h @ Wh
# @
# ~     return 1 - 2 / ((2 * [-a-]{+(x @ Wx + h @ Wh)+}).exp() + 1)
# ~     return [-(-]tensor[- * dout)-].sum()
# %% wrong="a sigmoid instead of tanh" of="solution" warned="5.3" points={"03_rnn_cell-steps": 0} says="the next state is wrong"
# ~     [-a = -]{+return 1 / (1 + (-(+}x @ Wx + h @ Wh{+)).exp())+}
# -     return 1 - 2 / ((2 * a).exp() + 1)
# %% wrong="no scalar to start from" of="the sum, whatever arrives" warned="5.3" points={"03_rnn_cell-steps": 0} says="the result should be a scalar"
# ~     return tensor[-.sum()-]{+ * dout+}
# %% wrong="infinite over infinite" of="solution" warned="5.3" points={"03_rnn_cell-steps": 0} says="is wrong"
# ~     a = {+(+}x @ Wx + h @ Wh{+).exp()+}
# -     return 1 - 2 / ((2 * a).exp() + 1)
# +     return (a - 1 / a) / (a + 1 / a) * 2
