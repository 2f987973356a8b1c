# %% right="as an inner product"
def l2(W, lam):
    return lam * np.vdot(W, W), W * (2 * lam)


# %% right="in a loop"
def l2(W, lam):
    total, dW = 0.0, np.zeros(W.shape)
    for i in np.ndindex(W.shape):
        total += lam * W[i] ** 2
        dW[i] = lam * 2 * W[i]
    return total, dW


# %% wrong="the gradient lacks the 2" points={"05_l2-values": 0.75} cause="factor 2"
def l2(W, lam):
    return lam * np.sum(W * W), lam * W


# %% wrong="half in the value alone" points={"05_l2-values": 0.75} says="value is wrong"
def l2(W, lam):
    return 0.5 * lam * np.sum(W * W), 2 * lam * W


# %% wrong="half in value and gradient" warned="4.5" points={"05_l2-values": 0} says="value is wrong"
def l2(W, lam):
    return 0.5 * lam * np.sum(W * W), lam * W


# %% wrong="the norm, not its square" points={"05_l2-values": 0} says="value is wrong"
def l2(W, lam):
    return lam * np.linalg.norm(W), lam * W / np.linalg.norm(W)


# %% wrong="a mean" points={"05_l2-values": 0} says="value is wrong"
def l2(W, lam):
    return lam * np.mean(W**2), 2 * lam * W / W.size


# %% wrong="the built-in sum" points={"05_l2-values": 0.75} says="value should have shape ()"
def l2(W, lam):
    return lam * sum(W**2), 2 * lam * W


# %% wrong="lam is not in the gradient" points={"05_l2-values": 0.75} says="gradient of `W`"
def l2(W, lam):
    return lam * np.sum(W**2), 2 * W


# %% wrong="W is squared in place" points={"05_l2-values": 1.25} says="changed its argument `W`"
def l2(W, lam):
    dW = 2 * lam * W
    W *= W
    return lam * np.sum(W), dW
