# %% base="as most write it" of="solution"
# ~         self.cache = [-np.greater_equal-](x, y)
# ~             raise RuntimeError("MaxGate[-.backward-]: call forward first")
# ~         [-x_wins-]{+x, y+} = self.cache
# ~         return [-x_wins-]{+(x >= y)+} * dz, [-~x_wins-]{+(y > x)+} * dz
# %% right="half to each at a tie" of="as most write it"
# ~         self.[-cache-]{+share+} = None
# ~         self.[-cache-]{+share+} = {+(np.sign(np.subtract+}(x, y){+) + 1) / 2+}
# ~         return np.[-maximum(-]{+where(self.share > 0, +}x, y)
# ~         if self.[-cache-]{+share+} is None:
# -         x, y = self.cache
# @
# ~         return [-(x >= y)-]{+self.share+} * dz, ([-y > x-]{+1 - self.share+}) * dz
# %% right="all to y at a tie, with np.where" of="solution"
# ~         self.[-cache-]{+x+} = None
# -         self.cache = np.greater_equal(x, y)
# +         self.x, self.y = x, y
# ~         if self.[-cache-]{+x+} is None:
# ~             raise RuntimeError("MaxGate[-.backward-]: call forward first")
# ~         [-x_wins-]{+mask+} = self.[-cache-]{+x > self.y+}
# -         return x_wins * dz, ~x_wins * dz
# +         return np.where(mask, dz, 0.0), np.where(mask, 0.0, dz)
# %% right="entry by entry, in a loop" of="all to y at a tie, with np.where"
# ~         self.x, self.y = {+np.array(+}x, [-y-]{+dtype=float), np.array(y, dtype=float)+}
# -         return np.maximum(x, y)
# +         z = np.zeros(self.x.shape)
# +         for index in np.ndindex(z.shape):
# +             z[index] = max(self.x[index], self.y[index])
# +         return z
# -         mask = self.x > self.y
# -         return np.where(mask, dz, 0.0), np.where(mask, 0.0, dz)
# +         dz = np.array(dz, dtype=float)
# +         dx, dy = np.zeros(dz.shape), np.zeros(dz.shape)
# +         for index in np.ndindex(dz.shape):
# +             target = dx if self.x[index] >= self.y[index] else dy
# +             target[index] = dz[index]
# +         return dx, dy
# %% wrong="both get all of it at a tie" of="as most write it" warned="2.2" points={"02_max_gate-values": 5} cause="tie counted twice"
# ~         return (x >= y) * dz, (y >{+=+} x) * dz
# %% wrong="nobody gets anything at a tie" of="as most write it" warned="2.2" points={"02_max_gate-values": 5} says="MaxGate"
# ~         return (x >[-=-] y) * dz, (y > x) * dz
# %% wrong="routes by the sign of the upstream gradient" of="both get all of it, always" points={"02_max_gate-values": 2} cause="mask from the wrong tensor"
# ~         return {+np.maximum(+}dz, [-dz-]{+0), np.minimum(dz, 0)+}
# %% wrong="to the smaller input" of="as most write it" points={"02_max_gate-values": 1} cause="swapped arguments"
# -         return (x >= y) * dz, (y > x) * dz
# +         return np.where(x < y, dz, 0.0), np.where(x < y, 0.0, dz)
# %% wrong="both get all of it, always" of="solution" points={"02_max_gate-values": 1} cause="missing mask"
# ~         self.cache = [-np.greater_equal(x, y-]{+(+})
# ~             raise RuntimeError("MaxGate[-.backward-]: call forward first")
# -         x_wins = self.cache
# @
# ~         return[- x_wins *-] dz, [-~x_wins * -]dz
# %% wrong="for numbers only" of="both get all of it, always" points={"02_max_gate-values": 1, "04_protocol-memory": 2} says="ValueError"
# ~         self.cache = [-(-]{+bool(x >= y+})
# -         return np.maximum(x, y)
# +         return x if x >= y else y
# ~         return {+(+}dz, [-dz-]{+0.0) if self.cache else (0.0, dz)+}
# %% wrong="gradients in arrays of the inputs' dtype: integers cut them off" of="as most write it" points={"02_max_gate-values": 5} says="what backward returns"
# ~         self.cache = ([-x, y)-]{+np.asarray(x), np.asarray(y))+}
# -         return (x >= y) * dz, (y > x) * dz
# +         dx, dy = np.zeros_like(x), np.zeros_like(y)
# +         mask = x >= y
# +         dx[mask] = np.asarray(dz)[mask]
# +         dy[~mask] = np.asarray(dz)[~mask]
# +         return dx, dy
# %% wrong="the opposite of a plain True by ~, which is -2" of="solution" warned="2.2" points={"02_max_gate-values": 3} says="backward"
# -         self.cache = np.greater_equal(x, y)
# +         self.cache = x >= y
# %% wrong="the mean of the two, whose gradient is right for a mean" of="both get all of it, always" points={"02_max_gate-values": 0, "04_protocol-refusal": 1.5, "04_protocol-memory": 2} says="what forward returns"
# ~         self.[-cache-]{+ready+} = [-None-]{+False+}
# ~         self.[-cache-]{+ready+} = [-()-]{+True+}
# ~         return [-np.maximum(x,-]{+(x ++} y){+ / 2+}
# ~         if {+not +}self.[-cache is None-]{+ready+}:
# ~             raise RuntimeError("[-MaxGate: -]call forward first")
# ~         return dz{+ / 2+}, dz{+ / 2+}
