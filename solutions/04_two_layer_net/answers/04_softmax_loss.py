# %% right="as in a well-known course"
def softmax_loss(x, y):
    loss, dx = None, None
    shifted_logits = x - np.max(x, axis=1, keepdims=True)
    Z = np.sum(np.exp(shifted_logits), axis=1, keepdims=True)
    log_probs = shifted_logits - np.log(Z)
    probs = np.exp(log_probs)
    N = x.shape[0]
    loss = -np.sum(log_probs[np.arange(N), y]) / N
    dx = probs.copy()
    dx[np.arange(N), y] -= 1
    dx /= N
    return loss, dx


# %% right="in loops"
def softmax_loss(x, y):
    N, C = x.shape
    loss, dx = 0.0, np.zeros((N, C))
    for n in range(N):
        top = max(x[n])
        exps = [np.exp(x[n, c] - top) for c in range(C)]
        total = sum(exps)
        loss += (np.log(total) + top - x[n, y[n]]) / N
        for c in range(C):
            dx[n, c] = (exps[c] / total - (c == y[n])) / N
    return loss, dx


# %% right="logaddexp and one-hot labels"
def softmax_loss(x, y):
    truth = np.eye(x.shape[1])[y]
    total = np.logaddexp.reduce(x, axis=1, keepdims=True)
    return np.mean(np.sum(truth * (total - x), axis=1)), (np.exp(x - total) - truth) / len(truth)


# %% wrong="no shift: nan at 1e4" warned="4.4" points={"04_softmax_loss-loss": 2.5, "04_softmax_loss-gradient": 3.5} says="every value should be finite"
def softmax_loss(x, y):
    rows = np.arange(len(x))
    p = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
    loss = -np.log(p[rows, y]).mean()
    dx = p
    dx[rows, y] -= 1
    return loss, dx / len(x)


# %% wrong="the logarithm of a probability rounded to 0" warned="4.4" points={"04_softmax_loss-loss": 2.5} says="loss is inf"
def softmax_loss(x, y):
    probs = np.exp(x - np.max(x, axis=1, keepdims=True))
    probs /= np.sum(probs, axis=1, keepdims=True)
    N = x.shape[0]
    loss = -np.sum(np.log(probs[np.arange(N), y])) / N
    dx = probs.copy()
    dx[np.arange(N), y] -= 1
    dx /= N
    return loss, dx


# %% wrong="1e-8 inside the logarithm" of="the logarithm of a probability rounded to 0" points={"04_softmax_loss-loss": 1.5} says="about 1e-08 is added inside the logarithm"
# ~     loss = -np.sum(np.log(probs[np.arange(N), y]{+ + 1e-8+})) / N
# %% wrong="unlikely classes are cut off at 1e-12" of="the logarithm of a probability rounded to 0" points={"04_softmax_loss-loss": 1.5} says="a probability below 1e-12 is raised to that"
# ~     loss = -np.sum(np.log({+np.maximum(+}probs[np.arange(N), y]{+, 1e-12)+})) / N
# %% wrong="a small number in the denominator" of="the logarithm of a probability rounded to 0" points={"04_softmax_loss-loss": 1.5, "04_softmax_loss-gradient": 1} says="a difference of"
# ~     probs /= np.sum(probs, axis=1, keepdims=True){+ + 1e-8+}
# %% wrong="the maximum without keepdims" of="solution" points={"04_softmax_loss-loss": 0.5, "04_softmax_loss-gradient": 0.5} says="Error"
# ~     shifted = x - x.max(axis=1[-, keepdims=True-])
# %% wrong="one maximum for the whole batch" of="solution" points={"04_softmax_loss-loss": 2.5, "04_softmax_loss-gradient": 3.5} says="finite"
# ~     shifted = x - x.max([-axis=1, keepdims=True-])
# %% wrong="the sum along the wrong axis" of="solution" points={"04_softmax_loss-loss": 1, "04_softmax_loss-gradient": 2} says="loss"
# ~     log_p = shifted - np.log(np.exp(shifted).sum(axis=[-1-]{+0+}, keepdims=True))
# %% wrong="the gradient is not averaged" of="solution" points={"04_softmax_loss-gradient": 1.5} cause="scale by N"
# ~     return loss, dx[- / len(x)-]
# %% wrong="the gradient is averaged twice" of="solution" points={"04_softmax_loss-gradient": 1.5} says="dx"
# ~     return loss, dx / len(x){+ ** 2+}
# %% wrong="precedence: only the labels are averaged" of="solution" points={"04_softmax_loss-gradient": 1.5} says="dx"
# ~     dx[rows, y] -= 1{+ / len(x)+}
# ~     return loss, dx[- / len(x)-]
# %% wrong="the 1 is not subtracted" of="solution" points={"04_softmax_loss-gradient": 1} says="dx"
# -     dx[rows, y] -= 1
# %% wrong="the sign of the gradient" of="solution" points={"04_softmax_loss-gradient": 1} cause="sign"
# ~     return loss, {+-+}dx / len(x)
# %% wrong="the sign of the loss" of="solution" points={"04_softmax_loss-loss": 0} says="loss is wrong"
# ~     loss = [---]log_p[rows, y].mean()
# %% wrong="the loss is a sum" of="solution" points={"04_softmax_loss-loss": 0.5} says="loss"
# ~     loss = -log_p[rows, y].[-mean-]{+sum+}()
# %% wrong="a loss for each row" of="solution" points={"04_softmax_loss-loss": 0} says="loss should be a number"
# ~     loss = -log_p[rows, y][-.mean()-]
# %% wrong="1 is subtracted from whole columns" of="solution" points={"04_softmax_loss-gradient": 2.5} cause="dropped path or sign of one term"
# ~     dx[[-rows-]{+:+}, y] -= 1
# %% wrong="ten classes, always" of="solution" points={"04_softmax_loss-loss": 0, "04_softmax_loss-gradient": 0} says="Error"
# ~     dx[-[rows, y]-] -= [-1-]{+np.eye(10)[y]+}
# %% wrong="the gradient of the probabilities' logarithm" of="solution" points={"04_softmax_loss-gradient": 1} says="dx"
# -     dx = np.exp(log_p)
# +     dx = log_p.copy()
# %% wrong="x is changed in place" of="solution" points={"04_softmax_loss-gradient": 3.5} says="changed its argument `x`"
# ~     [-shifted = -]x -{+=+} x.max(axis=1, keepdims=True)
#       x -= x.max(axis=1, keepdims=True)
# +     shifted = x
# %% wrong="measured by differences" points={"04_softmax_loss-gradient": 1.5} says="looks measured"
def softmax_loss(x, y):
    def value(z):
        z = z - z.max(axis=1, keepdims=True)
        return np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), y])

    dx = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        dx[i] = (value(x + step) - value(x - step)) / 2e-5
    return value(x), dx
