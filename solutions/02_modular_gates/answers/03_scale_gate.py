# %% right="np.multiply, and a list"
class ScaleGate:
    def __init__(self, a):
        self.factor = a
        self.ran = False

    def forward(self, x):
        self.ran = True
        return np.multiply(x, self.factor)

    def backward(self, dy):
        if not self.ran:
            raise RuntimeError("ScaleGate: call forward first")
        return [np.multiply(dy, self.factor)]


# %% right="keeps an array of slopes"
class ScaleGate:
    def __init__(self, a):
        self.a = a
        self.slope = None

    def forward(self, x):
        self.slope = np.full(np.shape(x), float(self.a))
        return x * self.a

    def backward(self, dy):
        if self.slope is None:
            raise RuntimeError("ScaleGate: call forward first")
        return (self.slope * dy,)


# %% wrong="the constant is forgotten on the way back" of="solution" points={"03_scale_gate-values": 0.25} cause="constant factor"
# -             raise RuntimeError("ScaleGate.backward: call forward first")
# -         return (self.a * dy,)
# +             raise RuntimeError("ScaleGate: call forward first")
# +         return (dy,)

# %% wrong="divides on the way back" of="solution" points={"03_scale_gate-values": 0.25} cause="constant factor"
# -             raise RuntimeError("ScaleGate.backward: call forward first")
# -         return (self.a * dy,)
# +             raise RuntimeError("ScaleGate: call forward first")
# +         return (dy / self.a,)

# %% wrong="times x instead of a" of="solution" points={"03_scale_gate-values": 0.25} cause="local derivative wrong"
# -         self.cache = ()
# +         self.cache = x
# @
# -             raise RuntimeError("ScaleGate.backward: call forward first")
# -         return (self.a * dy,)
# +             raise RuntimeError("ScaleGate: call forward first")
# +         return (self.cache * dy,)
