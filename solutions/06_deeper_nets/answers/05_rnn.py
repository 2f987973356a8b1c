# %% right="the step of above, called"
def rnn_forward(x, h0, Wx, Wh):
    h, states, caches = h0, [], []
    for t in range(x.shape[1]):
        h, cache = rnn_step_forward(x[:, t], h, Wx, Wh)
        states.append(h)
        caches.append(cache)
    return np.stack(states, axis=1), (caches, x.shape, Wx.shape, Wh.shape)


def rnn_backward(dout, cache):
    caches, x_shape, wx_shape, wh_shape = cache
    dx, dWx, dWh = np.zeros(x_shape), np.zeros(wx_shape), np.zeros(wh_shape)
    dh = np.zeros((x_shape[0], wh_shape[0]))
    for t in range(x_shape[1] - 1, -1, -1):
        dx[:, t], dh, more_x, more_h = rnn_step_backward(dout[:, t] + dh, caches[t])
        dWx += more_x
        dWh += more_h
    return dx, dh, dWx, dWh


# %% right="products of whole sequences at the end"
def rnn_forward(x, h0, Wx, Wh):
    N, T, _ = x.shape
    h = np.zeros((N, T + 1, len(Wh)))
    h[:, 0] = h0
    inputs = x @ Wx
    for t in range(T):
        h[:, t + 1] = np.tanh(inputs[:, t] + h[:, t] @ Wh)
    return h[:, 1:].copy(), (x, Wx, Wh, h)


def rnn_backward(dout, cache):
    x, Wx, Wh, h = cache
    da = np.zeros(dout.shape)
    back = np.zeros_like(h[:, 0])
    for t in reversed(range(dout.shape[1])):
        da[:, t] = (dout[:, t] + back) * (1 - h[:, t + 1] ** 2)
        back = da[:, t] @ Wh.T
    dWx = np.einsum("ntd,nth->dh", x, da)
    dWh = np.einsum("ntk,nth->kh", h[:, :-1], da)
    return da @ Wx.T, back, dWx, dWh


# %% right="by recursion from the end"
def rnn_forward(x, h0, Wx, Wh):
    states = [h0]
    for t in range(x.shape[1]):
        states += [np.tanh(x[:, t] @ Wx + states[-1] @ Wh)]
    return np.array(states[1:]).transpose(1, 0, 2), {"x": x, "Wx": Wx, "Wh": Wh, "states": states}


def rnn_backward(dout, cache):
    x, Wx, Wh, states = cache["x"], cache["Wx"], cache["Wh"], cache["states"]
    T = x.shape[1]

    def at(t):
        """The gradient inside of the tanh of step t, for this and all later steps."""
        if t == T:
            return []
        later = at(t + 1)
        total = dout[:, t] + (later[0] @ Wh.T if later else 0)
        return [total * (1 - states[t + 1] ** 2), *later]

    da = at(0)
    dx = np.stack([each @ Wx.T for each in da], axis=1)
    dWx = sum(x[:, t].T @ da[t] for t in range(T))
    dWh = sum(states[t].T @ da[t] for t in range(T))
    return dx, da[0] @ Wh.T, dWx, dWh


# %% wrong="nothing comes back from the next step" of="solution" warned="6.5" points={"05_rnn-values": 2.5} cause="overwritten"
# ~         total = dout[:, t][- + dh-]
# %% wrong="only the last state is looked at from outside" of="solution" warned="6.5" points={"05_rnn-values": 1.5} cause="overwritten"
# ~         total = {+dh + (+}dout[:, t] [-+ dh-]{+if t == x.shape[1] - 1 else 0)+}
# %% wrong="the weights of the first step only" of="solution" warned="6.5" points={"05_rnn-values": 3} cause="local derivative wrong"
# ~         dWx [-+-]= x[:, t].T @ da
# ~         dWh [-+-]= states[t].T @ da
# %% wrong="the weights' gradients are means over the steps" of="solution" warned="6.5" points={"05_rnn-values": 3} cause="scale by N"
# ~     return dx, dh, dWx{+ / x.shape[1]+}, dWh{+ / x.shape[1]+}
# %% wrong="forward in time" of="solution" points={"05_rnn-values": 2.5} says="rnn_backward"
# ~     for t in [-reversed(-]range(x.shape[1])[-)-]:
# %% wrong="dh0 is the gradient inside of the tanh" of="solution" points={"05_rnn-values": 4.5} says="rnn_backward"
# ~     return dx, [-dh-]{+da+}, dWx, dWh
# %% wrong="dh0 is forgotten" of="solution" points={"05_rnn-values": 4.5} says="your gradient of h0 is zero everywhere"
# ~     return dx, [-dh-]{+np.zeros_like(states[0])+}, dWx, dWh
# %% wrong="dWh from the state after the step" of="solution" points={"05_rnn-values": 3} says="dWh is wrong"
# ~         dWh += states[t{+ + 1+}].T @ da
# %% wrong="the slope at the state before the step" of="solution" points={"05_rnn-values": 1.5} says="dx is wrong"
# ~         da = total * (1 - states[t[- + 1-]] ** 2)
# %% wrong="what comes back skips the tanh" of="solution" points={"05_rnn-values": 2.5} says="rnn_backward"
# ~         dh = [-da-]{+total+} @ Wh.T
# %% wrong="what comes back is not multiplied by Wh" of="solution" points={"05_rnn-values": 1.5} says="some contributions are missing, others are right: a path is dropped"
# ~         dh = da[- @ Wh.T-]
# %% wrong="the forward pass forgets the state" of="solution" points={"05_rnn-values": 2} says="out for x (3, 4, 2), h0 (3, 5), Wx (2, 5), Wh (5, 5) is wrong"
# ~         states.append(np.tanh(x[:, t] @ Wx + states[[-t-]{+0+}] @ Wh))
# %% wrong="states along the first axis" of="solution" points={"05_rnn-values": 5} says="out should have shape (1, 2, 1),"
# ~     return np.stack(states[1:], axis=[-1-]{+0+}), (x, Wx, Wh, states)
# %% wrong="the first state is h0" of="solution" points={"05_rnn-values": 5} says="out is wrong"
# ~     return np.stack(states[[-1:-]{+:-1+}], axis=1), (x, Wx, Wh, states)
# %% wrong="dout is changed in place" of="solution" points={"05_rnn-values": 5.5} cause="mutated argument"
#       for t in reversed(range(x.shape[1])):
# +         dout[:, t] += dh
# ~         total = dout[:, t][- + dh-]
# %% wrong="a sigmoid instead of tanh, both ways" of="solution" points={"05_rnn-values": 0.5} says="out is wrong"
# ~         states.append([-np.tanh(-]{+1 / (1 + np.exp(-(+}x[:, t] @ Wx + states[t] @ Wh{+))+}))
# ~         da = total * [-(1 - states[t + 1] ** 2)-]{+states[t + 1] * (1 - states[t + 1])+}
