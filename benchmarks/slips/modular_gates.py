"""Slips in assignment 2."""

from slips.slip import Slip, slip
from slips.words import FACTOR, LOCAL, PATH, UPSTREAM

SLIPS: dict[str, list[Slip]] = {
    "01_add_gate": [
        slip("subtracts", "return dz, dz", "return dz, -dz", "sign"),
        slip("ones", "return dz, dz", "return np.ones_like(dz), np.ones_like(dz)", UPSTREAM),
        slip("shares", "return dz, dz", "return dz / 2, dz / 2", FACTOR),
        slip(
            "multiplies by the inputs",
            "self.cache = ()",
            "self.cache = x, y",
            f"{LOCAL}, swapped arguments",
            ("return dz, dz", "x, y = self.cache\n        return y * dz, x * dz"),
        ),
    ],
    "01_multiply_gate": [
        slip(
            "does not swap", "return y * dz, x * dz", "return x * dz, y * dz", f"swapped arguments, {LOCAL}"
        ),
        slip("forgets dz", "return y * dz, x * dz", "return y, x", UPSTREAM),
        slip("forgets dz once", "return y * dz, x * dz", "return y * dz, x", UPSTREAM),
        slip("hands dz on", "return y * dz, x * dz", "return y * dz, dz", LOCAL),
        slip("the product's value", "return y * dz, x * dz", "return x * y * dz, x * dz", LOCAL),
        slip("a minus", "return y * dz, x * dz", "return y * dz, -x * dz", "sign"),
        slip(
            "caches the wrong one",
            "self.cache = x, y",
            "self.cache = x, x",
            LOCAL,
            lines=("return y * dz, x * dz",),
        ),
        slip("summed", "return y * dz, x * dz", "return np.sum(y * dz), np.sum(x * dz)", "wrong shape"),
        slip(
            "matrix product",
            "return y * dz, x * dz",
            "return y * dz, x @ dz.T",
            "wrong shape, raised an exception",
        ),
    ],
    "02_max_gate": [
        slip(
            "to both",
            "return x_wins * dz, ~x_wins * dz",
            "return dz, dz",
            "missing mask, no dependence on the argument",
        ),
        slip(
            "exchanged",
            "return x_wins * dz, ~x_wins * dz",
            "return ~x_wins * dz, x_wins * dz",
            "inverted mask, swapped arguments",
        ),
        slip(
            "forgets dz", "return x_wins * dz, ~x_wins * dz", "return x_wins * 1.0, ~x_wins * 1.0", UPSTREAM
        ),
        slip(
            "the mask of the upstream", "x_wins = self.cache", "x_wins = dz > 0", "mask from the wrong tensor"
        ),
        slip(
            "the winner's value",
            "self.cache = np.greater_equal(x, y)",
            "self.cache = np.maximum(x, y), np.greater_equal(x, y)",
            LOCAL,
            ("x_wins = self.cache", "out, x_wins = self.cache"),
            ("return x_wins * dz, ~x_wins * dz", "return x_wins * out * dz, ~x_wins * out * dz"),
        ),
        slip(
            "one decision for all",
            "np.greater_equal(x, y)",
            "np.bool_(np.all(x >= y))",
            f"missing mask, inverted mask, zero, zero in part, mask from the wrong tensor, {LOCAL}",
            lines=("return x_wins * dz, ~x_wins * dz",),
        ),
        slip(
            "the smaller",
            "np.greater_equal(x, y)",
            "np.less_equal(x, y)",
            "inverted mask, swapped arguments",
            lines=("return x_wins * dz, ~x_wins * dz",),
        ),
    ],
    "02_copy_gate": [
        slip("the last only", "total = total + dy", "total = dy", PATH),
        slip(
            "the first only",
            "        for dy in dys[1:]:\n            total = total + dy\n",
            "",
            PATH,
            lines=("total = dys[0]",),
        ),
        slip("averages", "return (total,)", "return (total / self.n,)", "scale by N, constant factor"),
        slip("one too few", "for dy in dys[1:]", "for dy in dys[2:]", f"{PATH}, off by one index"),
        slip(
            "the first twice",
            "for dy in dys[1:]",
            "for dy in dys",
            f"{LOCAL}, dropped path, factor 2",
            lines=("total = dys[0]", "for dy in dys"),  # to begin with 0 mends it, too
        ),
        slip("in place", "total = total + dy", "total += dy", "mutated argument, upstream gradient ignored"),
    ],
    "03_exp_gate": [
        slip("hands dy on", "return (y * dy,)", "return (dy,)", LOCAL),
        slip("forgets dy", "return (y * dy,)", "return (y,)", UPSTREAM),
        slip("exp of exp", "return (y * dy,)", "return (np.exp(y) * dy,)", LOCAL),
        slip(
            "caches x",
            "self.cache = np.exp(x)\n        return self.cache",
            "self.cache = x\n        return np.exp(x)",
            LOCAL,
            lines=("y = self.cache", "return (y * dy,)"),
        ),
    ],
    "03_log_gate": [
        slip("log itself", "return (dy / x,)", "return (dy * np.log(x),)", LOCAL),
        slip("times x", "return (dy / x,)", "return (dy * x,)", LOCAL),
        slip("squared", "return (dy / x,)", "return (dy / x**2,)", LOCAL),
        slip(
            "a small constant",
            "return (dy / x,)",
            "return (dy / (x + 1e-8),)",
            f"{LOCAL}, numerical differentiation",
        ),
        slip("a minus", "return (dy / x,)", "return (-dy / x,)", "sign"),
    ],
    "03_reciprocal_gate": [
        slip("the minus", "return (-y * y * dy,)", "return (y * y * dy,)", "sign"),
        slip("not squared", "return (-y * y * dy,)", "return (-y * dy,)", LOCAL),
        slip("the input's square", "return (-y * y * dy,)", "return (-dy / y**2,)", LOCAL),
    ],
    "03_sin_gate": [
        slip("minus cosine", "return (np.cos(x) * dy,)", "return (-np.cos(x) * dy,)", "sign"),
        slip("sine", "return (np.cos(x) * dy,)", "return (np.sin(x) * dy,)", LOCAL),
        slip(
            "cosine of dy",
            "return (np.cos(x) * dy,)",
            "return (np.cos(dy) * x,)",
            "not proportional to the upstream gradient",
        ),
        slip("forgets dy", "return (np.cos(x) * dy,)", "return (np.cos(x),)", UPSTREAM),
    ],
    "03_sigmoid_gate": [
        slip(
            "of the input",
            "self.cache = np.exp(-np.logaddexp(0.0, -x))\n        return self.cache",
            "self.cache = x\n        return 1 / (1 + np.exp(-x))",
            LOCAL,
            lines=("return ((1 - y) * y * dy,)", "y = self.cache"),
        ),
        slip("squared", "return ((1 - y) * y * dy,)", "return ((1 - y) ** 2 * dy,)", LOCAL),
        slip("tanh", "return ((1 - y) * y * dy,)", "return ((1 - y**2) * dy,)", LOCAL),
        slip("y alone", "return ((1 - y) * y * dy,)", "return (y * dy,)", LOCAL),
        slip(
            "sigmoid again",
            "return ((1 - y) * y * dy,)",
            "s = 1 / (1 + np.exp(-y))\n        return (s * (1 - s) * dy,)",
            LOCAL,
            lines=("return (s * (1 - s) * dy,)",),
        ),
        slip("minus", "return ((1 - y) * y * dy,)", "return ((y - 1) * y * dy,)", "sign"),
    ],
    "03_add_constant_gate": [
        slip("adds c", "return (dy,)", "return (dy + self.c,)", "not proportional to the upstream gradient"),
        slip("one", "return (dy,)", "return (np.ones_like(dy),)", UPSTREAM),
        slip("times c", "return (dy,)", "return (self.c * dy,)", "constant factor"),
    ],
    "03_scale_gate": [
        slip("hands dy on", "return (self.a * dy,)", "return (dy,)", "constant factor"),
        slip("divides", "return (self.a * dy,)", "return (dy / self.a,)", "constant factor"),
        slip("a alone", "return (self.a * dy,)", "return (self.a * np.ones_like(dy),)", UPSTREAM),
    ],
    "05_computational_graph": [
        slip(
            "overwrites at a fork",
            "gradients[source] = gradients[source] + gradient",
            "gradients[source] = gradient",
            f"{PATH}, {LOCAL}",
        ),
        slip(
            "starts from the value",
            "gradients[self.output] = np.ones(np.shape(self.values[self.output]))",
            "gradients[self.output] = self.values[self.output]",
            f"constant factor, {LOCAL}, {FACTOR}",
        ),
        slip(
            "starts from zero",
            "        gradients[self.output] = np.ones(np.shape(self.values[self.output]))\n",
            "",
            "zero",
            lines=("gradients = {name: np.zeros(np.shape(value)) for name, value in self.values.items()}",),
        ),
        slip(
            "forward order on the way back",
            "for name in reversed(self.order):",
            "for name in self.order:",
            "zero, zero in part, dropped path",
        ),
    ],
    "07_inner_product_layer": [
        slip(
            "W not transposed",
            'return dout @ self.params["W"].T',
            'return dout @ self.params["W"]',
            "transposed operand, raised an exception",
        ),
        slip("dW transposed", '"W": x.T @ dout', '"W": dout.T @ x', "transposed, wrong shape"),
        slip("bias not summed", '"b": dout.sum(axis=0)', '"b": dout', "wrong shape"),
        slip("bias averaged", '"b": dout.sum(axis=0)', '"b": dout.mean(axis=0)', "scale by N"),
        slip("bias of the last row", '"b": dout.sum(axis=0)', '"b": dout[-1]', PATH),
        slip("dW averaged", '"W": x.T @ dout', '"W": x.T @ dout / len(x)', "scale by N"),
        slip(
            "adds up over calls",
            'self.grads = {"W": x.T @ dout, "b": dout.sum(axis=0)}',
            'self.grads["W"] = self.grads.get("W", 0) + x.T @ dout\n'
            '        self.grads["b"] = self.grads.get("b", 0) + dout.sum(axis=0)',
            "not this forward's cache, not proportional to the upstream gradient",
            says="starts afresh",
        ),
        slip("the weights' sign", '"W": x.T @ dout', '"W": -x.T @ dout', "sign"),
        slip(
            "dW for W in dx",
            'return dout @ self.params["W"].T',
            'return dout @ self.grads["W"].T',
            f"not proportional to the upstream gradient, {LOCAL}",
        ),
        slip("ones for x", '"W": x.T @ dout', '"W": np.ones_like(x).T @ dout', LOCAL),
    ],
    "07_sigmoid_layer": [
        slip("slope forgotten", "return (1 - self.out) * self.out * dout", "return self.out * dout", LOCAL),
        slip(
            "upstream forgotten",
            "return (1 - self.out) * self.out * dout",
            "return (1 - self.out) * self.out",
            UPSTREAM,
        ),
        slip("squared", "return (1 - self.out) * self.out * dout", "return (1 - self.out**2) * dout", LOCAL),
    ],
    "07_softmax_loss_layer": [
        slip("not averaged", "return dloss * dx / len(y)", "return dloss * dx", "scale by N"),
        slip("dloss forgotten", "return dloss * dx / len(y)", "return dx / len(y)", UPSTREAM),
        slip(
            "averaged over everything",
            "return dloss * dx / len(y)",
            "return dloss * dx / dx.size",
            "scale by N, constant factor",
        ),
        slip(
            "the 1 forgotten",
            "        dx[np.arange(len(y)), y] -= 1\n",
            "",
            "dropped path, sign of one term",
            lines=("dx = np.exp(log_p)", "return dloss * dx / len(y)"),
        ),
        slip("plus 1", "dx[np.arange(len(y)), y] -= 1", "dx[np.arange(len(y)), y] += 1", "sign of one term"),
        slip(
            "every column of the labels",
            "dx[np.arange(len(y)), y] -= 1",
            "dx[:, y] -= 1",
            f"{LOCAL}, wrong axis, dropped path, sign of one term",
        ),
        slip(
            "softmax over the batch",
            "dx = np.exp(log_p)",
            "dx = np.exp(log_p) / np.exp(log_p).sum(axis=0)",
            f"wrong axis, {LOCAL}",
        ),
    ],
    "07_net": [
        slip(
            "forward order on the way back",
            "for layer in reversed(self.layers):",
            "for layer in self.layers:",
            f"{LOCAL}, swapped arguments, raised an exception",
            says="order",
        ),
        slip(
            "every layer gets the loss's gradient",
            "dout = layer.backward(dout)",
            "layer.backward(dout)",
            f"{LOCAL}, raised an exception, wrong shape",
        ),
        slip(
            "starts from one",
            "dout = self.loss_layer.backward()",
            "dout = 1.0",
            "raised an exception, wrong shape",
        ),
    ],
}
