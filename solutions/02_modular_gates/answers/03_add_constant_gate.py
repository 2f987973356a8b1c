# %% right="np.add, and a copy of the gradient"
class AddConstantGate:
    def __init__(self, c):
        self.constant = c
        self.ran = False

    def forward(self, x):
        self.ran = True
        return np.add(x, self.constant)

    def backward(self, dy):
        if not self.ran:
            raise RuntimeError("AddConstantGate: call forward first")
        return (np.copy(dy),)


# %% right="times one"
class AddConstantGate:
    def __init__(self, c):
        self.c = c
        self.x = None

    def forward(self, x):
        self.x = x
        return self.c + x

    def backward(self, dy):
        if self.x is None:
            raise RuntimeError("AddConstantGate: call forward first")
        return (1.0 * dy,)


# %% wrong="the constant gets a gradient too" of="solution" points={"03_add_constant_gate-values": 0.25} cause="wrong number of gradients"
# -             raise RuntimeError("AddConstantGate.backward: call forward first")
# -         return (dy,)
# +             raise RuntimeError("AddConstantGate: call forward first")
# +         return dy, dy

# %% wrong="adds the constant on the way back as well" of="solution" points={"03_add_constant_gate-values": 0.25} cause="not proportional to the upstream gradient"
# -             raise RuntimeError("AddConstantGate.backward: call forward first")
# -         return (dy,)
# +             raise RuntimeError("AddConstantGate: call forward first")
# +         return (dy + self.c,)

# %% wrong="adds in place" of="solution" points={"03_add_constant_gate-values": 0.25} cause="mutated argument"
# -         return x + self.c
# +         x += self.c
# +         return x
# @
# -             raise RuntimeError("AddConstantGate.backward: call forward first")
# +             raise RuntimeError("AddConstantGate: call forward first")
