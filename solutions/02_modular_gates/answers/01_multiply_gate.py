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


# %% right="keeps copies in a dict" of="solution"
# ~         self.cache = [-None-]{+{}+}
# ~         self.cache = {+{"x": np.array(+}x, [-y-]{+dtype=float), "y": np.array(y, dtype=float)}+}
# ~         return [-x-]{+self.cache["x"]+} * [-y-]{+self.cache["y"]+}
# ~         if{+ not+} self.cache[- is None-]:
# ~             raise RuntimeError("[-MultiplyGate.backward: call forward-]{+forward comes+} first")
# -         x, y = self.cache
# @
# ~         return [-y-]{+self.cache["y"]+} * dz, [-x-]{+self.cache["x"]+} * dz
# %% wrong="not swapped" of="solution" points={"01_multiply_gate-values": 2} cause="swapped arguments"
# ~         self.cache = {+(+}x, y{+)+}
# ~             raise RuntimeError("MultiplyGate[-.backward-]: call forward first")
# ~         return{+ x * dz,+} y * dz[-, x * dz-]
# %% wrong="ignores the upstream gradient" of="solution" points={"01_multiply_gate-values": 2} cause="upstream gradient ignored"
# ~         self.cache = {+(+}x, y{+)+}
# ~             raise RuntimeError("MultiplyGate[-.backward-]: call forward first")
# ~         return [-y-]{+1.0+} * [-dz, x-]{+y, 1.0+} * [-dz-]{+x+}
# %% wrong="a matrix product" of="solution" points={"01_multiply_gate-values": 2} says="what forward returns should have shape (1,), yours has ()"
# ~         self.cache = {+(+}x, y{+)+}
# ~         return [-x * y-]{+np.dot(x, y)+}
# ~             raise RuntimeError("MultiplyGate[-.backward-]: call forward first")
# %% wrong="uses up what it remembered" of="ignores the upstream gradient" points={"01_multiply_gate-values": 3, "04_protocol-memory": 2.5} cause="mutated argument"
# -         return 1.0 * y, 1.0 * x
# +         y *= dz
# +         return y, x * dz
# %% wrong="scales the upstream gradient in place" of="solution" points={"01_multiply_gate-values": 3} cause="mutated argument"
# ~         self.cache = {+(+}x, y{+)+}
# ~             raise RuntimeError("MultiplyGate[-.backward-]: call forward first")
#           x, y = self.cache
# +         dy = x * dz
# +         dz *= y
# ~         return[- y *-] dz, [-x * dz-]{+dy+}
# %% wrong="remembers its first inputs for ever" of="solution" points={"01_multiply_gate-values": 4, "04_protocol-memory": 2.5} says="backward after a second forward"
# ~         {+if +}self.cache [-= x, y-]{+is None:+}
#       def forward(self, x, y):
#           if self.cache is None:
# +             self.cache = (x, y)
# ~             raise RuntimeError("MultiplyGate[-.backward-]: call forward first")
# %% wrong="one memory for all gates of the class" of="solution" points={"04_protocol-refusal": 1.5} says="MultiplyGate, backward before forward"
# -     def __init__(self):
# -         self.cache = None
# +     cache = None
# ~         [-self-]{+MultiplyGate+}.cache = {+(+}x, y{+)+}
# ~         if [-self-]{+MultiplyGate+}.cache is None:
# ~             raise RuntimeError("MultiplyGate[-.backward-]: call forward first")
# ~         x, y = [-self-]{+MultiplyGate+}.cache
# %% wrong="no refusal, only Python's own error" of="solution" points={"04_protocol-refusal": 1.5} says="TypeError"
# ~         self.cache = {+(+}x, y{+)+}
# -         if self.cache is None:
# -             raise RuntimeError("MultiplyGate.backward: call forward first")
# %% wrong="differentiates numerically" of="scales the upstream gradient in place" points={"01_multiply_gate-values": 3} says="entry [0] of what backward returns is wrong"
#           x, y = self.cache
# +         h = 1e-5
# ~         [-dy-]{+dx+} = [-x-]{+((x + h)+} * [-dz-]{+y - (x - h) * y) / (2 * h)+}
# ~         [-dz *= y-]{+dy = (x * (y + h) - x * (y - h)) / (2 * h)+}
# ~         return{+ dx *+} dz, dy{+ * dz+}
