# %% right="the weights in one matrix"
def rnn_step_forward(x, h, Wx, Wh):
    both, W = np.hstack([x, h]), np.vstack([Wx, Wh])
    out = np.tanh(both @ W)
    return out, (both, W, out, x.shape[1])


def rnn_step_backward(dout, cache):
    both, W, out, D = cache
    da = (1 - out * out) * dout
    dboth, dW = da @ W.T, both.T @ da
    return dboth[:, :D], dboth[:, D:], dW[:D], dW[D:]


# %% right="example by example, the slope by cosh"
def rnn_step_forward(x, h, Wx, Wh):
    a = np.einsum("nd,dh->nh", x, Wx) + np.einsum("nk,kh->nh", h, Wh)
    return np.sinh(a) / np.cosh(a), {"x": x, "h": h, "Wx": Wx, "Wh": Wh, "a": a}


def rnn_step_backward(dout, cache):
    x, h, Wx, Wh = (cache[name] for name in ("x", "h", "Wx", "Wh"))
    da = dout / np.cosh(cache["a"]) ** 2
    dWx, dWh = np.zeros(Wx.shape), np.zeros(Wh.shape)
    for n in range(len(x)):
        dWx += np.outer(x[n], da[n])
        dWh += np.outer(h[n], da[n])
    return [np.dot(da, Wx.T), np.dot(da, Wh.T), dWx, dWh]


# %% wrong="the slope of tanh is left out" of="solution" points={"05_rnn_step-values": 1} cause="local derivative wrong"
# ~     x, h, Wx, Wh, [-out-]{+_out+} = cache
# -     da = dout * (1 - out**2)
# +     da = dout
# %% wrong="the slope by the sigmoid's rule" of="solution" points={"05_rnn_step-values": 1} says="entry [0] of (dx, dh, dWx, dWh) is wrong"
# ~     da = dout * {+out * +}(1 - out[-**2-])
# %% wrong="1 - out instead of 1 - out squared" of="solution" points={"05_rnn_step-values": 1} says="entry [0] of (dx, dh, dWx, dWh) is wrong"
# ~     da = dout * (1 - out[-**2-])
# %% wrong="the slope at tanh of the value" of="solution" points={"05_rnn_step-values": 1} says="entry [0] of (dx, dh, dWx, dWh) is wrong"
# ~     da = dout * (1 - {+np.tanh(+}out[-**-]{+) ** +}2)
# %% wrong="dx and dh exchanged" of="solution" points={"05_rnn_step-values": 1.5} says="entry [0] of (dx, dh, dWx, dWh) is wrong"
# ~     return da @ [-Wx-]{+Wh+}.T, da @ [-Wh-]{+Wx+}.T, x.T @ da, h.T @ da
# %% wrong="dh without the transpose" of="solution" points={"05_rnn_step-values": 3} cause="local derivative wrong"
# ~     return da @ Wx.T, da @ Wh[-.T-], x.T @ da, h.T @ da
# %% wrong="dWh from x" of="solution" points={"05_rnn_step-values": 2} says="entry [3] of (dx, dh, dWx, dWh) is wrong"
# ~     x, [-h-]{+_h+}, Wx, Wh, out = cache
# ~     return da @ Wx.T, da @ Wh.T, x.T @ da, [-h-]{+(x @ Wx)+}.T @ da
# %% wrong="dWx is averaged over the batch" of="solution" points={"05_rnn_step-values": 3} cause="scale by N"
# ~     return da @ Wx.T, da @ Wh.T, x.T @ da{+ / len(x)+}, h.T @ da{+ / len(x)+}
# %% wrong="ignores the upstream gradient" of="solution" points={"05_rnn_step-values": 1} cause="upstream gradient ignored"
# ~     da = [-dout * (-]1 - out**2[-)-]
# %% wrong="dout is changed in place" of="solution" points={"05_rnn_step-values": 3.5} cause="mutated argument"
#       x, h, Wx, Wh, out = cache
# +     da = dout
# ~     da [-= dout * (-]{+*= +}1 - out**2[-)-]
# %% wrong="dh is forgotten" of="solution" points={"05_rnn_step-values": 3} says="your gradient of h is zero everywhere"
# ~     x, h, Wx, [-Wh-]{+_Wh+}, out = cache
# ~     return da @ Wx.T, [-da @ Wh.T-]{+np.zeros_like(h)+}, x.T @ da, h.T @ da
# %% wrong="a sigmoid instead of tanh, both ways" of="solution" points={"05_rnn_step-values": 0.5} says="out is wrong"
# ~     out = [-np.tanh(x @ Wx + h @ Wh)-]{+1 / (1 + np.exp(-(x @ Wx + h @ Wh)))+}
# ~     da = dout * {+out * +}(1 - out[-**2-])
