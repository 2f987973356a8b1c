# %% right="in place on copies, losses in an array"
def train_sigmoid_regression(x, y, w1, w2, steps, lr=1e-4):
    w1, w2 = w1.copy(), w2.copy()
    losses = np.zeros(steps)
    for t in range(steps):
        h = 1 / (1 + np.exp(-x.dot(w1)))
        y_pred = h.dot(w2)
        losses[t] = np.square(y_pred - y).sum()
        grad_y_pred = 2.0 * (y_pred - y)
        grad_w2 = h.T.dot(grad_y_pred)
        grad_h = grad_y_pred.dot(w2.T)
        grad_w1 = x.T.dot(grad_h * h * (1 - h))
        w1 -= lr * grad_w1
        w2 -= lr * grad_w2
    return losses


# %% right="the sigmoid by tanh, sums by einsum"
def train_sigmoid_regression(x, y, w1, w2, steps, lr=1e-4):
    losses = []
    while len(losses) < steps:
        h = (1 + np.tanh(np.einsum("nd,dh->nh", x, w1) / 2)) / 2
        r = np.einsum("nh,ho->no", h, w2) - y
        losses.append(float(np.einsum("no,no->", r, r)))
        da = 2 * np.einsum("no,ho->nh", r, w2) * (h - h**2)
        w2 = w2 - 2 * lr * np.einsum("nh,no->ho", h, r)
        w1 = w1 - lr * np.einsum("nd,nh->dh", x, da)
    return losses


# %% wrong="the factor 2 is missing" of="solution" warned="4.1" points={"01_train_sigmoid_regression-descent": 0} says="dw1 is half of what it should be"
# ~         dpred = [-2 * -]error
# %% wrong="w2 is changed before dw1 is computed" of="solution" warned="4.1" points={"01_train_sigmoid_regression-descent": 1.5} says="losses"
#           dw2 = h.T @ dpred
# +         w2 = w2 - lr * dw2
#           w1 = w1 - lr * dw1
# -         w2 = w2 - lr * dw2
# %% wrong="it climbs" of="solution" points={"01_train_sigmoid_regression-descent": 0, "01_train_sigmoid_regression-care": 1} says="wrong sign"
# ~         dpred = {+-+}2 * error
# %% wrong="the sigmoid's slope is missing" of="solution" points={"01_train_sigmoid_regression-descent": 1.5, "01_train_sigmoid_regression-care": 1} says="the second loss"
# ~         dw1 = x.T @ (dh[- * h * (1 - h))-]{+)+}
# %% wrong="the slope of tanh" of="solution" points={"01_train_sigmoid_regression-descent": 1.5} says="the second loss"
# ~         dw1 = x.T @ (dh * [-h * -](1 - h{+**2+}))
# %% wrong="the loss and the gradients are means over the batch" of="solution" warned="4.1" points={"01_train_sigmoid_regression-losses": 2, "01_train_sigmoid_regression-descent": 1} says="losses"
# ~         losses.append(np.sum(error**2)[-)-]{+ / len(x))+}
# ~         dpred = 2 * error{+ / len(x)+}
# %% wrong="the gradients alone are means over the batch" of="solution" points={"01_train_sigmoid_regression-descent": 1} says="averaged over the N examples"
# ~         dpred = 2 * error{+ / len(x)+}
# %% wrong="the gradients alone are means over all entries" of="solution" points={"01_train_sigmoid_regression-descent": 1} says="dw1 is averaged over all entries of y"
# ~         dpred = 2 * error{+ / error.size+}
# %% wrong="only w2 learns" of="solution" points={"01_train_sigmoid_regression-descent": 1.5} says="w1 does not move"
# ~         [-dw1 = -]x.T @ (dh * h * (1 - h))
# -         w1 = w1 - lr * dw1
# %% wrong="the weights of the caller are changed" of="solution" warned="4.1" points={"01_train_sigmoid_regression-care": 1} says="changed its argument `w1`"
# ~         w1 [-= w1 --]{+-=+} lr * dw1
# ~         w2 [-= w2 --]{+-=+} lr * dw2
# %% wrong="the losses from after each step" of="solution" points={"01_train_sigmoid_regression-losses": 1, "01_train_sigmoid_regression-descent": 0} says="losses"
# -         losses.append(np.sum(error**2))
# @
#           w2 = w2 - lr * dw2
# +         losses.append(np.sum((1 / (1 + np.exp(-(x @ w1))) @ w2 - y) ** 2))
# %% wrong="only the last loss is returned" of="solution" points={"01_train_sigmoid_regression-losses": 0, "01_train_sigmoid_regression-descent": 0, "01_train_sigmoid_regression-care": 1} says="losses should be a list"
# ~     return losses{+[-1]+}
# %% wrong="the built-in sum: a loss for each output" of="solution" points={"01_train_sigmoid_regression-losses": 1, "01_train_sigmoid_regression-descent": 0, "01_train_sigmoid_regression-care": 1} says="losses should have shape"
# ~         losses.append([-np.-]sum(error**2))
# %% wrong="the learning rate is fixed" of="solution" points={"01_train_sigmoid_regression-descent": 0} says="losses"
# ~         w1 = w1 - [-lr-]{+1e-4+} * dw1
# ~         w2 = w2 - [-lr-]{+1e-4+} * dw2
# %% wrong="the gradient of the absolute error" of="solution" points={"01_train_sigmoid_regression-descent": 0} says="the second loss"
# ~         dpred = 2 * {+np.sign(+}error{+)+}
