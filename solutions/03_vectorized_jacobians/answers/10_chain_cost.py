# %% right="by shapes of matrices, multiplied one after the other"
def chain_cost(dims, mode):
    shapes = [(dims[i], dims[i - 1]) for i in range(1, len(dims))]
    if mode == "reverse":
        shapes.reverse()
        left, cost = shapes[0], 0
        for right in shapes[1:]:
            cost += left[0] * left[1] * right[1]
            left = (left[0], right[1])
        return cost
    if mode == "forward":
        right, cost = shapes[0], 0
        for left in shapes[1:]:
            cost += left[0] * left[1] * right[1]
            right = (left[0], right[1])
        return cost
    raise ValueError("unknown mode: " + str(mode))


# %% right="as a sum"
def chain_cost(dims, mode):
    pairs = [dims[i] * dims[i + 1] for i in range(len(dims) - 1)]
    costs = {"reverse": dims[-1] * sum(pairs[:-1]), "forward": dims[0] * sum(pairs[1:])}
    if mode not in costs:
        raise ValueError(f"no such mode: {mode}")
    return costs[mode]


# %% wrong="the modes are exchanged" warned="3.10" points={"10_chain_cost-values": 0.5} says="chain_cost is wrong: yours 1.01e+06, expected 101000"
def chain_cost(dims, mode):
    pairs = [dims[i] * dims[i + 1] for i in range(len(dims) - 1)]
    if mode == "forward":
        return dims[-1] * sum(pairs[:-1])
    if mode == "reverse":
        return dims[0] * sum(pairs[1:])
    raise ValueError(mode)


# %% wrong="any other mode is forward" points={"10_chain_cost-values": 4.5} says="expected ValueError, but nothing was raised"
def chain_cost(dims, mode):
    pairs = [dims[i] * dims[i + 1] for i in range(len(dims) - 1)]
    return dims[-1] * sum(pairs[:-1]) if mode == "reverse" else dims[0] * sum(pairs[1:])


# %% wrong="counts the first Jacobian once more" of="any other mode is forward" points={"10_chain_cost-values": 0.5} says="is wrong: yours"
# -     return dims[-1] * sum(pairs[:-1]) if mode == "reverse" else dims[0] * sum(pairs[1:])
# +     if mode not in ("reverse", "forward"):
# +         raise ValueError(mode)
# +     return (dims[-1] if mode == "reverse" else dims[0]) * sum(pairs)
# %% wrong="multiplies by a vector, whatever the number of outputs" of="the modes are exchanged" points={"10_chain_cost-values": 1.5} says="is wrong: yours"
# ~     if mode == "[-forward-]{+reverse+}":
# ~         return[- dims[-1] *-] sum(pairs[:-1])
#           return sum(pairs[:-1])
# ~     if mode == "[-reverse-]{+forward+}":
# ~         return[- dims[0] *-] sum(pairs[1:])
# %% wrong="the order does not matter" points={"10_chain_cost-values": 1.5} says="is wrong: yours"
def chain_cost(dims, mode):
    if mode not in ("reverse", "forward"):
        raise ValueError(mode)
    pairs = [dims[i] * dims[i + 1] for i in range(len(dims) - 1)]
    return dims[-1] * sum(pairs[:-1])


# %% wrong="counts additions as well" of="multiplies by a vector, whatever the number of outputs" points={"10_chain_cost-values": 0.5} says="is wrong: yours 202000, expected 101000"
# ~         return{+ 2 * dims[-1] *+} sum(pairs[:-1])
# ~         return{+ 2 * dims[0] *+} sum(pairs[1:])
