# %% right="a copy with zeros written into it, the slope at 0 being 1"
def relu_vjp(x, dy):
    dx = dy.copy()
    dx[x < 0] = 0
    return dx


# %% right="a loop over the entries"
def relu_vjp(x, dy):
    dx = np.zeros(dy.shape)
    for index in np.ndindex(*x.shape):
        if x[index] > 0:
            dx[index] = dy[index]
    return dx


# %% right="half the gradient at exactly 0"
def relu_vjp(x, dy):
    return dy * np.heaviside(x, 0.5)


# %% wrong="the mask is taken from dy" warned="3.3" points={"03_relu_vjp-values": 0} cause="mask from the wrong tensor"
def relu_vjp(x, dy):
    return dy * (dy > 0)


# %% wrong="no mask" points={"03_relu_vjp-values": 0} cause="missing mask"
def relu_vjp(x, dy):
    return dy.copy()


# %% wrong="the mask is inverted" points={"03_relu_vjp-values": 0} cause="inverted mask"
def relu_vjp(x, dy):
    return dy * (x <= 0)


# %% wrong="multiplied by the value instead of the slope" points={"03_relu_vjp-values": 0} cause="local derivative wrong"
def relu_vjp(x, dy):
    return dy * np.maximum(x, 0)


# %% wrong="the upstream gradient is ignored" points={"03_relu_vjp-values": 0} cause="upstream gradient ignored"
def relu_vjp(x, dy):
    return 1.0 * (x > 0)


# %% wrong="changes dy in place" warned="3.3" points={"03_relu_vjp-values": 5} says="changed its argument `dy` in place"
def relu_vjp(x, dy):
    dy[x <= 0] = 0
    return dy


# %% wrong="vector times the full Jacobian" warned="3.3" points={"03_relu_vjp-values": 2} says="mismatch"
def relu_vjp(x, dy):
    return dy @ np.diag(np.where(x.ravel() > 0, 1.0, 0.0))


# %% wrong="the full Jacobian, reshaped" warned="3.3" points={"03_relu_vjp-values": 5} says="Unable to allocate"
def relu_vjp(x, dy):
    return (dy.ravel() @ np.diag(np.where(x.ravel() > 0, 1.0, 0.0))).reshape(x.shape)


# %% wrong="measured by differences" points={"03_relu_vjp-values": 4} says="is wrong in"
def relu_vjp(x, dy):
    h = 1e-5
    return dy * (np.maximum(x + h, 0) - np.maximum(x - h, 0)) / (2 * h)


# %% wrong="divides by x" points={"03_relu_vjp-values": 5} says="yours is nan"
def relu_vjp(x, dy):
    with np.errstate(invalid="ignore"):
        return dy * np.maximum(x, 0) / x
