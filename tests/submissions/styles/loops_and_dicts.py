"""One number at a time, everything in dicts, and a slope of 1 at the kink of a ReLU."""


# %% answer="02_affine"
def affine_forward(x, w, b):
    rows = [example.flatten() for example in x]
    out = []
    for row in rows:
        out.append([sum(row[i] * w[i, j] for i in range(len(row))) + b[j] for j in range(len(b))])
    return np.array(out), {"rows": rows, "shape": x.shape, "weights": w}


def affine_backward(dout, cache):
    w = cache["weights"]
    dx, dw, db = [], np.zeros(w.shape), np.zeros(w.shape[1])
    for row, d in zip(cache["rows"], dout):
        dx.append(w @ d)
        for i in range(len(row)):
            dw[i] += row[i] * d
        db += d
    return np.array(dx).reshape(cache["shape"]), dw, db


# %% answer="03_relu"
def relu_forward(x):
    out = x.copy()
    on = {}
    for index, value in np.ndenumerate(x):
        on[index] = value >= 0
        if not on[index]:
            out[index] = 0
    return out, {"on": on}


def relu_backward(dout, cache):
    dx = np.zeros(dout.shape)
    for index, on in cache["on"].items():
        if on:
            dx[index] = dout[index]
    return dx


# %% answer="03_prelu"
def prelu_forward(x, alpha):
    out = np.array([v if v >= 0 else alpha * v for v in x.ravel()]).reshape(x.shape)
    return out, {"x": x, "alpha": alpha}


def prelu_backward(dout, cache):
    x, alpha = cache["x"], cache["alpha"]
    dx, dalpha = np.zeros(x.shape), 0
    for index in np.ndindex(*x.shape):
        if x[index] >= 0:
            dx[index] = dout[index]
        else:
            dx[index] = alpha * dout[index]
            dalpha += x[index] * dout[index]
    return dx, dalpha


# %% answer="04_svm_loss"
def svm_loss(x, y):
    loss = 0
    dx = np.zeros(x.shape)
    for n in range(len(x)):
        for j in range(x.shape[1]):
            if j != y[n] and x[n, j] - x[n, y[n]] + 1 > 0:
                loss += (x[n, j] - x[n, y[n]] + 1) / len(x)
                dx[n, j] += 1 / len(x)
                dx[n, y[n]] -= 1 / len(x)
    return loss, dx


# %% answer="04_softmax_loss"
def softmax_loss(x, y):
    total, rows = 0, []
    for scores, label in zip(x, y):
        top = max(scores)
        exps = np.array([np.exp(s - top) for s in scores])
        total += np.log(sum(exps)) + top - scores[label]
        row = exps / sum(exps)
        row[label] = row[label] - 1
        rows.append(row)
    return total / len(x), np.array(rows) / len(x)


# %% answer="05_l2"
def l2(W, lam):
    value = 0
    for w in W.flat:
        value += lam * w * w
    return value, np.array([2 * lam * w for w in W.flat]).reshape(W.shape)


# %% answer="06_TwoLayerNet"
class TwoLayerNet:
    """Example by example. The object keeps more than it must: sizes, counters, the last scores."""

    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        self.sizes = input_size, hidden_size, output_size
        self.steps_taken = 0
        self.params = dict(
            W1=np.random.normal(0, std, (input_size, hidden_size)),
            b1=np.zeros(hidden_size),
            W2=np.random.normal(0, std, (hidden_size, output_size)),
            b2=np.zeros(output_size),
        )

    def hidden(self, example):
        return example @ self.params["W1"] + self.params["b1"]

    def loss(self, X, y=None, reg=0.0):
        W2 = self.params["W2"]
        self.scores = []
        for example in X:
            active = [max(a, 0) for a in self.hidden(example)]
            self.scores.append(np.array(active) @ W2 + self.params["b2"])
        if y is None:
            return np.array(self.scores)
        loss, grads = 0, {k: np.zeros(v.shape) for k, v in self.params.items()}
        for example, label, scores in zip(X, y, self.scores):
            a = self.hidden(example)
            h = np.where(a >= 0, a, 0)
            p = np.exp(scores - np.max(scores))
            p /= np.sum(p)
            loss += np.log(np.sum(np.exp(scores - np.max(scores)))) - (scores[label] - np.max(scores))
            p[label] -= 1
            back = (W2 @ p) * np.where(a >= 0, 1, 0)
            grads["W2"] += h[:, None] * p[None, :] / len(X)
            grads["b2"] += p / len(X)
            grads["W1"] += example[:, None] * back[None, :] / len(X)
            grads["b1"] += back / len(X)
        loss = loss / len(X)
        for k in ("W1", "W2"):
            for index, w in np.ndenumerate(self.params[k]):
                loss += reg * w**2
                grads[k][index] += 2 * reg * w
        return loss, grads

    def predict(self, X):
        return np.array([list(row).index(max(row)) for row in self.loss(X)])

    def accuracy(self, X, y):
        return sum(int(a == b) for a, b in zip(self.predict(X), y)) / len(y)

    def train(self, X, y, X_val, y_val, learning_rate=1e-3, learning_rate_decay=0.95,
              reg=5e-6, num_iters=100, batch_size=200, verbose=False):  # fmt: skip
        history = {"loss_history": [], "train_acc_history": [], "val_acc_history": []}
        while num_iters:
            rows = [np.random.randint(len(X)) for _ in range(batch_size)]
            batch, labels = np.array([X[i] for i in rows]), np.array([y[i] for i in rows])
            loss, grads = self.loss(batch, labels, reg)
            history["loss_history"] += [loss]
            for k, g in grads.items():
                self.params[k] = self.params[k] - learning_rate * g
            self.steps_taken += 1
            num_iters -= 1
            if self.steps_taken % max(len(X) // batch_size, 1) == 0:
                learning_rate *= learning_rate_decay
                history["train_acc_history"] += [self.accuracy(batch, labels)]
                history["val_acc_history"] += [self.accuracy(X_val, y_val)]
        return history


# %% answer="08_collapse"
def collapse(W1, W2):
    W = np.zeros((len(W2), W1.shape[1]))
    for i in range(W.shape[0]):
        for j in range(W.shape[1]):
            W[i, j] = sum(W2[i, k] * W1[k, j] for k in range(len(W1)))
    return W


# %% answer="09_polar_features"
def polar_features(X):
    points = [complex(a, b) for a, b in X]
    return np.array([[abs(z), np.angle(z)] for z in points])
