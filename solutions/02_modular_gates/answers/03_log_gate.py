# %% base="as most write it" of="solution"
# ~             raise RuntimeError("LogGate[-.backward-]: call forward first")
# -         x = self.cache
# @
# ~         return (dy / [-x-]{+self.cache+},)
# %% right="keeps the local derivative" of="as most write it"
# ~         self.[-cache-]{+slope+} = None
# ~         self.[-cache-]{+slope+} = [-x-]{+1 / np.asarray(x)+}
# ~         if self.[-cache-]{+slope+} is None:
# ~         return ([-dy / -]self.[-cache-]{+slope * dy+},)
# %% right="by the binary logarithm" of="as most write it"
# -     def __init__(self):
# -         self.cache = None
# +     x = None
# ~         self.[-cache-]{+x+} = [-x-]{+np.array(x, dtype=float)+}
# ~         return np.{+log2(self.x) * np.+}log([-x-]{+2+})
# ~         if self.[-cache-]{+x+} is None:
# ~         return ([-dy /-]{+np.divide(dy,+} self.[-cache-]{+x)+},)
# %% wrong="multiplies by x" of="as most write it" points={"03_log_gate-values": 0.25} cause="local derivative wrong"
# ~         return (dy [-/-]{+*+} self.cache,)
# %% wrong="divides by the value instead of x" of="as most write it" points={"03_log_gate-values": 0.25} cause="local derivative wrong"
# ~         self.cache = [-x-]{+np.log(x)+}
# ~         return [-np.log(x)-]{+self.cache+}
# %% wrong="the logarithm to base 10" of="as most write it" points={"03_log_gate-values": 0.5} says="forward(4) is wrong"
# ~         return np.[-log-]{+log10+}(x)
# %% wrong="a small number added to be safe" of="as most write it" points={"03_log_gate-values": 0.25} says="what backward returns"
# ~         self.cache = x{+ + 1e-8+}
# ~         return np.log(x{+ + 1e-8+})
