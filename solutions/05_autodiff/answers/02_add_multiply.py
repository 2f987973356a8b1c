# %% right="the broadcast arrays first"
def add_rule(x, y):
    def pullback(dz):
        return unbroadcast(np.array(dz), np.shape(x)), unbroadcast(np.array(dz), np.shape(y))

    return np.add(x, y), pullback


def multiply_rule(x, y):
    wide_x, wide_y = np.broadcast_arrays(x, y)

    def pullback(dz):
        return unbroadcast(wide_y * dz, np.shape(x)), unbroadcast(wide_x * dz, np.shape(y))

    return np.multiply(wide_x, wide_y), pullback


# %% right="without unbroadcast"
def summed_to(grad, shape):
    grad = np.asarray(grad)
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis in range(grad.ndim):
        if shape[axis] == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


def add_rule(x, y):
    return x + y, lambda dz: [summed_to(dz, x.shape), summed_to(dz, y.shape)]


def multiply_rule(x, y):
    return x * y, lambda dz: [summed_to(dz * y, x.shape), summed_to(dz * x, y.shape)]


# %% wrong="the factors are not swapped" of="solution" points={"02_add_multiply-values": 2, "02_backpropagate-gradients": 8.5, "02_Tensor-operators": 0} says="dx is wrong"
# ~     return x * y, lambda dz: (unbroadcast(dz * [-y-]{+x+}, x.shape), unbroadcast(dz * [-x-]{+y+}, y.shape))
# %% wrong="no broadcasting" of="solution" warned="5.2" points={"02_add_multiply-values": 3, "02_Tensor-operators": 3} cause="wrong shape"
# -     return x + y, lambda dz: (unbroadcast(dz, x.shape), unbroadcast(dz, y.shape))
# +     return x + y, lambda dz: (dz, dz)
# -     return x * y, lambda dz: (unbroadcast(dz * y, x.shape), unbroadcast(dz * x, y.shape))
# +     return x * y, lambda dz: (dz * y, dz * x)
# %% wrong="the product forgets the upstream gradient" of="solution" points={"02_add_multiply-values": 2, "02_Tensor-operators": 3} cause="upstream gradient ignored"
#   def multiply_rule(x, y):
# +     one = np.ones(np.broadcast_shapes(x.shape, y.shape))
# ~     return x * y, lambda dz: (unbroadcast([-dz-]{+one+} * y, x.shape), unbroadcast([-dz-]{+one+} * x, y.shape))
# %% wrong="measured instead of derived" of="solution" points={"02_add_multiply-values": 4} says="is wrong"
# -     return x * y, lambda dz: (unbroadcast(dz * y, x.shape), unbroadcast(dz * x, y.shape))
# +     def pullback(dz):
# +         h = 1e-2
# +         by_x = ((x + h) * y - (x - h) * y) / (2 * h)
# +         by_y = (x * (y + h) - x * (y - h)) / (2 * h)
# +         return unbroadcast(dz * by_x, x.shape), unbroadcast(dz * by_y, y.shape)
# +
# +     return x * y, pullback
# %% right="all in lists" of="solution"
# ~     return [-x + y, lambda dz: (unbroadcast(dz, x.shape), unbroadcast(dz, y.shape))-]{+[x + y, lambda dz: [unbroadcast(dz, x.shape), unbroadcast(dz, y.shape)]]+}
