# %% base="as most write it"
def linear_regression(w, b, x, y):
    z = w @ x + b - y
    return z**2, 2 * z * x, 2 * z


# %% right="by components"
def linear_regression(w, b, x, y):
    prediction = b
    for w_i, x_i in zip(w, x, strict=True):
        prediction = prediction + w_i * x_i
    error = prediction - y
    return error**2, np.array([2.0 * error * x_i for x_i in x]), 2.0 * error


# %% right="with the bias as one more weight"
def linear_regression(w, b, x, y):
    weights, inputs = np.append(w, b), np.append(x, 1.0)
    z = weights @ inputs - y
    gradient = 2 * z * inputs
    return z * z, gradient[:-1], gradient[-1]


# %% right="the error with the other sign"
def linear_regression(w, b, x, y):
    z = y - (np.dot(x, w) + b)
    dz = 2 * z
    return z**2, -dz * x, -dz


# %% wrong="missing the factor 2" of="as most write it" points={"10_linear_regression-gradients": 0} cause="factor 2"
# ~     return z**2, [-2 * -]z * x, [-2 * -]z
# %% wrong="half the square in the loss only" of="as most write it" points={"10_linear_regression-values": 0} says="loss is wrong"
# ~     return{+ 0.5 *+} z**2, 2 * z * x, 2 * z
# %% wrong="the sign of y - prediction is lost" of="as most write it" points={"10_linear_regression-gradients": 0} cause="sign"
# ~     z = {+y - (+}w @ x + b[- - y-]{+)+}
# %% wrong="db computed from dw" of="as most write it" points={"10_linear_regression-gradients": 1} says="db"
#       z = w @ x + b - y
# +     dw = 2 * z * x
# ~     return z**2, [-2 * z * x, 2 * z-]{+dw, np.sum(dw)+}
# %% wrong="db is 1" of="as most write it" points={"10_linear_regression-gradients": 1} says="db"
# ~     return z**2, 2 * z * x, [-2 * z-]{+1.0+}
# %% wrong="db of shape (1,)" of="as most write it" warned="1.10" points={"10_linear_regression-gradients": 1} cause="wrong shape"
# ~     return z**2, 2 * z * x, {+np.array([+}2 * z{+])+}
# %% wrong="dw as a list" of="as most write it" points={"10_linear_regression-gradients": 1} says="dw should be an array"
# ~     return z**2, {+list(+}2 * z * x{+)+}, 2 * z
# %% wrong="dw of shape (1, D)" of="as most write it" points={"10_linear_regression-gradients": 1} cause="wrong shape"
# ~     return z**2, 2 * z * x{+.reshape(1, -1)+}, 2 * z
# %% wrong="the gradient of x" of="as most write it" points={"10_linear_regression-gradients": 1} says="dw"
# ~     return z**2, 2 * z * [-x-]{+w+}, 2 * z
# %% wrong="dw and db in the other order" of="as most write it" points={"10_linear_regression-gradients": 0} says="dw should have shape (2,)"
# ~     return z**2, 2 * z[- * x-], 2 * z{+ * x+}
# %% wrong="the bias is not in the prediction" of="as most write it" points={"10_linear_regression-values": 0, "10_linear_regression-gradients": 0} says="loss is wrong"
# ~     z = w @ x [-+ b -]- y
# %% wrong="x is scaled in place" of="as most write it" points={"10_linear_regression-gradients": 2} says="changed its argument"
#       z = w @ x + b - y
# +     if x.dtype == float:
# +         x *= 2 * z
# +         return z**2, x, 2 * z
# %% wrong="integers cut off the gradient" of="as most write it" points={"10_linear_regression-gradients": 3} says="dw is wrong"
#       z = w @ x + b - y
# +     dw = np.empty_like(w)
# +     dw[:] = 1.5 * z * x + 0.5 * z * x
# ~     return z**2, [-2 * z * x-]{+dw+}, 2 * z
# %% wrong="* for the dot product" of="as most write it" points={"10_linear_regression-values": 0, "10_linear_regression-gradients": 0} says="loss should be a number"
# ~     z = w [-@-]{+*+} x + b - y
# %% wrong="by central differences with a fixed step" points={"10_linear_regression-gradients": 2} says="is wrong"
def linear_regression(w, b, x, y):
    def loss(w, b):
        return (w @ x + b - y) ** 2

    h = 1e-5
    dw = np.array([(loss(w + h * e, b) - loss(w - h * e, b)) / (2 * h) for e in np.eye(w.size)])
    return loss(w, b), dw, (loss(w, b + h) - loss(w, b - h)) / (2 * h)
