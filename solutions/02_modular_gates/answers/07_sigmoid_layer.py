# %% right="lets the gate do the work" of="the formula as written"
#           self.name, self.params, self.grads = name, {}, {}
# +         self.gate = SigmoidGate()
# -         self.out = 1 / (1 + np.exp(-x))
# @
# ~         return self.[-out-]{+gate.forward(x)+}
# -         return dout * self.out * (1 - self.out)
# +         (dx,) = self.gate.backward(dout)
# +         return dx
# %% right="a stretched tanh" of="the formula as written"
# -         self.out = 1 / (1 + np.exp(-x))
# +         self.t = np.tanh(x / 2)
# ~         return {+(+}self.[-out-]{+t + 1) / 2+}
# ~         return dout[- * self.out-] * (1 - self.[-out)-]{+t) * (1 + self.t) / 4+}
# %% right="the formula as written" of="solution"
# -         self.name = name
# -         self.params = {}
# @
# ~         {+self.name, self.params, +}self.grads = [-{}-]{+name, {}, {}+}
# ~         self.out = {+1 / (1 + +}np.exp(-[-np.logaddexp(0.0, --]x))
# ~         return{+ dout * self.out *+} (1 - self.out)[- * self.out * dout-]
# %% wrong="overflows on the right" of="the formula as written" points={"07_sigmoid_layer-values": 0.5} says="every value should be finite"
# ~         self.out = [-1-]{+np.exp(x)+} / ([-1 + -]np.exp([--x)-]{+x) + 1+})
# %% wrong="a tuple, like a gate" of="ignores the upstream gradient" warned="2.7" points={"07_sigmoid_layer-values": 0.5, "07_net-values": 5} says="dx should be an array of shape (1, 2), not a tuple"
# ~         return {+(+}(1 - self.out) * self.out{+ * dout,)+}
# %% wrong="ignores the upstream gradient" of="solution" points={"07_sigmoid_layer-values": 1} says="dx is wrong"
# -         self.name = name
# -         self.params = {}
# @
# ~         {+self.name, self.params, +}self.grads = [-{}-]{+name, {}, {}+}
# ~         return (1 - self.out) * self.out[- * dout-]
# %% wrong="scales the upstream gradient in place" of="ignores the upstream gradient" points={"07_sigmoid_layer-values": 1} says="changed its argument `dout` in place"
# ~         [-return-]{+dout *=+} (1 - self.out) * self.out
#           dout *= (1 - self.out) * self.out
# +         return dout
