# %% right="np.add, and a copy of the gradient" of="times one"
# ~         self.[-c-]{+constant+} = c
# ~         self.[-x-]{+ran+} = [-None-]{+False+}
# ~         self.[-x-]{+ran+} = [-x-]{+True+}
# ~         return {+np.add(x, +}self.[-c + x-]{+constant)+}
# ~         if {+not +}self.[-x is None-]{+ran+}:
# ~         return ([-1.0 * dy-]{+np.copy(dy)+},)
# %% right="times one" of="solution"
# ~         self.[-cache-]{+x+} = None
# ~         self.[-cache-]{+x+} = [-()-]{+x+}
# ~         return[- x +-] self.c{+ + x+}
# ~         if self.[-cache-]{+x+} is None:
# ~             raise RuntimeError("AddConstantGate[-.backward-]: call forward first")
# ~         return ({+1.0 * +}dy,)
# %% wrong="the constant gets a gradient too" of="solution" points={"03_add_constant_gate-values": 0.25} cause="wrong number of gradients"
# ~             raise RuntimeError("AddConstantGate[-.backward-]: call forward first")
# ~         return [-(-]dy,[-)-]{+ dy+}
# %% wrong="adds the constant on the way back as well" of="solution" points={"03_add_constant_gate-values": 0.25} cause="not proportional to the upstream gradient"
# ~             raise RuntimeError("AddConstantGate[-.backward-]: call forward first")
# ~         return (dy{+ + self.c+},)
# %% wrong="adds in place" of="solution" points={"03_add_constant_gate-values": 0.25} cause="mutated argument"
#           self.cache = ()
# +         x += self.c
# ~         return x[- + self.c-]
# ~             raise RuntimeError("AddConstantGate[-.backward-]: call forward first")
