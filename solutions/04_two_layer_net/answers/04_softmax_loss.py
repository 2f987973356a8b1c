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


# %% wrong="1e-8 inside the logarithm" points={"04_softmax_loss-loss": 1.5} says="loss is wrong"
def softmax_loss(x, y):
    probs = np.exp(x - np.max(x, axis=1, keepdims=True))
    probs /= np.sum(probs, axis=1, keepdims=True)
    N = x.shape[0]
    loss = -np.sum(np.log(probs[np.arange(N), y] + 1e-8)) / N
    dx = probs.copy()
    dx[np.arange(N), y] -= 1
    dx /= N
    return loss, dx


# %% wrong="the maximum without keepdims" points={"04_softmax_loss-loss": 0.5, "04_softmax_loss-gradient": 0.5} says="Error"
def softmax_loss(x, y):
    rows = np.arange(len(x))
    shifted = x - x.max(axis=1)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[rows, y].mean()

    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return loss, dx / len(x)


# %% wrong="one maximum for the whole batch" points={"04_softmax_loss-loss": 2.5, "04_softmax_loss-gradient": 3.5} says="finite"
def softmax_loss(x, y):
    rows = np.arange(len(x))
    shifted = x - x.max()
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[rows, y].mean()

    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return loss, dx / len(x)


# %% wrong="the sum along the wrong axis" points={"04_softmax_loss-loss": 1, "04_softmax_loss-gradient": 2} says="loss"
def softmax_loss(x, y):
    rows = np.arange(len(x))
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=0, keepdims=True))
    loss = -log_p[rows, y].mean()

    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return loss, dx / len(x)


# %% wrong="the gradient is not averaged" points={"04_softmax_loss-gradient": 1.5} cause="scale by N"
def softmax_loss(x, y):
    rows = np.arange(len(x))
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[rows, y].mean()

    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return loss, dx


# %% wrong="the gradient is averaged twice" points={"04_softmax_loss-gradient": 1.5} says="dx"
def softmax_loss(x, y):
    rows = np.arange(len(x))
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[rows, y].mean()

    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return loss, dx / len(x) ** 2


# %% wrong="precedence: only the labels are averaged" points={"04_softmax_loss-gradient": 1.5} says="dx"
def softmax_loss(x, y):
    rows = np.arange(len(x))
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[rows, y].mean()

    dx = np.exp(log_p)
    dx[rows, y] -= 1 / len(x)
    return loss, dx


# %% wrong="the 1 is not subtracted" points={"04_softmax_loss-gradient": 1} says="dx"
def softmax_loss(x, y):
    rows = np.arange(len(x))
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[rows, y].mean()

    dx = np.exp(log_p)
    return loss, dx / len(x)


# %% wrong="the sign of the gradient" points={"04_softmax_loss-gradient": 1} cause="sign"
def softmax_loss(x, y):
    rows = np.arange(len(x))
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[rows, y].mean()

    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return loss, -dx / len(x)


# %% wrong="the sign of the loss" points={"04_softmax_loss-loss": 0} says="loss is wrong"
def softmax_loss(x, y):
    rows = np.arange(len(x))
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = log_p[rows, y].mean()

    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return loss, dx / len(x)


# %% wrong="the loss is a sum" points={"04_softmax_loss-loss": 0.5} says="loss"
def softmax_loss(x, y):
    rows = np.arange(len(x))
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[rows, y].sum()

    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return loss, dx / len(x)


# %% wrong="a loss for each row" points={"04_softmax_loss-loss": 0} says="loss should have shape ()"
def softmax_loss(x, y):
    rows = np.arange(len(x))
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[rows, y]

    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return loss, dx / len(x)


# %% wrong="1 is subtracted from whole columns" points={"04_softmax_loss-gradient": 2.5} cause="dropped path or sign of one term"
def softmax_loss(x, y):
    rows = np.arange(len(x))
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[rows, y].mean()

    dx = np.exp(log_p)
    dx[:, y] -= 1
    return loss, dx / len(x)


# %% wrong="ten classes, always" points={"04_softmax_loss-loss": 0, "04_softmax_loss-gradient": 0} says="Error"
def softmax_loss(x, y):
    rows = np.arange(len(x))
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[rows, y].mean()

    dx = np.exp(log_p)
    dx -= np.eye(10)[y]
    return loss, dx / len(x)


# %% wrong="the gradient of the probabilities' logarithm" points={"04_softmax_loss-gradient": 1} says="dx"
def softmax_loss(x, y):
    rows = np.arange(len(x))
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[rows, y].mean()

    dx = log_p.copy()
    dx[rows, y] -= 1
    return loss, dx / len(x)


# %% wrong="x is changed in place" points={"04_softmax_loss-gradient": 3.5} says="changed its argument `x`"
def softmax_loss(x, y):
    rows = np.arange(len(x))
    x -= x.max(axis=1, keepdims=True)
    shifted = x
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[rows, y].mean()

    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return loss, dx / len(x)


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
