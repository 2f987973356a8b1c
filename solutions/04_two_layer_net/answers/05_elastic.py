# %% right="from the two others"
def elastic(W, lam, beta):
    smooth, d_smooth = l2(W, beta)
    sparse, d_sparse = l1(W, lam)
    return smooth + sparse, d_smooth + d_sparse


# %% right="with where" of="solution"
# -     return beta * np.sum(W**2) + lam * np.sum(np.abs(W)), 2 * beta * W + lam * np.sign(W)
# +     return np.sum(np.abs(W) * (beta * np.abs(W) + lam)), np.where(W < 0, -lam, lam) + beta * W + beta * W
# %% wrong="lam and beta exchanged" of="solution" points={"05_elastic-values": 0} says="value is wrong"
# -     return beta * np.sum(W**2) + lam * np.sum(np.abs(W)), 2 * beta * W + lam * np.sign(W)
# +     return lam * np.sum(W**2) + beta * np.sum(np.abs(W)), 2 * lam * W + beta * np.sign(W)
# %% wrong="the gradient lacks the 2" of="solution" points={"05_elastic-values": 1} says="gradient of `W`"
# ~     return beta * np.sum(W**2) + lam * np.sum(np.abs(W)), [-2 * -]beta * W + lam * np.sign(W)
# %% wrong="the second term overwrites the first" points={"05_elastic-values": 1} says="gradient of `W`"
def elastic(W, lam, beta):
    dW = 2 * beta * W
    dW = lam * np.sign(W)
    return beta * np.sum(W**2) + lam * np.sum(np.abs(W)), dW


# %% wrong="a mixture by beta, as some texts have it" points={"05_elastic-values": 0} says="value is wrong"
def elastic(W, lam, beta):
    value = lam * (beta * np.sum(W**2) + (1 - beta) * np.sum(np.abs(W)))
    return value, lam * (2 * beta * W + (1 - beta) * np.sign(W))


# %% wrong="the sign is forgotten" of="solution" points={"05_elastic-values": 1} says="gradient of `W`"
# ~     return beta * np.sum(W**2) + lam * np.sum(np.abs(W)), 2 * beta * W + lam[- * np.sign(W)-]
# %% wrong="the slope as abs(W) / W: not a number at 0" points={"05_elastic-values": 1} says="yours is nan lam"
def elastic(W, lam, beta):
    size = np.abs(W)
    return beta * np.sum(W * W) + lam * size.sum(), 2 * beta * W + lam * size / W
