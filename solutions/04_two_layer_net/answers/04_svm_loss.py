# %% right="as in a well-known course"
def svm_loss(x, y):
    loss, dx = None, None
    num_train = x.shape[0]
    scores = x - x[range(num_train), y].reshape(-1, 1) + 1
    scores[range(num_train), y] = 0
    scores[scores < 0] = 0
    loss = np.sum(scores)
    loss /= num_train
    dx = np.zeros_like(x)
    dx[scores > 0] = 1
    num_positive = np.sum(scores > 0, axis=1)
    dx[np.arange(num_train), y] -= num_positive
    dx /= num_train
    return loss, dx


# %% right="in loops"
def svm_loss(x, y):
    N, C = x.shape
    loss, dx = 0.0, np.zeros((N, C))
    for n in range(N):
        for j in range(C):
            if j == y[n]:
                continue
            margin = x[n, j] - x[n, y[n]] + 1
            if margin > 0:
                loss += margin / N
                dx[n, j] += 1 / N
                dx[n, y[n]] -= 1 / N
    return loss, dx


# %% right="one-hot labels"
def svm_loss(x, y):
    truth = np.eye(x.shape[1])[y]
    margins = (x - (x * truth).sum(1, keepdims=True) + 1) * (1 - truth)
    active = (margins >= 0) * (1 - truth)
    dx = active - truth * active.sum(1)[:, None]
    return np.mean(np.sum(np.clip(margins, 0, None), axis=1)), dx / len(y)


# %% wrong="the true class is not left out of the loss" of="squared hinge" warned="4.4" points={"04_svm_loss-loss": 0} says="loss is wrong"
#       margins = np.maximum(0, x - x[rows, y][:, np.newaxis] + 1)
# +     loss = margins.sum() / len(x)
# -     loss = (margins**2).sum() / len(x)
# %% wrong="the true class's own term is missing in the gradient" of="solution" points={"04_svm_loss-gradient": 2} says="gradient of `x` is wrong"
# -     dx[rows, y] = -dx.sum(axis=1)
# %% wrong="the true class collects only 1" of="solution" warned="4.4" points={"04_svm_loss-gradient": 2} says="gradient of `x` is wrong"
# ~     dx[rows, y] = -[-dx.sum(axis=1)-]{+1+}
# %% wrong="true and other class have changed places" of="solution" warned="4.4" points={"04_svm_loss-loss": 0, "04_svm_loss-gradient": 1} says="or true and other class have changed places"
# ~     margins = np.maximum(0, [-x - -]x[rows, y][:, np.newaxis]{+ - x+} + 1)
# ~     dx = np.where(margins > 0, {+-+}1.0, 0.0)
# %% wrong="the gradient is not averaged" of="solution" points={"04_svm_loss-gradient": 1.5} cause="scale by N"
# ~     return loss, dx[- / len(x)-]
# %% wrong="the gradient is averaged twice" of="solution" points={"04_svm_loss-gradient": 1.5} says="dx"
# ~     return loss, dx / len(x){+ ** 2+}
# %% wrong="the loss is a sum" of="solution" warned="4.4" points={"04_svm_loss-loss": 0.5} says="loss for"
# ~     loss = margins.sum()[- / len(x)-]
# %% wrong="the loss is divided by the number of classes" of="solution" points={"04_svm_loss-loss": 0} says="loss is wrong"
# ~     loss = margins.[-sum() / len(x)-]{+mean()+}
# %% wrong="a margin of 0" of="solution" points={"04_svm_loss-loss": 0, "04_svm_loss-gradient": 1} says="loss is wrong"
# ~     margins = np.maximum(0, x - x[rows, y][:, np.newaxis][- + 1-])
# %% wrong="the margin is subtracted" of="solution" points={"04_svm_loss-loss": 0, "04_svm_loss-gradient": 1} says="loss is wrong"
# ~     margins = np.maximum(0, x - x[rows, y][:, np.newaxis] [-+-]{+-+} 1)
# %% wrong="the built-in sum: a loss for each class" of="solution" points={"04_svm_loss-loss": 0} says="loss should be a number"
# ~     loss = [-margins.-]sum({+margins+}) / len(x)
# %% wrong="the sign of the gradient" of="solution" points={"04_svm_loss-gradient": 1} cause="sign"
# ~     return loss, {+-+}dx / len(x)
# %% wrong="squared hinge" of="solution" points={"04_svm_loss-loss": 0} says="loss is wrong"
# ~     loss = {+(+}margins{+**2)+}.sum() / len(x)
# %% wrong="the mask of the scores instead of the margins" of="solution" points={"04_svm_loss-gradient": 1} says="dx"
# ~     dx = np.where([-margins-]{+(x+} > 0{+) & (np.arange(x.shape[1]) != y[:, None])+}, 1.0, 0.0)
# %% wrong="ten classes, always" of="solution" points={"04_svm_loss-loss": 0, "04_svm_loss-gradient": 0} says="Error"
# ~     dx = np.[-where-]{+eye(10)[y] * 0 + +}(margins > 0[-, 1.0, 0.0-])
# %% wrong="x is changed in place" of="solution" points={"04_svm_loss-gradient": 3.5} says="changed its argument `x`"
#       rows = np.arange(len(x))
# +     x -= x[rows, y][:, np.newaxis]
# ~     margins = np.maximum(0, x [-- x[rows, y][:, np.newaxis] -]+ 1)
