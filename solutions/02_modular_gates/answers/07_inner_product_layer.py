# %% right="by einsum"
class InnerProductLayer:
    def __init__(self, name, W, b):
        self.name, self.params, self.grads = name, {"W": W, "b": b}, {}

    def forward(self, x):
        self.x = x
        return np.einsum("nd,dm->nm", x, self.params["W"]) + self.params["b"]

    def backward(self, dout):
        self.grads["W"] = np.einsum("nd,nm->dm", self.x, dout)
        self.grads["b"] = np.einsum("nm->m", dout)
        return np.einsum("nm,dm->nd", dout, self.params["W"])


# %% right="row by row, in a loop"
class InnerProductLayer:
    def __init__(self, name, W, b):
        self.name = name
        self.params = {"W": W, "b": b}
        self.grads = {}

    def forward(self, x):
        self.x = np.array(x, dtype=float)
        return np.array([row @ self.params["W"] + self.params["b"] for row in self.x])

    def backward(self, dout):
        dx = np.zeros(self.x.shape)
        dW = np.zeros(self.params["W"].shape)
        db = np.zeros(self.params["b"].shape)
        for n, row in enumerate(dout):
            dx[n] = self.params["W"] @ row
            dW += np.outer(self.x[n], row)
            db += row
        self.grads = {"W": dW, "b": db}
        return dx


# %% wrong="the gradient of b has the shape (1, M)" of="by einsum" warned="2.7" points={"07_inner_product_layer-values": 4} says="grads['b'] should have shape (3,), yours has (1, 3)"
# -         return np.einsum("nd,dm->nm", x, self.params["W"]) + self.params["b"]
# +         return x @ self.params["W"] + self.params["b"]
# @
# -         self.grads["W"] = np.einsum("nd,nm->dm", self.x, dout)
# -         self.grads["b"] = np.einsum("nm->m", dout)
# -         return np.einsum("nm,dm->nd", dout, self.params["W"])
# +         self.grads = {"W": self.x.T @ dout, "b": dout.sum(axis=0, keepdims=True)}
# +         return dout @ self.params["W"].T

# %% wrong="the gradient of b is not summed" of="by einsum" warned="2.7" points={"07_inner_product_layer-values": 4} says="grads['b'] should have shape (3,), yours has (1, 3)"
# -         return np.einsum("nd,dm->nm", x, self.params["W"]) + self.params["b"]
# +         return x @ self.params["W"] + self.params["b"]
# @
# -         self.grads["W"] = np.einsum("nd,nm->dm", self.x, dout)
# -         self.grads["b"] = np.einsum("nm->m", dout)
# -         return np.einsum("nm,dm->nd", dout, self.params["W"])
# +         self.grads = {"W": self.x.T @ dout, "b": dout}
# +         return dout @ self.params["W"].T

# %% wrong="the gradient of b summed along the wrong axis" of="by einsum" points={"07_inner_product_layer-values": 4} says="grads['b'] should have shape (3,), yours has (1,)"
# -         return np.einsum("nd,dm->nm", x, self.params["W"]) + self.params["b"]
# +         return x @ self.params["W"] + self.params["b"]
# @
# -         self.grads["W"] = np.einsum("nd,nm->dm", self.x, dout)
# -         self.grads["b"] = np.einsum("nm->m", dout)
# -         return np.einsum("nm,dm->nd", dout, self.params["W"])
# +         self.grads = {"W": self.x.T @ dout, "b": dout.sum(axis=1)}
# +         return dout @ self.params["W"].T

# %% wrong="the gradient of W is transposed" of="by einsum" points={"07_inner_product_layer-values": 4} says="grads['W'] should have shape (2, 3), yours has (3, 2)"
# -         return np.einsum("nd,dm->nm", x, self.params["W"]) + self.params["b"]
# +         return x @ self.params["W"] + self.params["b"]
# @
# -         self.grads["W"] = np.einsum("nd,nm->dm", self.x, dout)
# -         self.grads["b"] = np.einsum("nm->m", dout)
# -         return np.einsum("nm,dm->nd", dout, self.params["W"])
# +         self.grads = {"W": dout.T @ self.x, "b": dout.sum(axis=0)}
# +         return dout @ self.params["W"].T

# %% wrong="averages over the batch" of="by einsum" points={"07_inner_product_layer-values": 4} says="grads for N = 5['W'] is wrong"
# -         return np.einsum("nd,dm->nm", x, self.params["W"]) + self.params["b"]
# +         return x @ self.params["W"] + self.params["b"]
# @
# -         self.grads["W"] = np.einsum("nd,nm->dm", self.x, dout)
# -         self.grads["b"] = np.einsum("nm->m", dout)
# -         return np.einsum("nm,dm->nd", dout, self.params["W"])
# +         self.grads = {"W": self.x.T @ dout / len(dout), "b": dout.mean(axis=0)}
# +         return dout @ self.params["W"].T


# %% wrong="adds to the gradients of the last call" warned="2.7" points={"07_inner_product_layer-values": 6} says="grads['W'] is wrong"
class InnerProductLayer:
    def __init__(self, name, W, b):
        self.name, self.params = name, {"W": W, "b": b}
        self.grads = {"W": np.zeros_like(W), "b": np.zeros_like(b)}

    def forward(self, x):
        self.x = x
        return x @ self.params["W"] + self.params["b"]

    def backward(self, dout):
        self.grads["W"] = self.grads["W"] + self.x.T @ dout
        self.grads["b"] = self.grads["b"] + dout.sum(axis=0)
        return dout @ self.params["W"].T


# %% wrong="the bias is forgotten on the way forward" of="by einsum" points={"07_inner_product_layer-values": 5} says="out is wrong"
# -         return np.einsum("nd,dm->nm", x, self.params["W"]) + self.params["b"]
# +         return x @ self.params["W"]
# @
# -         self.grads["W"] = np.einsum("nd,nm->dm", self.x, dout)
# -         self.grads["b"] = np.einsum("nm->m", dout)
# -         return np.einsum("nm,dm->nd", dout, self.params["W"])
# +         self.grads = {"W": self.x.T @ dout, "b": dout.sum(axis=0)}
# +         return dout @ self.params["W"].T

# %% wrong="gradients under other names" of="adds to the gradients of the last call" points={"07_inner_product_layer-values": 3, "07_net-values": 5} says="grads has no key 'W'; its keys are 'dW', 'db'"
# -         self.name, self.params = name, {"W": W, "b": b}
# -         self.grads = {"W": np.zeros_like(W), "b": np.zeros_like(b)}
# +         self.name, self.params, self.grads = name, {"W": W, "b": b}, {}
# @
# -         self.grads["W"] = self.grads["W"] + self.x.T @ dout
# -         self.grads["b"] = self.grads["b"] + dout.sum(axis=0)
# +         self.grads = {"dW": self.x.T @ dout, "db": dout.sum(axis=0)}

# %% wrong="dx is not returned" of="by einsum" points={"07_inner_product_layer-values": 4, "07_net-values": 5} says="dx should be an array of shape (1, 2), not None"
# -         return np.einsum("nd,dm->nm", x, self.params["W"]) + self.params["b"]
# +         return x @ self.params["W"] + self.params["b"]
# @
# -         self.grads["W"] = np.einsum("nd,nm->dm", self.x, dout)
# -         self.grads["b"] = np.einsum("nm->m", dout)
# -         return np.einsum("nm,dm->nd", dout, self.params["W"])
# +         self.grads = {"W": self.x.T @ dout, "b": dout.sum(axis=0)}
