"""Everything that backward may need goes into a tuple; rows and labels index together; rows drawn by choice."""


# %% answer="01_train_sigmoid_regression"
def train_sigmoid_regression(x, y, w1, w2, steps, lr=1e-4):
    losses = []
    for t in range(steps):
        hidden = 1.0 / (1.0 + np.exp(-x.dot(w1)))
        y_pred = hidden.dot(w2)
        losses.append(np.square(y_pred - y).sum())
        grad_pred = 2.0 * (y_pred - y)
        grad_w2 = hidden.T.dot(grad_pred)
        grad_hidden = grad_pred.dot(w2.T)
        grad_w1 = x.T.dot(grad_hidden * hidden * (1 - hidden))
        w1, w2 = w1 - lr * grad_w1, w2 - lr * grad_w2
    return losses


# %% answer="02_affine"
def affine_forward(x, w, b):
    N = x.shape[0]
    flat = np.reshape(x, (N, np.prod(x.shape[1:])))
    out = np.dot(flat, w) + b
    cache = (x, w, b)
    return out, cache


def affine_backward(dout, cache):
    x, w, b = cache
    flat = np.reshape(x, (x.shape[0], -1))
    dx = np.dot(dout, w.T).reshape(*x.shape)
    dw = np.dot(flat.T, dout)
    db = np.sum(dout, axis=0)
    return dx, dw, db


# %% answer="03_relu"
def relu_forward(x):
    out = np.maximum(0, x)
    cache = x
    return out, cache


def relu_backward(dout, cache):
    x = cache
    dx = np.array(dout, copy=True)
    dx[x <= 0] = 0
    return dx


# %% answer="03_leaky_relu"
def leaky_relu_forward(x, slope=0.1):
    out = np.maximum(0, x) + slope * np.minimum(0, x)
    return out, (x, slope)


def leaky_relu_backward(dout, cache):
    x, slope = cache
    dx = np.copy(dout)
    dx[x < 0] *= slope
    return dx


# %% answer="03_prelu"
def prelu_forward(x, alpha):
    out = np.maximum(0, x) + alpha * np.minimum(0, x)
    return out, (x, alpha)


def prelu_backward(dout, cache):
    x, alpha = cache
    dx = dout * ((x > 0) + alpha * (x <= 0))
    dalpha = np.sum((dout * x)[x <= 0])
    return dx, dalpha


# %% answer="03_elu"
def elu_forward(x):
    out = np.copy(x)
    out[x <= 0] = np.exp(x[x <= 0]) - 1
    return out, (x, out)


def elu_backward(dout, cache):
    x, out = cache
    dx = np.copy(dout)
    dx[x <= 0] = dout[x <= 0] * (out[x <= 0] + 1)
    return dx


# %% answer="03_sigmoid"
def sigmoid_forward(x):
    out = np.zeros_like(x)
    positive = x >= 0
    out[positive] = 1 / (1 + np.exp(-x[positive]))
    out[~positive] = np.exp(x[~positive]) / (1 + np.exp(x[~positive]))
    return out, (x, out)


def sigmoid_backward(dout, cache):
    _, out = cache
    return dout * (out - out**2)


# %% answer="03_tanh"
def tanh_forward(x):
    out = np.tanh(x)
    return out, (x, out)


def tanh_backward(dout, cache):
    x, out = cache
    return (1.0 - np.square(out)) * dout


# %% answer="03_maxout"
def maxout_forward(x, w1, b1, w2, b2):
    a1, a2 = np.dot(x, w1) + b1, np.dot(x, w2) + b2
    return np.where(a1 > a2, a1, a2), (x, w1, b1, w2, b2, a1, a2)


def maxout_backward(dout, cache):
    x, w1, b1, w2, b2, a1, a2 = cache
    da1 = np.where(a1 > a2, dout, 0)
    da2 = dout - da1
    dx = np.dot(da1, w1.T)
    dx += np.dot(da2, w2.T)
    return dx, np.dot(x.T, da1), np.sum(da1, axis=0), np.dot(x.T, da2), np.sum(da2, axis=0)


# %% answer="04_svm_loss"
def svm_loss(x, y):
    N = x.shape[0]
    correct = x[range(N), y].reshape(N, 1)
    margins = np.maximum(0, x - correct + 1.0)
    margins[range(N), y] = 0
    loss = np.sum(margins) / N
    dx = np.zeros_like(x)
    dx[margins > 0] = 1
    dx[range(N), y] -= np.sum(margins > 0, axis=1)
    dx /= N
    return loss, dx


# %% answer="04_softmax_loss"
def softmax_loss(x, y):
    N = x.shape[0]
    logits = x - np.max(x, axis=1, keepdims=True)
    log_probs = logits - np.log(np.sum(np.exp(logits), axis=1, keepdims=True))
    loss = -1.0 / N * np.sum(log_probs[range(N), y])
    dx = np.exp(log_probs)
    dx[range(N), y] -= 1
    dx = dx / N
    return loss, dx


# %% answer="05_l2"
def l2(W, lam):
    return lam * np.linalg.norm(W) ** 2, lam * 2 * W


# %% answer="05_l1"
def l1(W, lam):
    dW = np.full(W.shape, lam)
    dW[W < 0] = -lam
    return lam * np.sum(np.absolute(W)), dW


# %% answer="05_elastic"
def elastic(W, lam, beta):
    return np.sum(beta * W * W + lam * np.abs(W)), beta * 2 * W + lam * np.sign(W)


# %% answer="06_TwoLayerNet"
class TwoLayerNet(object):
    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        self.params = {}
        self.params["W1"] = std * np.random.randn(input_size, hidden_size)
        self.params["b1"] = np.zeros(hidden_size)
        self.params["W2"] = std * np.random.randn(hidden_size, output_size)
        self.params["b2"] = np.zeros(output_size)

    def loss(self, X, y=None, reg=0.0):
        W1, b1 = self.params["W1"], self.params["b1"]
        W2, b2 = self.params["W2"], self.params["b2"]
        out1, cache1 = affine_forward(X, W1, b1)
        out2, cache2 = relu_forward(out1)
        scores, cache3 = affine_forward(out2, W2, b2)
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        loss += reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
        grads = {}
        dout2, grads["W2"], grads["b2"] = affine_backward(dscores, cache3)
        _, grads["W1"], grads["b1"] = affine_backward(relu_backward(dout2, cache2), cache1)
        grads["W2"] += reg * 2 * W2
        grads["W1"] += reg * 2 * W1
        return loss, grads

    def train(self, X, y, X_val, y_val, learning_rate=1e-3, learning_rate_decay=0.95,
              reg=5e-6, num_iters=100, batch_size=200, verbose=False):  # fmt: skip
        num_train = X.shape[0]
        iterations_per_epoch = max(num_train // batch_size, 1)
        loss_history = []
        train_acc_history = []
        val_acc_history = []
        for it in range(num_iters):
            idx = np.random.choice(num_train, batch_size, replace=True)
            loss, grads = self.loss(X[idx], y=y[idx], reg=reg)
            loss_history.append(loss)
            for key in self.params:
                self.params[key] += -learning_rate * grads[key]
            if verbose and it % 100 == 0:
                print("iteration %d / %d: loss %f" % (it, num_iters, loss))
            if it % iterations_per_epoch == 0:
                train_acc_history.append((self.predict(X[idx]) == y[idx]).mean())
                val_acc_history.append((self.predict(X_val) == y_val).mean())
                learning_rate *= learning_rate_decay
        return {
            "loss_history": loss_history,
            "train_acc_history": train_acc_history,
            "val_acc_history": val_acc_history,
        }

    def predict(self, X):
        return np.argmax(self.loss(X), axis=1)


# %% answer="08_collapse"
def collapse(W1, W2):
    return np.dot(W2, W1)


# %% answer="09_polar_features"
def polar_features(X):
    r = np.sqrt(X[:, 0] ** 2 + X[:, 1] ** 2)
    theta = np.arctan2(X[:, 1], X[:, 0])
    return np.stack((r, theta), axis=1)
