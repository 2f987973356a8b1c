# %% right="row by row, with the full Jacobian of each"
def log_softmax_vjp(z, dy):
    rows, upstream = np.atleast_2d(z), np.atleast_2d(dy)
    dz = np.zeros(rows.shape)
    for n in range(len(rows)):
        p = np.exp(rows[n] - rows[n].max())
        p /= p.sum()
        dz[n] = upstream[n] @ (np.eye(len(p)) - p)
    return dz.reshape(z.shape)


# %% right="softmax from the logarithm"
def log_softmax_vjp(z, dy):
    shifted = z - z.max(axis=-1)[..., np.newaxis]
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1))[..., np.newaxis]
    return dy - np.exp(log_p) * dy.sum(axis=-1)[..., np.newaxis]


# %% wrong="overflows" of="p minus a one-hot, as if dy always were one" warned="3.9" points={"09_log_softmax_vjp-values": 3} says="every value should be finite"
# ~     p = np.exp(z[- - z.max-]{+) / np.exp(z).sum+}(axis=-1, keepdims=True)[-)-]
# ~     return dy - p [-/ p-]{+* dy+}.sum(axis=-1, keepdims=True)
# %% wrong="one maximum and one sum for the whole batch" of="p minus a one-hot, as if dy always were one" warned="3.9" points={"09_log_softmax_vjp-values": 4} says="dz is wrong in"
# ~     p = np.exp(z - z.max([-axis=-1, keepdims=True-]))
# ~     return dy - p / p.sum([-axis=-1, keepdims=True-]{+) * dy.sum(+})
# %% wrong="without keepdims" of="p minus a one-hot, as if dy always were one" warned="3.9" points={"09_log_softmax_vjp-values": 4} says="could not be broadcast together"
# ~     p = np.exp(z - z.max(axis=-1[-, keepdims=True-]))
# ~     return dy - p / p.sum(axis=-1[-, keepdims=True-]{+) * dy.sum(axis=-1+})
# %% wrong="p minus a one-hot, as if dy always were one" points={"09_log_softmax_vjp-values": 0} says="dz is wrong in"
def log_softmax_vjp(z, dy):
    p = np.exp(z - z.max(axis=-1, keepdims=True))
    return dy - p / p.sum(axis=-1, keepdims=True)


# %% wrong="the VJP of softmax, without the logarithm" of="p minus a one-hot, as if dy always were one" points={"09_log_softmax_vjp-values": 0} says="likely cause"
#       p = np.exp(z - z.max(axis=-1, keepdims=True))
# +     p = p / p.sum(axis=-1, keepdims=True)
# ~     return {+p * (+}dy - [-p / p-]{+(p * dy)+}.sum(axis=-1, keepdims=True){+)+}
# %% wrong="the second term is dropped" points={"09_log_softmax_vjp-values": 0} says="dz is wrong in"
def log_softmax_vjp(z, dy):
    return 1.0 * dy


# %% wrong="the sign of the second term" of="the VJP of softmax, without the logarithm" points={"09_log_softmax_vjp-values": 0} says="dz is wrong in"
# ~     return{+ dy ++} p * [-(dy - (p * dy)-]{+dy+}.sum(axis=-1, keepdims=True)[-)-]
# %% wrong="a small number in the denominator" of="solution" points={"09_log_softmax_vjp-values": 0} says="dz is wrong in"
# ~     p = np.exp(z - [-np-]{+z+}.max([-z, -]axis=-1, keepdims=True))
# ~     p = p / [-np-]{+(p+}.sum([-p, -]axis=-1, keepdims=True){+ + 1e-8)+}
# ~     return dy - p * [-np-]{+dy+}.sum([-dy, -]axis=-1, keepdims=True)
# %% wrong="works in dy" of="the VJP of softmax, without the logarithm" points={"09_log_softmax_vjp-values": 4} says="in place"
# -     return p * (dy - (p * dy).sum(axis=-1, keepdims=True))
# +     if dy.dtype != float:
# +         dy = dy.astype(float)
# +     dy -= p * dy.sum(axis=-1, keepdims=True)
# +     return dy
# %% wrong="measured by differences" points={"09_log_softmax_vjp-values": 1} says="dz is wrong in"
def log_softmax_vjp(z, dy):
    def log_softmax(z):
        shifted = z - z.max(axis=-1, keepdims=True)
        return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))

    dz = np.zeros(z.shape)
    for index in np.ndindex(*z.shape):
        step = np.zeros(z.shape)
        step[index] = 1e-5
        dz[index] = np.sum(dy * (log_softmax(z + step) - log_softmax(z - step))) / 2e-5
    return dz
