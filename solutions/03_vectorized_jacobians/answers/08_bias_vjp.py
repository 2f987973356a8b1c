# %% right="a row of ones times dy" of="builtin sum over the rows"
# ~     return [-sum-]{+np.ones(len+}(dy){+) @ dy+}
# %% right="builtin sum over the rows" of="solution"
# ~     return [-dy.-]sum([-axis=0-]{+dy+})
# %% wrong="keeps the axis" of="solution" warned="3.8" points={"08_bias_vjp-values": 0} cause="wrong shape"
# ~     return dy.sum(axis=0{+, keepdims=True+})
# %% wrong="the wrong axis" of="solution" points={"08_bias_vjp-values": 0} cause="wrong shape"
# ~     return dy.sum(axis=[-0-]{+1+})
# %% wrong="the mean over the batch" of="solution" warned="3.8" points={"08_bias_vjp-values": 0} cause="scale by N"
# ~     return dy.[-sum-]{+mean+}(axis=0)
# %% wrong="not summed at all" of="solution" points={"08_bias_vjp-values": 0} cause="wrong shape"
# ~     return dy[-.sum(axis=0)-]
# %% wrong="summed to a number" of="solution" points={"08_bias_vjp-values": 0} cause="wrong shape"
# ~     return dy.sum([-axis=0-])
# %% wrong="a list" of="solution" points={"08_bias_vjp-values": 0} says="db should be an array of shape"
# ~     return {+list(+}dy.sum(axis=0){+)+}
# %% wrong="the first row only" of="solution" points={"08_bias_vjp-values": 0} says="db is wrong in"
# ~     return dy[-.sum(axis=0-]{+[0].copy(+})
# %% wrong="adds up in dy" points={"08_bias_vjp-values": 2} says="changed its argument `dy` in place"
def bias_vjp(dy):
    for row in dy[1:]:
        dy[0] += row
    return dy[0]
