# %% base="as most write it" of="solution"
# -         self.name = name
# -         self.params = {"W": W, "b": b}
# @
# ~         {+self.name, self.params, +}self.grads = {+name, {"W": W, "b": b}, +}{}
# ~         self.[-cache-]{+x+} = x
# -         x = self.cache
# @
# ~         self.grads = {"W": {+self.+}x.T @ dout, "b": dout.sum(axis=0)}
# %% right="by einsum" of="as most write it"
# ~         return [-x @-]{+np.einsum("nd,dm->nm", x,+} self.params["W"]{+)+} + self.params["b"]
# -         self.grads = {"W": self.x.T @ dout, "b": dout.sum(axis=0)}
# +         self.grads["W"] = np.einsum("nd,nm->dm", self.x, dout)
# +         self.grads["b"] = np.einsum("nm->m", dout)
# ~         return {+np.einsum("nm,dm->nd", +}dout[- @-]{+,+} self.params["W"][-.T-]{+)+}
# %% right="row by row, in a loop" of="solution"
# ~         self.[-cache-]{+x+} = [-x-]{+np.array(x, dtype=float)+}
# ~         return [-x-]{+np.array([row+} @ self.params["W"] + self.params["b"]{+ for row in self.x])+}
#       def backward(self, dout):
# +         dx = np.zeros(self.x.shape)
# +         dW = np.zeros(self.params["W"].shape)
# ~         [-x-]{+db+} = {+np.zeros(+}self.[-cache-]{+params["b"].shape)+}
#           db = np.zeros(self.params["b"].shape)
# +         for n, row in enumerate(dout):
# +             dx[n] = self.params["W"] @ row
# +             dW += np.outer(self.x[n], row)
# +             db += row
# ~         self.grads = {"W": [-x.T @ dout-]{+dW+}, "b": [-dout.sum(axis=0)-]{+db+}}
# -         return dout @ self.params["W"].T
# +         return dx
# %% wrong="the gradient of b has the shape (1, M)" of="as most write it" warned="2.7" points={"07_inner_product_layer-values": 4} says="grads['b'] should have shape (3,), yours has (1, 3)"
# ~         self.grads = {"W": self.x.T @ dout, "b": dout.sum(axis=0{+, keepdims=True+})}
# %% wrong="the gradient of b is not summed" of="as most write it" warned="2.7" points={"07_inner_product_layer-values": 4} says="grads['b'] should have shape (3,), yours has (1, 3)"
# ~         self.grads = {"W": self.x.T @ dout, "b": dout[-.sum(axis=0)-]}
# %% wrong="the gradient of b summed along the wrong axis" of="as most write it" points={"07_inner_product_layer-values": 4} says="grads['b'] should have shape (3,), yours has (1,)"
# ~         self.grads = {"W": self.x.T @ dout, "b": dout.sum(axis=[-0-]{+1+})}
# %% wrong="the gradient of W is transposed" of="as most write it" points={"07_inner_product_layer-values": 4} says="grads['W'] should have shape (2, 3), yours has (3, 2)"
# ~         self.grads = {"W": [-self.x-]{+dout+}.T @ [-dout-]{+self.x+}, "b": dout.sum(axis=0)}
# %% wrong="averages over the batch" of="as most write it" points={"07_inner_product_layer-values": 4} says="entry ['W'] of grads for N = 5 is wrong"
# ~         self.grads = {"W": self.x.T @ dout{+ / len(dout)+}, "b": dout.[-sum-]{+mean+}(axis=0)}
# %% wrong="adds to the gradients of the last call" of="as most write it" warned="2.7" points={"07_inner_product_layer-values": 6} says="grads['W'] is wrong"
# ~         self.name, self.params[-, self.grads-] = name, {"W": W, "b": b}[-, {}-]
#           self.name, self.params = name, {"W": W, "b": b}
# +         self.grads = {"W": np.zeros_like(W), "b": np.zeros_like(b)}
# -         self.grads = {"W": self.x.T @ dout, "b": dout.sum(axis=0)}
# +         self.grads["W"] = self.grads["W"] + self.x.T @ dout
# +         self.grads["b"] = self.grads["b"] + dout.sum(axis=0)
# %% wrong="the bias is forgotten on the way forward" of="as most write it" points={"07_inner_product_layer-values": 5} says="out is wrong"
# ~         return x @ self.params["W"][- + self.params["b"]-]
# %% wrong="gradients under other names" of="as most write it" points={"07_inner_product_layer-values": 3, "07_net-values": 5} says="grads has no key 'W'; its keys are 'dW', 'db'"
# ~         self.grads = {"[-W-]{+dW+}": self.x.T @ dout, "[-b-]{+db+}": dout.sum(axis=0)}
# %% wrong="dx is not returned" of="as most write it" points={"07_inner_product_layer-values": 4, "07_net-values": 5} says="dx should be an array of shape (1, 2), not None"
# -         return dout @ self.params["W"].T
