# %% right="keeps x" of="solution"
# ~         self.[-cache-]{+x+} = None
# ~         self.[-cache-]{+x+} = [-1 / -]x
# ~         return [-self.cache-]{+1.0 / x+}
# ~         if self.[-cache-]{+x+} is None:
# ~             raise RuntimeError("ReciprocalGate[-.backward-]: call forward first")
# -         y = self.cache
# @
# ~         return (-[-y-]{+dy / (self.x+} * [-y * dy-]{+self.x)+},)
# %% right="by a power" of="keeps x"
# -     def __init__(self):
# -         self.x = None
# +     x = None
# ~         self.x = [-x-]{+np.array(x, dtype=float)+}
# ~         return [-1.0 / x-]{+self.x**-1+}
# ~         return (-[-dy / (self.x-]{+1+} * self.x[-)-]{+**-2 * dy+},)
# %% wrong="the sign is lost" of="not squared" points={"03_reciprocal_gate-values": 0.25} cause="sign"
# ~         return ([---]self.cache{+**2+} * dy,)
# %% wrong="not squared" of="solution" points={"03_reciprocal_gate-values": 0.25} cause="local derivative wrong"
# ~             raise RuntimeError("ReciprocalGate[-.backward-]: call forward first")
# -         y = self.cache
# @
# ~         return (-[-y * y-]{+self.cache+} * dy,)
# %% wrong="np.reciprocal cuts integers off" of="not squared" warned="2.3" points={"03_reciprocal_gate-values": 1.25} says="what forward returns"
# ~         self.cache = [-1 / x-]{+np.reciprocal(x)+}
# ~         return (-{+(+}self.cache{+**2)+} * dy,)
# %% wrong="differentiates numerically" of="solution" points={"03_reciprocal_gate-values": 0.75} says="entry [0] of what backward returns is wrong"
# ~         self.cache = [-1 / -]x
# ~         return [-self.cache-]{+1 / x+}
# ~             raise RuntimeError("ReciprocalGate[-.backward-]: call forward first")
# ~         [-y-]{+x, h+} = self.cache{+, 1e-5+}
# ~         return ([--y-]{+(1 / (x + h) - 1 / (x - h)) / (2+} * [-y-]{+h)+} * dy,)
