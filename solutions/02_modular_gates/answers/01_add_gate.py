# %% right="a flag for having run, gradients as copies" of="solution"
# ~         self.[-cache-]{+ran+} = [-None-]{+False+}
# ~         self.[-cache-]{+ran+} = [-()-]{+True+}
# ~         return [-x + y-]{+np.add(x, y)+}
# ~         if {+not +}self.[-cache is None-]{+ran+}:
# ~             raise RuntimeError("[-AddGate.backward: -]call forward first")
# ~         return{+ 1.0 *+} dz, {+1.0 * +}dz
# %% right="remembers both inputs all the same, and returns a list" of="solution"
# ~         self.[-cache-]{+inputs+} = [-None-]{+[]+}
# ~         self.[-cache-]{+inputs+} = [-()-]{+[x, y]+}
# ~         if {+not +}self.[-cache is None-]{+inputs+}:
# -             raise RuntimeError("AddGate.backward: call forward first")
# +             raise RuntimeError(f"{type(self).__name__} has not run forward")
# ~         return [-dz, dz-]{+[dz for _ in self.inputs]+}
# %% wrong="ignores the upstream gradient" of="solution" points={"01_add_gate-values": 1} cause="upstream gradient ignored"
# ~         self.cache = [-(-]{+np.shape(x+})
# ~             raise RuntimeError("AddGate[-.backward-]: call forward first")
# ~         return [-dz, dz-]{+np.ones(self.cache), np.ones(self.cache)+}
# %% wrong="the gradients of a product" of="one gradient instead of two" points={"01_add_gate-values": 1} says="entry [0] of what backward returns is wrong"
# ~         self.cache = ({+x, y+})
#               raise RuntimeError("AddGate: call forward first")
# +         x, y = self.cache
# ~         return [-dz-]{+y * dz, x * dz+}
# %% wrong="answers before forward" points={"04_protocol-refusal": 1.5} says="AddGate, backward before forward: expected RuntimeError"
class AddGate:
    def forward(self, x, y):
        return x + y

    def backward(self, dz):
        return dz, dz


# %% wrong="splits the gradient" of="solution" points={"01_add_gate-values": 1} cause="factor 2"
# ~             raise RuntimeError("AddGate[-.backward-]: call forward first")
# ~         return dz{+ / 2+}, dz{+ / 2+}
# %% wrong="one gradient instead of two" of="solution" points={"01_add_gate-values": 1} cause="wrong number of gradients"
# ~             raise RuntimeError("AddGate[-.backward-]: call forward first")
# ~         return dz[-, dz-]
