# %% base="as most write it"
def flat_two_layer(W1, b1, W2, b2, X, y):
    rows = np.arange(len(X))
    A = X @ W1 + b1
    H = np.maximum(A, 0)
    S = H @ W2 + b2
    S = S - S.max(axis=1, keepdims=True)
    log_P = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
    dS = np.exp(log_P)
    dS[rows, y] -= 1
    dS /= len(X)
    dA = (dS @ W2.T) * (A > 0)
    grads = {"W1": X.T @ dA, "b1": dA.sum(axis=0), "W2": H.T @ dS, "b2": dS.sum(axis=0)}
    return -log_P[rows, y].mean(), grads


# %% right="row by row, in plain loops"
def flat_two_layer(W1, b1, W2, b2, X, y):
    N, D = X.shape
    H, C = W2.shape
    loss = 0.0
    grads = {"W1": np.zeros((D, H)), "b1": np.zeros(H), "W2": np.zeros((H, C)), "b2": np.zeros(C)}
    for n in range(N):
        a = np.array([sum(X[n, d] * W1[d, j] for d in range(D)) + b1[j] for j in range(H)])
        h = np.array([a_j if a_j > 0 else 0.0 for a_j in a])
        s = np.array([sum(h[j] * W2[j, c] for j in range(H)) + b2[c] for c in range(C)])
        s = s - max(s)
        total = sum(np.exp(s))
        loss += (np.log(total) - s[y[n]]) / N
        for c in range(C):
            ds = (np.exp(s[c]) / total - (c == y[n])) / N
            grads["b2"][c] += ds
            for j in range(H):
                grads["W2"][j, c] += h[j] * ds
                if a[j] > 0:
                    grads["b1"][j] += W2[j, c] * ds
                    for d in range(D):
                        grads["W1"][d, j] += X[n, d] * W2[j, c] * ds
    return loss, grads


# %% right="with einsum, one-hot labels and ReLU'(0) = 1"
def flat_two_layer(W1, b1, W2, b2, X, y):
    Y = np.eye(b2.size)[y]
    A = np.einsum("nd,dh->nh", X, W1) + b1
    H = np.where(A >= 0, A, 0.0)
    S = np.einsum("nh,hc->nc", H, W2) + b2
    m = np.max(S, axis=1)[:, None]
    lse = m + np.log(np.sum(np.exp(S - m), axis=1))[:, None]
    loss = np.sum(Y * (lse - S)) / y.size
    dS = (np.exp(S - lse) - Y) / y.size
    dA = np.einsum("nc,hc->nh", dS, W2) * (A >= 0)
    return loss, {
        "W2": np.einsum("nh,nc->hc", H, dS),
        "b2": np.einsum("nc->c", dS),
        "W1": np.einsum("nd,nh->dh", X, dA),
        "b1": np.einsum("nh->h", dA),
    }


# %% right="averaging at the end, the biases as one more row"
def flat_two_layer(W1, b1, W2, b2, X, y):
    N = len(y)
    X1 = np.hstack([X, np.ones((N, 1))])
    A = X1 @ np.vstack([W1, b1])
    H1 = np.hstack([np.maximum(0, A), np.ones((N, 1))])
    S = H1 @ np.vstack([W2, b2])
    E = np.exp(S - S.max(1).reshape(-1, 1))
    P = E / E.sum(1, keepdims=True)
    # from the shifted scores: the probability itself may have been rounded to 0
    loss = np.mean(np.log(E.sum(1)) - (S - S.max(1, keepdims=True))[range(N), y])
    P[range(N), y] -= 1
    d2 = H1.T @ P / N
    d1 = X1.T @ ((P @ W2.T) * (A > 0)) / N
    return loss, {"W1": d1[:-1], "b1": d1[-1], "W2": d2[:-1], "b2": d2[-1]}


# %% wrong="no shift: nan for scores of 1e4" of="as most write it" warned="1.11" points={"11_flat_two_layer-loss": 3, "11_flat_two_layer-care": 1} says="finite"
# ~     [-S-]{+P+} = [-S - S.max-]{+np.exp(S) / np.exp(S).sum+}(axis=1, keepdims=True)
# -     log_P = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
# -     dS = np.exp(log_P)
# +     loss = -np.log(P[rows, y]).mean()
# +     dS = P
# ~     [-grads =-]{+return loss,+} {"W1": X.T @ dA, "b1": dA.sum(axis=0), "W2": H.T @ dS, "b2": dS.sum(axis=0)}
# -     return -log_P[rows, y].mean(), grads
# %% wrong="the logarithm of a probability rounded to 0" of="as most write it" warned="1.11" points={"11_flat_two_layer-loss": 3} says="loss is inf"
# ~     [-S-]{+P+} = {+np.exp(+}S - S.max(axis=1, keepdims=True){+)+}
# ~     [-log_P = S - np.log(np.exp(S)-]{+P /= P+}.sum(axis=1, keepdims=True)[-)-]
# -     dS = np.exp(log_P)
# +     loss = -np.log(P[rows, y]).mean()
# ~     [-dS-]{+P+}[rows, y] -= 1
# ~     dS [-/=-]{+= P /+} len(X)
# ~     [-grads =-]{+return loss,+} {"W1": X.T @ dA, "b1": dA.sum(axis=0), "W2": H.T @ dS, "b2": dS.sum(axis=0)}
# -     return -log_P[rows, y].mean(), grads
# %% wrong="1e-8 inside the logarithm" of="the logarithm of a probability rounded to 0" points={"11_flat_two_layer-loss": 1} says="loss"
# ~     loss = -np.log(P[rows, y]{+ + 1e-8+}).mean()
# %% wrong="one maximum for the whole batch" of="the logarithm of a probability rounded to 0" warned="1.11" points={"11_flat_two_layer-loss": 3, "11_flat_two_layer-care": 1} says="finite"
# ~     P = np.exp(S - S.max([-axis=1, keepdims=True-]))
# ~     P [-/=-]{+= P /+} P.sum(axis=1, keepdims=True)
# %% wrong="the gradients are not averaged" of="as most write it" warned="1.11" points={"11_flat_two_layer-second-layer": 1, "11_flat_two_layer-first-layer": 1, "11_flat_two_layer-care": 1} says="W2"
# -     dS /= len(X)
# %% wrong="averaged twice" of="as most write it" points={"11_flat_two_layer-second-layer": 1, "11_flat_two_layer-first-layer": 1, "11_flat_two_layer-care": 1} says="W2"
#       rows = np.arange(len(X))
# +     N = len(X)
# ~     dS /= [-len(X)-]{+N+}
# -     grads = {"W1": X.T @ dA, "b1": dA.sum(axis=0), "W2": H.T @ dS, "b2": dS.sum(axis=0)}
# +     grads = {"W1": X.T @ dA / N, "b1": dA.sum(axis=0) / N, "W2": H.T @ dS / N, "b2": dS.sum(axis=0) / N}
# %% wrong="precedence: only the one-hot labels are averaged" of="the sign of dS" points={"11_flat_two_layer-second-layer": 1, "11_flat_two_layer-first-layer": 1, "11_flat_two_layer-care": 1} says="W2"
# ~     dS = [-(-]{+np.exp(log_P) - +}np.eye(len(b2))[y] [-- np.exp(log_P)) -]/ len(X)
# %% wrong="the sum instead of the mean, in the loss alone" of="as most write it" points={"11_flat_two_layer-loss": 0} says="loss is wrong"
# ~     return -log_P[rows, y].[-mean-]{+sum+}(), grads
# %% wrong="the loss for each row" of="as most write it" points={"11_flat_two_layer-loss": 0} says="loss should be a number"
# ~     return -log_P[rows, y][-.mean()-], grads
# %% wrong="biases of shape (1, M)" of="as most write it" warned="1.11" points={"11_flat_two_layer-second-layer": 1.5, "11_flat_two_layer-first-layer": 1.5, "11_flat_two_layer-care": 1} cause="wrong shape"
# -     grads = {"W1": X.T @ dA, "b1": dA.sum(axis=0), "W2": H.T @ dS, "b2": dS.sum(axis=0)}
# +     grads = {
# +         "W1": X.T @ dA,
# +         "b1": dA.sum(axis=0, keepdims=True),
# +         "W2": H.T @ dS,
# +         "b2": dS.sum(axis=0, keepdims=True),
# +     }
# %% wrong="biases not summed over the batch" of="as most write it" warned="1.11" points={"11_flat_two_layer-second-layer": 1.5, "11_flat_two_layer-first-layer": 1.5, "11_flat_two_layer-care": 1} cause="wrong shape"
# -     grads = {"W1": X.T @ dA, "b1": dA.sum(axis=0), "W2": H.T @ dS, "b2": dS.sum(axis=0)}
# @
# ~     return -log_P[rows, y].mean(), [-grads-]{+{"W1": X.T @ dA, "b1": dA, "W2": H.T @ dS, "b2": dS}+}
# %% wrong="biases summed along the wrong axis" of="as most write it" points={"11_flat_two_layer-second-layer": 1.5, "11_flat_two_layer-first-layer": 1.5, "11_flat_two_layer-care": 0} says="b2"
# ~     grads = {"W1": X.T @ dA, "b1": dA.sum(axis=[-0-]{+1+}), "W2": H.T @ dS, "b2": dS.sum(axis=[-0-]{+1+})}
# %% wrong="b1 computed from dW1" of="as most write it" points={"11_flat_two_layer-first-layer": 1.5, "11_flat_two_layer-care": 1} says="b1"
#       dA = (dS @ W2.T) * (A > 0)
# +     dW1 = X.T @ dA
# ~     grads = {"W1": [-X.T @ dA-]{+dW1+}, "b1": [-dA-]{+dW1+}.sum(axis=0), "W2": H.T @ dS, "b2": dS.sum(axis=0)}
# %% wrong="no ReLU mask" of="as most write it" points={"11_flat_two_layer-first-layer": 0, "11_flat_two_layer-care": 1} says="W1"
# ~     dA = [-(-]dS @ W2.T[-) * (A > 0)-]
# %% wrong="the ReLU mask is taken from the gradient" of="as most write it" points={"11_flat_two_layer-first-layer": 0, "11_flat_two_layer-care": 1} says="W1"
#       dS /= len(X)
# +     dH = dS @ W2.T
# ~     dA = [-(dS @ W2.T)-]{+dH+} * ([-A-]{+dH+} > 0)
# %% wrong="the ReLU mask is inverted" of="as most write it" points={"11_flat_two_layer-first-layer": 0, "11_flat_two_layer-care": 1} says="W1"
# ~     dA = (dS @ W2.T) * (A [->-]{+<+} 0)
# %% wrong="dW2 from the values before ReLU" of="as most write it" points={"11_flat_two_layer-second-layer": 2.5, "11_flat_two_layer-care": 1} says="W2"
# ~     grads = {"W1": X.T @ dA, "b1": dA.sum(axis=0), "W2": [-H-]{+A+}.T @ dS, "b2": dS.sum(axis=0)}
# %% wrong="no ReLU in the forward pass" of="no ReLU mask" points={"11_flat_two_layer-loss": 1, "11_flat_two_layer-second-layer": 1, "11_flat_two_layer-first-layer": 0, "11_flat_two_layer-care": 1} says="loss is wrong"
# ~     [-A-]{+H+} = X @ W1 + b1
# -     H = np.maximum(A, 0)
# %% wrong="the gradient of the probabilities: 1 is not subtracted" of="the sign of dS" points={"11_flat_two_layer-second-layer": 0, "11_flat_two_layer-first-layer": 0, "11_flat_two_layer-care": 0} says="W2"
# ~     dS =[- (np.eye(len(b2))[y] --] np.exp(log_P[-)-]) / len(X)
# %% wrong="the sign of dS" of="as most write it" points={"11_flat_two_layer-second-layer": 0, "11_flat_two_layer-first-layer": 0, "11_flat_two_layer-care": 0} cause="sign"
# -     dS = np.exp(log_P)
# -     dS[rows, y] -= 1
# @
# ~     dS [-/=-]{+= (np.eye(len(b2))[y] - np.exp(log_P)) /+} len(X)
# %% wrong="transposed weight gradients" of="as most write it" points={"11_flat_two_layer-second-layer": 1.5, "11_flat_two_layer-first-layer": 1.5, "11_flat_two_layer-care": 1} cause="wrong shape"
# -     grads = {"W1": X.T @ dA, "b1": dA.sum(axis=0), "W2": H.T @ dS, "b2": dS.sum(axis=0)}
# +     grads = {"W1": dA.T @ X, "b1": dA.sum(axis=0), "W2": dS.T @ H, "b2": dS.sum(axis=0)}
# %% wrong="b1 is updated in place" of="as most write it" points={"11_flat_two_layer-second-layer": 1, "11_flat_two_layer-first-layer": 1, "11_flat_two_layer-care": 2} says="changed its argument `b1` in place"
#       grads = {"W1": X.T @ dA, "b1": dA.sum(axis=0), "W2": H.T @ dS, "b2": dS.sum(axis=0)}
# +     b1 -= 0.1 * grads["b1"]
# %% wrong="X is centred in place" of="as most write it" points={"11_flat_two_layer-loss": 1, "11_flat_two_layer-second-layer": 0, "11_flat_two_layer-first-layer": 0, "11_flat_two_layer-care": 0} says="changed its argument `X` in place"
#       rows = np.arange(len(X))
# +     X -= X.mean(axis=0)
# %% wrong="the true class's probability alone, not its row" of="the gradients are not averaged" points={"11_flat_two_layer-second-layer": 0, "11_flat_two_layer-first-layer": 1, "11_flat_two_layer-care": 0} says="W2"
# ~     dS = np.[-exp(log_P-]{+zeros_like(S+})
# ~     dS[rows, y] [--= 1-]{+= (np.exp(log_P[rows, y]) - 1) / len(X)+}
# %% wrong="two classes, hard-coded" of="the sign of dS" points={"11_flat_two_layer-loss": 0, "11_flat_two_layer-second-layer": 1, "11_flat_two_layer-first-layer": 1, "11_flat_two_layer-care": 1} says="Error"
# -     rows = np.arange(len(X))
# @
#       log_P = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
# +     Y = np.zeros((len(X), 2))
# +     Y[np.arange(len(X)), y] = 1
# +     loss = -np.sum(Y * log_P) / len(X)
# ~     dS = (np.[-eye(len(b2))[y] - np.-]exp(log_P){+ - Y+}) / len(X)
# ~     [-grads =-]{+return loss,+} {"W1": X.T @ dA, "b1": dA.sum(axis=0), "W2": H.T @ dS, "b2": dS.sum(axis=0)}
# -     return -log_P[rows, y].mean(), grads
# %% wrong="by central differences with a fixed step" points={"11_flat_two_layer-second-layer": 1, "11_flat_two_layer-first-layer": 1, "11_flat_two_layer-care": 0} says="is wrong"
def flat_two_layer(W1, b1, W2, b2, X, y):
    def loss_at(params):
        S = np.maximum(X @ params["W1"] + params["b1"], 0) @ params["W2"] + params["b2"]
        S = S - S.max(axis=1, keepdims=True)
        log_P = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
        return -log_P[np.arange(len(X)), y].mean()

    params = {"W1": W1.copy(), "b1": b1.copy(), "W2": W2.copy(), "b2": b2.copy()}
    grads, h = {}, 1e-5
    for name, array in params.items():
        grads[name] = np.zeros(array.shape)
        for index in np.ndindex(array.shape):
            kept = array[index]
            array[index] = kept + h
            above = loss_at(params)
            array[index] = kept - h
            below = loss_at(params)
            array[index] = kept
            grads[name][index] = (above - below) / (2 * h)
    return loss_at(params), grads
