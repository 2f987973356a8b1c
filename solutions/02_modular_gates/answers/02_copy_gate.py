# %% right="the builtin sum" of="solution"
# ~         self.[-cache-]{+ran+} = [-None-]{+False+}
# ~         self.[-cache-]{+ran+} = [-()-]{+True+}
# ~         return [-(x,) * -]{+tuple(x for _ in range(+}self.n{+))+}
# ~         if {+not +}self.[-cache is None-]{+ran+}:
# ~             raise RuntimeError("CopyGate[-.backward-]: call forward first")
# -         total = dys[0]
# -         for dy in dys[1:]:
# -             total = total + dy
# @
# ~         return ([-total-]{+sum(dys)+},)
# %% right="stacked and summed, as lists" of="the builtin sum"
# ~         self.[-ran-]{+x+} = [-False-]{+None+}
# ~         self.[-ran-]{+x+} = [-True-]{+x+}
# ~         return [-tuple(x-]{+[np.array(x)+} for _ in range(self.n)[-)-]{+]+}
# ~         if [-not -]self.[-ran-]{+x is None+}:
# ~         return [-(sum-]{+[np.sum(np.stack+}(dys),[-)-]{+ axis=0)]+}
# %% wrong="only the last copy counts" of="sums over the entries too" warned="2.2" points={"02_copy_gate-values": 1} cause="overwritten"
#               raise RuntimeError("CopyGate: call forward first")
# +         for dy in dys:
# +             dx = dy
# ~         return ([-np.sum(dys)-]{+dx+},)
# %% wrong="adds in place" of="solution" warned="2.2" points={"02_copy_gate-values": 2} cause="mutated argument"
# ~             raise RuntimeError("CopyGate[-.backward-]: call forward first")
# ~         [-total-]{+dx+} = dys[0]
# -             total = total + dy
# +             dx += dy
# ~         return ([-total-]{+dx+},)
# %% wrong="the mean of the gradients" of="sums over the entries too" points={"02_copy_gate-values": 1} cause="scale by N"
# ~         return ([-np.-]sum(dys){+ / self.n+},)
# %% wrong="sums over the entries too" of="solution" points={"02_copy_gate-values": 2} cause="wrong shape"
# ~             raise RuntimeError("CopyGate[-.backward-]: call forward first")
# -         total = dys[0]
# -         for dy in dys[1:]:
# -             total = total + dy
# @
# ~         return ([-total-]{+np.sum(dys)+},)
# %% wrong="always two copies" of="sums over the entries too" points={"02_copy_gate-values": 1} says="what forward returns should be one value, in a tuple"
# -         self.n = n
# @
# ~         return [-(x,) * self.n-]{+x, x+}
# ~         return ([-np.sum(-]dys[-)-]{+[0] + dys[1]+},)
# %% wrong="a bare gradient, not a tuple" of="sums over the entries too" points={"02_copy_gate-values": 1} says="should be a tuple: (dx,)"
# ~         return [-(np.-]sum(dys)[-,)-]
# %% wrong="answers before forward" of="the builtin sum" points={"04_protocol-refusal": 1.5} says="CopyGate, backward before forward: expected RuntimeError"
# -         self.ran = False
# @
# ~         {+return (x,) * +}self.[-ran = True-]{+n+}
# -         return tuple(x for _ in range(self.n))
# @
# -         if not self.ran:
# -             raise RuntimeError("CopyGate: call forward first")
