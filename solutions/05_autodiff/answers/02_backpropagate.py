# %% right="by counting users"
def backpropagate(scalar):
    if scalar.data.ndim:
        raise ValueError("only a scalar can be differentiated, this has shape " + str(scalar.data.shape))
    users, found, reached = {scalar: 0}, {scalar}, [scalar]
    while reached:
        for source in reached.pop().inputs:
            users[source] = users.get(source, 0) + 1
            if source not in found:
                found.add(source)
                reached.append(source)
    waiting, ready = {scalar: np.array(1.0)}, [scalar]
    while ready:
        tensor = ready.pop()
        gradient = waiting.pop(tensor)
        tensor.grad = gradient + (0 if tensor.grad is None else tensor.grad)
        shares = tensor.pullback(gradient) if tensor.inputs else ()
        for source, share in zip(tensor.inputs, shares, strict=True):
            waiting[source] = waiting[source] + share if source in waiting else share
            users[source] -= 1
            if users[source] == 0:
                ready.append(source)


# %% right="gradients kept on the tensors, then moved to grad"
def backpropagate(scalar):
    if scalar.data.shape != ():
        raise ValueError("not a scalar")
    order = []
    done = set()
    path = [(scalar, iter(scalar.inputs))]
    while path:
        tensor, rest = path[-1]
        source = next((s for s in rest if id(s) not in done), None)
        if source is not None:
            path.append((source, iter(source.inputs)))
            continue
        path.pop()
        if id(tensor) not in done:
            done.add(id(tensor))
            order.append(tensor)
    for tensor in order:
        tensor.fresh = np.zeros(tensor.data.shape)
    scalar.fresh = np.ones(())
    for tensor in order[::-1]:
        if tensor.pullback is not None:
            for source, share in zip(tensor.inputs, tensor.pullback(tensor.fresh), strict=True):
                source.fresh = source.fresh + share
    for tensor in order:
        tensor.grad = tensor.fresh if tensor.grad is None else tensor.grad + tensor.fresh


# %% wrong="overwrites where a tensor is used twice" of="solution" points={"02_backpropagate-gradients": 5, "02_Tensor-operators": 4} says="is wrong"
# -         raise ValueError(f"backward starts from a scalar, and this tensor has shape {scalar.data.shape}")
# +         raise ValueError("not a scalar")
# -             for source, share in zip(tensor.inputs, tensor.pullback(gradient), strict=True):
# -                 gradients[source] = gradients.get(source, 0.0) + share  # a new array: shares may be shared
# +             gradients.update(zip(tensor.inputs, tensor.pullback(gradient), strict=True))
# ~         tensor, [-inputs_are_done-]{+done+} = to_do.pop()
# -         if inputs_are_done:
# +         if done:
# %% wrong="in the order of discovery" warned="5.2" points={"02_backpropagate-gradients": 6, "02_Tensor-operators": 4} says="is wrong"
def backpropagate(scalar):
    if scalar.data.shape != ():
        raise ValueError("not a scalar")
    order, seen = [scalar], {scalar}
    for tensor in order:
        for source in tensor.inputs:
            if source not in seen:
                seen.add(source)
                order.append(source)
    gradients = {scalar: np.ones(())}
    for tensor in order:
        gradient = gradients.get(tensor, 0.0)
        tensor.grad = gradient if tensor.grad is None else tensor.grad + gradient
        if tensor.inputs:
            for source, share in zip(tensor.inputs, tensor.pullback(gradient), strict=True):
                gradients[source] = gradients.get(source, 0.0) + share


# %% wrong="recursion" warned="5.2" points={"02_backpropagate-gradients": 8.5} says="recursion"
def backpropagate(scalar):
    if scalar.data.shape != ():
        raise ValueError("not a scalar")
    order, seen = [], set()

    def visit(tensor):
        if tensor not in seen:
            seen.add(tensor)
            for source in tensor.inputs:
                visit(source)
            order.append(tensor)

    visit(scalar)
    gradients = {scalar: np.ones(())}
    for tensor in reversed(order):
        gradient = gradients.pop(tensor)
        tensor.grad = gradient if tensor.grad is None else tensor.grad + gradient
        if tensor.inputs:
            for source, share in zip(tensor.inputs, tensor.pullback(gradient), strict=True):
                gradients[source] = gradients.get(source, 0.0) + share


# %% wrong="starts anywhere" of="by counting users" points={"02_backpropagate-gradients": 8.5} says="expected ValueError"
# -     if scalar.data.ndim:
# -         raise ValueError("only a scalar can be differentiated, this has shape " + str(scalar.data.shape))
# @
# ~     waiting, ready = {scalar: np.[-array(1.0-]{+ones_like(scalar.data+})}, [scalar]
# -             waiting[source] = waiting[source] + share if source in waiting else share
# +             waiting[source] = waiting.get(source, 0.0) + share
# %% wrong="a second call starts from what the first left behind" of="a second call replaces" warned="5.2" points={"02_backpropagate-gradients": 7} says="backward number 2"
# -     gradients = {scalar: np.ones(())}
# +     order = topological_order(scalar)
# +     for tensor in order:
# +         if tensor.grad is None:
# +             tensor.grad = np.zeros(tensor.data.shape)
# +     scalar.grad = np.ones(())
# ~     for tensor in reversed([-topological_order(scalar)-]{+order+}):
# -         tensor.grad = gradients.pop(tensor)
# @
# -                 gradients[source] = gradients.get(source, 0.0) + share
# +                 source.grad = source.grad + share
# %% wrong="a second call replaces" of="solution" warned="5.2" points={"02_backpropagate-gradients": 6.5} says="backward number 2"
# -         raise ValueError(f"backward starts from a scalar, and this tensor has shape {scalar.data.shape}")
# +         raise ValueError("not a scalar")
# ~         [-gradient-]{+tensor.grad+} = gradients.pop(tensor)
# -         tensor.grad = gradient if tensor.grad is None else tensor.grad + gradient
# @
# ~             for source, share in zip(tensor.inputs, tensor.pullback([-gradient-]{+tensor.grad+}), strict=True):
# ~                 gradients[source] = gradients.get(source, 0.0) + share[-  # a new array: shares may be shared-]
# ~         tensor, [-inputs_are_done-]{+done+} = to_do.pop()
# -         if inputs_are_done:
# +         if done:
# %% wrong="adds in place, into arrays that others hold" of="overwrites where a tensor is used twice" warned="5.2" points={"02_backpropagate-gradients": 8} says="is wrong"
# -             gradients.update(zip(tensor.inputs, tensor.pullback(gradient), strict=True))
# +             for source, share in zip(tensor.inputs, tensor.pullback(gradient), strict=True):
# +                 if source in gradients:
# +                     gradients[source] += share
# +                 else:
# +                     gradients[source] = share
# %% wrong="a node used twice sends its gradient on twice" warned="5.2" points={"02_backpropagate-gradients": 5.5, "02_Tensor-operators": 5.5} says="x.grad is wrong"
def backpropagate(scalar):
    if scalar.data.shape != ():
        raise ValueError("not a scalar")
    gradients, to_do = {scalar: np.ones(())}, [scalar]
    while to_do:
        tensor = to_do.pop()
        if tensor.inputs:
            for source, share in zip(tensor.inputs, tensor.pullback(gradients[tensor]), strict=True):
                gradients[source] = gradients.get(source, 0.0) + share
                to_do.append(source)
    for tensor, gradient in gradients.items():
        tensor.grad = gradient if tensor.grad is None else tensor.grad + gradient
