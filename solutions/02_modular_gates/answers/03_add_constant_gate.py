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


# %% wrong="the constant gets a gradient too" points={"03_add_constant_gate-values": 0.25} cause="wrong number of gradients"
class AddConstantGate:
    def __init__(self, c):
        self.c = c
        self.cache = None

    def forward(self, x):
        self.cache = ()
        return x + self.c

    def backward(self, dy):
        if self.cache is None:
            raise RuntimeError("AddConstantGate: call forward first")
        return dy, dy


# %% wrong="adds the constant on the way back as well" points={"03_add_constant_gate-values": 0.25} cause="not proportional to the upstream gradient"
class AddConstantGate:
    def __init__(self, c):
        self.c = c
        self.cache = None

    def forward(self, x):
        self.cache = ()
        return x + self.c

    def backward(self, dy):
        if self.cache is None:
            raise RuntimeError("AddConstantGate: call forward first")
        return (dy + self.c,)


# %% wrong="adds in place" points={"03_add_constant_gate-values": 0.25} cause="mutated argument"
class AddConstantGate:
    def __init__(self, c):
        self.c = c
        self.cache = None

    def forward(self, x):
        self.cache = ()
        x += self.c
        return x

    def backward(self, dy):
        if self.cache is None:
            raise RuntimeError("AddConstantGate: call forward first")
        return (dy,)
