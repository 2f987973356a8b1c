"""Slips in answers to assignment 6, in hands of their own."""

from slips.slip import Slip, slip, written
from slips.words import FACTOR, LOCAL, OPERAND, PATH, SCALE, SHAPE, SIGNS, SUM

UNIT = """
def unit_vector(x):
    inverse = np.einsum("nd,nd->n", x, x)[:, None] ** -0.5
    return x * inverse, (x, inverse)


def unit_vector_backward(du, cache):
    x, inverse = cache
    dinverse = np.einsum("nd,nd->n", x, du)[:, None]
    dx = du * inverse
    dx -= x * dinverse * inverse**3
    return dx
"""

BATCHNORM = """
def batchnorm_forward(x, gamma, beta, running=None, eps=1e-5):
    mu = np.mean(x, axis=0)
    off = x - mu
    spread = np.mean(off * off, axis=0)
    if running is not None:
        running["mean"] = 0.9 * running["mean"] + 0.1 * mu
        running["var"] = 0.9 * running["var"] + 0.1 * spread
    inv = (spread + eps) ** -0.5
    return gamma * off * inv + beta, (off, inv, gamma)


def batchnorm_backward(dout, cache):
    off, inv, gamma = cache
    n = len(off)
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * off * inv, axis=0)
    dhat = dout * gamma
    dinv = np.sum(dhat * off, axis=0)
    dspread = -0.5 * dinv * inv**3
    doff = dhat * inv
    doff += 2 * off * dspread / n
    dmu = -np.sum(doff, axis=0)
    return doff + dmu / n, dgamma, dbeta
"""

RNN = """
def rnn_forward(x, h0, Wx, Wh):
    h, tape = h0, []
    for xt in np.moveaxis(x, 1, 0):
        new = np.tanh(xt @ Wx + h @ Wh)
        tape.append((xt, h, new))
        h = new
    return np.stack([new for _, _, new in tape], axis=1), (tape, Wx, Wh)


def rnn_backward(dout, cache):
    tape, Wx, Wh = cache
    carried, dWx, dWh, dxs = 0.0, 0.0, 0.0, []
    for t in range(len(tape) - 1, -1, -1):
        xt, before, after = tape[t]
        into = dout[:, t] + carried
        raw = into * (1 - after * after)
        dWx = dWx + xt.T @ raw
        dWh = dWh + before.T @ raw
        carried = raw @ Wh.T
        dxs.insert(0, raw @ Wx.T)
    return np.stack(dxs, axis=1), carried, dWx, dWh
"""

ATTENTION = """
def attention_forward(q, k, v, mask=None):
    scale = q.shape[1] ** -0.5
    s = scale * np.einsum("id,jd->ij", q, k)
    if mask is not None:
        s = np.where(mask, s, -np.inf)
    a = np.exp(s - s.max(axis=1, keepdims=True))
    a /= a.sum(axis=1, keepdims=True)
    return np.einsum("ij,jd->id", a, v), (q, k, v, a, scale)


def attention_backward(dout, cache):
    q, k, v, a, scale = cache
    dv = np.einsum("ij,id->jd", a, dout)
    da = np.einsum("id,jd->ij", dout, v)
    ds = a * da
    ds = ds - a * np.sum(ds, axis=1, keepdims=True)
    ds = ds * scale
    dq = np.einsum("ij,jd->id", ds, k)
    dk = np.einsum("ij,id->jd", ds, q)
    return dq, dk, dv
"""

CONV = """
def conv_forward(x, w, b, stride=1, pad=0):
    xp = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    kh, kw = w.shape[2:]
    view = np.lib.stride_tricks.sliding_window_view(xp, (kh, kw), axis=(2, 3))[:, :, ::stride, ::stride]
    out = np.einsum("ncijpq,fcpq->nfij", view, w) + b[:, None, None]
    return out, (xp, view, w, stride, pad)


def conv_backward(dout, cache):
    xp, view, w, stride, pad = cache
    db = np.einsum("nfij->f", dout)
    dw = np.einsum("nfij,ncijpq->fcpq", dout, view)
    dview = np.einsum("nfij,fcpq->ncijpq", dout, w)
    dxp = np.zeros(xp.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            a, b = i * stride, j * stride
            dxp[:, :, a : a + w.shape[2], b : b + w.shape[3]] += dview[:, :, i, j]
    return dxp[:, :, pad : xp.shape[2] - pad, pad : xp.shape[3] - pad], dw, db
"""

SLIPS: dict[str, list[Slip]] = {
    "01_unit_vector": written(
        UNIT,
        slip("plus", "dx -= x * dinverse", "dx += x * dinverse", f"{SIGNS}, {LOCAL}"),
        slip("squared", "inverse**3", "inverse**2", f"{LOCAL}, {PATH}"),
        slip("overwritten", "dx -= x * dinverse", "dx = -x * dinverse", PATH),
        slip("one sum", '"nd,nd->n", x, du)[:, None]', '"nd,nd->", x, du)', f"{LOCAL}, {SUM}"),
    ),
    "02_batchnorm": written(
        BATCHNORM,
        slip("no half", "-0.5 * dinv", "-dinv", f"{FACTOR}, {LOCAL}, {PATH}"),
        slip("the mean's path", "return doff + dmu / n", "return doff", PATH),
        slip("inv cubed", "inv**3", "inv**2", f"{LOCAL}, {PATH}"),
        slip("not averaged", "2 * off * dspread / n", "2 * off * dspread", f"{SCALE}, {LOCAL}, {PATH}"),
        slip(
            "gamma at xhat",
            "dhat = dout * gamma",
            "dhat = dout",
            f"{LOCAL}, {PATH}, another argument, {SCALE}",
        ),
    ),
    "05_rnn": written(
        RNN,
        slip("the state before", "1 - after * after", "1 - before * before", f"{LOCAL}, {PATH}"),
        slip(
            "nothing carried",
            "carried = raw @ Wh.T",
            "carried = 0 * raw @ Wh.T",
            f"{PATH}, zero, {LOCAL}",
        ),
        slip("the weights not turned", "carried = raw @ Wh.T", "carried = raw @ Wh", f"{OPERAND}, {PATH}"),
        slip("the last alone", "dWh = dWh + before.T", "dWh = before.T", f"{PATH}, {LOCAL}"),
        slip(
            "after for before",
            "dWh + before.T @ raw",
            "dWh + after.T @ raw",
            f"{LOCAL}, {PATH}, off by one index",
        ),
        slip(
            "appended",
            "dxs.insert(0, raw @ Wx.T)",
            "dxs.append(raw @ Wx.T)",
            f"{LOCAL}, {PATH}, off by one index, transposed, summed too much or not at all",
        ),
        slip(
            "the first step forgotten",
            "range(len(tape) - 1, -1, -1)",
            "range(len(tape) - 1, 0, -1)",
            f"{SHAPE}",
        ),
    ),
    "06_attention": written(
        ATTENTION,
        slip(
            "the sum over keys",
            "np.sum(ds, axis=1, keepdims=True)",
            "np.sum(ds, axis=0, keepdims=True)",
            f"{SUM}, {LOCAL}, {PATH}",
        ),
        slip(
            "not scaled",
            "    ds = ds * scale\n",
            "",
            f"{SCALE}, {LOCAL}",
            lines=(
                "ds = ds - a * np.sum(ds, axis=1, keepdims=True)",
                'dq = np.einsum("ij,jd->id", ds, k)',
                'dk = np.einsum("ij,id->jd", ds, q)',
            ),
        ),
        slip("scaled back", "ds = ds * scale", "ds = ds / scale", f"{SCALE}, {LOCAL}, {FACTOR}"),
        slip("k for q", '"ij,id->jd", ds, q', '"ij,id->jd", ds, k', f"{LOCAL}, {SHAPE}, swapped arguments"),
    ),
    "04_conv": written(
        CONV,
        slip("overwritten", "+= dview[:, :, i, j]", "= dview[:, :, i, j]", PATH),
        slip("one image", '"nfij->f", dout', '"fij->f", dout[0]', f"{PATH}, {SUM}, {LOCAL}"),
        slip("the stride forgotten", "a, b = i * stride, j * stride", "a, b = i, j", f"{LOCAL}, {PATH}"),
    ),
}
