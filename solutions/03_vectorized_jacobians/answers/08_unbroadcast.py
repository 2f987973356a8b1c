# %% right="all axes at once"
def unbroadcast(grad, shape):
    new = grad.ndim - len(shape)
    axes = tuple(range(new)) + tuple(new + axis for axis, size in enumerate(shape) if size == 1)
    return grad.sum(axis=axes).reshape(shape)


# %% right="entry by entry"
def unbroadcast(grad, shape):
    total = np.zeros(shape)
    padded = (1,) * (grad.ndim - len(shape)) + tuple(shape)
    for index in np.ndindex(*grad.shape):
        own = tuple(0 if size == 1 else i for i, size in zip(index, padded, strict=True))
        total[own[grad.ndim - len(shape) :]] += grad[index]
    return total


# %% right="axes in front summed one by one"
def unbroadcast(grad, shape):
    while np.ndim(grad) > len(shape):
        grad = np.sum(grad, axis=0)
    for axis in range(len(shape)):
        if shape[axis] == 1 and grad.shape[axis] != 1:
            grad = np.sum(grad, axis=axis, keepdims=True)
    return grad


# %% wrong="only new axes in front" of="axes in front summed one by one" warned="3.8" points={"08_unbroadcast-values": 2, "08_unbroadcast-cases": 0.5} says="should have shape (1, 3), yours has (2, 3)"
# -     for axis in range(len(shape)):
# -         if shape[axis] == 1 and grad.shape[axis] != 1:
# -             grad = np.sum(grad, axis=axis, keepdims=True)
# %% wrong="without keepdims" of="only new axes in front" warned="3.8" points={"08_unbroadcast-values": 2, "08_unbroadcast-cases": 0.5} says="should have shape (1, 3), yours has (3,)"
# ~     return {+np.sum(+}grad{+, axis=tuple(axis for axis, size in enumerate(shape) if size == 1))+}
# %% wrong="the mean instead of the sum" of="axes in front summed one by one" points={"08_unbroadcast-values": 0, "08_unbroadcast-cases": 0.5} says="yours 4.5, expected 9"
# ~         grad = np.[-sum-]{+mean+}(grad, axis=0)
# ~     for axis{+, size+} in [-range(len-]{+enumerate+}(shape)[-)-]:
# -         if shape[axis] == 1 and grad.shape[axis] != 1:
# +         if size == 1:
# ~             grad = np.[-sum-]{+mean+}(grad, axis=axis, keepdims=True)
# %% wrong="always sums axis 0, as for a bias" points={"08_unbroadcast-values": 1, "08_unbroadcast-cases": 0} says="should have shape (1, 3), yours has (3,)"
def unbroadcast(grad, shape):
    return grad.sum(axis=0)


# %% wrong="keeps the new axis" of="the mean instead of the sum" warned="3.8" points={"08_unbroadcast-values": 2, "08_unbroadcast-cases": 0.5} says="should have shape (3,), yours has (1, 3)"
# -     while np.ndim(grad) > len(shape):
# -         grad = np.mean(grad, axis=0)
# +     padded = (1,) * (grad.ndim - len(shape)) + tuple(shape)
# ~     for axis, size in enumerate([-shape-]{+padded+}):
# ~             grad = [-np.mean(grad, -]{+grad.sum(+}axis=axis, keepdims=True)
# %% wrong="cuts out a piece instead of summing" of="the mean instead of the sum" points={"08_unbroadcast-values": 0, "08_unbroadcast-cases": 0.5} says="is wrong in"
# ~         grad = [-np.mean(-]grad[-, axis=0)-]{+[0]+}
# -             grad = np.mean(grad, axis=axis, keepdims=True)
# +             grad = np.take(grad, [0], axis=axis)
# %% wrong="changes grad in place" of="all axes at once" warned="3.8" points={"08_unbroadcast-cases": 2} says="changed its argument `grad` in place"
# ~     [-return-]{+total =+} grad.sum(axis=axes).reshape(shape)
#       total = grad.sum(axis=axes).reshape(shape)
# +     grad *= 0
# +     return total
