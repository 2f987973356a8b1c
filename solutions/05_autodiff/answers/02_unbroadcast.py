# %% right="one axis at a time, in a loop"
def unbroadcast(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


# %% right="entry by entry"
def unbroadcast(grad, shape):
    total = np.zeros(shape)
    padded = (1,) * (grad.ndim - len(shape)) + tuple(shape)
    view = total.reshape(padded)
    for index in np.ndindex(grad.shape):
        view[tuple(i if size > 1 else 0 for i, size in zip(index, padded, strict=True))] += grad[index]
    return total


# %% wrong="the stretched axes vanish" of="solution" warned="5.2" points={"02_unbroadcast-values": 1, "02_add_multiply-values": 3, "02_Tensor-operators": 4} says="should have shape"
# ~     [-stretched = -]{+return grad.sum(axis=+}tuple(axis for axis, size in enumerate(shape) if size == 1){+)+}
# -     return grad.sum(axis=stretched, keepdims=True)
# %% wrong="only axes in front" of="the mean instead of the sum" points={"02_unbroadcast-values": 2, "02_add_multiply-values": 3, "02_Tensor-operators": 4} says="should have shape"
# ~     [-grad =-]{+return+} grad.[-mean-]{+sum+}(axis=tuple(range(grad.ndim - len(shape))))
# -     return grad.mean(axis=tuple(axis for axis, size in enumerate(shape) if size == 1), keepdims=True)
# %% wrong="the mean instead of the sum" points={"02_unbroadcast-values": 0, "02_add_multiply-values": 3, "02_Tensor-operators": 3} says="is wrong"
def unbroadcast(grad, shape):
    grad = grad.mean(axis=tuple(range(grad.ndim - len(shape))))
    return grad.mean(axis=tuple(axis for axis, size in enumerate(shape) if size == 1), keepdims=True)


# %% wrong="cut to the shape" points={"02_unbroadcast-values": 0, "02_add_multiply-values": 3, "02_Tensor-operators": 3} says="is wrong"
def unbroadcast(grad, shape):
    grad = grad[(0,) * (grad.ndim - len(shape))]
    return grad[tuple(slice(0, size) for size in shape)]
