# %% base="as most write it"
def sigmoid_neuron_grouped(w0, x0, w1, x1, w2):
    s = 1 / (1 + np.exp(-(w0 * x0 + w1 * x1 + w2)))
    d = (1 - s) * s
    return s, {"w0": x0 * d, "x0": w0 * d, "w1": x1 * d, "x1": w1 * d, "w2": d}


# %% right="with a sigmoid of its own that is stable in both tails"
def sigmoid(u):
    e = np.exp(-abs(u))
    return 1 / (1 + e) if u >= 0 else e / (1 + e)


def sigmoid_neuron_grouped(w0, x0, w1, x1, w2):
    s = sigmoid(w0 * x0 + w1 * x1 + w2)
    ds = 1.0
    du = (1 - s) * s * ds
    grads = {}
    grads["w0"], grads["x0"] = x0 * du, w0 * du
    grads["w1"], grads["x1"] = x1 * du, w1 * du
    grads["w2"] = du
    return s, grads


# %% right="by hyperbolic functions"
def sigmoid_neuron_grouped(w0, x0, w1, x1, w2):
    half = (w0 * x0 + w1 * x1 + w2) / 2
    slope = 0.25 / np.cosh(half) ** 2
    names, others = ("w0", "x0", "w1", "x1"), (x0, w0, x1, w1)
    grads = {name: other * slope for name, other in zip(names, others, strict=True)}
    return 0.5 * (1 + np.tanh(half)), {**grads, "w2": slope}


# %% wrong="the derivative is s" points={"05_sigmoid_neuron_grouped-values": 1} says="is wrong"
def sigmoid_neuron_grouped(w0, x0, w1, x1, w2):
    s = 1 / (1 + np.exp(-(w0 * x0 + w1 * x1 + w2)))
    return s, {"w0": x0 * s, "x0": w0 * s, "w1": x1 * s, "x1": w1 * s, "w2": s}


# %% wrong="(1 - u) u with the sigmoid's input" points={"05_sigmoid_neuron_grouped-values": 1} says="is wrong"
def sigmoid_neuron_grouped(w0, x0, w1, x1, w2):
    u = w0 * x0 + w1 * x1 + w2
    d = (1 - u) * u
    return 1 / (1 + np.exp(-u)), {"w0": x0 * d, "x0": w0 * d, "w1": x1 * d, "x1": w1 * d, "w2": d}


# %% wrong="the derivative of tanh" of="as most write it" points={"05_sigmoid_neuron_grouped-values": 1} says="is wrong"
# ~     d = [-(-]1 - s[-) * s-]{+**2+}
# %% wrong="the sign of the exponent" of="as most write it" points={"05_sigmoid_neuron_grouped-values": 4} says="f is wrong"
# ~     s = 1 / (1 + np.exp[-(--](w0 * x0 + w1 * x1 + w2))[-)-]
# %% wrong="s (s - 1)" of="as most write it" points={"05_sigmoid_neuron_grouped-values": 1} cause="sign"
# ~     d = [-(1-]{+s * (s+} - [-s) * s-]{+1)+}
# %% wrong="w1 and x1 swapped" of="as most write it" points={"05_sigmoid_neuron_grouped-values": 1} says="grads['w1'] is wrong"
# ~     return s, {"w0": x0 * d, "x0": w0 * d, "w1": [-x1-]{+w1+} * d, "x1": [-w1-]{+x1+} * d, "w2": d}
# %% wrong="no gradient for the bias" of="as most write it" points={"05_sigmoid_neuron_grouped-values": 1} says="has no key 'w2'"
# ~     return s, {"w0": x0 * d, "x0": w0 * d, "w1": x1 * d, "x1": w1 * d[-, "w2": d-]}
