# %% right="with where" of="solution"
# -     return lam * np.sum(np.abs(W)), lam * np.sign(W)
# +     return lam * np.abs(W).sum(), np.where(W > 0, lam, -lam)
# %% right="in a loop"
def l1(W, lam):
    total, dW = 0.0, np.zeros_like(W)
    for i, weight in np.ndenumerate(W):
        total += lam * abs(weight)
        dW[i] = lam if weight >= 0 else -lam
    return total, dW


# %% wrong="the absolute value is forgotten" of="solution" points={"05_l1-values": 0} says="value is wrong"
# ~     return lam * np.sum([-np.abs(W)-]{+W+}), lam * np.[-sign-]{+ones_like+}(W)
# %% wrong="the sign is forgotten" of="solution" points={"05_l1-values": 0.75} says="gradient of `W`"
# ~     return lam * np.sum(np.abs(W)), lam * np.[-sign-]{+ones_like+}(W)
# %% wrong="the gradient of L2" of="solution" points={"05_l1-values": 0.75} says="gradient of `W`"
# ~     return lam * np.sum(np.abs(W)), {+2 * +}lam * [-np.sign(W)-]{+W+}
# %% wrong="the absolute value as the gradient" of="solution" points={"05_l1-values": 0.75} says="gradient of `W`"
# ~     return lam * np.sum(np.abs(W)), lam * np.[-sign-]{+abs+}(W)
# %% wrong="lam is not in the gradient" of="solution" points={"05_l1-values": 0.75} says="gradient of `W`"
# ~     return lam * np.sum(np.abs(W)), [-lam * -]np.sign(W)
# %% wrong="the matrix norm of the same name" points={"05_l1-values": 0} says="value is wrong"
def l1(W, lam):
    W = W.reshape(len(W), -1)
    return lam * np.linalg.norm(W, 1), lam * np.sign(W)


# %% wrong="the slope as W / abs(W): not a number at 0" warned="4.5" points={"05_l1-values": 0.75} says="yours is nan lam"
def l1(W, lam):
    size = np.abs(W)
    return lam * size.sum(), lam * W / size
