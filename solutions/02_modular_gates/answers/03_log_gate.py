# %% right="keeps the local derivative"
class LogGate:
    def __init__(self):
        self.slope = None

    def forward(self, x):
        self.slope = 1 / np.asarray(x)
        return np.log(x)

    def backward(self, dy):
        if self.slope is None:
            raise RuntimeError("LogGate: call forward first")
        return (self.slope * dy,)


# %% right="by the binary logarithm"
class LogGate:
    x = None

    def forward(self, x):
        self.x = np.array(x, dtype=float)
        return np.log2(self.x) * np.log(2)

    def backward(self, dy):
        if self.x is None:
            raise RuntimeError("LogGate: call forward first")
        return (np.divide(dy, self.x),)


# %% wrong="multiplies by x" of="solution" points={"03_log_gate-values": 0.25} cause="local derivative wrong"
# -             raise RuntimeError("LogGate.backward: call forward first")
# -         x = self.cache
# -         return (dy / x,)
# +             raise RuntimeError("LogGate: call forward first")
# +         return (dy * self.cache,)


# %% wrong="divides by the value instead of x" points={"03_log_gate-values": 0.25} cause="local derivative wrong"
class LogGate:
    def __init__(self):
        self.cache = None

    def forward(self, x):
        self.cache = np.log(x)
        return self.cache

    def backward(self, dy):
        if self.cache is None:
            raise RuntimeError("LogGate: call forward first")
        return (dy / self.cache,)


# %% wrong="the logarithm to base 10" of="divides by the value instead of x" points={"03_log_gate-values": 0.5} says="forward(4) is wrong"
# -         self.cache = np.log(x)
# -         return self.cache
# +         self.cache = x
# +         return np.log10(x)

# %% wrong="a small number added to be safe" of="divides by the value instead of x" points={"03_log_gate-values": 0.25} says="what backward returns"
# -         self.cache = np.log(x)
# -         return self.cache
# +         self.cache = x + 1e-8
# +         return np.log(x + 1e-8)
