# %% right="lists of layers, closures for the way back"
import itertools


class DeepNet:
    def __init__(self, sizes, activation="relu", init="he"):
        rng = np.random.default_rng(1)
        scales = {"he": lambda n: (2 / n) ** 0.5, "xavier": lambda n: n**-0.5}
        scale = scales.get(init, lambda n: init)
        self.params = {}
        for i, (n, m) in enumerate(itertools.pairwise(sizes), start=1):
            self.params["W" + str(i)] = rng.standard_normal((n, m)) * scale(n)
            self.params["b" + str(i)] = np.zeros(m)
        self.f = getattr(self, activation)
        self.rng = rng
        self.state = None

    def relu(self, a):
        on = a > 0
        return a * on, lambda d: d * on

    def sigmoid(self, a):
        s = np.where(a >= 0, 1.0, np.exp(-np.abs(a))) / (1 + np.exp(-np.abs(a)))
        return s, lambda d: d * s * (1 - s)

    def tanh(self, a):
        t = np.tanh(a)
        return t, lambda d: d - d * t * t

    def loss(self, X, y=None, reg=0.0):
        depth = len(self.params) // 2
        h, backs = np.asarray(X, dtype=float), []
        for i in range(1, depth + 1):
            W, b = self.params[f"W{i}"], self.params[f"b{i}"]
            below, h = h, h @ W + b
            back = None
            if i != depth:
                h, back = self.f(h)
            backs.append((i, below, W, back))
        if y is None:
            return h
        N = len(h)
        top = h.max(axis=1, keepdims=True)
        p = np.exp(h - top)
        total = p.sum(axis=1, keepdims=True)
        p = p / total
        each = np.log(total[:, 0]) + top[:, 0] - h[np.arange(N), y]
        penalty = reg * sum((self.params[f"W{i}"] ** 2).sum() for i in range(1, depth + 1))
        d = (p - np.eye(h.shape[1])[y]) / N
        grads = {}
        for i, below, W, back in reversed(backs):
            if back is not None:
                d = back(d)
            grads[f"W{i}"] = below.T @ d + 2 * reg * W
            grads[f"b{i}"] = d.sum(axis=0)
            d = d @ W.T
        return sum(each) / N + penalty, grads

    def predict(self, X):
        return self.loss(X).argmax(axis=1)

    def step(self, grads, optimizer="sgd", learning_rate=0.1):
        if self.state is None:
            zero = {name: np.zeros(np.shape(g)) for name, g in grads.items()}
            self.state = {"t": 0, "v": dict(zero), "m": dict(zero), "s": dict(zero)}
        state = self.state
        state["t"] += 1
        for name, g in grads.items():
            if optimizer == "sgd":
                self.params[name] = self.params[name] - learning_rate * g
            elif optimizer == "momentum":
                state["v"][name] = 0.9 * state["v"][name] - learning_rate * g
                self.params[name] = self.params[name] + state["v"][name]
            else:
                state["m"][name] = state["m"][name] + 0.1 * (g - state["m"][name])
                state["s"][name] = state["s"][name] + 0.001 * (g * g - state["s"][name])
                m = state["m"][name] / (1 - 0.9 ** state["t"])
                s = state["s"][name] / (1 - 0.999 ** state["t"])
                self.params[name] = self.params[name] - learning_rate * m / (s**0.5 + 1e-8)

    def train(self, X, y, optimizer="sgd", learning_rate=0.1, num_iters=100, batch_size=100, reg=0.0):
        history = []
        for _ in range(num_iters):
            if batch_size < len(X):
                rows = self.rng.permutation(len(X))[:batch_size]
                loss, grads = self.loss(X[rows], y[rows], reg=reg)
            else:
                loss, grads = self.loss(X, y, reg=reg)
            history.append(float(loss))
            self.step(grads, optimizer=optimizer, learning_rate=learning_rate)
        return history


# %% right="recursion through the layers, weights changed in place"
class DeepNet:
    def __init__(self, sizes, activation="relu", init="he"):
        self.kind, self.sizes = activation, list(sizes)
        self.params = {}
        np.random.seed(3)
        for i in range(1, len(sizes)):
            n, m = sizes[i - 1 : i + 1]
            std = np.sqrt(2.0 / n) if init == "he" else np.sqrt(1.0 / n) if init == "xavier" else init
            self.params[f"W{i}"] = np.random.normal(0, std, (n, m))
            self.params[f"b{i}"] = np.zeros((m,))
        self.t, self.v, self.m, self.s = 0, {}, {}, {}

    def value(self, a):
        if self.kind == "relu":
            return np.where(a > 0, a, 0.0)
        if self.kind == "tanh":
            return np.tanh(a)
        return 1 / (1 + np.exp(-np.clip(a, -500, 500)))

    def slope(self, h):
        if self.kind == "relu":
            return np.where(h > 0, 1.0, 0.0)
        return 1 - h * h if self.kind == "tanh" else h * (1 - h)

    def from_layer(self, i, h, y, grads, reg):
        """The loss of what enters layer i, and its gradient there; the scores at the end, if y is None."""
        W, b = self.params[f"W{i}"], self.params[f"b{i}"]
        a = h @ W + b
        if i == len(self.sizes) - 1:
            if y is None:
                return a, None
            rows = np.arange(len(a))
            log_p = a - np.logaddexp.reduce(a, axis=1, keepdims=True)
            loss = -np.mean(log_p[rows, y])
            da = np.exp(log_p)
            da[rows, y] -= 1.0
            da = da / len(a)
        else:
            out = self.value(a)
            loss, dout = self.from_layer(i + 1, out, y, grads, reg)
            if y is None:
                return loss, None
            da = dout * self.slope(out)
        grads[f"W{i}"] = h.T @ da + reg * 2 * W
        grads[f"b{i}"] = np.sum(da, axis=0)
        return loss + reg * np.sum(W * W), da @ W.T

    def loss(self, X, y=None, reg=0.0):
        grads = {}
        loss, _ = self.from_layer(1, X, y, grads, reg)
        return loss if y is None else (loss, grads)

    def predict(self, X):
        return np.array([int(np.argmax(row)) for row in self.loss(X)])

    def step(self, grads, optimizer="sgd", learning_rate=0.1):
        self.t += 1
        for name in grads:
            g = np.array(grads[name])
            if optimizer == "momentum":
                self.v[name] = g if name not in self.v else 0.9 * self.v[name] + g
                g = self.v[name]
            if optimizer == "adam":
                self.m[name] = 0.9 * self.m.get(name, 0.0) + (1 - 0.9) * g
                self.s[name] = 0.999 * self.s.get(name, 0.0) + (1 - 0.999) * np.square(g)
                g = self.m[name] / (1 - 0.9**self.t)
                g = g / (np.sqrt(self.s[name] / (1 - 0.999**self.t)) + 1e-8)
            self.params[name] -= learning_rate * g

    def train(self, X, y, optimizer="sgd", learning_rate=0.1, num_iters=100, batch_size=100, reg=0.0):
        losses = np.zeros(num_iters)
        for i in range(num_iters):
            rows = np.random.choice(len(X), min(batch_size, len(X)), replace=False)
            losses[i], grads = self.loss(X[rows], y[rows], reg)
            self.step(grads, optimizer, learning_rate)
        return list(losses)


# %% wrong="he without the 2" of="solution" points={"07_DeepNet-scores": 2.5} says="times as much as it should"
# -             if init == "he":
# -                 std = np.sqrt(2 / inputs)
# -             elif init == "xavier":
# -                 std = np.sqrt(1 / inputs)
# @
#               inputs, outputs = sizes[layer - 1], sizes[layer]
# ~             {+std = np.sqrt(1 / inputs) if init == "he" or init == "xavier" +}else[-:-]{+ init+}
# -                 std = init
# %% wrong="deviation 1 / inputs instead of its root" of="solution" points={"07_DeepNet-scores": 2.5} says="times as much as it should"
# ~                 std = [-np.sqrt(-]2 / inputs[-)-]
# %% wrong="the deviation by the outputs" of="solution" points={"07_DeepNet-scores": 2.5} says="times as much as it should"
# ~                 std = np.sqrt(1 / [-inputs-]{+outputs+})
# %% wrong="biases are random, too" of="solution" points={"07_DeepNet-scores": 2.5} says="should be 0"
# ~             self.params[f"b{layer}"] = [-np.zeros(-]{+0.1 * self.rng.normal(size=+}outputs)
# %% wrong="a non-linearity after the last layer" of="solution" warned="6.7" points={"07_DeepNet-scores": 2, "07_DeepNet-gradients": 1.5} says="there is a non-linearity after the last layer"
# ~             if layer <{+=+} self.depth and self.activation == "relu":
# ~             elif layer <{+=+} self.depth and self.activation == "sigmoid":
# ~             elif layer <{+=+} self.depth:
# %% wrong="no bias in the forward pass" of="solution" points={"07_DeepNet-scores": 1.5, "07_DeepNet-gradients": 1.5} says="scores"
# -             out = values[-1] @ self.params[f"W{layer}"] + self.params[f"b{layer}"]
# +             out = values[-1] @ self.params[f"W{layer}"]
# %% wrong="relu whatever the activation" of="solution" points={"07_DeepNet-scores": 2.5, "07_DeepNet-gradients": 2.5} says="scores of 2 layers"
# ~         self.activation = [-activation-]{+"relu"+}
# %% wrong="the loss is a sum over the batch" of="solution" warned="6.7" points={"07_DeepNet-gradients": 1, "07_DeepNet-train": 2.5} says="it should be the mean over the N examples"
# ~         loss = -log_p[rows, y].[-mean-]{+sum+}()
# -         gradient /= len(X)
# %% wrong="the gradient is not averaged" of="solution" points={"07_DeepNet-gradients": 3} cause="scale by N"
# -         gradient /= len(X)
# %% wrong="no shift in the softmax" of="solution" warned="6.7" points={"07_DeepNet-gradients": 5.5} says="loss for large scores is nan"
# -         shifted = scores - scores.max(axis=1, keepdims=True)
# +         shifted = scores
# %% wrong="the penalty with a half" of="solution" warned="6.7" points={"07_DeepNet-gradients": 5} says="it has a factor 1/2 too many"
# ~             loss +={+ 0.5 *+} reg * np.sum(W**2)
# ~             grads[f"W{layer}"] = below.T @ gradient + [-2 * -]reg * W
# %% wrong="the penalty's gradient lacks the 2" of="solution" points={"07_DeepNet-gradients": 6.5} says="the factor 2 is missing"
# ~             grads[f"W{layer}"] = below.T @ gradient + [-2 * -]reg * W
# %% wrong="the penalty on the last layer only" of="solution" warned="6.7" points={"07_DeepNet-gradients": 5} says="reg adds nothing"
# ~             loss += reg * np.sum(W**2){+ * (layer == self.depth)+}
# ~             grads[f"W{layer}"] = below.T @ gradient + 2 * reg * W{+ * (layer == self.depth)+}
# %% wrong="biases are penalized" of="solution" points={"07_DeepNet-gradients": 5} says="loss with reg minus loss without"
# ~             loss += reg * {+(+}np.sum(W**2){+ + np.sum(self.params[f"b{layer}"] ** 2))+}
# ~             grads[f"b{layer}"] = gradient.sum(axis=0){+ + 2 * reg * self.params[f"b{layer}"]+}
# %% wrong="the slope of the non-linearity is left out" of="solution" points={"07_DeepNet-gradients": 4} cause="local derivative wrong"
# ~                 [-slope = -]{"relu": below > 0, "sigmoid": below * (1 - below), "tanh": 1 - below**2}
# ~                 gradient = gradient @ W.T[- * slope[self.activation]-]
# %% wrong="the slope at this layer's output" of="solution" points={"07_DeepNet-gradients": 5} says="loss"
# ~                 [-slope = -]{"relu": below > 0, "sigmoid": below * (1 - below), "tanh": 1 - below**2}
# ~                 gradient = gradient @ W.T * [-slope[self.activation]-]{+(below > 0)+}
# %% wrong="sigmoid's slope for tanh" of="solution" points={"07_DeepNet-gradients": 5} says="loss"
# -                 slope = {"relu": below > 0, "sigmoid": below * (1 - below), "tanh": 1 - below**2}
# +                 slope = {"relu": below > 0, "sigmoid": below * (1 - below), "tanh": below * (1 - below)}
# %% wrong="biases' gradients are means" of="solution" points={"07_DeepNet-gradients": 5} cause="scale by N"
# ~             grads[f"b{layer}"] = gradient.[-sum-]{+mean+}(axis=0)
# %% wrong="only the last two layers have gradients" of="solution" points={"07_DeepNet-gradients": 4} says="your gradient of W1 is zero everywhere"
#               grads[f"b{layer}"] = gradient.sum(axis=0)
# +             if layer < self.depth - 1:
# +                 grads[f"W{layer}"] *= 0
# %% wrong="X is changed in place" of="solution" points={"07_DeepNet-scores": 2.5, "07_DeepNet-gradients": 6.5} says="your code changed its argument `X` in place"
#       def loss(self, X, y=None, reg=0.0):
# +         X -= 0 * X.astype(X.dtype) + 0
# +         X *= 2
# ~         values = [X{+ / 2+}]
# %% wrong="predict returns scores" of="solution" points={"07_DeepNet-scores": 3.5} says="classes is wrong"
# ~         return np.[-argmax-]{+max+}(self.loss(X), axis=1)
# %% wrong="the step climbs" of="solution" points={"07_DeepNet-optimizers": 0, "07_DeepNet-train": 3} says="it climbs"
# ~             self.params[name] = self.params[name] [---]{+++} learning_rate * move
# %% wrong="momentum with a tenth of the gradient" of="solution" points={"07_DeepNet-optimizers": 3.5} says="it counts in full"
# ~                 move = self.first[name] = 0.9 * first + {+0.1 * +}gradient
# %% wrong="momentum without memory" of="solution" points={"07_DeepNet-optimizers": 3.5} says="nothing is left of the velocity"
# ~                 move[- = self.first[name]-] = 0.9 * first + gradient
# %% wrong="one velocity for all parameters" of="solution" points={"07_DeepNet-optimizers": 1, "07_DeepNet-train": 3} says="the path is wrong"
#           for name, gradient in grads.items():
# +             first = np.resize(self.first.get("all", np.zeros(1)), gradient.shape)
# ~             [-first, -]second =[- self.first.get(name, 0),-] self.second.get(name, 0)
# ~                 move = self.first[[-name-]{+"all"+}] = 0.9 * first + gradient
# ~                 self.first[[-name-]{+"all"+}] = 0.9 * first + 0.1 * gradient
# ~                 mean = self.first[[-name-]{+"all"+}] / (1 - 0.9**self.steps)
# %% wrong="adam without the correction" of="solution" warned="6.7" points={"07_DeepNet-optimizers": 2.5} says="the path is wrong"
# ~                 mean = self.first[name][- / (1 - 0.9**self.steps)-]
# ~                 square = self.second[name][- / (1 - 0.999**self.steps)-]
# %% wrong="adam keeps the corrected averages" of="solution" warned="6.7" points={"07_DeepNet-optimizers": 2.5} says="the path is wrong"
# ~                 mean{+ = self.first[name]+} = self.first[name] / (1 - 0.9**self.steps)
# %% wrong="adam without the root" of="solution" points={"07_DeepNet-optimizers": 2.5, "07_DeepNet-train": 3} says="the path is wrong"
# ~                 move = mean / ([-np.sqrt(-]square[-)-] + 1e-8)
# %% wrong="adam with 1e-8 below the root" of="solution" points={"07_DeepNet-optimizers": 4.5} says="the path is wrong"
# ~                 move = mean / (np.sqrt(square[-)-] + 1e-8){+)+}
# %% wrong="adam counts parameters, not steps" of="solution" warned="6.7" points={"07_DeepNet-optimizers": 2.5} says="the path is wrong"
# -         self.steps += 1
# @
#           for name, gradient in grads.items():
# +             self.steps += 1
# %% wrong="adam squares the average" of="solution" points={"07_DeepNet-optimizers": 2.5} says="the path is wrong"
# ~                 self.second[name] = 0.999 * second + 0.001 * [-gradient**-]{+self.first[name] ** +}2
# %% wrong="gradients are changed in place" of="solution" points={"07_DeepNet-optimizers": 1} says="the path is wrong"
#           for name, gradient in grads.items():
# +             gradient *= 1.5
# +             gradient /= 3
# +             gradient *= 2 * (1 - 1e-3)
# %% wrong="train forgets the step" of="solution" points={"07_DeepNet-train": 1.5} says="the last loss is"
# ~             loss, [-grads-]{+_grads+} = self.loss(X[rows], y[rows], reg)
# -             self.step(grads, optimizer, learning_rate)
# %% wrong="train always takes sgd" of="solution" points={"07_DeepNet-train": 1.5} says="the last loss is 0.512"
# ~             self.step(grads, [-optimizer-]{+"sgd"+}, learning_rate)
# %% wrong="train forgets the learning rate" of="solution" points={"07_DeepNet-train": 1} says="params at a learning rate of 0"
# ~             self.step(grads, optimizer[-, learning_rate-])
# %% wrong="train forgets reg" of="solution" points={"07_DeepNet-train": 2.5} says="losses with sgd"
# ~             loss, grads = self.loss(X[rows], y[rows][-, reg-])
# %% wrong="labels of other rows" of="solution" points={"07_DeepNet-train": 2.5} says="of 120 losses are of no"
# ~             loss, grads = self.loss(X[rows], y[{+: len(+}rows{+)+}], reg)
# %% wrong="always all rows" of="solution" points={"07_DeepNet-train": 2.5} says="losses are of no"
# -             if len(X) > batch_size:
# +             if False:
# %% wrong="always the first rows" of="solution" points={"07_DeepNet-train": 2.5} says="too many batches are alike"
# ~                 rows = [-self.rng.choice(len(X), size=-]{+np.arange(+}batch_size)
# %% wrong="the loss after the last step alone" of="solution" points={"07_DeepNet-train": 0} says="should give 300 losses"
# ~         return losses{+[-1:]+}
