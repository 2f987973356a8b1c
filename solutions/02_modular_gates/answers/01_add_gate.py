# %% right="a flag for having run, gradients as copies"
class AddGate:
    def __init__(self):
        self.ran = False

    def forward(self, x, y):
        self.ran = True
        return np.add(x, y)

    def backward(self, dz):
        if not self.ran:
            raise RuntimeError("call forward first")
        return 1.0 * dz, 1.0 * dz


# %% right="remembers both inputs all the same, and returns a list"
class AddGate:
    def __init__(self):
        self.inputs = []

    def forward(self, x, y):
        self.inputs = [x, y]
        return x + y

    def backward(self, dz):
        if not self.inputs:
            raise RuntimeError(f"{type(self).__name__} has not run forward")
        return [dz for _ in self.inputs]


# %% wrong="ignores the upstream gradient" of="solution" points={"01_add_gate-values": 1} cause="upstream gradient ignored"
# -         self.cache = ()
# +         self.cache = np.shape(x)
# @
# -             raise RuntimeError("AddGate.backward: call forward first")
# -         return dz, dz
# +             raise RuntimeError("AddGate: call forward first")
# +         return np.ones(self.cache), np.ones(self.cache)

# %% wrong="the gradients of a product" of="solution" points={"01_add_gate-values": 1} says="what backward returns[0] is wrong"
# -         self.cache = ()
# +         self.cache = (x, y)
# @
# -             raise RuntimeError("AddGate.backward: call forward first")
# -         return dz, dz
# +             raise RuntimeError("AddGate: call forward first")
# +         x, y = self.cache
# +         return y * dz, x * dz


# %% wrong="answers before forward" points={"04_protocol-refusal": 1.5} says="AddGate, backward before forward: expected RuntimeError"
class AddGate:
    def forward(self, x, y):
        return x + y

    def backward(self, dz):
        return dz, dz


# %% wrong="splits the gradient" of="solution" points={"01_add_gate-values": 1} cause="factor 2"
# -             raise RuntimeError("AddGate.backward: call forward first")
# -         return dz, dz
# +             raise RuntimeError("AddGate: call forward first")
# +         return dz / 2, dz / 2

# %% wrong="one gradient instead of two" of="solution" points={"01_add_gate-values": 1} cause="wrong number of gradients"
# -             raise RuntimeError("AddGate.backward: call forward first")
# -         return dz, dz
# +             raise RuntimeError("AddGate: call forward first")
# +         return dz
