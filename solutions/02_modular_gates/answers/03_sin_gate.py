# %% right="keeps the cosine"
class SinGate:
    def __init__(self):
        self.slope = None

    def forward(self, x):
        self.slope = np.cos(x)
        return np.sin(x)

    def backward(self, dy):
        if self.slope is None:
            raise RuntimeError("SinGate: call forward first")
        return (self.slope * dy,)


# %% right="as the imaginary part of an exponential"
class SinGate:
    z = None

    def forward(self, x):
        self.z = np.exp(1j * np.asarray(x))
        return self.z.imag

    def backward(self, dy):
        if self.z is None:
            raise RuntimeError("SinGate: call forward first")
        return (self.z.real * dy,)


# %% wrong="the derivative of the cosine" points={"03_sin_gate-values": 0.25} cause="local derivative wrong"
class SinGate:
    def __init__(self):
        self.cache = None

    def forward(self, x):
        self.cache = np.sin(x)
        return self.cache

    def backward(self, dy):
        if self.cache is None:
            raise RuntimeError("SinGate: call forward first")
        return (-self.cache * dy,)


# %% wrong="minus the cosine" of="solution" points={"03_sin_gate-values": 0.25} cause="sign"
# -             raise RuntimeError("SinGate.backward: call forward first")
# -         x = self.cache
# -         return (np.cos(x) * dy,)
# +             raise RuntimeError("SinGate: call forward first")
# +         return (-np.cos(self.cache) * dy,)

# %% wrong="the cosine of the upstream gradient" of="solution" points={"03_sin_gate-values": 0.25} cause="not proportional to the upstream gradient"
# -             raise RuntimeError("SinGate.backward: call forward first")
# -         x = self.cache
# -         return (np.cos(x) * dy,)
# +             raise RuntimeError("SinGate: call forward first")
# +         return (np.cos(self.cache * dy),)


# %% wrong="adds to the gradient of the last call" warned="2.4" points={"04_protocol-memory": 2.5} says="you add to the first call's gradient"
class SinGate:
    def __init__(self):
        self.x = None

    def forward(self, x):
        self.x, self.dx = x, 0.0
        return np.sin(x)

    def backward(self, dy):
        if self.x is None:
            raise RuntimeError("forward first")
        self.dx = self.dx + np.cos(self.x) * dy
        return (self.dx,)
