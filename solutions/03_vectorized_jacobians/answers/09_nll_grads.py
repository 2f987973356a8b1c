# %% right="with logaddexp and an explicit one-hot vector"
def nll_grads(W, b, x, y):
    z = W @ x + b
    log_total = np.logaddexp.reduce(z)
    dz = np.exp(z - log_total) - np.eye(len(z))[y]
    return log_total - z[y], dz[:, np.newaxis] * x, dz.copy()


# %% right="by class, in a loop"
def nll_grads(W, b, x, y):
    C = len(b)
    z = [float(np.dot(W[c], x) + b[c]) for c in range(C)]
    highest = max(z)
    total = sum(np.exp(value - highest) for value in z)
    dW, db = np.zeros(W.shape), np.zeros(C)
    for c in range(C):
        db[c] = np.exp(z[c] - highest) / total - (1 if c == y else 0)
        dW[c] = db[c] * x
    return highest + np.log(total) - z[y], dW, db


# %% wrong="the logarithm of a rounded probability" of="1e-8 added inside the logarithm" warned="3.9" points={"09_nll_grads-extremes": 1.5} says="every value should be finite"
# -     return -np.log(p[y] + 1e-8), np.outer(dz, x), dz
# +     with np.errstate(divide="ignore"):
# +         return -np.log(p[y]), np.outer(dz, x), dz
# %% wrong="1e-8 added inside the logarithm" warned="3.9" points={"09_nll_grads-values": 3, "09_nll_grads-extremes": 1} says="expected 10000"
def nll_grads(W, b, x, y):
    z = W @ x + b
    p = np.exp(z - z.max())
    p = p / p.sum()
    dz = p - np.eye(len(z))[y]
    return -np.log(p[y] + 1e-8), np.outer(dz, x), dz


# %% wrong="overflows" warned="3.9" points={"09_nll_grads-extremes": 0.5} says="every value should be finite"
def nll_grads(W, b, x, y):
    z = W @ x + b
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        p = np.exp(z) / np.exp(z).sum()
        dz = p - np.eye(len(z))[y]
        return -np.log(p[y]), np.outer(dz, x), dz


# %% wrong="the sign" of="with logaddexp and an explicit one-hot vector" points={"09_nll_grads-values": 1, "09_nll_grads-extremes": 1} cause="sign"
# ~     dz =[- np.exp(z - log_total) --] np.eye(len(z))[y]{+ - np.exp(z - log_total)+}
# ~     return log_total - z[y], [-dz[:, np.newaxis] * x-]{+np.outer(dz, x)+}, dz[-.copy()-]
# %% wrong="the true class's own term is missing" of="with logaddexp and an explicit one-hot vector" points={"09_nll_grads-values": 1, "09_nll_grads-extremes": 1} says="wrong in"
# ~     dz = np.exp(z - log_total)[- - np.eye(len(z))[y]-]
# ~     return log_total - z[y], [-dz[:, np.newaxis] * x-]{+np.outer(dz, x)+}, dz[-.copy()-]
# %% wrong="dW is transposed" of="with logaddexp and an explicit one-hot vector" points={"09_nll_grads-values": 2, "09_nll_grads-extremes": 1} cause="wrong shape"
# -     return log_total - z[y], dz[:, np.newaxis] * x, dz.copy()
# +     return log_total - z[y], np.outer(x, dz), dz
# %% wrong="db as a column" of="with logaddexp and an explicit one-hot vector" points={"09_nll_grads-values": 2.5, "09_nll_grads-extremes": 1} cause="wrong shape"
# ~     return log_total - z[y], [-dz[:, np.newaxis] * x-]{+np.outer(dz, x)+}, dz.[-copy(-]{+reshape(-1, 1+})
# %% wrong="db is the sum, as if b were a number" of="with logaddexp and an explicit one-hot vector" points={"09_nll_grads-values": 2.5, "09_nll_grads-extremes": 1} cause="wrong shape"
# ~     return log_total - z[y], [-dz[:, np.newaxis] * x-]{+np.outer(dz, x)+}, dz.[-copy-]{+sum+}()
# %% wrong="the bias is left out of the scores" of="with logaddexp and an explicit one-hot vector" points={"09_nll_grads-values": 0, "09_nll_grads-extremes": 1.5} says="loss is wrong"
# ~     z = W @ x[- + b-]
# ~     return log_total - z[y], [-dz[:, np.newaxis] * x-]{+np.outer(dz, x)+}, dz[-.copy()-]
# %% wrong="always the first class" of="with logaddexp and an explicit one-hot vector" points={"09_nll_grads-values": 0, "09_nll_grads-extremes": 0} says="loss is wrong"
# ~     dz = np.exp(z - log_total) - np.eye(len(z))[[-y-]{+0+}]
# -     return log_total - z[y], dz[:, np.newaxis] * x, dz.copy()
# +     return log_total - z[0], np.outer(dz, x), dz
# %% wrong="the logarithm to base 2" of="with logaddexp and an explicit one-hot vector" points={"09_nll_grads-values": 2.5, "09_nll_grads-extremes": 1} says="loss is wrong"
# -     return log_total - z[y], dz[:, np.newaxis] * x, dz.copy()
# +     return (log_total - z[y]) / np.log(2), np.outer(dz, x), dz
# %% wrong="measured by differences" points={"09_nll_grads-values": 2, "09_nll_grads-extremes": 1} says="wrong in"
def nll_grads(W, b, x, y):
    def loss(W, b):
        z = W @ x + b
        return np.logaddexp.reduce(z) - z[y]

    def differences(f, at, h=1e-5):
        gradient = np.zeros(at.shape)
        for index in np.ndindex(*at.shape):
            step = np.zeros(at.shape)
            step[index] = h
            gradient[index] = (f(at + step) - f(at - step)) / (2 * h)
        return gradient

    return loss(W, b), differences(lambda t: loss(t, b), W), differences(lambda t: loss(W, t), b)
