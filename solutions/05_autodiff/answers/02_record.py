# %% right="step by step"
def record(rule, *operands, **settings):
    tensors = []
    for operand in operands:
        tensors.append(as_tensor(operand))
    arrays = [tensor.data for tensor in tensors]
    result = rule(*arrays, **settings)
    new = Tensor(result[0])
    new.inputs, new.pullback, new.op = tuple(tensors), result[1], operation_name(rule)
    return new


# %% right="constants by hand, a list of inputs"
def record(rule, *operands, **settings):
    inputs = [operand if isinstance(operand, Tensor) else Tensor(operand) for operand in operands]
    value, send_back = rule(*[tensor.data for tensor in inputs], **settings)
    out = Tensor(value)
    out.op = operation_name(rule)
    out.inputs = inputs
    out.pullback = send_back
    return out


# %% wrong="only tensors" points={"02_record-values": 3, "02_backpropagate-gradients": 8, "02_Tensor-operators": 1} says="has no attribute 'data'"
def record(rule, *operands, **settings):
    value, pullback = rule(*(tensor.data for tensor in operands), **settings)
    result = Tensor(value)
    result.inputs, result.pullback, result.op = operands, pullback, operation_name(rule)
    return result


# %% wrong="settings are lost" of="only tensors" points={"02_record-values": 3, "02_backpropagate-gradients": 8.5, "02_Tensor-operators": 1} says="missing 1 required"
#   def record(rule, *operands, **settings):
# +     inputs = tuple(as_tensor(operand) for operand in operands)
# ~     value, pullback = rule(*(tensor.data for tensor in [-operands), **settings-]{+inputs)+})
# ~     result.inputs, result.pullback, result.op = [-operands-]{+inputs+}, pullback, operation_name(rule)
# %% wrong="the inputs are not remembered" of="only tensors" points={"02_backpropagate-gradients": 0.5, "02_Tensor-operators": 0} says="should be a number, not None"
# -     value, pullback = rule(*(tensor.data for tensor in operands), **settings)
# +     value, pullback = rule(*(as_tensor(operand).data for operand in operands), **settings)
# ~     [-result.inputs, -]result.pullback, result.op = [-operands, -]pullback, operation_name(rule)
