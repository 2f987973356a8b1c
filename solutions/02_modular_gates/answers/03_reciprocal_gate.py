# %% right="keeps x"
class ReciprocalGate:
    def __init__(self):
        self.x = None

    def forward(self, x):
        self.x = x
        return 1.0 / x

    def backward(self, dy):
        if self.x is None:
            raise RuntimeError("ReciprocalGate: call forward first")
        return (-dy / (self.x * self.x),)


# %% right="by a power"
class ReciprocalGate:
    x = None

    def forward(self, x):
        self.x = np.array(x, dtype=float)
        return self.x**-1

    def backward(self, dy):
        if self.x is None:
            raise RuntimeError("ReciprocalGate: call forward first")
        return (-1 * self.x**-2 * dy,)


# %% wrong="the sign is lost" of="solution" points={"03_reciprocal_gate-values": 0.25} cause="sign"
# -             raise RuntimeError("ReciprocalGate.backward: call forward first")
# -         y = self.cache
# -         return (-y * y * dy,)
# +             raise RuntimeError("ReciprocalGate: call forward first")
# +         return (self.cache**2 * dy,)

# %% wrong="not squared" of="solution" points={"03_reciprocal_gate-values": 0.25} cause="local derivative wrong"
# -             raise RuntimeError("ReciprocalGate.backward: call forward first")
# -         y = self.cache
# -         return (-y * y * dy,)
# +             raise RuntimeError("ReciprocalGate: call forward first")
# +         return (-self.cache * dy,)

# %% wrong="np.reciprocal cuts integers off" of="solution" points={"03_reciprocal_gate-values": 1.25} says="what forward returns"
# -         self.cache = 1 / x
# +         self.cache = np.reciprocal(x)
# @
# -             raise RuntimeError("ReciprocalGate.backward: call forward first")
# -         y = self.cache
# -         return (-y * y * dy,)
# +             raise RuntimeError("ReciprocalGate: call forward first")
# +         return (-(self.cache**2) * dy,)


# %% wrong="differentiates numerically" points={"03_reciprocal_gate-values": 0.75} says="what backward returns[0] is wrong"
class ReciprocalGate:
    def __init__(self):
        self.cache = None

    def forward(self, x):
        self.cache = x
        return 1 / x

    def backward(self, dy):
        if self.cache is None:
            raise RuntimeError("ReciprocalGate: call forward first")
        x, h = self.cache, 1e-5
        return ((1 / (x + h) - 1 / (x - h)) / (2 * h) * dy,)
