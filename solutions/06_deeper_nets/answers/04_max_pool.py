# %% right="shares at ties, by a mask"
def max_pool_forward(x, size=2, stride=2):
    N, C, H, W = x.shape
    out = np.empty((N, C, 1 + (H - size) // stride, 1 + (W - size) // stride))
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            window = x[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
            out[:, :, i, j] = np.amax(window, axis=(2, 3))
    return out, (x, size, stride, out)


def max_pool_backward(dout, cache):
    x, size, stride, out = cache
    dx = np.zeros_like(x, dtype=float)
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            rows, columns = slice(i * stride, i * stride + size), slice(j * stride, j * stride + size)
            wins = x[:, :, rows, columns] == out[:, :, i, j][:, :, None, None]
            share = wins / wins.sum(axis=(2, 3), keepdims=True)
            dx[:, :, rows, columns] += share * dout[:, :, i, j][:, :, None, None]
    return dx


# %% right="the last at a tie, remembered on the way forward"
def max_pool_forward(x, size=2, stride=2):
    N, C, H, W = x.shape
    down, across = (H - size) // stride + 1, (W - size) // stride + 1
    out, winner = np.zeros((N, C, down, across)), {}
    for place in np.ndindex(out.shape):
        n, c, i, j = place
        best = -np.inf
        for p in range(i * stride, i * stride + size):
            for q in range(j * stride, j * stride + size):
                if x[n, c, p, q] >= best:
                    best, winner[place] = x[n, c, p, q], (n, c, p, q)
        out[place] = best
    return out, (winner, x.shape)


def max_pool_backward(dout, cache):
    winner, shape = cache
    dx = np.zeros(shape)
    for place, pixel in winner.items():
        dx[pixel] += dout[place]
    return dx


# %% wrong="where windows overlap, the last one wins" of="solution" warned="6.4" points={"04_max_pool-values": 2.5} cause="overwritten"
# ~         dx[n, c, top + row, left + column] [-+-]= dout[n, c, i, j]
# %% wrong="a tie is counted for each" of="solution" warned="6.4" points={"04_max_pool-values": 3.5} says="the sum over each window is wrong"
# -         row, column = np.unravel_index(window.argmax(), window.shape)
# -         dx[n, c, top + row, left + column] += dout[n, c, i, j]
# +         dx[n, c, top : top + size, left : left + size] += dout[n, c, i, j] * (window == window.max())
# %% wrong="everybody gets it" of="solution" points={"04_max_pool-values": 1.5} says="gradient also flows where forward stopped it: the mask is missing"
# ~         [-window = -]x[n, c, top : top + size, left : left + size]
# -         row, column = np.unravel_index(window.argmax(), window.shape)
# @
# ~         dx[n, c, top [-+ row,-]{+: top + size, left :+} left + [-column-]{+size+}] += dout[n, c, i, j]
# %% wrong="shared like a mean" of="everybody gets it" points={"04_max_pool-values": 1.5} says="dx is wrong"
# ~         dx[n, c, top : top + size, left : left + size] += dout[n, c, i, j]{+ / size**2+}
# %% wrong="the place within the window is taken for one in the image" of="solution" points={"04_max_pool-values": 1.5} says="dx is wrong"
# ~         dx[n, c, [-top + -]row,[- left +-] column] += dout[n, c, i, j]
# %% wrong="row and column exchanged" of="solution" points={"04_max_pool-values": 1.5} says="gradient is let through at other entries than in forward: a mask is taken from the"
# ~         dx[n, c, top + [-row-]{+column+}, left + [-column-]{+row+}] += dout[n, c, i, j]
# %% wrong="the smallest wins" of="solution" points={"04_max_pool-values": 1.5} says="gradient flows exactly where it should not: the mask is inverted"
# ~         row, column = np.unravel_index(window.[-argmax-]{+argmin+}(), window.shape)
# %% wrong="the stride is the size" of="solution" points={"04_max_pool-values": 1} says="out is wrong"
#       for i, j in np.ndindex(down, across):
# ~         top, left = i * [-stride-]{+size+}, j * [-stride-]{+size+}
# ~     x, size, [-stride-]{+_stride+} = cache
# ~         top, left = i * [-stride-]{+size+}, j * [-stride-]{+size+}
# %% wrong="ignores dout" of="solution" points={"04_max_pool-values": 1.5} cause="upstream gradient ignored"
# ~         dx[n, c, top + row, left + column] += [-dout[n, c, i, j]-]{+1.0+}
# %% wrong="a running maximum that begins at 0" of="solution" points={"04_max_pool-values": 3} says="out for x (1, 3, 6, 7) is wrong"
# ~         out[:, :, i, j] ={+ np.maximum(0,+} x[:, :, top : top + size, left : left + size].max(axis=(2, 3)){+)+}
# %% wrong="one place too few across" of="solution" points={"04_max_pool-values": 2.5} says="out should have shape (1, 1, 2, 2),"
# ~     across = {+max(+}(x.shape[3] - size) // stride[- + 1-]{+, 1)+}
# %% wrong="the gradient is written into x" of="solution" points={"04_max_pool-values": 1} says="dx is wrong"
# -     dx = np.zeros(x.shape)
# +     dx = x
# ~     return {+1.0 * +}dx
