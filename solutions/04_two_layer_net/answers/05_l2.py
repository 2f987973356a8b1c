# %% right="as an inner product" of="solution"
# ~     return lam * np.[-sum(W**2-]{+vdot(W, W+}), {+W * (+}2 * lam[- * W-]{+)+}
# %% right="in a loop"
def l2(W, lam):
    total, dW = 0.0, np.zeros(W.shape)
    for i in np.ndindex(W.shape):
        total += lam * W[i] ** 2
        dW[i] = lam * 2 * W[i]
    return total, dW


# %% wrong="the gradient lacks the 2" of="solution" points={"05_l2-values": 0.75} cause="factor 2"
# ~     return lam * np.sum(W[-**2), 2 *-]{+ * W),+} lam * W
# %% wrong="half in the value alone" of="solution" points={"05_l2-values": 0.75} says="value is wrong"
# ~     return{+ 0.5 *+} lam * np.sum(W[-**2-]{+ * W+}), 2 * lam * W
# %% wrong="half in value and gradient" of="solution" warned="4.5" points={"05_l2-values": 0} says="your value, too, is 0.5 times what it should be"
# ~     return{+ 0.5 *+} lam * np.sum(W[-**2), 2 *-]{+ * W),+} lam * W
# %% wrong="the norm, not its square" of="solution" points={"05_l2-values": 0} says="value is wrong"
# ~     return lam * np.[-sum(W**2), 2 *-]{+linalg.norm(W),+} lam * W{+ / np.linalg.norm(W)+}
# %% wrong="a mean" of="solution" points={"05_l2-values": 0} says="value is wrong"
# ~     return lam * np.[-sum-]{+mean+}(W**2), 2 * lam * W{+ / W.size+}
# %% wrong="the built-in sum" of="solution" points={"05_l2-values": 0.75} says="value should be a number"
# ~     return lam * [-np.-]sum(W**2), 2 * lam * W
# %% wrong="lam is not in the gradient" of="solution" points={"05_l2-values": 0.75} says="gradient of `W`"
# ~     return lam * np.sum(W**2), 2 * [-lam * -]W
# %% wrong="W is squared in place" points={"05_l2-values": 1.25} says="changed its argument `W`"
def l2(W, lam):
    dW = 2 * lam * W
    W *= W
    return lam * np.sum(W), dW
