"""More right answers in other hands: local derivatives in a table, lists that are added up, a stack."""

from slips.slip import Slip, slip, written
from slips.words import LOCAL, PATH, SCALE, UPSTREAM

NEURON = """
def sigmoid_neuron(w0, x0, w1, x1, w2):
    p0, p1 = w0 * x0, w1 * x1
    s = p0 + p1
    z = s + w2
    m = 0 - z
    e = np.exp(m)
    q = 1 + e
    f = 1.0 / q

    f_by_q = -1.0 / (q * q)
    q_by_e = 1.0
    e_by_m = e
    m_by_z = -1.0
    g_q = f_by_q
    g_e = g_q * q_by_e
    g_m = g_e * e_by_m
    g_z = g_m * m_by_z
    grads = {"w0": g_z * x0, "x0": g_z * w0, "w1": g_z * x1, "x1": g_z * w1, "w2": g_z}
    stages = {
        "w0x0": (p0, g_z),
        "w1x1": (p1, g_z),
        "sum": (s, g_z),
        "dot": (z, g_z),
        "negated": (m, g_m),
        "exp": (e, g_e),
        "plus_one": (q, g_q),
        "reciprocal": (f, 1.0),
    }
    return f, grads, stages
"""

RATIONAL = """
def rational(x, y):
    sx, sy = 1 / (1 + np.exp(-x)), 1 / (1 + np.exp(-y))
    top = x + sy
    square = (x + y) * (x + y)
    bottom = sx + square
    f = top / bottom

    by_top, by_bottom = 1 / bottom, -f / bottom
    into_x = [by_top, by_bottom * sx * (1 - sx), by_bottom * (x + y), by_bottom * (x + y)]
    into_y = [by_top * sy * (1 - sy), by_bottom * (x + y), by_bottom * (x + y)]
    return f, {"x": sum(into_x), "y": sum(into_y)}
"""

COPY = """
class CopyGate:
    def __init__(self, n):
        self.n = n
        self.called = False

    def forward(self, x):
        self.called = True
        return (x,) * self.n

    def backward(self, *dys):
        if not self.called:
            raise RuntimeError("CopyGate.backward: call forward first")
        g = 0
        for d in dys:
            g = g + d
        return (g,)
"""

LOG = """
class LogGate:
    def __init__(self):
        self.x, self.y = None, None

    def forward(self, x):
        self.x, self.y = x, np.log(x)
        return self.y

    def backward(self, dy):
        if self.x is None:
            raise RuntimeError("LogGate.backward: call forward first")
        slope = 1.0 / self.x
        return (slope * dy,)
"""

LAYER = """
class InnerProductLayer:
    def __init__(self, name, W, b):
        self.name = name
        self.params = {"W": W, "b": b}
        self.grads = {}

    def forward(self, x):
        self.inputs = x
        return np.matmul(x, self.params["W"]) + self.params["b"]

    def backward(self, dout):
        x, W = self.inputs, self.params["W"]
        self.grads["W"] = np.tensordot(x, dout, axes=(0, 0))
        self.grads["b"] = np.ones(len(x)) @ dout
        return np.inner(dout, W)
"""

GROW = """
def grow_by_hand(balance, rate, threshold, target):
    stack = []
    while balance < target:
        k = 1 if balance < threshold else 2
        stack.append((k, balance))
        balance += k * rate * balance
    g, by_rate = 1.0, 0.0
    while stack:
        k, before = stack.pop()
        by_rate += g * k * before
        g += g * k * rate
    return balance, g, by_rate
"""

NEURON_SLIPS = written(
    NEURON,
    slip("not squared", "-1.0 / (q * q)", "-1.0 / q", LOCAL),
    slip("exp's input", "e_by_m = e\n", "e_by_m = m\n", LOCAL),
    slip("plus", "m_by_z = -1.0", "m_by_z = 1.0", "sign"),
    slip("added, not multiplied", "g_q * q_by_e", "g_q + q_by_e", LOCAL),
    slip("the local derivative alone", "g_m = g_e * e_by_m", "g_m = e_by_m", LOCAL),
    slip("a stage too early", '"w2": g_z}', '"w2": g_m}', "sign"),
)
RATIONAL_SLIPS = written(
    RATIONAL,
    slip(
        "one of the square's two",
        "by_bottom * (x + y), by_bottom * (x + y)]\n    into_y",
        "by_bottom * (x + y)]\n    into_y",
        f"{PATH}, {LOCAL}",
    ),
    slip(
        "the quotient's minus",
        "1 / bottom, -f / bottom",
        "1 / bottom, f / bottom",
        f"sign of one term, {LOCAL}",
    ),
    slip("the other's slope", "by_top * sy * (1 - sy)", "by_top * sx * (1 - sx)", LOCAL),
    slip("multiplied, not added", '"y": sum(into_y)', '"y": np.prod(into_y)', LOCAL),
)

SLIPS: dict[str, dict[str, list[Slip]]] = {
    "01_flat_backprop": {
        "04_sigmoid_neuron": NEURON_SLIPS,
        "08_rational": RATIONAL_SLIPS,
    },
    "02_modular_gates": {
        "02_copy_gate": written(
            COPY,
            slip("the last", "g = g + d", "g = d", PATH),
            slip("minus", "g = g + d", "g = g - d", "sign"),
            slip("begins with one", "g = 0", "g = 1", "not proportional to the upstream gradient"),
            slip(
                "without the last",
                "in dys:",
                "in dys[:-1]:",
                f"{PATH}, off by one index, zero",
                lines=("g = g + d",),
            ),
        ),
        "03_log_gate": written(
            LOG,
            slip("over the output", "1.0 / self.x", "1.0 / self.y", f"{LOCAL}, non-finite"),
            slip("the output", "slope = 1.0 / self.x", "slope = self.y", LOCAL),
            slip("divided by the slope", "slope * dy", "dy / slope", LOCAL),
        ),
        "07_inner_product_layer": written(
            LAYER,
            slip("a mean", "np.ones(len(x)) @ dout", "np.ones(len(x)) @ dout / len(x)", SCALE),
            slip("the wrong row", "np.ones(len(x)) @ dout", "np.eye(len(x))[0] @ dout", PATH),
            slip(
                "adds to itself",
                'self.grads["W"] = np.tensordot(x, dout, axes=(0, 0))',
                'self.grads["W"] = self.grads.get("W", 0) + np.tensordot(x, dout, axes=(0, 0))',
                "not this forward's cache, mutated argument",
                says="starts afresh",
            ),
            slip("the ones' product", "np.inner(dout, W)", "np.inner(np.ones_like(dout), W)", UPSTREAM),
        ),
    },
    "05_autodiff": {
        "03_grow_by_hand": written(
            GROW,
            slip("the oldest first", "stack.pop()", "stack.pop(0)", LOCAL),
            slip("the factor", "by_rate += g * k * before", "by_rate += g * before", LOCAL),
            slip("the balance at the end", "by_rate += g * k * before", "by_rate += g * k * balance", LOCAL),
            slip("overwritten", "g += g * k * rate", "g = g * k * rate", PATH),
            slip("set", "by_rate += g", "by_rate = g", PATH),
        ),
    },
}
