# %% right="keeps the inputs as attributes"
class MultiplyGate:
    x = y = None

    def forward(self, x, y):
        self.x, self.y = x, y
        return np.multiply(x, y)

    def backward(self, dz):
        if self.x is None:
            raise RuntimeError("forward comes first")
        dx = dz * self.y
        dy = dz * self.x
        return dx, dy


# %% right="keeps copies in a dict"
class MultiplyGate:
    def __init__(self):
        self.cache = {}

    def forward(self, x, y):
        self.cache = {"x": np.array(x, dtype=float), "y": np.array(y, dtype=float)}
        return self.cache["x"] * self.cache["y"]

    def backward(self, dz):
        if not self.cache:
            raise RuntimeError("forward comes first")
        return self.cache["y"] * dz, self.cache["x"] * dz


# %% wrong="not swapped" points={"01_multiply_gate-values": 2} cause="swapped arguments"
class MultiplyGate:
    def __init__(self):
        self.cache = None

    def forward(self, x, y):
        self.cache = (x, y)
        return x * y

    def backward(self, dz):
        if self.cache is None:
            raise RuntimeError("MultiplyGate: call forward first")
        x, y = self.cache
        return x * dz, y * dz


# %% wrong="ignores the upstream gradient" points={"01_multiply_gate-values": 2} cause="upstream gradient ignored"
class MultiplyGate:
    def __init__(self):
        self.cache = None

    def forward(self, x, y):
        self.cache = (x, y)
        return x * y

    def backward(self, dz):
        if self.cache is None:
            raise RuntimeError("MultiplyGate: call forward first")
        x, y = self.cache
        return 1.0 * y, 1.0 * x


# %% wrong="a matrix product" points={"01_multiply_gate-values": 2} says="what forward returns should have shape (1,), yours has ()"
class MultiplyGate:
    def __init__(self):
        self.cache = None

    def forward(self, x, y):
        self.cache = (x, y)
        return np.dot(x, y)

    def backward(self, dz):
        if self.cache is None:
            raise RuntimeError("MultiplyGate: call forward first")
        x, y = self.cache
        return y * dz, x * dz


# %% wrong="uses up what it remembered" points={"01_multiply_gate-values": 3, "04_protocol-memory": 2.5} cause="mutated argument"
class MultiplyGate:
    def __init__(self):
        self.cache = None

    def forward(self, x, y):
        self.cache = (x, y)
        return x * y

    def backward(self, dz):
        if self.cache is None:
            raise RuntimeError("MultiplyGate: call forward first")
        x, y = self.cache
        y *= dz
        return y, x * dz


# %% wrong="scales the upstream gradient in place" points={"01_multiply_gate-values": 3} cause="mutated argument"
class MultiplyGate:
    def __init__(self):
        self.cache = None

    def forward(self, x, y):
        self.cache = (x, y)
        return x * y

    def backward(self, dz):
        if self.cache is None:
            raise RuntimeError("MultiplyGate: call forward first")
        x, y = self.cache
        dy = x * dz
        dz *= y
        return dz, dy


# %% wrong="remembers its first inputs for ever" points={"04_protocol-memory": 2.5} says="backward after a second forward"
class MultiplyGate:
    def __init__(self):
        self.cache = None

    def forward(self, x, y):
        if self.cache is None:
            self.cache = (x, y)
        return x * y

    def backward(self, dz):
        if self.cache is None:
            raise RuntimeError("MultiplyGate: call forward first")
        x, y = self.cache
        return y * dz, x * dz


# %% wrong="one memory for all gates of the class" points={"04_protocol-refusal": 1.5} says="MultiplyGate, backward before forward"
class MultiplyGate:
    cache = None

    def forward(self, x, y):
        MultiplyGate.cache = (x, y)
        return x * y

    def backward(self, dz):
        if MultiplyGate.cache is None:
            raise RuntimeError("MultiplyGate: call forward first")
        x, y = MultiplyGate.cache
        return y * dz, x * dz


# %% wrong="no refusal, only Python's own error" points={"04_protocol-refusal": 1.5} says="TypeError"
class MultiplyGate:
    def __init__(self):
        self.cache = None

    def forward(self, x, y):
        self.cache = (x, y)
        return x * y

    def backward(self, dz):
        x, y = self.cache
        return y * dz, x * dz


# %% wrong="differentiates numerically" points={"01_multiply_gate-values": 3} says="what backward returns[0] is wrong"
class MultiplyGate:
    def __init__(self):
        self.cache = None

    def forward(self, x, y):
        self.cache = (x, y)
        return x * y

    def backward(self, dz):
        if self.cache is None:
            raise RuntimeError("MultiplyGate: call forward first")
        x, y = self.cache
        h = 1e-5
        dx = ((x + h) * y - (x - h) * y) / (2 * h)
        dy = (x * (y + h) - x * (y - h)) / (2 * h)
        return dx * dz, dy * dz
