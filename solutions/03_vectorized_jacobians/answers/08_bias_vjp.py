# %% right="a row of ones times dy"
def bias_vjp(dy):
    return np.ones(len(dy)) @ dy


# %% right="builtin sum over the rows"
def bias_vjp(dy):
    return sum(dy)


# %% wrong="keeps the axis" warned="3.8" points={"08_bias_vjp-values": 0} cause="wrong shape"
def bias_vjp(dy):
    return dy.sum(axis=0, keepdims=True)


# %% wrong="the wrong axis" points={"08_bias_vjp-values": 0} cause="wrong shape"
def bias_vjp(dy):
    return dy.sum(axis=1)


# %% wrong="the mean over the batch" warned="3.8" points={"08_bias_vjp-values": 0} cause="scale by N"
def bias_vjp(dy):
    return dy.mean(axis=0)


# %% wrong="not summed at all" points={"08_bias_vjp-values": 0} cause="wrong shape"
def bias_vjp(dy):
    return dy


# %% wrong="summed to a number" points={"08_bias_vjp-values": 0} cause="wrong shape"
def bias_vjp(dy):
    return dy.sum()


# %% wrong="the first row only" points={"08_bias_vjp-values": 0} says="db is wrong in"
def bias_vjp(dy):
    return dy[0].copy()


# %% wrong="adds up in dy" points={"08_bias_vjp-values": 2} says="changed its argument `dy` in place"
def bias_vjp(dy):
    for row in dy[1:]:
        dy[0] += row
    return dy[0]
