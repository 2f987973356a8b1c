# %% right="one number at a time"
def conv_forward(x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, h, v = w.shape
    big = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    big[:, :, pad : pad + H, pad : pad + W] = x
    out = np.zeros((N, F, (H + 2 * pad - h) // stride + 1, (W + 2 * pad - v) // stride + 1))
    for n, f, i, j in np.ndindex(out.shape):
        window = big[n, :, i * stride : i * stride + h, j * stride : j * stride + v]
        out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out, {"big": big, "w": w, "stride": stride, "pad": pad, "shape": x.shape}


def conv_backward(dout, cache):
    big, w, stride, pad = cache["big"], cache["w"], cache["stride"], cache["pad"]
    _, _, H, W = cache["shape"]
    _, _, h, v = w.shape
    dbig, dw, db = np.zeros(big.shape), np.zeros(w.shape), np.zeros(len(w))
    for n, f, i, j in np.ndindex(dout.shape):
        rows, columns = slice(i * stride, i * stride + h), slice(j * stride, j * stride + v)
        dbig[n, :, rows, columns] += dout[n, f, i, j] * w[f]
        dw[f] += dout[n, f, i, j] * big[n, :, rows, columns]
        db[f] += dout[n, f, i, j]
    return dbig[:, :, pad : pad + H, pad : pad + W], dw, db


# %% right="patches and einsum"
def conv_forward(x, w, b, stride=1, pad=0):
    big = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    views = np.lib.stride_tricks.sliding_window_view(big, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    out = np.einsum("ncijpq,fcpq->nfij", views, w) + b[None, :, None, None]
    return out, (views, big.shape, x.shape, w, stride, pad)


def conv_backward(dout, cache):
    views, big_shape, shape, w, stride, pad = cache
    dw = np.einsum("nfij,ncijpq->fcpq", dout, views)
    dviews = np.einsum("nfij,fcpq->ncijpq", dout, w)
    dbig = np.zeros(big_shape)
    down, across = dout.shape[2:]
    for p in range(w.shape[2]):
        for q in range(w.shape[3]):
            dbig[:, :, p : p + down * stride : stride, q : q + across * stride : stride] += dviews[..., p, q]
    dx = dbig[:, :, pad : pad + shape[2], pad : pad + shape[3]]
    return dx, dw, np.einsum("nfij->f", dout)


# %% wrong="dx overwrites where windows overlap" of="solution" warned="6.4" points={"04_conv-backward": 2} cause="overwritten"
# ~         dpadded[:, :, rows, columns] [-+-]= np.tensordot(here, w, axes=1)
# %% wrong="dw keeps the last place only" of="solution" warned="6.4" points={"04_conv-backward": 2.5} cause="overwritten"
# ~         dw [-+-]= np.tensordot(here, padded[:, :, rows, columns], axes=(0, 0))
# %% wrong="the padding is not cut off" of="solution" warned="6.4" points={"04_conv-backward": 2.5} cause="wrong shape"
# ~     [-bottom, right-]{+_bottom, _right+} = padded.shape[2] - pad, padded.shape[3] - pad
# ~     return dpadded[-[:, :, pad:bottom, pad:right]-], dw, dout.sum(axis=(0, 2, 3))
# %% wrong="cut with [pad:-pad]" of="solution" warned="6.4" points={"04_conv-backward": 1.5} cause="wrong shape"
# ~     [-bottom, right-]{+_bottom, _right+} = padded.shape[2] - pad, padded.shape[3] - pad
# ~     return dpadded[:, :, pad:[-bottom-]{+-pad+}, pad:[-right-]{+-pad+}], dw, dout.sum(axis=(0, 2, 3))
# %% wrong="the stride is forgotten in the backward pass" of="solution" points={"04_conv-backward": 2} cause="local derivative wrong"
# ~     padded, w, [-stride-]{+_stride+}, pad = cache
# ~         rows = slice(i[- * stride-], i[- * stride-] + height)
# ~         columns = slice(j[- * stride-], j[- * stride-] + width)
# %% wrong="the stride is forgotten in the forward pass" of="solution" points={"04_conv-forward": 1.5} says="out is wrong"
# ~         top, left = i[- * stride-], j[- * stride-]
# %% wrong="filters turned around in dx" of="solution" points={"04_conv-backward": 2} says="dx is wrong"
# ~         dpadded[:, :, rows, columns] += np.tensordot(here, w{+[:, :, ::-1, ::-1]+}, axes=1)
# %% wrong="db is not summed over the batch" of="solution" points={"04_conv-backward": 2.5} cause="wrong shape"
# ~     return dpadded[:, :, pad:bottom, pad:right], dw, dout.sum(axis=([-0, -]2, 3))
# %% wrong="db is a mean over images" of="solution" points={"04_conv-backward": 3} says="yours is 1/3 of the numerical gradient, and N = 3 is the length of axi"
# ~     return dpadded[:, :, pad:bottom, pad:right], dw, dout.sum(axis=([-0, -]2, 3)){+.mean(axis=0)+}
# %% wrong="db counts places only" of="solution" points={"04_conv-backward": 3} says="of several contributions one is kept: the others are overwritten or not summed"
# ~     return dpadded[:, :, pad:bottom, pad:right], dw, dout{+[0]+}.sum(axis=([-0-]{+1+}, 2[-, 3-]))
# %% wrong="the bias is forgotten" of="solution" points={"04_conv-forward": 0} says="out is wrong"
# ~         out[:, :, i, j] = np.tensordot(window, w, axes=([1, 2, 3], [1, 2, 3]))[- + b-]
# %% wrong="padded with the nearest pixel, not with zeros" of="solution" points={"04_conv-forward": 1.5, "04_conv-backward": 3} says="contributions that forward stopped are let through: a mask is missing"
# ~     padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)){+, mode="edge"+})
# %% wrong="one place too few" of="solution" points={"04_conv-forward": 0} says="out should have shape (1, 1, 2, 2),"
# ~     down = (padded.shape[2] - height) // stride[- + 1-]
# %% wrong="only the first channel" of="solution" points={"04_conv-forward": 1} says="out for x (2, 3, 6, 5), w (4, 3, 3, 2), b (4,) is wrong"
# -         out[:, :, i, j] = np.tensordot(window, w, axes=([1, 2, 3], [1, 2, 3])) + b
# +         out[:, :, i, j] = np.tensordot(window[:, 0], w[:, 0], axes=([1, 2], [1, 2])) + b
# %% wrong="dw averaged over the batch" of="solution" points={"04_conv-backward": 3} says="yours is 1/3 of the numerical gradient, and N = 3 is the length of axi"
# ~     return dpadded[:, :, pad:bottom, pad:right], dw{+ / len(dout)+}, dout.sum(axis=(0, 2, 3))
# %% wrong="dout is changed in place" of="solution" points={"04_conv-backward": 2} says="changed its argument `dout` in place"
#       bottom, right = padded.shape[2] - pad, padded.shape[3] - pad
# +     dout *= 1.5
# +     dout /= 3
