# %% right="a copy with zeros written into it, the slope at 0 being 1"
def relu_vjp(x, dy):
    dx = dy.copy()
    dx[x < 0] = 0
    return dx


# %% right="a loop over the entries" of="a copy with zeros written into it, the slope at 0 being 1"
# ~     dx = {+np.zeros(+}dy.[-copy(-]{+shape+})
# -     dx[x < 0] = 0
# +     for index in np.ndindex(*x.shape):
# +         if x[index] > 0:
# +             dx[index] = dy[index]
# %% right="half the gradient at exactly 0" of="solution"
# ~     return dy * [-(x > 0-]{+np.heaviside(x, 0.5+})
# %% wrong="the mask is taken from dy" of="solution" warned="3.3" points={"03_relu_vjp-values": 0} cause="mask from the wrong tensor"
# ~     return dy * ([-x-]{+dy+} > 0)
# %% wrong="no mask" of="solution" points={"03_relu_vjp-values": 0} cause="missing mask"
# ~     return dy[- * (x > 0-]{+.copy(+})
# %% wrong="the mask is inverted" of="solution" points={"03_relu_vjp-values": 0} cause="inverted mask"
# ~     return dy * (x [->-]{+<=+} 0)
# %% wrong="multiplied by the value instead of the slope" of="solution" points={"03_relu_vjp-values": 0} cause="local derivative wrong"
# ~     return dy * [-(x >-]{+np.maximum(x,+} 0)
# %% wrong="the upstream gradient is ignored" of="solution" points={"03_relu_vjp-values": 0} cause="upstream gradient ignored"
# ~     return [-dy-]{+1.0+} * (x > 0)
# %% wrong="changes dy in place" warned="3.3" points={"03_relu_vjp-values": 5} says="changed its argument `dy` in place"
def relu_vjp(x, dy):
    dy[x <= 0] = 0
    return dy


# %% wrong="vector times the full Jacobian" of="solution" warned="3.3" points={"03_relu_vjp-values": 2} says="mismatch"
# ~     return dy [-* (x-]{+@ np.diag(np.where(x.ravel()+} > 0[-)-]{+, 1.0, 0.0))+}
# %% wrong="the full Jacobian, reshaped" of="solution" warned="3.3" points={"03_relu_vjp-values": 5} says="Unable to allocate"
# ~     return [-dy * (x-]{+(dy.ravel() @ np.diag(np.where(x.ravel()+} > 0[-)-]{+, 1.0, 0.0))).reshape(x.shape)+}
# %% wrong="measured by differences" points={"03_relu_vjp-values": 4} says="is wrong in"
def relu_vjp(x, dy):
    h = 1e-5
    return dy * (np.maximum(x + h, 0) - np.maximum(x - h, 0)) / (2 * h)


# %% wrong="divides by x" points={"03_relu_vjp-values": 5} says="yours is nan"
def relu_vjp(x, dy):
    with np.errstate(invalid="ignore"):
        return dy * np.maximum(x, 0) / x
