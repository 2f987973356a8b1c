# %% right="a list of rows"
def linear_dW_by_rows(x, dh):
    return np.array([upstream * x for upstream in dh])


# %% right="rows as products with a unit vector"
def linear_dW_by_rows(x, dh):
    dW = np.zeros((dh.size, x.size))
    for i in range(dh.size):
        unit = np.zeros(dh.size)
        unit[i] = 1
        dW += np.outer(unit, x) * dh[i]
    return dW


# %% wrong="columns instead of rows" of="solution" warned="3.7" points={"07_linear_dW_by_rows-values": 0} cause="wrong shape"
# ~     dW = np.zeros((len([-dh-]{+x+}), len([-x-]{+dh+})))
# ~         dW[{+:, +}i] = dh[i] * x
# %% wrong="every row gets the same upstream gradient" of="solution" points={"07_linear_dW_by_rows-values": 0} says="dW is wrong in"
# ~         dW[i] = [-dh[i]-]{+np.sum(dh)+} * x
# %% wrong="the type of x, which may be integer" of="solution" warned="3.7" points={"07_linear_dW_by_rows-values": 3} says="dW is wrong in"
# ~     dW = np.zeros((len(dh), len(x)){+, dtype=x.dtype+})
# %% wrong="the last row is forgotten" of="solution" points={"07_linear_dW_by_rows-values": 0} says="dW is wrong in 2 of 4 entries"
# ~     for i in range(len(dh){+ - 1+}):
# %% wrong="the sign" of="a list of rows" points={"07_linear_dW_by_rows-values": 0} cause="sign"
# ~     return np.array([{+-+}upstream * x for upstream in dh])
# %% wrong="the upstream gradient is ignored" of="a list of rows" points={"07_linear_dW_by_rows-values": 0} cause="upstream gradient ignored"
# ~     return np.array([[-upstream-]{+1.0+} * x for [-upstream-]{+_+} in dh])
