# %% right="the same tensors, with grad set back to None"
def descend(loss, params, learning_rate, steps):
    tensors = {name: Tensor(array) for name, array in params.items()}
    losses = []
    for _ in range(steps):
        value = loss(tensors)
        losses.append(value.data.item())
        for tensor in tensors.values():
            tensor.grad = None
        value.backward()
        for tensor in tensors.values():
            tensor.data = tensor.data - learning_rate * tensor.grad
    return {name: tensor.data for name, tensor in tensors.items()}, losses


# %% right="one step, repeated"
def one_step(loss, params, learning_rate):
    tensors = {name: Tensor(array) for name, array in params.items()}
    value = loss(tensors)
    value.backward()
    moved = {}
    for name in params:
        moved[name] = params[name] - tensors[name].grad * learning_rate
    return moved, float(value.data)


def descend(loss, params, learning_rate, steps):
    params = {name: array.copy() for name, array in params.items()}
    losses = []
    while len(losses) < steps:
        params, before = one_step(loss, params, learning_rate)
        losses.append(before)
    return params, losses


# %% wrong="gradients pile up" of="the same tensors, with grad set back to None" warned="5.5" points={"05_descend-steps": 2} says="is wrong"
# -         losses.append(value.data.item())
# -         for tensor in tensors.values():
# -             tensor.grad = None
# @
#           value.backward()
# +         losses.append(float(value.data))
# %% wrong="uphill" of="solution" points={"05_descend-steps": 1} says="is wrong"
# -     params, losses = dict(params), []
# +     losses = []
# ~         params = {name: t.data [---]{+++} learning_rate * t.grad for name, t in tensors.items()}
# %% wrong="the loss after each step" points={"05_descend-steps": 2} says="losses"
def descend(loss, params, learning_rate, steps):
    losses = []
    for _ in range(steps):
        tensors = {name: Tensor(array) for name, array in params.items()}
        loss(tensors).backward()
        params = {name: t.data - learning_rate * t.grad for name, t in tensors.items()}
        moved = {name: Tensor(array) for name, array in params.items()}
        losses.append(float(loss(moved).data))
    return params, losses


# %% wrong="moves the caller's arrays" of="uphill" warned="5.5" points={"05_descend-steps": 5} says="in place"
# -         params = {name: t.data + learning_rate * t.grad for name, t in tensors.items()}
# +         for name in params:
# +             params[name] -= learning_rate * tensors[name].grad
# %% wrong="returns tensors" of="gradients pile up" points={"05_descend-steps": 1} says="not a Tensor"
# -         for tensor in tensors.values():
# -             tensor.data = tensor.data - learning_rate * tensor.grad
# -     return {name: tensor.data for name, tensor in tensors.items()}, losses
# +         tensors = {name: Tensor(t.data - learning_rate * t.grad) for name, t in tensors.items()}
# +     return tensors, losses
