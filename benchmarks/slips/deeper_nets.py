"""Slips in assignment 6."""

from slips.slip import Slip, slip
from slips.words import FACTOR, LOCAL, PATH, SCALE

SLIPS: dict[str, list[Slip]] = {
    "01_unit_vector": [
        slip("the length constant", "(du - along * u) / length", "du / length", f"{LOCAL}, {PATH}"),
        slip("plus", "(du - along * u)", "(du + along * u)", f"sign of one term, {LOCAL}"),
        slip("length squared", "(du - along * u) / length", "(du - along * u) / length**2", LOCAL),
        slip(
            "summed over the batch",
            "np.sum(u * du, axis=1, keepdims=True)",
            "np.sum(u * du, axis=0, keepdims=True)",
            f"wrong axis, {LOCAL}",
        ),
    ],
    "01_logsumexp": [
        slip(
            "softmax of the value",
            "np.exp(z - value[:, np.newaxis])",
            "np.exp(z) / value[:, np.newaxis]",
            LOCAL,
        ),
        slip("upstream forgotten", "dvalue[:, np.newaxis] * np.exp", "np.exp", "upstream gradient ignored"),
    ],
    "02_layernorm": [
        slip("the mean's path", "dx = dcentred + dmean / D", "dx = dcentred", PATH),
        slip("not divided by D", "dx = dcentred + dmean / D", "dx = dcentred + dmean", f"{SCALE}, {LOCAL}"),
        slip("the square's 2", "2 * centred * dvar / D", "centred * dvar / D", f"{FACTOR}, {LOCAL}"),
        slip(
            "gamma forgotten", 'dxhat = dout * cache["gamma"]', "dxhat = dout", f"{LOCAL}, missing argument"
        ),
        slip("std's sign", "dstd = -np.sum", "dstd = np.sum", f"sign of one term, {LOCAL}"),
        slip("dvar of std", "dvar = dstd / (2 * std)", "dvar = dstd / 2 * std", LOCAL),
        slip("beta averaged", "dbeta = np.sum(dout, axis=0)", "dbeta = np.mean(dout, axis=0)", SCALE),
        slip(
            "gamma of x",
            "dgamma = np.sum(dout * xhat, axis=0)",
            "dgamma = np.sum(dout * centred, axis=0)",
            LOCAL,
        ),
    ],
    "02_batchnorm": [
        slip("the mean's path", "(g - g.mean(axis=0) - xhat", "(g - xhat", f"{PATH}, {LOCAL}"),
        slip("the deviation's path", " - xhat * np.mean(g * xhat, axis=0))", ")", f"{PATH}, {LOCAL}"),
        slip(
            "gamma forgotten", "g = dout * gamma", "g = dout", f"{LOCAL}, a factor that is another argument"
        ),
        slip("summed", "np.mean(g * xhat, axis=0)", "np.sum(g * xhat, axis=0)", f"{SCALE}, {LOCAL}"),
        slip("beta from gamma", "np.sum(dout, axis=0)", "np.sum(g, axis=0)", LOCAL),
    ],
    "03_embedding": [
        slip(
            "+= at repeated ids",
            "np.add.at(dW, ids, dout)",
            "dW[ids] += dout",
            PATH,
        ),
        slip("= at repeated ids", "np.add.at(dW, ids, dout)", "dW[ids] = dout", PATH),
    ],
    "04_conv": [
        slip("overwritten", "dpadded[:, :, rows, columns] += np", "dpadded[:, :, rows, columns] = np", PATH),
        slip("dw overwritten", "dw += np.tensordot", "dw = np.tensordot", PATH),
        slip(
            "no stride", "rows = slice(i * stride, i * stride + height)", "rows = slice(i, i + height)", LOCAL
        ),
        slip("bias averaged", "dout.sum(axis=(0, 2, 3))", "dout.mean(axis=(0, 2, 3))", SCALE),
        slip(
            "padding kept at one side",
            "pad:bottom, pad:right]",
            "0 : bottom - pad, 0 : right - pad]",
            f"off by one index, {LOCAL}",
        ),
    ],
    "04_max_pool": [
        slip("overwritten", "left + column] += dout", "left + column] = dout", f"{PATH}, one entry"),
        slip(
            "the smallest",
            "window.argmax()",
            "window.argmin()",
            f"inverted mask, mask from the wrong tensor, {LOCAL}",
        ),
        slip(
            "row and column",
            "top + row, left + column]",
            "top + column, left + row]",
            f"{LOCAL}, off by one index, mask from the wrong tensor",
        ),
    ],
    "05_rnn_step": [
        slip("of the input", "(1 - out**2)", "(1 - np.tanh(out) ** 2)", LOCAL),
        slip(
            "weights exchanged",
            "da @ Wx.T, da @ Wh.T",
            "da @ Wh.T[:, : x.shape[1]], da @ Wh.T",
            f"{LOCAL}, wrong shape",
        ),
        slip("not squared", "(1 - out**2)", "(1 - out)", LOCAL),
    ],
    "05_rnn": [
        slip("the later steps", "total = dout[:, t] + dh", "total = dout[:, t]", PATH),
        slip("Wx overwritten", "dWx += x[:, t].T @ da", "dWx = x[:, t].T @ da", PATH),
        slip(
            "the next state",
            "dWh += states[t].T @ da",
            "dWh += states[t + 1].T @ da",
            f"{LOCAL}, off by one index",
        ),
        slip("the old state", "states[t + 1] ** 2", "states[t] ** 2", f"{LOCAL}, off by one index"),
        slip(
            "forwards",
            "for t in reversed(range(x.shape[1])):",
            "for t in range(x.shape[1]):",
            f"{LOCAL}, {PATH}",
        ),
    ],
    "06_attention": [
        slip(
            "scaled not",
            "    dscores = dscores / np.sqrt(q.shape[1])\n",
            "",
            FACTOR,
            lines=(
                "dscores = weights * (dweights - np.sum(weights * dweights, axis=1, keepdims=True))",
                "return dscores @ k, dscores.T @ q, dv",
            ),
        ),
        slip(
            "the softmax's sum",
            "(dweights - np.sum(weights * dweights, axis=1, keepdims=True))",
            "dweights",
            f"{PATH}, {LOCAL}",
        ),
        slip(
            "the wrong axis",
            "np.sum(weights * dweights, axis=1",
            "np.sum(weights * dweights, axis=0",
            f"wrong axis, {LOCAL}",
        ),
        slip(
            "q and k",
            "return dscores @ k, dscores.T @ q, dv",
            "return dscores @ q, dscores.T @ k, dv",
            f"{LOCAL}, swapped arguments",
        ),
        slip(
            "dv not transposed",
            "dv = weights.T @ dout",
            "dv = weights @ dout",
            f"transposed operand, {LOCAL}, wrong shape",
        ),
    ],
}
