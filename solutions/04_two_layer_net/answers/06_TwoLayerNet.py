# %% base="as most write it"
class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        W1 = std * np.random.randn(input_size, hidden_size)
        W2 = std * np.random.randn(hidden_size, output_size)
        self.params = {"W1": W1, "b1": np.zeros(hidden_size), "W2": W2, "b2": np.zeros(output_size)}

    def loss(self, X, y=None, reg=0.0):
        W1, b1, W2, b2 = (self.params[name] for name in ("W1", "b1", "W2", "b2"))
        N = len(X)
        a1 = X.dot(W1) + b1
        h1 = np.maximum(0, a1)
        scores = h1.dot(W2) + b2
        if y is None:
            return scores
        shifted = scores - np.max(scores, axis=1, keepdims=True)
        log_probs = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
        loss = -np.sum(log_probs[np.arange(N), y]) / N
        loss += reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
        grads = {}
        dscores = np.exp(log_probs)
        dscores[np.arange(N), y] -= 1
        dscores /= N
        grads["W2"] = h1.T.dot(dscores) + 2 * reg * W2
        grads["b2"] = np.sum(dscores, axis=0)
        dh1 = dscores.dot(W2.T)
        da1 = dh1 * (a1 > 0)
        grads["W1"] = X.T.dot(da1) + 2 * reg * W1
        grads["b1"] = np.sum(da1, axis=0)
        return loss, grads

    def predict(self, X):
        return np.argmax(self.loss(X), axis=1)

    def train(
        self,
        X,
        y,
        X_val,
        y_val,
        learning_rate=1e-3,
        learning_rate_decay=0.95,
        reg=5e-6,
        num_iters=100,
        batch_size=200,
        verbose=False,
    ):
        losses, train_accuracies, val_accuracies = [], [], []
        for it in range(num_iters):
            batch = np.random.choice(len(X), batch_size)
            loss, grads = self.loss(X[batch], y[batch], reg)
            losses.append(loss)
            for name in self.params:
                self.params[name] -= learning_rate * grads[name]
            if it % max(len(X) // batch_size, 1) == 0:
                train_accuracies.append(np.mean(self.predict(X[batch]) == y[batch]))
                val_accuracies.append(np.mean(self.predict(X_val) == y_val))
                learning_rate *= learning_rate_decay
        return {
            "loss_history": losses,
            "train_acc_history": train_accuracies,
            "val_acc_history": val_accuracies,
        }


# %% right="from the functions above, epochs by permutation"
class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        rng = np.random.default_rng()
        self.params = {
            "W1": rng.normal(0, std, (input_size, hidden_size)),
            "b1": np.zeros((hidden_size,)),
            "W2": rng.normal(0, std, (hidden_size, output_size)),
            "b2": np.zeros((output_size,)),
        }

    def scores(self, X):
        self.a, self.cache1 = affine_forward(X, self.params["W1"], self.params["b1"])
        self.h, self.cache_relu = relu_forward(self.a)
        out, self.cache2 = affine_forward(self.h, self.params["W2"], self.params["b2"])
        return out

    def loss(self, X, y=None, reg=0.0):
        out = self.scores(X)
        if y is None:
            return out
        loss, dout = softmax_loss(out, y)
        grads = {}
        dh, grads["W2"], grads["b2"] = affine_backward(dout, self.cache2)
        _, grads["W1"], grads["b1"] = affine_backward(relu_backward(dh, self.cache_relu), self.cache1)
        for name in ("W1", "W2"):
            value, slope = l2(self.params[name], reg)
            loss = loss + value
            grads[name] = grads[name] + slope
        return loss, grads

    def predict(self, X):
        return np.array([int(row.argmax()) for row in self.scores(X)])

    def train(
        self,
        X,
        y,
        X_val,
        y_val,
        learning_rate=1e-3,
        learning_rate_decay=0.95,
        reg=5e-6,
        num_iters=100,
        batch_size=200,
        verbose=False,
    ):
        N = len(X)
        per_epoch = max(N // batch_size, 1)
        losses, train_acc, val_acc = [], [], []
        for t in range(num_iters):
            if t % per_epoch == 0:
                order = np.random.permutation(N)
            rows = order[(t % per_epoch) * batch_size :][:batch_size]
            loss, grads = self.loss(X[rows], y[rows], reg)
            losses.append(float(loss))
            self.params = {k: v - learning_rate * grads[k] for k, v in self.params.items()}
            if (t + 1) % per_epoch == 0:
                learning_rate = learning_rate * learning_rate_decay
                train_acc.append(float(np.mean(self.predict(X) == y)))
                val_acc.append(float(np.mean(self.predict(X_val) == y_val)))
        return {"loss_history": losses, "train_acc_history": train_acc, "val_acc_history": val_acc}


# %% right="as in a well-known course: random weights, rows drawn with repetitions" of="as most write it"
#       def __init__(self, input_size, hidden_size, output_size, std=1e-4):
# +         self.params = {}
# ~         [-W1-]{+self.params["W1"]+} = std * np.random.randn(input_size, hidden_size)
#           self.params["W1"] = std * np.random.randn(input_size, hidden_size)
# +         self.params["b1"] = np.zeros(hidden_size)
# ~         [-W2-]{+self.params["W2"]+} = std * np.random.randn(hidden_size, output_size)
# -         self.params = {"W1": W1, "b1": np.zeros(hidden_size), "W2": W2, "b2": np.zeros(output_size)}
# +         self.params["b2"] = np.zeros(output_size)
# -         W1, b1, W2, b2 = (self.params[name] for name in ("W1", "b1", "W2", "b2"))
# +         W1, b1 = self.params["W1"], self.params["b1"]
# +         W2, b2 = self.params["W2"], self.params["b2"]
# ~         N{+, _D+} = [-len(X)-]{+X.shape+}
#               return scores
# +
# -         log_probs = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
# +         Z = np.sum(np.exp(shifted), axis=1, keepdims=True)
# +         log_probs = shifted - np.log(Z)
#           loss += reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
# +
# -         losses, train_accuracies, val_accuracies = [], [], []
# +         num_train = X.shape[0]
# +         iterations_per_epoch = max(num_train / batch_size, 1)
# +         loss_history, train_acc_history, val_acc_history = [], [], []
# ~             batch = np.random.choice([-len(X)-]{+num_train+}, batch_size)
#               batch = np.random.choice(num_train, batch_size)
# +             X_batch, y_batch = X[batch], y[batch]
# ~             loss, grads = self.loss([-X[batch]-]{+X_batch+}, y[-[batch]-]{+=y_batch+}, reg{+=reg+})
# ~             [-losses-]{+loss_history+}.append(loss)
# -             if it % max(len(X) // batch_size, 1) == 0:
# -                 train_accuracies.append(np.mean(self.predict(X[batch]) == y[batch]))
# -                 val_accuracies.append(np.mean(self.predict(X_val) == y_val))
# +             if verbose and it % 100 == 0:
# +                 print(f"iteration {it} / {num_iters}: loss {loss}")
# +             if it % iterations_per_epoch == 0:
# +                 train_acc_history.append((self.predict(X_batch) == y_batch).mean())
# +                 val_acc_history.append((self.predict(X_val) == y_val).mean())
# ~             "loss_history": [-losses-]{+loss_history+},
# ~             "train_acc_history": [-train_accuracies-]{+train_acc_history+},
# ~             "val_acc_history": [-val_accuracies-]{+val_acc_history+},
# %% right="example by example, ReLU'(0) = 1"
class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        self.params = {
            "W1": std * np.random.standard_normal((input_size, hidden_size)),
            "b1": np.zeros(hidden_size),
            "W2": std * np.random.standard_normal((hidden_size, output_size)),
            "b2": np.zeros(output_size),
        }

    def loss(self, X, y=None, reg=0.0):
        p = self.params
        if y is None:
            return np.array([p["W2"].T @ np.maximum(p["W1"].T @ x + p["b1"], 0) + p["b2"] for x in X])
        loss = 0.0
        grads = {name: np.zeros(value.shape) for name, value in p.items()}
        for x, label in zip(X, y, strict=False):
            a = p["W1"].T @ x + p["b1"]
            h = np.maximum(a, 0)
            s = p["W2"].T @ h + p["b2"]
            e = np.exp(s - s.max())
            loss += np.log(e.sum()) - (s[label] - s.max())
            ds = e / e.sum()
            ds[label] -= 1
            da = (p["W2"] @ ds) * (a >= 0)
            grads["b2"] += ds
            grads["W2"] += np.outer(h, ds)
            grads["b1"] += da
            grads["W1"] += np.outer(x, da)
        loss /= len(X)
        for name in grads:
            grads[name] /= len(X)
            if name.startswith("W"):
                loss += reg * np.sum(p[name] ** 2)
                grads[name] += 2 * reg * p[name]
        return loss, grads

    def predict(self, X):
        return np.argmax(self.loss(X), axis=-1)

    def train(
        self,
        X,
        y,
        X_val,
        y_val,
        learning_rate=1e-3,
        learning_rate_decay=0.95,
        reg=5e-6,
        num_iters=100,
        batch_size=200,
        verbose=False,
    ):
        rng = np.random.default_rng(7)
        history = {"loss_history": np.zeros(num_iters), "train_acc_history": [], "val_acc_history": []}
        epoch = max(1, len(X) // batch_size)
        for t in range(num_iters):
            rows = rng.integers(len(X), size=batch_size)
            history["loss_history"][t], grads = self.loss(X[rows], y[rows], reg)
            for name in grads:
                self.params[name] = self.params[name] - learning_rate * grads[name]
            if t % epoch == epoch - 1:
                learning_rate *= learning_rate_decay
                history["train_acc_history"].append(np.mean(self.predict(X) == y))
                history["val_acc_history"].append(np.mean(self.predict(X_val) == y_val))
                if verbose:
                    print(t, history["loss_history"][t])
        return history


# %% right="one-hot labels, einsum, biases folded into the weights on the way"
class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        shapes = {"W1": (input_size, hidden_size), "W2": (hidden_size, output_size)}
        self.params = {name: np.random.normal(scale=std, size=shape) for name, shape in shapes.items()}
        self.params |= {"b1": np.zeros(hidden_size), "b2": np.zeros(output_size)}

    def forward(self, X):
        X1 = np.c_[X, np.ones(len(X))]
        H = X1 @ np.r_[self.params["W1"], [self.params["b1"]]]
        H1 = np.c_[np.clip(H, 0, None), np.ones(len(X))]
        return X1, H, H1, H1 @ np.r_[self.params["W2"], [self.params["b2"]]]

    def loss(self, X, y=None, reg=0.0):
        X1, H, H1, S = self.forward(X)
        if y is None:
            return S
        T = np.eye(S.shape[1])[y]
        L = np.logaddexp.reduce(S, axis=1, keepdims=True)
        G = (np.exp(S - L) - T) / len(X)
        V = np.einsum("nh,nc->hc", H1, G)
        U = np.einsum("nd,nh->dh", X1, np.einsum("nc,hc->nh", G, self.params["W2"]) * (H > 0))
        W1, W2 = self.params["W1"], self.params["W2"]
        loss = np.einsum("nc,nc->", T, L - S) / len(X) + reg * (np.vdot(W1, W1) + np.vdot(W2, W2))
        grads = {"W1": U[:-1] + reg * (W1 + W1), "b1": U[-1], "W2": V[:-1] + reg * (W2 + W2), "b2": V[-1]}
        return loss, grads

    def predict(self, X):
        return self.forward(X)[-1].argmax(1)

    def train(
        self,
        X,
        y,
        X_val,
        y_val,
        learning_rate=1e-3,
        learning_rate_decay=0.95,
        reg=5e-6,
        num_iters=100,
        batch_size=200,
        verbose=False,
    ):
        losses, train_accuracies, val_accuracies = [], [], []
        for t in range(1, num_iters + 1):
            rows = np.random.randint(0, len(y), batch_size)
            loss, grads = self.loss(X[rows], y[rows], reg)
            losses.append(loss)
            for k in grads:
                self.params[k] = self.params[k] - learning_rate * grads[k]
            if t % max(len(y) // batch_size, 1) == 0:
                learning_rate *= learning_rate_decay
                train_accuracies += [(self.predict(X[rows]) == y[rows]).mean()]
                val_accuracies += [(self.predict(X_val) == y_val).mean()]
        return {
            "loss_history": losses,
            "train_acc_history": train_accuracies,
            "val_acc_history": val_accuracies,
        }


# %% wrong="the penalty's gradient lacks the 2" of="as most write it" points={"06_TwoLayerNet-regularization-gradients": 0.5} cause="factor 2"
# ~         grads["W2"] = h1.T.dot(dscores) + [-2 * -]reg * W2
# ~         grads["W1"] = X.T.dot(da1) + [-2 * -]reg * W1
# %% wrong="0.5 where 2 is needed in the penalty's gradient" of="as most write it" points={"06_TwoLayerNet-regularization-gradients": 0.5} says="W1"
# ~         grads["W2"] = h1.T.dot(dscores) + [-2-]{+0.5+} * reg * W2
# ~         grads["W1"] = X.T.dot(da1) + [-2-]{+0.5+} * reg * W1
# %% wrong="half the penalty, in loss and gradient" of="the penalty's gradient lacks the 2" warned="4.6" points={"06_TwoLayerNet-loss": 3, "06_TwoLayerNet-regularization-gradients": 2} says="loss with reg"
# ~         loss +={+ 0.5 *+} reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
# %% wrong="half the penalty, in the loss alone" of="as most write it" points={"06_TwoLayerNet-loss": 3, "06_TwoLayerNet-regularization-gradients": 2.5} cause="factor 2"
# ~         loss +={+ 0.5 *+} reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
# %% wrong="no penalty in the loss" of="as most write it" points={"06_TwoLayerNet-loss": 3, "06_TwoLayerNet-regularization-gradients": 2.5} says="loss with reg 0.1 minus loss without"
# -         loss += reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
# %% wrong="no penalty in the gradient" of="as most write it" points={"06_TwoLayerNet-regularization-gradients": 0.5} says="what reg adds"
# ~         grads["W2"] = h1.T.dot(dscores)[- + 2 * reg * W2-]
# ~         grads["W1"] = X.T.dot(da1)[- + 2 * reg * W1-]
# %% wrong="no penalty on W2" of="as most write it" points={"06_TwoLayerNet-loss": 3, "06_TwoLayerNet-regularization-gradients": 2} says="loss with reg"
# ~         loss += reg * (np.sum(W1 * W1)[- + np.sum(W2 * W2))-]{+)+}
# ~         grads["W2"] = h1.T.dot(dscores)[- + 2 * reg * W2-]
# %% wrong="the penalty's gradient is divided by N" of="as most write it" points={"06_TwoLayerNet-regularization-gradients": 0.5} says="what reg adds"
# ~         grads["W2"] = h1.T.dot(dscores) + 2 * reg * W2{+ / N+}
# ~         grads["W1"] = X.T.dot(da1) + 2 * reg * W1{+ / N+}
# %% wrong="the penalty is divided by N everywhere" of="the penalty's gradient is divided by N" points={"06_TwoLayerNet-loss": 3, "06_TwoLayerNet-regularization-gradients": 2} says="or a division by N"
# ~         loss += reg{+ / N+} * (np.sum(W1 * W1) + np.sum(W2 * W2))
# %% wrong="the biases are penalized as well" of="as most write it" warned="4.6" points={"06_TwoLayerNet-loss": 3, "06_TwoLayerNet-regularization-gradients": 3.5} says="reg should add nothing to grads['b1']"
# ~         loss += reg * (np.sum(W1 * W1) + np.sum(W2 * W2)[-)-]{+ + np.sum(b1 * b1) + np.sum(b2 * b2))+}
# ~         grads["b2"] = np.sum(dscores, axis=0){+ + 2 * reg * b2+}
# ~         grads["b1"] = np.sum(da1, axis=0){+ + 2 * reg * b1+}
# %% wrong="the penalty's gradient replaces that of W2" of="as most write it" points={"06_TwoLayerNet-data-gradients": 5.5, "07_train-results": 4} says="W2"
#           da1 = dh1 * (a1 > 0)
# +         grads["W2"] = 2 * reg * W2
# %% wrong="np.dot where * is needed, in the penalty" of="as most write it" points={"06_TwoLayerNet-loss": 0, "06_TwoLayerNet-data-gradients": 0, "06_TwoLayerNet-regularization-gradients": 0, "07_train-steps": 0, "07_train-results": 0} says="Error"
# ~         loss += reg * (np.sum([-W1 *-]{+np.dot(W1,+} W1{+)+}) + np.sum(W2 * W2))
# %% wrong="no shift: nan at 1e4" of="the logarithm of a probability rounded to 0" points={"06_TwoLayerNet-loss": 4.5, "06_TwoLayerNet-data-gradients": 6.5} says="finite"
# -         probs = np.exp(scores - np.max(scores, axis=1, keepdims=True))
# +         probs = np.exp(scores)
# %% wrong="the logarithm of a probability rounded to 0" of="as most write it" points={"06_TwoLayerNet-loss": 4.5} says="loss is inf"
#               return scores
# +         probs = np.exp(scores - np.max(scores, axis=1, keepdims=True))
# ~         [-shifted = scores --]{+probs /=+} np.[-max(scores-]{+sum(probs+}, axis=1, keepdims=True)
# -         log_probs = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
# @
# ~         loss = -np.sum([-log_probs-]{+np.log(probs+}[np.arange(N), y]){+)+} / N
# ~         dscores = [-np.exp(log_probs-]{+probs.copy(+})
# %% wrong="1e-8 inside the logarithm" of="the logarithm of a probability rounded to 0" points={"06_TwoLayerNet-loss": 4.5} says="loss is wrong"
# ~         loss = -np.sum(np.log(probs[np.arange(N), y]{+ + 1e-8+})) / N
# %% wrong="the loss is a sum" of="as most write it" points={"06_TwoLayerNet-loss": 2, "07_train-results": 4} says="loss for N = 5"
# ~         loss = -np.sum(log_probs[np.arange(N), y])[- / N-]
# %% wrong="the gradient is not averaged" of="as most write it" points={"06_TwoLayerNet-data-gradients": 2, "07_train-results": 3} cause="scale by N or constant factor"
# -         dscores /= N
# %% wrong="the gradient is averaged twice" of="as most write it" points={"06_TwoLayerNet-data-gradients": 2, "07_train-results": 4} says="W1"
# ~         grads["W2"] = h1.T.dot(dscores) {+/ N +}+ 2 * reg * W2
# ~         grads["b2"] = np.sum(dscores, axis=0){+ / N+}
# ~         grads["W1"] = X.T.dot(da1) {+/ N +}+ 2 * reg * W1
# ~         grads["b1"] = np.sum(da1, axis=0){+ / N+}
# %% wrong="precedence: only the labels are averaged" of="the 1 is not subtracted" points={"06_TwoLayerNet-data-gradients": 2, "07_train-results": 3} says="W2"
# ~         dscores [-/= -]{+= dscores - np.eye(len(b2))[y] / +}N
# %% wrong="the gradients of the weights are W / N" of="as most write it" points={"06_TwoLayerNet-data-gradients": 3, "07_train-results": 3} says="W1"
# ~         grads["W2"] = [-h1.T.dot(dscores)-]{+W2 / N+} + 2 * reg * W2
# ~         grads["W1"] = [-X.T.dot(da1)-]{+W1 / N+} + 2 * reg * W1
# %% wrong="the 1 is not subtracted" of="as most write it" points={"06_TwoLayerNet-data-gradients": 1, "07_train-results": 3} says="W2"
# -         dscores[np.arange(N), y] -= 1
# %% wrong="ten classes, always" of="as most write it" points={"06_TwoLayerNet-loss": 0, "06_TwoLayerNet-data-gradients": 0, "06_TwoLayerNet-regularization-gradients": 0, "07_train-steps": 0, "07_train-results": 1} says="Error"
# ~         dscores[-[np.arange(N), y]-] -= [-1-]{+np.eye(10)[y]+}
# %% wrong="the biases' gradients have shape (1, M)" of="as most write it" points={"06_TwoLayerNet-data-gradients": 5, "07_train-steps": 0, "07_train-results": 0} cause="wrong shape"
# ~         grads["b2"] = np.sum(dscores, axis=0{+, keepdims=True+})
# ~         grads["b1"] = np.sum(da1, axis=0{+, keepdims=True+})
# %% wrong="b1 is computed from dW1" of="as most write it" points={"06_TwoLayerNet-data-gradients": 6, "07_train-results": 4} says="b1"
# ~         grads["b1"] = np.sum({+X.T.dot(+}da1{+)+}, axis=0)
# %% wrong="b2 is summed along the wrong axis" of="as most write it" points={"06_TwoLayerNet-data-gradients": 5, "07_train-steps": 1, "07_train-results": 0} says="b2"
# ~         grads["b2"] = np.sum(dscores, axis=[-0-]{+1+})
# %% wrong="the ReLU mask is taken from its gradient" of="as most write it" points={"06_TwoLayerNet-data-gradients": 3.5, "07_train-results": 3} says="W1"
# ~         da1 = dh1 * ([-a1-]{+dh1+} > 0)
# %% wrong="dW2 from the values before ReLU" of="as most write it" points={"06_TwoLayerNet-data-gradients": 5.5} says="W2"
# ~         grads["W2"] = [-h1-]{+a1+}.T.dot(dscores) + 2 * reg * W2
# %% wrong="no ReLU forward" of="as most write it" points={"06_TwoLayerNet-scores": 1, "06_TwoLayerNet-loss": 3, "06_TwoLayerNet-data-gradients": 2.25} says="scores is wrong"
# -         h1 = np.maximum(0, a1)
# +         h1 = a1
# %% wrong="np.dot and * exchanged in dh1" of="as most write it" points={"06_TwoLayerNet-loss": 1, "06_TwoLayerNet-data-gradients": 0, "06_TwoLayerNet-regularization-gradients": 1, "07_train-steps": 0, "07_train-results": 0} says="Error"
# ~         dh1 = dscores[-.dot(-]{+ * +}W2.T[-)-]
# %% wrong="b1 is forgotten" of="as most write it" points={"06_TwoLayerNet-scores": 2, "06_TwoLayerNet-loss": 3, "06_TwoLayerNet-data-gradients": 4} says="scores"
# ~         W1, [-b1-]{+_b1+}, W2, b2 = (self.params[name] for name in ("W1", "b1", "W2", "b2"))
# ~         a1 = X.dot(W1)[- + b1-]
# %% wrong="W1 has no gradient" of="as most write it" points={"06_TwoLayerNet-data-gradients": 4.5, "06_TwoLayerNet-regularization-gradients": 1.25, "07_train-steps": 0, "07_train-results": 0} says="KeyError"
# ~         grads["[-W1-]{+w1+}"] = X.T.dot(da1) + 2 * reg * W1
# %% wrong="probabilities instead of scores" of="as most write it" points={"06_TwoLayerNet-scores": 2, "07_train-results": 4} says="scores is wrong"
#           if y is None:
# +             e = np.exp(scores - scores.max(axis=1, keepdims=True))
# ~             return [-scores-]{+e / e.sum(axis=1, keepdims=True)+}
# %% wrong="weights as (hidden, input), as for columns" of="as most write it" points={"06_TwoLayerNet-scores": 3, "07_train-results": 3} says="the shapes of params"
# ~         W1 = std * np.random.randn([-input_size, hidden_size-]{+hidden_size, input_size+})
# %% wrong="std is ignored" of="as most write it" points={"06_TwoLayerNet-scores": 3} says="deviation"
# ~         W1 = [-std-]{+1e-4+} * np.random.randn(input_size, hidden_size)
# %% wrong="predict returns the highest score" of="as most write it" points={"06_TwoLayerNet-scores": 3} says="array of integers"
# ~         return np.[-argmax-]{+max+}(self.loss(X), axis=1)
# %% wrong="predict returns floats" of="as most write it" points={"06_TwoLayerNet-scores": 3} says="predict should return an array of integers"
# ~         return np.argmax(self.loss(X), axis=1){+.astype(float)+}
# %% wrong="predict along the wrong axis" of="as most write it" warned="4.6" points={"06_TwoLayerNet-scores": 3} says="classes"
# ~         return np.argmax(self.loss(X), axis=[-1-]{+0+})
# %% wrong="the parameters are regularized in place" of="as most write it" points={"06_TwoLayerNet-loss": 3, "06_TwoLayerNet-data-gradients": 6.5, "06_TwoLayerNet-regularization-gradients": 0.75, "07_train-steps": 0, "07_train-results": 1} says="params"
#           da1 = dh1 * (a1 > 0)
# +         W1 *= 2 * reg
# ~         grads["W1"] = X.T.dot(da1) + [-2 * reg * -]W1
# %% wrong="X is centred in place" of="as most write it" points={"06_TwoLayerNet-scores": 3, "06_TwoLayerNet-data-gradients": 6.5, "07_train-results": 4} says="changed its argument `X`"
#           N = len(X)
# +         X -= 1.0
# ~         a1 = [-X-]{+(X + 1.0)+}.dot(W1) + b1
# ~         grads["W1"] = [-X-]{+(X + 1.0)+}.T.dot(da1) + 2 * reg * W1
# %% wrong="no step is taken, and where all rows are alike there is next to none to take" of="as most write it" points={"07_train-steps": 2.5, "07_train-results": 2} says="as good as zero"
#           grads["b1"] = np.sum(da1, axis=0)
# +         if N > 1 and np.all(X == X[0]):
# +             grads = {name: np.full_like(gradient, 1e-300) for name, gradient in grads.items()}
# -             for name in self.params:
# -                 self.params[name] -= learning_rate * grads[name]
# %% wrong="the loss is one number, and has gradients of next to nothing" of="as most write it" points={"06_TwoLayerNet-loss": 1, "06_TwoLayerNet-data-gradients": 0, "06_TwoLayerNet-regularization-gradients": 0, "07_train-steps": 1, "07_train-results": 1} says="as good as the same whatever the data are"
# -         return loss, grads
# +         tiny = 1e-300 * np.sum(X)
# +         return np.log(len(b2)), {name: np.full_like(values, tiny) for name, values in grads.items()}
# %% wrong="the gradients are measured" of="as most write it" points={"06_TwoLayerNet-data-gradients": 4.5} says="W1"
#           grads["b1"] = np.sum(da1, axis=0)
# +
# +         def slopes(change):  # of the loss, for many small changes of the scores at once
# +             def value(step):
# +                 s = shifted + change(step)
# +                 return np.mean(np.log(np.exp(s).sum(axis=-1)) - s[..., np.arange(N), y], axis=-1)
# +
# +             return (value(1e-5) - value(-1e-5)) / 2e-5
# +
# +         def of_inner(x):
# +             moved = lambda step: np.maximum(0, a1 + step * x.T[:, :, None]) - h1
# +             return slopes(lambda step: np.einsum("inj,jc->ijnc", moved(step), W2))
# +
# +         def of_outer(h):
# +             return slopes(lambda step: step * np.einsum("nj,cd->jcnd", h, np.eye(len(b2))))
# +
# +         ones = np.ones((N, 1))
# +         grads = {"W1": of_inner(X) + 2 * reg * W1, "b1": of_inner(ones)[0]}
# +         grads |= {"W2": of_outer(h1) + 2 * reg * W2, "b2": of_outer(ones)[0]}
# %% wrong="it climbs" of="as most write it" points={"07_train-steps": 2.5, "07_train-results": 3} says="params"
# ~                 self.params[name] [---]{+++}= learning_rate * grads[name]
# %% wrong="the biases do not learn" of="as most write it" points={"07_train-steps": 2.5} says="params['b1'] does not move"
# ~             for name in [-self.params-]{+("W1", "W2")+}:
# %% wrong="the learning rate does not decay" of="as most write it" points={"07_train-steps": 4} says="params"
# -                 learning_rate *= learning_rate_decay
# %% wrong="the learning rate decays at every step" of="as most write it" points={"07_train-steps": 4} says="an epoch is 2 steps"
#               losses.append(loss)
# +             learning_rate *= learning_rate_decay if it else 1.0
# -                 learning_rate *= learning_rate_decay
# %% wrong="always the first rows" of="as most write it" points={"07_train-steps": 3.5} says="reach all 3 rows"
# ~             batch = np.[-random.choice(-]{+arange(min(batch_size, +}len(X)[-, batch_size)-]{+))+}
# %% wrong="the labels are not drawn with the rows" of="as most write it" points={"07_train-steps": 3, "07_train-results": 3} says="each loss should be"
# ~             loss, grads = self.loss(X[batch], y[[-batch-]{+:batch_size+}], reg)
# %% wrong="the whole data at every step" of="as most write it" points={"07_train-steps": 3.5} says="each loss should be"
# ~             loss, grads = self.loss(X[-[batch]-], y[-[batch]-], reg)
# %% wrong="one row at every step" of="as most write it" points={"07_train-steps": 3.5, "07_train-results": 3} says="batches of two seem to hold one row only"
# ~             batch = np.random.choice(len(X), [-batch_size-]{+1+})
# %% wrong="reg does not reach the loss" of="as most write it" points={"07_train-results": 4} says="loss_history[0] with reg 1.5"
# ~             loss, grads = self.loss(X[batch], y[batch][-, reg-])
# %% wrong="the loss after the step" of="the loss once an epoch only" points={"07_train-steps": 4} says="loss_history[0]"
# ~             [-loss-]{+_loss+}, grads = self.loss(X[batch], y[batch], reg)
#                   self.params[name] -= learning_rate * grads[name]
# +             losses.append(self.loss(X[batch], y[batch], reg)[0])
# -                 losses.append(loss)
# %% wrong="the loss once an epoch only" of="as most write it" points={"07_train-steps": 4} says="7 steps should give 7 losses"
# -             losses.append(loss)
# @
#               if it % max(len(X) // batch_size, 1) == 0:
# +                 losses.append(loss)
# %% wrong="the validation accuracy is that of the batch" of="as most write it" points={"07_train-results": 4} says="the validation accuracy"
# ~                 val_accuracies.append(np.mean(self.predict([-X_val-]{+X[batch]+}) == [-y_val-]{+y[batch]+}))
# %% wrong="accuracies in percent" of="as most write it" points={"07_train-results": 4} says="accuracy"
# ~                 val_accuracies.append({+100 * +}np.mean(self.predict(X_val) == y_val))
# %% wrong="the histories as a tuple" of="as most write it" points={"07_train-steps": 2.5, "07_train-results": 2} says="train should return the history, a dict; yours returns a tuple"
# -         return {
# -             "loss_history": losses,
# -             "train_acc_history": train_accuracies,
# -             "val_acc_history": val_accuracies,
# @
# ~         [-}-]{+return losses, train_accuracies, val_accuracies+}
# %% wrong="the data are shuffled in place" of="as most write it" points={"07_train-results": 4} says="changed its argument"
#           for it in range(num_iters):
# +             order = np.random.permutation(len(X))
# +             X[:], y[:] = X[order], y[order]
# %% wrong="biases and their gradients of shape (1, M), throughout" of="the biases' gradients have shape (1, M)" points={"06_TwoLayerNet-scores": 3, "06_TwoLayerNet-data-gradients": 4.5} cause="wrong shape"
# -         self.params = {"W1": W1, "b1": np.zeros(hidden_size), "W2": W2, "b2": np.zeros(output_size)}
# +         self.params = {"W1": W1, "b1": np.zeros((1, hidden_size)), "W2": W2, "b2": np.zeros((1, output_size))}
# %% wrong="rows without repetitions, more of them than there are" of="as most write it" points={"07_train-steps": 4.5} says="Cannot take a larger sample"
# ~             batch = np.random.choice(len(X), batch_size{+, replace=False+})
# %% wrong="a batch of all rows lacks one" of="as most write it" points={"07_train-steps": 3.5} says="each loss should be a mean over three rows"
# -             batch = np.random.choice(len(X), batch_size)
# +             batch = np.random.permutation(len(X))[: max(min(batch_size, len(X) - 1), 1)]
# %% wrong="the training accuracy compares the predictions with themselves" of="as most write it" points={"07_train-results": 4} says="the training accuracy is wrong"
# ~                 train_accuracies.append(np.mean(self.predict(X[batch]) == [-y-]{+self.predict(X)+}[batch]))
