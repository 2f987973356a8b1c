# %% right="with einsum and broadcast_to"
def matmul_rule(x, y):
    def pullback(dz):
        return np.einsum("nm,dm->nd", dz, y), np.einsum("nd,nm->dm", x, dz)

    return np.einsum("nd,dm->nm", x, y), pullback


def sum_rule(x, axis=None, keepdims=False):
    shape = x.sum(axis=axis, keepdims=True).shape

    def pullback(dz):
        return (np.broadcast_to(np.reshape(dz, shape), x.shape).copy(),)

    return x.sum(axis=axis, keepdims=keepdims), pullback


# %% right="with loops, and a sum in two cases"
def matmul_rule(x, y):
    def pullback(dz):
        dx, dy = np.zeros_like(x), np.zeros_like(y)
        for n in range(x.shape[0]):
            dx[n] = np.dot(y, dz[n])
            dy += np.outer(x[n], dz[n])
        return dx, dy

    return np.dot(x, y), pullback


def sum_rule(x, axis=None, keepdims=False):
    def pullback(dz):
        dx = np.zeros_like(x)
        if axis is None:
            dx += dz
        else:
            np.moveaxis(dx, axis, 0)[...] = dz if not keepdims else np.squeeze(dz, axis)
        return (dx,)

    return np.sum(x, axis=axis, keepdims=keepdims), pullback


# %% wrong="the axis is not put back" warned="5.2" points={"02_matmul_sum-sum": 2} says="broadcast"
def matmul_rule(x, y):
    return x @ y, lambda dz: (dz @ y.T, x.T @ dz)


def sum_rule(x, axis=None, keepdims=False):
    return x.sum(axis=axis, keepdims=keepdims), lambda dz: (dz * np.ones_like(x),)


# %% wrong="the gradient of the second factor is transposed" of="solution" points={"02_matmul_sum-matmul": 0, "02_Tensor-operators": 4} cause="wrong shape"
# ~     return x @ y, lambda dz: (dz @ y.T, [-x-]{+dz+}.T @ [-dz-]{+x+})
# %% wrong="a sum that sends back a mean" of="solution" points={"02_matmul_sum-sum": 0, "02_backpropagate-gradients": 8.5, "02_Tensor-operators": 3} says="is wrong"
#   def sum_rule(x, axis=None, keepdims=False):
# +     count = x.size if axis is None else x.shape[axis]
# +
# ~         return (dz * np.ones_like(x){+ / count+},)
# %% wrong="keepdims is forgotten" of="solution" warned="5.2" points={"02_matmul_sum-sum": 2, "02_Tensor-operators": 4} says="z should have shape"
# ~         if axis is not None[- and not keepdims-]:
# ~     return x.sum(axis=axis[-, keepdims=keepdims-]), pullback
