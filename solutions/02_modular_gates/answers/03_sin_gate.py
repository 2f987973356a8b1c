# %% base="as most write it" of="solution"
# ~             raise RuntimeError("SinGate[-.backward-]: call forward first")
# -         x = self.cache
# @
# ~         return (np.cos([-x)-]{+self.cache+} * dy,)
# %% right="keeps the cosine" of="solution"
# ~         self.[-cache-]{+slope+} = None
# ~         self.[-cache-]{+slope+} = [-x-]{+np.cos(x)+}
# ~         if self.[-cache-]{+slope+} is None:
# ~             raise RuntimeError("SinGate[-.backward-]: call forward first")
# -         x = self.cache
# @
# ~         return ([-np.cos(x)-]{+self.slope+} * dy,)
# %% right="as the imaginary part of an exponential" of="keeps the cosine"
# -     def __init__(self):
# -         self.slope = None
# +     z = None
# ~         self.[-slope-]{+z+} = np.[-cos-]{+exp(1j * np.asarray+}(x){+)+}
# ~         return [-np.sin(x)-]{+self.z.imag+}
# ~         if self.[-slope-]{+z+} is None:
# ~         return (self.[-slope-]{+z.real+} * dy,)
# %% wrong="the derivative of the cosine" of="as most write it" points={"03_sin_gate-values": 0.25} cause="local derivative wrong"
# ~         self.cache = [-x-]{+np.sin(x)+}
# ~         return [-np.sin(x)-]{+self.cache+}
# ~         return ([-np.cos(-]{+-+}self.cache * dy,)
# %% wrong="minus the cosine" of="as most write it" points={"03_sin_gate-values": 0.25} cause="sign"
# ~         return ({+-+}np.cos(self.cache{+)+} * dy,)
# %% wrong="the cosine of the upstream gradient" of="as most write it" points={"03_sin_gate-values": 0.25} cause="not proportional to the upstream gradient"
# ~         return (np.cos(self.cache * dy{+)+},)
# %% wrong="adds to the gradient of the last call" of="solution" warned="2.4" points={"04_protocol-memory": 2.5} says="you add to the first call's gradient"
# ~         self.[-cache-]{+x+} = None
# ~         self.[-cache-]{+x, self.dx+} = x{+, 0.0+}
# ~         if self.[-cache-]{+x+} is None:
# ~             raise RuntimeError("[-SinGate.backward: call -]forward first")
# ~         [-x-]{+self.dx+} = self.[-cache-]{+dx + np.cos(self.x) * dy+}
# ~         return ([-np.cos(x) * dy-]{+self.dx+},)
