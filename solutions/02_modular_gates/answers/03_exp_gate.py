# %% base="as most write it" of="solution"
# ~             raise RuntimeError("ExpGate[-.backward-]: call forward first")
# -         y = self.cache
# @
# ~         return ([-y-]{+self.cache+} * dy,)
# %% right="computes the value again" of="as most write it"
# ~         self.[-cache-]{+x+} = None
# ~         self.[-cache-]{+x+} = [-np.exp(x)-]{+x+}
# ~         return [-self.cache-]{+np.exp(x)+}
# ~         if self.[-cache-]{+x+} is None:
# ~         return ({+np.exp(+}self.[-cache-]{+x)+} * dy,)
# %% right="a power of e, in a list" of="as most write it"
# -     def __init__(self):
# -         self.cache = None
# +     y = None
# ~         self.[-cache-]{+y+} = np.[-exp(x)-]{+e**x+}
# ~         return self.[-cache-]{+y+}
# ~         if self.[-cache-]{+y+} is None:
# ~         return [-(self.cache-]{+[dy+} * [-dy,)-]{+self.y]+}
# %% wrong="times x instead of its value" of="as most write it" points={"03_exp_gate-values": 0.25} cause="local derivative wrong"
# ~         self.cache = [-np.exp(x)-]{+x+}
# ~         return [-self.cache-]{+np.exp(x)+}
# %% wrong="a bare gradient, not a tuple" of="as most write it" warned="2.3" points={"03_exp_gate-values": 0.25} says="should be a tuple: (dx,)"
# ~         return [-(-]self.cache * dy[-,)-]
# %% wrong="computed in float32" of="as most write it" points={"03_exp_gate-values": 0.5} says="what forward returns is wrong"
# ~         self.cache = np.exp([-x)-]{+np.asarray(x, dtype=np.float32))+}
# %% wrong="math.exp takes numbers only" of="as most write it" points={"03_exp_gate-values": 0.5, "04_protocol-memory": 2} says="TypeError"
# - class ExpGate:
# + import math
# +
# +
# + class ExpGate:
# ~         self.cache = [-np-]{+math+}.exp(x)
