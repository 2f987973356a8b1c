# %% right="with one-hot labels"
class SoftmaxLossLayer:
    def __init__(self, name):
        self.name, self.params, self.grads = name, {}, {}

    def forward(self, x, y):
        x = x - np.max(x, axis=1)[:, None]
        self.p = np.exp(x) / np.sum(np.exp(x), axis=1)[:, None]
        self.onehot = np.eye(x.shape[1])[y]
        return np.mean(np.log(np.sum(np.exp(x), axis=1)) - np.sum(self.onehot * x, axis=1))

    def backward(self, dloss=1.0):
        return (self.p - self.onehot) * (dloss / len(self.p))


# %% right="row by row, in a loop"
class SoftmaxLossLayer:
    def __init__(self, name):
        self.name, self.params, self.grads = name, {}, {}

    def forward(self, x, y):
        N, C = x.shape
        loss, self.dx = 0.0, np.zeros((N, C))
        for n in range(N):
            scores = np.array(x[n], dtype=float)
            scores -= max(scores)
            total = sum(np.exp(scores))
            loss += np.log(total) - scores[y[n]]
            for c in range(C):
                self.dx[n, c] = (np.exp(scores[c]) / total - (c == y[n])) / N
        return loss / N

    def backward(self, dloss=1.0):
        return dloss * self.dx


# %% right="by log-add-exp"
class SoftmaxLossLayer:
    def __init__(self, name):
        self.name, self.params, self.grads = name, {}, {}

    def forward(self, x, y):
        rows = np.arange(x.shape[0])
        total = np.logaddexp.reduce(x, axis=1)
        self.dx = np.exp(x - total[:, np.newaxis])
        self.dx[rows, y] -= 1.0
        self.dx /= x.shape[0]
        return np.mean(total - x[rows, y])

    def backward(self, dloss=1.0):
        return self.dx * dloss


# %% wrong="scores are not shifted" warned="2.7" points={"07_softmax_loss_layer-values": 4} says="every value should be finite"
class SoftmaxLossLayer:
    def __init__(self, name):
        self.name, self.params, self.grads = name, {}, {}

    def forward(self, x, y):
        self.p, self.y = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True), y
        return -np.log(self.p[np.arange(len(y)), y]).mean()

    def backward(self, dloss=1.0):
        dx = self.p.copy()
        dx[np.arange(len(self.y)), self.y] -= 1
        return dloss * dx / len(self.y)


# %% wrong="shifted by one maximum for all rows" of="averaged twice" warned="2.7" points={"07_softmax_loss_layer-values": 4} says="every value should be finite"
# ~         shifted = x - x.max([-axis=1, keepdims=True-])
# ~         return dloss * dx / len(self.y)[- ** 2-]
# %% wrong="the logarithm of a rounded probability, with 1e-8 added" of="scores are not shifted" warned="2.7" points={"07_softmax_loss_layer-values": 3} says="1e-8 is added inside the logarithm"
#       def forward(self, x, y):
# +         e = np.exp(x - x.max(axis=1, keepdims=True))
# ~         self.p, self.y = [-np.exp(x)-]{+e+} / [-np.exp(x)-]{+e+}.sum(axis=1, keepdims=True), y
# ~         return -np.log(self.p[np.arange(len(y)), y]{+ + 1e-8+}).mean()
# %% wrong="the logarithm of a rounded probability, cut off at 1e-12" of="the logarithm of a rounded probability, with 1e-8 added" warned="2.7" points={"07_softmax_loss_layer-values": 4} says="or no probability below it gets there"
# ~         return -np.log{+(np.maximum+}(self.p[np.arange(len(y)), y][- +-]{+,+} 1e-[-8-]{+12)+}).mean()
# %% wrong="the gradient is not averaged" of="scores are not shifted" warned="2.7" points={"07_softmax_loss_layer-values": 2} cause="scale by N"
# -         self.p, self.y = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True), y
# +         shifted = x - x.max(axis=1, keepdims=True)
# +         self.log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
# +         self.y = y
# ~         return -[-np.log(-]self.[-p-]{+log_p+}[np.arange(len(y)), y][-)-].mean()
# ~         dx = {+np.exp(+}self.[-p.copy(-]{+log_p+})
# ~         return dloss * dx[- / len(self.y)-]
# %% wrong="averaged twice" of="scores are not shifted" points={"07_softmax_loss_layer-values": 2} cause="scale by N"
# -         self.p, self.y = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True), y
# +         shifted = x - x.max(axis=1, keepdims=True)
# +         self.log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
# +         self.y = y
# ~         return -[-np.log(-]self.[-p-]{+log_p+}[np.arange(len(y)), y][-)-].mean()
# ~         dx = {+np.exp(+}self.[-p.copy(-]{+log_p+})
# ~         return dloss * dx / len(self.y){+ ** 2+}
# %% wrong="divides the ones by N, not the whole gradient" of="the gradient is not averaged" points={"07_softmax_loss_layer-values": 2} says="SoftmaxLossLayer: gradient of `x` is wrong"
# ~         dx[np.arange(len(self.y)), self.y] -= 1{+ / len(self.y)+}
# %% wrong="ignores the upstream gradient" of="averaged twice" points={"07_softmax_loss_layer-values": 3.5} cause="upstream gradient ignored"
# ~         return[- dloss *-] dx / len(self.y)[- ** 2-]
# %% wrong="uses up its probabilities" of="three classes, hard-coded" warned="2.7" points={"07_softmax_loss_layer-values": 4.5} says="dx is wrong"
# ~         [-self.-]log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
# ~         self.[-onehot-]{+p, self.y+} = np.[-eye(3)[y]-]{+exp(log_p), y+}
# -         return -np.sum(self.onehot * self.log_p) / len(y)
# +         return -log_p[np.arange(len(y)), y].mean()
# -         return dloss * (np.exp(self.log_p) - self.onehot) / len(self.onehot)
# +         self.p[np.arange(len(self.y)), self.y] -= 1
# +         return dloss * self.p / len(self.y)
# %% wrong="shifts the scores in place" of="averaged twice" points={"07_softmax_loss_layer-values": 3} cause="mutated argument" says="changed its argument `x` in place"
# ~         [-shifted = -]x -{+=+} x.max(axis=1, keepdims=True)
# ~         self.log_p = [-shifted-]{+x+} - np.log(np.exp([-shifted-]{+x+}).sum(axis=1, keepdims=True))
# ~         return dloss * dx / len(self.y)[- ** 2-]
# %% wrong="three classes, hard-coded" of="with one-hot labels" points={"07_softmax_loss_layer-values": 1} says="ValueError"
# -         x = x - np.max(x, axis=1)[:, None]
# -         self.p = np.exp(x) / np.sum(np.exp(x), axis=1)[:, None]
# +         shifted = x - x.max(axis=1, keepdims=True)
# +         self.log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
# ~         self.onehot = np.eye([-x.shape[1]-]{+3+})[y]
# -         return np.mean(np.log(np.sum(np.exp(x), axis=1)) - np.sum(self.onehot * x, axis=1))
# +         return -np.sum(self.onehot * self.log_p) / len(y)
# -         return (self.p - self.onehot) * (dloss / len(self.p))
# +         return dloss * (np.exp(self.log_p) - self.onehot) / len(self.onehot)
