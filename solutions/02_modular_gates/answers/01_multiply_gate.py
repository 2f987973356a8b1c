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


# %% wrong="not swapped" of="solution" points={"01_multiply_gate-values": 2} cause="swapped arguments"
# -         self.cache = x, y
# +         self.cache = (x, y)
# @
# -             raise RuntimeError("MultiplyGate.backward: call forward first")
# +             raise RuntimeError("MultiplyGate: call forward first")
# @
# -         return y * dz, x * dz
# +         return x * dz, y * dz

# %% wrong="ignores the upstream gradient" of="solution" points={"01_multiply_gate-values": 2} cause="upstream gradient ignored"
# -         self.cache = x, y
# +         self.cache = (x, y)
# @
# -             raise RuntimeError("MultiplyGate.backward: call forward first")
# +             raise RuntimeError("MultiplyGate: call forward first")
# @
# -         return y * dz, x * dz
# +         return 1.0 * y, 1.0 * x

# %% wrong="a matrix product" of="solution" points={"01_multiply_gate-values": 2} says="what forward returns should have shape (1,), yours has ()"
# -         self.cache = x, y
# -         return x * y
# +         self.cache = (x, y)
# +         return np.dot(x, y)
# @
# -             raise RuntimeError("MultiplyGate.backward: call forward first")
# +             raise RuntimeError("MultiplyGate: call forward first")

# %% wrong="uses up what it remembered" of="solution" points={"01_multiply_gate-values": 3, "04_protocol-memory": 2.5} cause="mutated argument"
# -         self.cache = x, y
# +         self.cache = (x, y)
# @
# -             raise RuntimeError("MultiplyGate.backward: call forward first")
# +             raise RuntimeError("MultiplyGate: call forward first")
# @
# -         return y * dz, x * dz
# +         y *= dz
# +         return y, x * dz

# %% wrong="scales the upstream gradient in place" of="solution" points={"01_multiply_gate-values": 3} cause="mutated argument"
# -         self.cache = x, y
# +         self.cache = (x, y)
# @
# -             raise RuntimeError("MultiplyGate.backward: call forward first")
# +             raise RuntimeError("MultiplyGate: call forward first")
# @
# -         return y * dz, x * dz
# +         dy = x * dz
# +         dz *= y
# +         return dz, dy

# %% wrong="remembers its first inputs for ever" of="solution" points={"04_protocol-memory": 2.5} says="backward after a second forward"
# -         self.cache = x, y
# +         if self.cache is None:
# +             self.cache = (x, y)
# @
# -             raise RuntimeError("MultiplyGate.backward: call forward first")
# +             raise RuntimeError("MultiplyGate: call forward first")


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


# %% wrong="no refusal, only Python's own error" of="solution" points={"04_protocol-refusal": 1.5} says="TypeError"
# -         self.cache = x, y
# +         self.cache = (x, y)
# @
# -         if self.cache is None:
# -             raise RuntimeError("MultiplyGate.backward: call forward first")

# %% wrong="differentiates numerically" of="solution" points={"01_multiply_gate-values": 3} says="what backward returns[0] is wrong"
# -         self.cache = x, y
# +         self.cache = (x, y)
# @
# -             raise RuntimeError("MultiplyGate.backward: call forward first")
# +             raise RuntimeError("MultiplyGate: call forward first")
# @
# -         return y * dz, x * dz
# +         h = 1e-5
# +         dx = ((x + h) * y - (x - h) * y) / (2 * h)
# +         dy = (x * (y + h) - x * (y - h)) / (2 * h)
# +         return dx * dz, dy * dz
