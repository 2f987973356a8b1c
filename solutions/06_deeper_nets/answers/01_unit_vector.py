# %% right="row by row, with each Jacobian"
def unit_vector(x):
    return np.array([row / np.linalg.norm(row) for row in x]), np.array(x, dtype=float)


def unit_vector_backward(du, cache):
    dx = np.zeros(cache.shape)
    for n, row in enumerate(cache):
        length = np.sqrt(row @ row)
        jacobian = np.eye(len(row)) / length - np.outer(row, row) / length**3
        dx[n] = jacobian.T @ du[n]
    return dx


# %% right="by stages: square, sum, root, reciprocal, product"
def unit_vector(x):
    x = x.astype(float)
    total = (x * x).sum(axis=1, keepdims=True)
    inverse = total**-0.5
    return x * inverse, {"x": x, "total": total, "inverse": inverse}


def unit_vector_backward(du, cache):
    x, total, inverse = cache["x"], cache["total"], cache["inverse"]
    dinverse = (du * x).sum(axis=1, keepdims=True)
    dtotal = -0.5 * total**-1.5 * dinverse
    return du * inverse + 2 * x * dtotal


# %% right="the length by hypot, and a closure for a cache"
def unit_vector(x):
    length = np.hypot.reduce(x.astype(float), axis=1)[:, None]
    u = x / length

    def back(du):
        return (du - np.einsum("nd,nd->n", u, du)[:, None] * u) / length

    return u, back


def unit_vector_backward(du, cache):
    return cache(du)


# %% wrong="the length is taken for a constant" of="solution" points={"01_unit_vector-values": 2} cause="dropped path"
# ~     [-along = -]np.sum(u * du, axis=1, keepdims=True)
# ~     return [-(du - along * u)-]{+du+} / length
# %% wrong="not divided by the length" of="solution" points={"01_unit_vector-values": 2} cause="local derivative wrong"
# ~     u, [-length-]{+_length+} = cache
# ~     return [-(-]du - along * u[-) / length-]
# %% wrong="divided by the length twice" of="solution" points={"01_unit_vector-values": 2} cause="local derivative wrong"
# ~     return (du - along * u) / length{+**2+}
# %% wrong="the projection is added" of="solution" points={"01_unit_vector-values": 2} cause="sign of one term"
# ~     return (du [---]{+++} along * u) / length
# %% wrong="one inner product for the whole batch" of="solution" points={"01_unit_vector-values": 3} says="entries of x that forward keeps apart mix in yours: an axis is summed over"
# ~     along = np.sum(u * du[-, axis=1, keepdims=True-])
# %% wrong="the inner product along the columns" of="solution" points={"01_unit_vector-values": 2} cause="wrong axis"
# ~     along = np.sum(u * du, axis=[-1-]{+0+}, keepdims=True)
# %% wrong="one length for the whole batch" of="solution" points={"01_unit_vector-values": 2} says="the sum of x times its gradient along axis 1 should vanish and does not in you"
# -     length = np.sqrt(np.sum(x**2, axis=1, keepdims=True))
# +     length = np.linalg.norm(x)
# %% wrong="the length is not rooted" of="solution" points={"01_unit_vector-values": 0.5} says="the sum of x times its gradient along axis 1 should vanish and does not in you"
# ~     length = [-np.sqrt(-]np.sum(x**2, axis=1, keepdims=True)[-)-]
# %% wrong="ignores the upstream gradient" of="solution" points={"01_unit_vector-values": 2} cause="upstream gradient ignored"
# ~     [-along = -]np.sum(u * du, axis=1, keepdims=True)
# ~     return ([-du-]{+1+} - [-along-]{+np.sum(u, axis=1, keepdims=True)+} * u) / length
# %% wrong="du is changed in place" of="solution" points={"01_unit_vector-values": 4.5} cause="mutated argument"
#       along = np.sum(u * du, axis=1, keepdims=True)
# +     du -= along * u
# ~     return [-(du - along * u)-]{+du+} / length
# %% right="results in a list, the gradient in a tuple" of="solution"
# ~     return [-u, (u, length)-]{+[u, (u, length)]+}
# ~     return [-(du - along * u) / length-]{+((du - along * u) / length,)+}
