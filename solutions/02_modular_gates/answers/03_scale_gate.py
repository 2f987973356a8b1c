# %% right="np.multiply, and a list" of="solution"
# ~         self.[-a-]{+factor+} = a
# ~         self.[-cache-]{+ran+} = [-None-]{+False+}
# ~         self.[-cache-]{+ran+} = [-()-]{+True+}
# ~         return {+np.multiply(x, +}self.[-a * x-]{+factor)+}
# ~         if {+not +}self.[-cache is None-]{+ran+}:
# ~             raise RuntimeError("ScaleGate[-.backward-]: call forward first")
# ~         return [-(-]{+[np.multiply(dy, +}self.[-a * dy,)-]{+factor)]+}
# %% right="keeps an array of slopes" of="solution"
# ~         self.[-cache-]{+slope+} = None
# ~         self.[-cache-]{+slope+} = [-()-]{+np.full(np.shape(x), float(self.a))+}
# ~         return{+ x *+} self.a[- * x-]
# ~         if self.[-cache-]{+slope+} is None:
# ~             raise RuntimeError("ScaleGate[-.backward-]: call forward first")
# ~         return (self.[-a-]{+slope+} * dy,)
# %% wrong="the constant is forgotten on the way back" of="solution" points={"03_scale_gate-values": 0.25} cause="constant factor"
# ~             raise RuntimeError("ScaleGate[-.backward-]: call forward first")
# ~         return ([-self.a * -]dy,)
# %% wrong="divides on the way back" of="solution" points={"03_scale_gate-values": 0.25} cause="constant factor"
# ~             raise RuntimeError("ScaleGate[-.backward-]: call forward first")
# ~         return ({+dy / +}self.a[- * dy-],)
# %% wrong="times x instead of a" of="solution" points={"03_scale_gate-values": 0.25} cause="local derivative wrong"
# ~         self.cache = [-()-]{+x+}
# ~             raise RuntimeError("ScaleGate[-.backward-]: call forward first")
# ~         return (self.[-a-]{+cache+} * dy,)
