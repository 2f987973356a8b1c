"""Assignment 2, written otherwise."""

from slips.slip import Slip, slip, written
from slips.words import FACTOR, LOCAL, PATH, SCALE, UPSTREAM

SWAP = f"swapped arguments, {LOCAL}"

MULTIPLY = """
class MultiplyGate:
    def __init__(self):
        self.x = self.y = None

    def forward(self, x, y):
        self.x, self.y = x, y
        return np.multiply(x, y)

    def backward(self, dz):
        if self.x is None:
            raise RuntimeError("MultiplyGate.backward: call forward first")
        dx = np.multiply(dz, self.y)
        dy = np.multiply(dz, self.x)
        return dx, dy
"""

MAX = """
class MaxGate:
    def __init__(self):
        self.inputs = None

    def forward(self, x, y):
        self.inputs = (x, y)
        return np.where(x >= y, x, y)

    def backward(self, dz):
        if self.inputs is None:
            raise RuntimeError("MaxGate.backward: call forward first")
        x, y = self.inputs
        dx = np.where(x >= y, dz, 0)
        dy = np.where(x >= y, 0, dz)
        return dx, dy
"""

COPY = """
class CopyGate:
    def __init__(self, n):
        self.n = n
        self.ran = False

    def forward(self, x):
        self.ran = True
        return tuple(x for _ in range(self.n))

    def backward(self, *dys):
        if not self.ran:
            raise RuntimeError("CopyGate.backward: call forward first")
        return (np.sum(dys, axis=0),)
"""

RECIPROCAL = """
class ReciprocalGate:
    def __init__(self):
        self.x = None

    def forward(self, x):
        self.x = x
        return 1 / x

    def backward(self, dy):
        if self.x is None:
            raise RuntimeError("ReciprocalGate.backward: call forward first")
        slope = -1 / np.square(self.x)
        return (dy * slope,)
"""

SIGMOID = """
def logistic(x):
    return np.exp(-np.logaddexp(0, -x))


class SigmoidGate:
    def __init__(self):
        self.x = None

    def forward(self, x):
        self.x = x
        return logistic(x)

    def backward(self, dy):
        if self.x is None:
            raise RuntimeError("SigmoidGate.backward: call forward first")
        s = logistic(self.x)
        slope = s * logistic(-self.x)
        return (dy * slope,)
"""

LAYER = """
class InnerProductLayer:
    def __init__(self, name, W, b):
        self.name = name
        self.params = {"W": W, "b": b}
        self.grads = {}

    def forward(self, x):
        self.x = x
        return np.dot(x, self.params["W"]) + self.params["b"]

    def backward(self, dout):
        W = self.params["W"]
        dW = np.zeros(W.shape)
        db = np.zeros(W.shape[1])
        dx = np.zeros(self.x.shape)
        for i in range(len(self.x)):
            dW += np.outer(self.x[i], dout[i])
            db += dout[i]
            dx[i] = W @ dout[i]
        self.grads = {"W": dW, "b": db}
        return dx
"""

SOFTMAX = """
class SoftmaxLossLayer:
    def __init__(self, name):
        self.name = name
        self.params, self.grads = {}, {}

    def forward(self, x, y):
        exps = np.exp(x - x.max(axis=1, keepdims=True))
        self.probs = exps / exps.sum(axis=1, keepdims=True)
        self.target = np.zeros(x.shape)
        self.target[np.arange(len(y)), y] = 1
        top = x.max(axis=1, keepdims=True)
        log_total = np.log(exps.sum(axis=1)) + top[:, 0]
        return np.mean(log_total - x[np.arange(len(y)), y])

    def backward(self, dloss=1.0):
        n = len(self.probs)
        dx = (self.probs - self.target) / n
        return dloss * dx
"""

SLIPS: dict[str, list[Slip]] = {
    "01_multiply_gate": written(
        MULTIPLY,
        slip("its own side", "np.multiply(dz, self.y)", "np.multiply(dz, self.x)", SWAP),
        slip("dx where dz belongs", "np.multiply(dz, self.x)", "np.multiply(dx, self.x)", LOCAL),
        slip(
            "kept in the other order",
            "self.x, self.y = x, y",
            "self.y, self.x = x, y",
            SWAP,
            lines=("dx = np.multiply(dz, self.y)", "dy = np.multiply(dz, self.x)"),
        ),
        slip(
            "the first call's inputs stay",
            "        self.x, self.y = x, y\n",
            "        if self.x is None:\n            self.x, self.y = x, y\n",
            "not this forward's cache",
            says="of the first call",
        ),
    ),
    "02_max_gate": written(
        MAX,
        slip(
            "copied, not turned",
            "np.where(x >= y, 0, dz)",
            "np.where(x >= y, dz, 0)",
            "inverted mask, swapped arguments",
        ),
        slip("the value", "np.where(x >= y, dz, 0)", "np.where(x >= y, x, 0)", UPSTREAM),
        slip(
            "compared with 0",
            "dx = np.where(x >= y, dz, 0)",
            "dx = np.where(x >= 0, dz, 0)",
            f"mask from the wrong tensor, missing mask, zero in part, {LOCAL}",
        ),
        slip(
            "one where nothing comes",
            "np.where(x >= y, 0, dz)",
            "np.where(x >= y, 1, dz)",
            "not proportional to the upstream gradient",
        ),
    ),
    "02_copy_gate": written(
        COPY,
        slip("a mean", "np.sum(dys, axis=0)", "np.mean(dys, axis=0)", f"{SCALE}, {FACTOR}"),
        slip("the first, n times", "np.sum(dys, axis=0)", "self.n * dys[0]", LOCAL + ", " + PATH),
        slip(
            "their product",
            "np.sum(dys, axis=0)",
            "np.prod(dys, axis=0)",
            f"not proportional to the upstream gradient, {UPSTREAM}",
        ),
        slip(
            "all entries", "np.sum(dys, axis=0)", "np.sum(dys)", "wrong shape, summed too much or not at all"
        ),
    ),
    "03_reciprocal_gate": written(
        RECIPROCAL,
        slip("not squared", "-1 / np.square(self.x)", "-1 / self.x", LOCAL),
        slip("the minus", "-1 / np.square(self.x)", "1 / np.square(self.x)", "sign"),
        slip("the root", "-1 / np.square(self.x)", "-1 / np.sqrt(np.abs(self.x))", LOCAL),
        slip("squared, not divided", "-1 / np.square(self.x)", "-np.square(self.x)", LOCAL),
    ),
    "03_sigmoid_gate": written(
        SIGMOID,
        slip("one factor twice", "slope = s * logistic(-self.x)", "slope = s * s", LOCAL),
        slip("the sigmoid of the sigmoid", "s * logistic(-self.x)", "s * logistic(-s)", LOCAL),
        slip("one minus the input", "s * logistic(-self.x)", "s * (1 - self.x)", LOCAL),
    ),
    "05_computational_graph": [
        slip(
            "the first path only",
            "                gradients[source] = gradients[source] + gradient\n",
            "                old = gradients[source]\n"
            "                gradients[source] = old if np.any(old) else gradient\n",
            f"{PATH}, {LOCAL}",
        ),
        slip(
            "the last source only",
            "                gradients[source] = gradients[source] + gradient\n",
            "                pass\n            gradients[source] = gradients[source] + gradient\n",
            f"{PATH}, zero, zero in part",
        ),
        slip(
            "the gates get the output's gradient",
            "gate.backward(gradients[name])",
            "gate.backward(gradients[self.output])",
            LOCAL,
        ),
    ],
    "07_inner_product_layer": written(
        LAYER,
        slip("the last row's outer product", "dW += np.outer", "dW = np.outer", PATH),
        slip("the last row's bias", "db += dout[i]", "db = dout[i]", PATH),
        slip(
            "a row too few",
            "range(len(self.x))",
            "range(len(self.x) - 1)",
            f"{PATH}, off by one index, zero in part, zero",
            lines=("dW += np.outer(self.x[i], dout[i])", "db += dout[i]", "dx[i] = W @ dout[i]"),
        ),
        slip(
            "one row's input for all", "np.outer(self.x[i], dout[i])", "np.outer(self.x[0], dout[i])", LOCAL
        ),
        slip(
            "into one row",
            "dx[i] = W @ dout[i]",
            "dx[0] += W @ dout[i]",
            f"zero in part, wrong axis, summed too much or not at all, {LOCAL}",
        ),
        slip(
            "dx adds up",
            "dx[i] = W @ dout[i]",
            "dx += W @ dout[i]",
            "summed too much or not at all, wrong axis",
        ),
    ),
    "07_softmax_loss_layer": written(
        SOFTMAX,
        slip("turned round", "(self.probs - self.target) / n", "(self.target - self.probs) / n", "sign"),
        slip(
            "the target not averaged",
            "(self.probs - self.target) / n",
            "self.probs / n - self.target",
            f"{LOCAL}, {PATH}",
        ),
        slip(
            "the target forgotten",
            "(self.probs - self.target) / n",
            "self.probs / n",
            "dropped path, sign of one term",
        ),
        slip("tanh-like slope", "(self.probs - self.target) / n", "self.probs * (1 - self.probs) / n", LOCAL),
        slip(
            "averaged over classes",
            "n = len(self.probs)",
            "n = self.probs.shape[1]",
            SCALE + ", " + FACTOR,
            lines=("dx = (self.probs - self.target) / n",),
        ),
    ),
}
