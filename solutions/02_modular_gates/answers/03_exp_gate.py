# %% right="computes the value again"
class ExpGate:
    def __init__(self):
        self.x = None

    def forward(self, x):
        self.x = x
        return np.exp(x)

    def backward(self, dy):
        if self.x is None:
            raise RuntimeError("ExpGate: call forward first")
        return (np.exp(self.x) * dy,)


# %% right="a power of e, in a list"
class ExpGate:
    y = None

    def forward(self, x):
        self.y = np.e**x
        return self.y

    def backward(self, dy):
        if self.y is None:
            raise RuntimeError("ExpGate: call forward first")
        return [dy * self.y]


# %% wrong="times x instead of its value" points={"03_exp_gate-values": 0.25} cause="local derivative wrong"
class ExpGate:
    def __init__(self):
        self.cache = None

    def forward(self, x):
        self.cache = x
        return np.exp(x)

    def backward(self, dy):
        if self.cache is None:
            raise RuntimeError("ExpGate: call forward first")
        return (self.cache * dy,)


# %% wrong="a bare gradient, not a tuple" of="solution" warned="2.3" points={"03_exp_gate-values": 0.25} says="should be a tuple: (dx,)"
# -             raise RuntimeError("ExpGate.backward: call forward first")
# -         y = self.cache
# -         return (y * dy,)
# +             raise RuntimeError("ExpGate: call forward first")
# +         return self.cache * dy

# %% wrong="computed in float32" of="times x instead of its value" points={"03_exp_gate-values": 0.5} says="what forward returns is wrong"
# -         self.cache = x
# -         return np.exp(x)
# +         self.cache = np.exp(np.asarray(x, dtype=np.float32))
# +         return self.cache

# %% wrong="math.exp takes numbers only" of="times x instead of its value" points={"03_exp_gate-values": 0.5, "04_protocol-memory": 2} says="TypeError"
# + import math
# +
# +
#   class ExpGate:
# @
# -         self.cache = x
# -         return np.exp(x)
# +         self.cache = math.exp(x)
# +         return self.cache
