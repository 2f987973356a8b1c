"""The cache is the backward pass itself; sums by einsum; labels as one-hot rows; a net made of layer objects."""


# %% answer="02_affine"
def affine_forward(x, w, b):
    rows = x.reshape(x.shape[0], w.shape[0])

    def back(dout):
        return np.einsum("nm,dm->nd", dout, w).reshape(x.shape), np.einsum("nd,nm->dm", rows, dout), sum(dout)

    return np.einsum("nd,dm->nm", rows, w) + b, back


def affine_backward(dout, cache):
    return cache(dout)


# %% answer="03_relu"
def relu_forward(x):
    on = np.heaviside(x, 0.5)
    return np.clip(x, 0, np.inf), lambda dout: np.einsum("i,i->i", dout.ravel(), on.ravel()).reshape(x.shape)


def relu_backward(dout, cache):
    return cache(dout)


# %% answer="03_leaky_relu"
def leaky_relu_forward(x, slope=0.1):
    factor = (x > 0) * (1 - slope) + slope
    return factor * x, factor


def leaky_relu_backward(dout, cache):
    return cache * dout


# %% answer="03_elu"
def elu_forward(x):
    with np.errstate(over="ignore"):
        return np.where(x > 0, x, np.expm1(x)), x


def elu_backward(dout, cache):
    return np.where(cache > 0, 1, np.exp(-np.abs(cache))) * dout


# %% answer="03_sigmoid"
def sigmoid_forward(x):
    s = np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))
    return s, s * (1 - s)


def sigmoid_backward(dout, cache):
    return np.multiply(dout, cache)


# %% answer="03_tanh"
def tanh_forward(x):
    return np.tanh(x), lambda dout: dout / np.cosh(np.clip(x, -300, 300)) ** 2


def tanh_backward(dout, cache):
    return cache(dout)


# %% answer="03_maxout"
def maxout_forward(x, w1, b1, w2, b2):
    both = np.stack([x @ w1 + b1, x @ w2 + b2])
    winner = both.argmax(axis=0)
    shares = np.stack([winner == 0, winner == 1]).astype(float)
    return both.max(axis=0), {"x": x, "w": np.stack([w1, w2]), "shares": shares}


def maxout_backward(dout, cache):
    each = cache["shares"] * dout
    dw = np.einsum("nd,knm->kdm", cache["x"], each)
    db = each.sum(axis=1)
    return np.einsum("knm,kdm->nd", each, cache["w"]), dw[0], db[0], dw[1], db[1]


# %% answer="04_svm_loss"
def svm_loss(x, y):
    truth = np.eye(x.shape[-1])[y]
    gaps = x - np.einsum("nc,nc->n", x, truth)[:, None] + (1 - truth)
    open_ = (gaps > 0) * 1.0
    grad = open_ - truth * open_.sum(axis=1, keepdims=True)
    return np.einsum("nc,nc->", gaps, open_) / len(x), grad / len(x)


# %% answer="04_softmax_loss"
def softmax_loss(x, y):
    truth = np.eye(x.shape[-1])[y]
    log_z = np.logaddexp.reduce(x, axis=-1)
    p = np.exp(x - log_z[..., np.newaxis])
    return np.mean(log_z - (x * truth).sum(-1)), (p - truth) / len(x)


# %% answer="05_l1"
def l1(W, lam):
    return lam * np.linalg.norm(W.ravel(), 1), lam * np.where(W > 0, 1, -1)


# %% answer="06_TwoLayerNet"
class Affine:
    def __init__(self, params, w, b):
        self.params, self.w, self.b = params, w, b

    def __call__(self, x):
        self.x = x
        return x @ self.params[self.w] + self.params[self.b]

    def back(self, d):
        return d @ self.params[self.w].T, {self.w: self.x.T @ d, self.b: np.ones(len(d)) @ d}


class TwoLayerNet:
    """Layer objects that share one dict, looked up anew at every call, since it may be replaced."""

    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        draw = np.random.RandomState(42).standard_normal
        self.params = {"b1": np.zeros(hidden_size), "b2": np.zeros(output_size)}
        self.params["W1"] = std * draw((input_size, hidden_size))
        self.params["W2"] = std * draw((hidden_size, output_size))

    def loss(self, X, y=None, reg=0.0):
        first, second = Affine(self.params, "W1", "b1"), Affine(self.params, "W2", "b2")
        a = first(X)
        scores = second(a * (a > 0))
        if y is None:
            return scores
        log_z = np.logaddexp.reduce(scores, axis=1, keepdims=True)
        truth = np.eye(scores.shape[1])[y]
        d, grads = second.back((np.exp(scores - log_z) - truth) / y.size)
        grads |= first.back(np.where(a > 0, d, 0))[1]
        loss = ((log_z - scores) * truth).sum() / y.size
        for name in ("W1", "W2"):
            loss += reg * np.einsum("ij,ij", self.params[name], self.params[name])
            grads[name] = grads[name] + reg * 2.0 * self.params[name]
        return loss, grads

    def predict(self, X):
        return self.loss(X).argmax(axis=1)

    def train(self, X, y, X_val, y_val, learning_rate=1e-3, learning_rate_decay=0.95,
              reg=5e-6, num_iters=100, batch_size=200, verbose=False):  # fmt: skip
        def batches():
            while True:
                order = np.random.permutation(len(X))
                for k in range(0, max(len(X) - batch_size, 0) + 1, batch_size):
                    yield order[k : k + batch_size]

        per_epoch = max(len(X) // batch_size, 1)
        losses, accuracies = np.empty(num_iters), {"train_acc_history": [], "val_acc_history": []}
        rows = batches()
        for t in watched(range(num_iters)):
            chosen = next(rows)
            losses[t], grads = self.loss(X[chosen], y[chosen], reg)
            rate = learning_rate * learning_rate_decay ** (t // per_epoch)
            self.params = {name: self.params[name] - rate * grads[name] for name in self.params}
            if (t + 1) % per_epoch == 0:
                accuracies["train_acc_history"].append(np.mean(self.predict(X) == y))
                accuracies["val_acc_history"].append(np.mean(self.predict(X_val) == y_val))
        return {"loss_history": losses, **accuracies}
