# %% base="as most write it"
def sigmoid_neuron(w0, x0, w1, x1, w2):
    w0x0, w1x1 = w0 * x0, w1 * x1
    total = w0x0 + w1x1
    dot = total + w2
    exp = np.exp(-dot)
    f = 1 / (exp + 1)
    dplus = -1 / (exp + 1) ** 2
    d = -exp * dplus
    stages = {
        "w0x0": (w0x0, d),
        "w1x1": (w1x1, d),
        "sum": (total, d),
        "dot": (dot, d),
        "negated": (-dot, -d),
        "exp": (exp, dplus),
        "plus_one": (exp + 1, dplus),
        "reciprocal": (f, 1.0),
    }
    return f, {"w0": x0 * d, "x0": w0 * d, "w1": x1 * d, "x1": w1 * d, "w2": d}, stages


# %% right="the gradients from closed forms"
def sigmoid_neuron(w0, x0, w1, x1, w2):
    dot = w0 * x0 + w1 * x1 + w2
    s = 1.0 / (1.0 + np.exp(-dot))
    slope = s * (1.0 - s)
    stages = {
        "reciprocal": (s, 1.0),
        "plus_one": (1.0 + np.exp(-dot), -s * s),
        "exp": (np.exp(-dot), -s * s),
        "negated": (-dot, -slope),
        "dot": (dot, slope),
        "sum": (w0 * x0 + w1 * x1, slope),
        "w0x0": (w0 * x0, slope),
        "w1x1": (w1 * x1, slope),
    }
    return s, {"w0": x0 * slope, "x0": w0 * slope, "w1": x1 * slope, "x1": w1 * slope, "w2": slope}, stages


# %% right="with math, lists for the stages, and a loop for the products"
import math


def sigmoid_neuron(w0, x0, w1, x1, w2):
    value = {"w0x0": w0 * x0, "w1x1": w1 * x1}
    value["sum"] = value["w0x0"] + value["w1x1"]
    value["dot"] = value["sum"] + w2
    value["negated"] = -value["dot"]
    value["exp"] = math.exp(value["negated"])
    value["plus_one"] = value["exp"] + 1
    value["reciprocal"] = 1 / value["plus_one"]

    grad = {"reciprocal": 1}
    grad["plus_one"] = grad["reciprocal"] * -(value["plus_one"] ** -2)
    grad["exp"] = grad["plus_one"]
    grad["negated"] = grad["exp"] * math.exp(value["negated"])
    grad["dot"] = -1 * grad["negated"]
    for name in ("sum", "w0x0", "w1x1", "w2"):
        grad[name] = grad["dot"]
    inputs = {"w2": grad["w2"]}
    for w, x, a, b in (("w0", "x0", w0, x0), ("w1", "x1", w1, x1)):
        inputs[w], inputs[x] = b * grad[w + x], a * grad[w + x]
    return value["reciprocal"], inputs, {name: [value[name], grad[name]] for name in value}


# %% wrong="the sign of 1/x" of="as most write it" points={"04_sigmoid_neuron-stages": 0, "04_sigmoid_neuron-gradients": 0} cause="sign"
# ~     dplus = [---]1 / (exp + 1) ** 2
# ~     [-d-]{+dneg+} = [---]exp * dplus
#       dneg = exp * dplus
# +     d = -dneg
# ~         "negated": (-dot, [--d-]{+dneg+}),
# %% wrong="forgot to negate on the way back" of="as most write it" points={"04_sigmoid_neuron-stages": 1, "04_sigmoid_neuron-gradients": 0} cause="sign"
# ~     d = [---]exp * dplus
# ~         "negated": (-dot, [---]d),
# %% wrong="exp passes the gradient on unchanged" of="as most write it" warned="1.4" points={"04_sigmoid_neuron-stages": 1, "04_sigmoid_neuron-gradients": 0} says="is wrong"
# ~     d = -[-exp * -]dplus
# ~         "negated": (-dot, [--d-]{+dplus+}),
# %% wrong="multiply does not swap" of="as most write it" points={"04_sigmoid_neuron-gradients": 0} says="is wrong"
# -     return f, {"w0": x0 * d, "x0": w0 * d, "w1": x1 * d, "x1": w1 * d, "w2": d}, stages
# +     return f, {"w0": w0 * d, "x0": x0 * d, "w1": w1 * d, "x1": x1 * d, "w2": d}, stages
# %% wrong="the bias's gradient is multiplied by the bias" of="as most write it" points={"04_sigmoid_neuron-gradients": 0} says="w2"
# ~     return f, {"w0": x0 * d, "x0": w0 * d, "w1": x1 * d, "x1": w1 * d, "w2": {+w2 * +}d}, stages
# %% wrong="no bias in the forward pass" of="as most write it" points={"04_sigmoid_neuron-values": 0, "04_sigmoid_neuron-stages": 0, "04_sigmoid_neuron-gradients": 0} says="is wrong"
# -     total = w0x0 + w1x1
# @
# ~     dot = [-total-]{+w0x0+} + [-w2-]{+w1x1+}
# ~         "sum": ([-total-]{+dot+}, d),
# %% wrong="stages hold (gradient, value)" of="as most write it" points={"04_sigmoid_neuron-values": 0, "04_sigmoid_neuron-stages": 0} says="is wrong"
# ~         "w0x0": ([-w0x0, d-]{+d, w0x0+}),
# ~         "w1x1": ([-w1x1, d-]{+d, w1x1+}),
# ~         "sum": ([-total, d-]{+d, total+}),
# ~         "dot": ([-dot, d-]{+d, dot+}),
# ~         "negated": (-[-dot-]{+d+}, -[-d-]{+dot+}),
# ~         "exp": ([-exp, dplus-]{+dplus, exp+}),
# ~         "plus_one": ({+dplus, +}exp + 1[-, dplus-]),
# ~         "reciprocal": ([-f, -]1.0{+, f+}),
# %% wrong="local gradients instead of gradients of f at the stages" of="as most write it" points={"04_sigmoid_neuron-stages": 0} says="is wrong"
# -     dplus = -1 / (exp + 1) ** 2
# @
# ~     d = [--exp-]{+f+} * [-dplus-]{+(1 - f)+}
# ~         "w0x0": (w0x0, [-d-]{+1.0+}),
# ~         "w1x1": (w1x1, [-d-]{+1.0+}),
# ~         "sum": (total, [-d-]{+1.0+}),
# ~         "dot": (dot, [-d-]{+-1.0+}),
# ~         "negated": (-dot, [--d-]{+exp+}),
# ~         "exp": (exp, [-dplus-]{+1.0+}),
# ~         "plus_one": (exp + 1, [-dplus-]{+-1 / (exp + 1) ** 2+}),
# %% wrong="the first three stages are missing" of="no bias in the forward pass" points={"04_sigmoid_neuron-values": 2, "04_sigmoid_neuron-stages": 4} says="KeyError"
# -     w0x0, w1x1 = w0 * x0, w1 * x1
# @
# ~     dot = [-w0x0-]{+w0 * x0+} + [-w1x1-]{+w1 * x1 + w2+}
# -         "w0x0": (w0x0, d),
# -         "w1x1": (w1x1, d),
# -         "sum": (dot, d),
# %% wrong="the gradients by central differences" of="as most write it" points={"04_sigmoid_neuron-gradients": 2} says="is wrong"
#   def sigmoid_neuron(w0, x0, w1, x1, w2):
# +     def value(*inputs):
# +         a, b, c, d, e = inputs
# +         return 1 / (1 + np.exp(-(a * b + c * d + e)))
# +
# +     inputs, h, grads = [w0, x0, w1, x1, w2], 1e-5, {}
# +     for i, name in enumerate(("w0", "x0", "w1", "x1", "w2")):
# +         above, below = list(inputs), list(inputs)
# +         above[i] += h
# +         below[i] -= h
# +         grads[name] = (value(*above) - value(*below)) / (2 * h)
# -     return f, {"w0": x0 * d, "x0": w0 * d, "w1": x1 * d, "x1": w1 * d, "w2": d}, stages
# +     return f, grads, stages
