# %% right="half to each at a tie"
class MaxGate:
    def __init__(self):
        self.share = None

    def forward(self, x, y):
        self.share = (np.sign(np.subtract(x, y)) + 1) / 2
        return np.where(self.share > 0, x, y)

    def backward(self, dz):
        if self.share is None:
            raise RuntimeError("MaxGate: call forward first")
        return self.share * dz, (1 - self.share) * dz


# %% right="all to y at a tie, with np.where"
class MaxGate:
    def __init__(self):
        self.x = None

    def forward(self, x, y):
        self.x, self.y = x, y
        return np.maximum(x, y)

    def backward(self, dz):
        if self.x is None:
            raise RuntimeError("MaxGate: call forward first")
        mask = self.x > self.y
        return np.where(mask, dz, 0.0), np.where(mask, 0.0, dz)


# %% right="entry by entry, in a loop" of="all to y at a tie, with np.where"
# -         self.x, self.y = x, y
# -         return np.maximum(x, y)
# +         self.x, self.y = np.array(x, dtype=float), np.array(y, dtype=float)
# +         z = np.zeros(self.x.shape)
# +         for index in np.ndindex(z.shape):
# +             z[index] = max(self.x[index], self.y[index])
# +         return z
# @
# -         mask = self.x > self.y
# -         return np.where(mask, dz, 0.0), np.where(mask, 0.0, dz)
# +         dz = np.array(dz, dtype=float)
# +         dx, dy = np.zeros(dz.shape), np.zeros(dz.shape)
# +         for index in np.ndindex(dz.shape):
# +             target = dx if self.x[index] >= self.y[index] else dy
# +             target[index] = dz[index]
# +         return dx, dy

# %% wrong="both get all of it at a tie" of="solution" warned="2.2" points={"02_max_gate-values": 5} cause="tie counted twice"
# -         self.cache = np.greater_equal(x, y)
# +         self.cache = (x, y)
# @
# -             raise RuntimeError("MaxGate.backward: call forward first")
# -         x_wins = self.cache
# -         return x_wins * dz, ~x_wins * dz
# +             raise RuntimeError("MaxGate: call forward first")
# +         x, y = self.cache
# +         return (x >= y) * dz, (y >= x) * dz

# %% wrong="nobody gets anything at a tie" of="solution" warned="2.2" points={"02_max_gate-values": 5} says="MaxGate"
# -         self.cache = np.greater_equal(x, y)
# +         self.cache = (x, y)
# @
# -             raise RuntimeError("MaxGate.backward: call forward first")
# -         x_wins = self.cache
# -         return x_wins * dz, ~x_wins * dz
# +             raise RuntimeError("MaxGate: call forward first")
# +         x, y = self.cache
# +         return (x > y) * dz, (y > x) * dz

# %% wrong="routes by the sign of the upstream gradient" of="solution" points={"02_max_gate-values": 2} cause="mask from the wrong tensor"
# -         self.cache = np.greater_equal(x, y)
# +         self.cache = ()
# @
# -             raise RuntimeError("MaxGate.backward: call forward first")
# -         x_wins = self.cache
# -         return x_wins * dz, ~x_wins * dz
# +             raise RuntimeError("MaxGate: call forward first")
# +         return np.maximum(dz, 0), np.minimum(dz, 0)

# %% wrong="to the smaller input" of="solution" points={"02_max_gate-values": 1} cause="swapped arguments"
# -         self.cache = np.greater_equal(x, y)
# +         self.cache = (x, y)
# @
# -             raise RuntimeError("MaxGate.backward: call forward first")
# -         x_wins = self.cache
# -         return x_wins * dz, ~x_wins * dz
# +             raise RuntimeError("MaxGate: call forward first")
# +         x, y = self.cache
# +         return np.where(x < y, dz, 0.0), np.where(x < y, 0.0, dz)

# %% wrong="both get all of it, always" of="solution" points={"02_max_gate-values": 1} cause="missing mask"
# -         self.cache = np.greater_equal(x, y)
# +         self.cache = ()
# @
# -             raise RuntimeError("MaxGate.backward: call forward first")
# -         x_wins = self.cache
# -         return x_wins * dz, ~x_wins * dz
# +             raise RuntimeError("MaxGate: call forward first")
# +         return dz, dz


# %% wrong="for numbers only" points={"02_max_gate-values": 1, "04_protocol-memory": 2} says="ValueError"
class MaxGate:
    def __init__(self):
        self.cache = None

    def forward(self, x, y):
        self.cache = bool(x >= y)
        return x if x >= y else y

    def backward(self, dz):
        if self.cache is None:
            raise RuntimeError("MaxGate: call forward first")
        return (dz, 0.0) if self.cache else (0.0, dz)


# %% wrong="gradients in arrays of the inputs' dtype: integers cut them off" of="for numbers only" points={"02_max_gate-values": 5} says="what backward returns"
# -         self.cache = bool(x >= y)
# -         return x if x >= y else y
# +         self.cache = (np.asarray(x), np.asarray(y))
# +         return np.maximum(x, y)
# @
# -         return (dz, 0.0) if self.cache else (0.0, dz)
# +         x, y = self.cache
# +         dx, dy = np.zeros_like(x), np.zeros_like(y)
# +         mask = x >= y
# +         dx[mask] = np.asarray(dz)[mask]
# +         dy[~mask] = np.asarray(dz)[~mask]
# +         return dx, dy
