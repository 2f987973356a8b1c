# %% right="place by place"
def patches_forward(x, height, width, stride=1):
    down, across = (x.shape[2] - height) // stride + 1, (x.shape[3] - width) // stride + 1
    out = np.zeros((x.shape[0], x.shape[1], height, width, down, across))
    for i, j in np.ndindex(down, across):
        out[..., i, j] = x[:, :, i * stride : i * stride + height, j * stride : j * stride + width]
    return out, (x.shape, height, width, stride)


def patches_backward(dout, cache):
    shape, height, width, stride = cache
    dx = np.zeros(shape)
    for i, j in np.ndindex(dout.shape[4:]):
        dx[:, :, i * stride : i * stride + height, j * stride : j * stride + width] += dout[..., i, j]
    return dx


# %% right="numbers of rows and columns, and np.add.at"
def patches_forward(x, height, width, stride=1):
    rows = np.arange(height)[:, None] + stride * np.arange((x.shape[2] - height) // stride + 1)
    columns = np.arange(width)[:, None] + stride * np.arange((x.shape[3] - width) // stride + 1)
    index = rows[:, None, :, None], columns[None, :, None, :]
    return x[:, :, index[0], index[1]], (x.shape, index)


def patches_backward(dout, cache):
    shape, (rows, columns) = cache
    dx = np.zeros(shape)
    np.add.at(dx, (slice(None), slice(None), rows, columns), dout)
    return dx


# %% wrong="overwrites where windows overlap" of="solution" points={"04_patches-values": 2} cause="overwritten"
# ~         dx[:, :, rows, columns] [-+-]= dout[:, :, p, q]
# %% wrong="a mean over the windows that saw a pixel" of="solution" points={"04_patches-values": 2} says="yours is 1/3 of the numerical gradient, and N = 3 is the length of axi"
# ~     return dx{+ / height+}
# %% wrong="adds through an index that repeats" of="solution" points={"04_patches-values": 2} cause="overwritten"
# -         rows, columns = slice(p, p + down * stride, stride), slice(q, q + across * stride, stride)
# -         dx[:, :, rows, columns] += dout[:, :, p, q]
# +         _rows, _columns = slice(p, p + down * stride, stride), slice(q, q + across * stride, stride)
# +     r = np.arange(height)[:, None] + stride * np.arange(down)
# +     c = np.arange(width)[:, None] + stride * np.arange(across)
# +     dx[:, :, r[:, None, :, None], c[None, :, None, :]] += dout
# %% wrong="the stride is forgotten backward" of="solution" points={"04_patches-values": 2.5} says="patches_backward"
# ~     shape, [-stride-]{+_stride+} = cache
#       dx = np.zeros(shape)
#       for p, q in np.ndindex(height, width):
# ~         rows, columns = slice(p, p + down[- * stride, stride-]), slice(q, q + across[- * stride, stride-])
# %% wrong="height and width exchanged" of="solution" points={"04_patches-values": 2.5} says="patches_backward"
# ~         dx[:, :, rows, columns] += dout[:, :, {+height - 1 - +}p, q]
# %% wrong="windows turned around" of="solution" points={"04_patches-values": 2.5} says="what the first window sees is wrong"
# ~         out[:, :, [-p,-]{+height - 1 - p, width - 1 -+} q] = x[:, :, rows, columns]
# %% wrong="the axes in another order" of="solution" points={"04_patches-values": 3} says="out for x (2, 3, 6, 5) should have shape (2, 3, 3, 2, 4, 4),"
# ~     return out{+.transpose(0, 1, 4, 5, 2, 3)+}, (x.shape, stride)
# %% wrong="begins with ones" of="solution" points={"04_patches-values": 2} says="the gradient of x is not proportional to dout: some term is not multip"
# ~     dx = np.[-zeros-]{+ones+}(shape)
# %% wrong="ignores dout" of="solution" points={"04_patches-values": 2.5} says="the gradient of x stays the same when dout is scaled or reversed: mult"
# ~         dx[:, :, rows, columns] += {+np.ones(+}dout[-[:, :, p, q]-]{+.shape[:2] + dout.shape[4:])+}
# %% wrong="the last row of places is forgotten" of="solution" points={"04_patches-values": 2} says="some contributions are missing, all others are right: a path is droppe"
# ~         dx[:, :, rows, columns{+][:, :, : max(down - 1, 1)+}] += dout[:, :, p, q]{+[:, :, : max(down - 1, 1)]+}
# %% wrong="places before positions, both ways" of="solution" points={"04_patches-values": 1.5} says="should have shape"
# ~     out = np.zeros((*x.shape[:2], [-height, width, down, across-]{+down, across, height, width+}))
# ~         out[[-:, :-]{+...+}, p, q] = x[:, :, rows, columns]
# ~     [-height, width, down, across-]{+down, across, height, width+} = dout.shape[2:]
# ~         dx[:, :, rows, columns] += dout[[-:, :-]{+...+}, p, q]
