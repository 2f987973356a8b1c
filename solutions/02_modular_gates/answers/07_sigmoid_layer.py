# %% right="lets the gate do the work"
class SigmoidLayer:
    def __init__(self, name):
        self.name, self.params, self.grads = name, {}, {}
        self.gate = SigmoidGate()

    def forward(self, x):
        return self.gate.forward(x)

    def backward(self, dout):
        (dx,) = self.gate.backward(dout)
        return dx


# %% right="a stretched tanh"
class SigmoidLayer:
    def __init__(self, name):
        self.name, self.params, self.grads = name, {}, {}

    def forward(self, x):
        self.t = np.tanh(x / 2)
        return (self.t + 1) / 2

    def backward(self, dout):
        return dout * (1 - self.t) * (1 + self.t) / 4


# %% right="the formula as written" of="a stretched tanh"
# -         self.t = np.tanh(x / 2)
# -         return (self.t + 1) / 2
# +         self.out = 1 / (1 + np.exp(-x))
# +         return self.out
# @
# -         return dout * (1 - self.t) * (1 + self.t) / 4
# +         return dout * self.out * (1 - self.out)

# %% wrong="overflows on the right" of="a stretched tanh" points={"07_sigmoid_layer-values": 0.5} says="every value should be finite"
# -         self.t = np.tanh(x / 2)
# -         return (self.t + 1) / 2
# +         self.out = np.exp(x) / (np.exp(x) + 1)
# +         return self.out
# @
# -         return dout * (1 - self.t) * (1 + self.t) / 4
# +         return dout * self.out * (1 - self.out)

# %% wrong="a tuple, like a gate" of="solution" warned="2.7" points={"07_sigmoid_layer-values": 0.5, "07_net-values": 5} says="dx should be an array of shape (1, 2), not a tuple"
# -         self.name = name
# -         self.params = {}
# -         self.grads = {}
# +         self.name, self.params, self.grads = name, {}, {}
# @
# -         return (1 - self.out) * self.out * dout
# +         return ((1 - self.out) * self.out * dout,)

# %% wrong="ignores the upstream gradient" of="solution" points={"07_sigmoid_layer-values": 1} says="dx is wrong"
# -         self.name = name
# -         self.params = {}
# -         self.grads = {}
# +         self.name, self.params, self.grads = name, {}, {}
# @
# -         return (1 - self.out) * self.out * dout
# +         return (1 - self.out) * self.out

# %% wrong="scales the upstream gradient in place" of="solution" points={"07_sigmoid_layer-values": 1} says="changed its argument `dout` in place"
# -         self.name = name
# -         self.params = {}
# -         self.grads = {}
# +         self.name, self.params, self.grads = name, {}, {}
# @
# -         return (1 - self.out) * self.out * dout
# +         dout *= (1 - self.out) * self.out
# +         return dout
