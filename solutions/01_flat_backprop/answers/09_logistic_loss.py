# %% base="as most write it"
def logistic_loss(w, x):
    z = w @ x
    loss = np.logaddexp(0, -z)
    return loss, -np.exp(-z - loss) * x


# %% right="by the maximum, branching on the sign"
def logistic_loss(w, x):
    z = float(np.sum(w * x))
    small = np.exp(-abs(z))
    loss = max(0.0, -z) + np.log1p(small)
    miss = small / (1 + small) if z >= 0 else 1 / (1 + small)
    return loss, -miss * x


# %% right="in plain loops with math"
import math


def logistic_loss(w, x):
    z = 0.0
    for i in range(len(w)):
        z += float(w[i]) * float(x[i])
    if z > 0:
        loss, miss = math.log(1 + math.exp(-z)), math.exp(-z) / (1 + math.exp(-z))
    else:
        loss, miss = -z + math.log(1 + math.exp(z)), 1 / (1 + math.exp(z))
    dw = np.zeros(len(w))
    for i in range(len(w)):
        dw[i] = -miss * x[i]
    return loss, dw


# %% right="1 - s as it stands, which is close enough, and a clipped exponent for the loss" of="as most write it"
# -     loss = np.logaddexp(0, -z)
# +     s = 1 / (1 + np.exp(-np.clip(z, -500, 500)))
# +     loss = -z if z < -500 else np.log(1 + np.exp(-z))
# ~     return loss, -[-np.exp(-z-]{+(1+} - [-loss-]{+s+}) * x
# %% wrong="to the letter: infinite for a confident mistake" warned="1.9" points={"09_logistic_loss-extremes": 1} says="every value should be finite"
def logistic_loss(w, x):
    s = 1 / (1 + np.exp(-(w @ x)))
    return -np.log(s), -(1 - s) * x


# %% wrong="1e-8 inside the logarithm" of="to the letter: infinite for a confident mistake" points={"09_logistic_loss-values": 4, "09_logistic_loss-extremes": 1} says="loss is wrong"
# ~     return -np.log(s{+ + 1e-8+}), -(1 - s) * x
# %% wrong="a clipped probability" of="to the letter: infinite for a confident mistake" points={"09_logistic_loss-extremes": 0} says="loss at -1e4 is wrong"
# ~     s = {+np.clip(+}1 / (1 + np.exp(-(w @ x))){+, 1e-12, 1 - 1e-12)+}
# %% wrong="stage by stage: nan for a confident mistake" warned="1.9" points={"09_logistic_loss-extremes": 0} says="every value should be finite"
def logistic_loss(w, x):
    z = np.sum(w * x)
    e = np.exp(-z)
    loss = np.log(1 + e)
    dz = -e / (1 + e)
    return loss, dz * x


# %% wrong="exp(z) / (1 + exp(z)): nan for a confident success" of="s instead of 1 - s" warned="1.9" points={"09_logistic_loss-extremes": 2} says="every value should be finite"
# -     loss = np.logaddexp(0, -z)
# +     s = np.exp(z) / (1 + np.exp(z))
# ~     return [-loss-]{+np.logaddexp(0+}, -[-np.exp(-loss-]{+z), -(1 - s+}) * x
# %% wrong="math.exp overflows" points={"09_logistic_loss-extremes": 0} says="OverflowError"
import math


def logistic_loss(w, x):
    s = 1 / (1 + math.exp(-(w @ x)))
    return -math.log(s), -(1 - s) * x


# %% wrong="the sign" of="as most write it" points={"09_logistic_loss-values": 2, "09_logistic_loss-extremes": 2} cause="sign"
# ~     return loss, [---]np.exp(-z - loss) * x
# %% wrong="s instead of 1 - s" of="as most write it" points={"09_logistic_loss-values": 2, "09_logistic_loss-extremes": 2} says="dw is wrong"
# ~     return loss, -np.exp(-[-z - -]loss) * x
# %% wrong="only the gradient of z: x is missing" of="as most write it" points={"09_logistic_loss-values": 2, "09_logistic_loss-extremes": 2} says="should have shape (3,)"
# ~     return loss, -np.exp(-z - loss)[- * x-]
# %% wrong="the gradient of x" of="as most write it" points={"09_logistic_loss-values": 2, "09_logistic_loss-extremes": 2} says="dw is wrong"
# ~     return loss, -np.exp(-z - loss) * [-x-]{+w+}
# %% wrong="a row of shape (1, D)" of="as most write it" points={"09_logistic_loss-values": 2, "09_logistic_loss-extremes": 2} cause="wrong shape"
# ~     return loss, {+(+}-np.exp(-z - loss) * x{+)[None, :]+}
# %% wrong="the loss has shape (D,): * for the dot product" of="as most write it" points={"09_logistic_loss-values": 0, "09_logistic_loss-extremes": 0} says="loss should be a number"
# ~     z = w [-@-]{+*+} x
# %% wrong="x is scaled in place" of="as most write it" points={"09_logistic_loss-values": 3} says="changed its argument"
#       loss = np.logaddexp(0, -z)
# +     factor = -np.exp(-z - loss)
# +     if x.dtype == float:
# +         x *= factor
# +         return loss, x
# ~     return loss, [--np.exp(-z - loss)-]{+factor+} * x
# %% wrong="a gradient of the dtype of w" of="as most write it" points={"09_logistic_loss-values": 5} says="dw is wrong"
# -     return loss, -np.exp(-z - loss) * x
# +     dw = np.zeros_like(w)
# +     for i in range(w.size):
# +         dw[i] = -np.exp(-z - loss) * x[i]
# +     return loss, dw
# %% wrong="averaged over D" of="as most write it" points={"09_logistic_loss-values": 2, "09_logistic_loss-extremes": 2} says="dw is wrong"
# ~     return loss, -np.exp(-z - loss) * x{+ / x.size+}
# %% wrong="dw by central differences with a fixed step" points={"09_logistic_loss-values": 3, "09_logistic_loss-extremes": 3} says="is wrong"
def logistic_loss(w, x):
    dw, h = np.zeros(w.size), 1e-5
    for i in range(w.size):
        step = np.zeros(w.size)
        step[i] = h
        above, below = np.logaddexp(0, -((w + step) @ x)), np.logaddexp(0, -((w - step) @ x))
        dw[i] = (above - below) / (2 * h)
    return np.logaddexp(0, -(w @ x)), dw
