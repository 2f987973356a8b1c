"""Slips in assignment 1."""

from slips.slip import Slip, slip
from slips.words import FACTOR, LOCAL, PATH

SWAP = f"swapped arguments, {LOCAL}"

SLIPS: dict[str, list[Slip]] = {
    "03_product_of_sum": [
        slip("the product's own side in place of the other", "dq = z", "dq = q", SWAP),
        slip("dz takes z", "dz = q", "dz = z", SWAP),
        slip("dz is the upstream gradient, 1", "dz = q", "dz = 1.0", LOCAL),
        slip("dz forgets x", "dz = q", "dz = y", PATH),
        slip(
            "the sum hands each side the other", "dx = dq\n    dy = dq", "dx = y * dq\n    dy = x * dq", LOCAL
        ),
        slip("the sum subtracts", "dy = dq", "dy = -dq", "sign"),
        slip("the sum shares its gradient out", "dx = dq", "dx = dq / 2", FACTOR),
        slip(
            "dx and dz exchanged in the dict",
            '{"x": dx, "y": dy, "z": dz}',
            '{"x": dz, "y": dy, "z": dx}',
            SWAP,
        ),
        slip("dy is the local derivative alone", "dy = dq", "dy = 1.0", LOCAL),
        slip("integers", "dq = z", "dq = int(z)", f"{LOCAL}, zero"),
    ],
    "04_sigmoid_neuron": [
        slip("exp's own derivative forgotten", "dnegated = exp * dexp", "dnegated = dexp", LOCAL),
        slip("exp of the positive", "dnegated = exp * dexp", "dnegated = np.exp(dot) * dexp", LOCAL),
        slip(
            "upstream forgotten at exp", "dnegated = exp * dexp", "dnegated = exp", f"{LOCAL}, dropped path"
        ),
        slip(
            "the minus of the reciprocal",
            "dplus_one = -1 / plus_one**2",
            "dplus_one = 1 / plus_one**2",
            "sign",
        ),
        slip("the reciprocal's square", "dplus_one = -1 / plus_one**2", "dplus_one = -1 / plus_one", LOCAL),
        slip(
            "one over x becomes log x", "dplus_one = -1 / plus_one**2", "dplus_one = np.log(plus_one)", LOCAL
        ),
        slip("plus one has derivative 1 + 1", "dexp = dplus_one\n", "dexp = dplus_one + 1\n", LOCAL),
        slip("not negated on the way back", "ddot = -dnegated", "ddot = dnegated", "sign"),
        slip("w0 takes w0", '"w0": x0 * dw0x0', '"w0": w0 * dw0x0', SWAP),
        slip(
            "w1 and x1 exchanged",
            '"w1": x1 * dw1x1, "x1": w1 * dw1x1',
            '"w1": w1 * dw1x1, "x1": x1 * dw1x1',
            SWAP,
        ),
        slip("w1 takes x0", '"w1": x1 * dw1x1', '"w1": x0 * dw1x1', f"{SWAP}, {LOCAL}"),
        slip("w2 is multiplied like the others", '"w2": dw2', '"w2": w2 * dw2', LOCAL),
        slip("w2 gets the upstream of the whole", "dw2 = ddot", "dw2 = 1.0", LOCAL),
        slip("the two products share", "dw1x1 = dtotal", "dw1x1 = dtotal / 2", FACTOR),
        slip("the sum's value in place of 1", "dw0x0 = dtotal", "dw0x0 = total * dtotal", LOCAL),
    ],
    "05_sigmoid_neuron_grouped": [
        slip("one minus f squared", "ddot = (1 - f) * f", "ddot = (1 - f) ** 2", LOCAL),
        slip("tanh's derivative", "ddot = (1 - f) * f", "ddot = 1 - f**2", LOCAL),
        slip("the sigmoid of z taken again", "ddot = (1 - f) * f", "ddot = (1 - dot) * dot", LOCAL),
        slip("f minus one", "ddot = (1 - f) * f", "ddot = (f - 1) * f", "sign"),
        slip("the sigmoid's slope forgotten", "ddot = (1 - f) * f", "ddot = f", LOCAL),
        slip("x1 takes x1", '"x1": w1 * ddot', '"x1": x1 * ddot', SWAP),
        slip("the slope twice", '"w0": x0 * ddot', '"w0": x0 * ddot * ddot', LOCAL),
        slip("w2 forgets the slope", '"w2": ddot', '"w2": 1.0', LOCAL),
        slip("x0 forgets the slope", '"x0": w0 * ddot', '"x0": w0', LOCAL),
    ],
    "06_sin_product": [
        slip(
            "the second path overwrites", "dx2 += np.cos(x2)", "dx2 = np.cos(x2)", PATH, lines=("dx2 = x1",)
        ),
        slip("the second path forgotten", "    dx2 += np.cos(x2)\n", "", PATH, lines=("dx2 = x1",)),
        slip("minus cosine", "dx2 += np.cos(x2)", "dx2 -= np.cos(x2)", "sign of one term"),
        slip("the sine itself", "dx2 += np.cos(x2)", "dx2 += np.sin(x2)", LOCAL),
        slip("the cosine of the other", "dx2 += np.cos(x2)", "dx2 += np.cos(x1)", LOCAL),
        slip("the paths multiplied", "dx2 += np.cos(x2)", "dx2 *= np.cos(x2)", f"{LOCAL}, {PATH}"),
        slip(
            "the sine's path goes to x1",
            "dx2 += np.cos(x2)",
            "dx1 += np.cos(x2)",
            f"{PATH}, {LOCAL}",
            lines=("dx2 = x1", "dx1 += np.cos(x2)"),
        ),
        slip("the product does not swap", "dx1 = x2\n    dx2 = x1", "dx1 = x1\n    dx2 = x2", SWAP),
        slip("returned exchanged", '{"x1": dx1, "x2": dx2}', '{"x1": dx2, "x2": dx1}', SWAP),
    ],
    "07_patterns": [
        slip(
            "max routes to the smaller",
            "dz = dlarger if z >= w else 0.0\n    dw = 0.0 if z >= w else dlarger",
            "dz = 0.0 if z >= w else dlarger\n    dw = dlarger if z >= w else 0.0",
            "inverted mask, swapped arguments, zero, no dependence on the argument, missing mask",
        ),
        slip(
            "max hands on to both",
            "dw = 0.0 if z >= w else dlarger",
            "dw = dlarger",
            "missing mask, no dependence on the argument",
        ),
        slip(
            "max shares",
            "dz = dlarger if z >= w else 0.0\n    dw = 0.0 if z >= w else dlarger",
            "dz = dlarger / 2\n    dw = dlarger / 2",
            "missing mask, factor 2, no dependence on the argument",
        ),
        slip(
            "max multiplies by its value",
            "dz = dlarger if z >= w else 0.0",
            "dz = z * dlarger if z >= w else 0.0",
            LOCAL,
        ),
        slip("the 2 forgotten", "dtotal = 2.0", "dtotal = 1.0", FACTOR),
        slip("the 2 forgotten at the product", "dproduct = dtotal", "dproduct = 1.0", FACTOR),
        slip("the 2 taken twice", "dlarger = dtotal", "dlarger = 2 * dtotal", FACTOR),
        slip("x takes x", "dx = y * dproduct", "dx = x * dproduct", SWAP),
        slip("x and y exchanged", '"x": dx, "y": dy', '"x": dy, "y": dx', SWAP),
        slip(
            "dz by the wrong comparison",
            "dz = dlarger if z >= w else 0.0",
            "dz = dlarger if z >= x else 0.0",
            "inverted mask, mask from the wrong tensor, zero, missing mask, no dependence on the argument",
        ),
    ],
    "08_rational": [
        slip(
            "the sum's path forgotten",
            "    dx += dnum\n",
            "",
            PATH,
            lines=("dx = dtotal", "dx += (1 - sig_x) * sig_x * dsig_x"),
        ),
        slip("the last path overwrites", "dx += dnum", "dx = dnum", PATH),
        slip("the sigmoid's path overwrites", "dy += (1 - sig_y)", "dy = (1 - sig_y)", PATH),
        slip(
            "the square's 2", "dtotal = 2 * total * dsquare", "dtotal = total * dsquare", f"{FACTOR}, {LOCAL}"
        ),
        slip("the square's inside", "dtotal = 2 * total * dsquare", "dtotal = 2 * dsquare", LOCAL),
        slip(
            "the minus of the inverse",
            "dden = -(inverse**2) * dinverse",
            "dden = inverse**2 * dinverse",
            "sign of one term",
        ),
        slip("the inverse's square", "dden = -(inverse**2) * dinverse", "dden = -inverse * dinverse", LOCAL),
        slip(
            "den in place of its inverse",
            "dden = -(inverse**2) * dinverse",
            "dden = -(den**2) * dinverse",
            LOCAL,
        ),
        slip("num does not swap", "dnum = inverse", "dnum = num", f"{LOCAL}, swapped arguments"),
        slip(
            "the sigmoid of the other",
            "dx += (1 - sig_x) * sig_x * dsig_x",
            "dx += (1 - sig_y) * sig_y * dsig_x",
            LOCAL,
        ),
        slip(
            "the sigmoid's slope forgotten",
            "dy += (1 - sig_y) * sig_y * dsig_y",
            "dy += sig_y * dsig_y",
            LOCAL,
        ),
        slip(
            "the sigmoid's upstream forgotten",
            "dy += (1 - sig_y) * sig_y * dsig_y",
            "dy += (1 - sig_y) * sig_y",
            LOCAL,
        ),
        slip("the quotient rule's sign", "dx += dnum", "dx -= dnum", "sign of one term"),
        slip(
            "dy starts from all of dx",
            "    dy = dtotal\n",
            "",
            LOCAL,
            ("    dsig_y = dnum\n", "    dsig_y = dnum\n    dy = dx\n"),
        ),
    ],
    "09_logistic_loss": [
        slip("the sign", "dz = -np.exp(-z - loss)", "dz = np.exp(-z - loss)", "sign"),
        slip("the sigmoid of z, not of -z", "dz = -np.exp(-z - loss)", "dz = -1 / (1 + np.exp(-z))", LOCAL),
        slip("the derivative with respect to x", "dz * x", "dz * w", f"{SWAP}, {LOCAL}"),
        slip("x forgotten", "dz * x", "dz * np.ones_like(x)", LOCAL),
        slip("summed", "return loss, dz * x", "return loss, np.sum(dz * x)", "wrong shape", says="shape"),
        slip("averaged over the features", "dz * x", "dz * x / len(x)", "scale by N, constant factor"),
        slip("exp of the loss left out", "dz = -np.exp(-z - loss)", "dz = -np.exp(-z)", LOCAL),
        slip("the loss in place of its derivative", "dz = -np.exp(-z - loss)", "dz = -loss", LOCAL),
    ],
    "10_linear_regression": [
        slip("the 2", "dz = 2 * z", "dz = z", FACTOR),
        slip("the sign", "dz = 2 * z", "dz = -2 * z", "sign"),
        slip("the square itself", "dz = 2 * z", "dz = 2 * loss", LOCAL),
        slip("dw forgets x", "dw = dz * x", "dw = dz * np.ones_like(x)", LOCAL),
        slip("dw takes w", "dw = dz * x", "dw = dz * w", f"{SWAP}, {LOCAL}"),
        slip("db is the upstream", "db = dz\n", "db = 1.0\n", LOCAL),
        slip("db sums x", "db = dz\n", "db = np.sum(dz * x)\n", LOCAL),
        slip("db multiplied by b", "db = dz\n", "db = dz * b\n", LOCAL),
        slip(
            "the label's sign", "dz = 2 * z", "dz = 2 * (np.dot(w, x) + b + y)", f"{LOCAL}, sign of one term"
        ),
        slip(
            "averaged over the features", "dw = dz * x", "dw = dz * x / len(x)", "scale by N, constant factor"
        ),
        slip(
            "returned exchanged",
            "return loss, dw, db",
            "return loss, db, dw",
            "wrong shape, swapped arguments",
            says="shape",
        ),
        slip("dw without dz", "dw = dz * x", "dw = 2 * x", LOCAL),
    ],
    "11_flat_two_layer": [
        slip("not averaged", "    dS /= len(X)\n", "", "scale by N", lines=("dS[rows, y] -= 1",)),
        slip("averaged over the classes", "dS /= len(X)", "dS /= S.shape[1]", "scale by N, constant factor"),
        slip("averaged twice", "dW2 = H.T @ dS", "dW2 = H.T @ dS / len(X)", "scale by N"),
        slip(
            "the true class's 1", "    dS[rows, y] -= 1\n", "", "dropped path", lines=("dS = np.exp(log_P)",)
        ),
        slip("plus 1", "dS[rows, y] -= 1", "dS[rows, y] += 1", "sign of one term"),
        slip("the 1 taken everywhere", "dS[rows, y] -= 1", "dS[:, y] -= 1", f"{LOCAL}, wrong axis"),
        slip("the next class", "dS[rows, y] -= 1", "dS[rows, y - 1] -= 1", "off by one index"),
        slip("log probabilities, not probabilities", "dS = np.exp(log_P)", "dS = log_P.copy()", LOCAL),
        slip("A in place of H", "dW2 = H.T @ dS", "dW2 = A.T @ dS", "missing mask"),
        slip("bias averaged", "db2 = dS.sum(axis=0)", "db2 = dS.mean(axis=0)", "scale by N"),
        slip("bias of one row", "db1 = dA.sum(axis=0)", "db1 = dA[0]", PATH),
        slip(
            "bias summed over the other axis",
            "db2 = dS.sum(axis=0)",
            "db2 = dS.sum(axis=1)",
            "wrong shape",
            says="shape",
        ),
        slip(
            "bias keeps its dimensions",
            "db1 = dA.sum(axis=0)",
            "db1 = dA.sum(axis=0, keepdims=True)",
            "wrong shape",
            says="shape",
        ),
        slip("the ReLU's mask forgotten", "dA = dH * (A > 0)", "dA = dH", "missing mask"),
        slip(
            "the ReLU's mask of the gradient",
            "dA = dH * (A > 0)",
            "dA = np.maximum(dH, 0)",
            "mask from the wrong tensor, missing mask",
        ),
        slip("the ReLU's mask inverted", "dA = dH * (A > 0)", "dA = dH * (A < 0)", "inverted mask"),
        slip("H in place of its mask", "dA = dH * (A > 0)", "dA = dH * H", LOCAL),
        slip("the bias takes dH", "db1 = dA.sum(axis=0)", "db1 = dH.sum(axis=0)", "missing mask"),
        slip("W2 unmasked for dW1", "dW1 = X.T @ dA", "dW1 = X.T @ dH", "missing mask"),
        slip("dS changed after use", "dH = dS @ W2.T", "dS *= 2\n    dH = dS @ W2.T", FACTOR),
        slip("float32", "dS = np.exp(log_P)", "dS = np.exp(log_P).astype(np.float32)", "float32"),
        slip("the exponential of S, not shifted back", "dS = np.exp(log_P)", "dS = np.exp(shifted)", LOCAL),
        slip("dW1 of the sign of X", "dW1 = X.T @ dA", "dW1 = np.sign(X).T @ dA", LOCAL),
    ],
}
