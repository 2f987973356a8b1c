# %% right="on a flat copy, entry by entry"
def numerical_gradient(f, x, h=1e-5):
    point = np.asarray(x, dtype=np.float64).copy()
    flat = point.ravel()
    gradient = np.empty(flat.size)
    for i in range(flat.size):
        kept = flat[i]
        flat[i] = kept + h
        above = f(point)
        flat[i] = kept - h
        below = f(point)
        flat[i] = kept
        gradient[i] = (above - below) / (2 * h)
    return gradient.reshape(point.shape)


# %% right="with nditer, moving the copy there and back"
def numerical_gradient(f, x, h=1e-5):
    x = x.astype(float)
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        ix = it.multi_index
        old = x[ix]
        x[ix] = old + h
        fxph = f(x)
        x[ix] = old - h
        fxmh = f(x)
        x[ix] = old
        grad[ix] = (fxph - fxmh) / (2 * h)
        it.iternext()
    return grad


# %% right="the rows of an identity matrix as directions"
def numerical_gradient(f, x, h=1e-5):
    directions = np.eye(x.size).reshape((x.size, *x.shape))
    slopes = [(f(x + h * e) - f(x - h * e)) / (2 * h) for e in directions]
    return np.array(slopes).reshape(x.shape)


# %% wrong="f is given a flat array" of="on a flat copy, entry by entry" points={"02_numerical_gradient-values": 3} says="could not be broadcast"
# ~         above = f([-point-]{+flat+})
# ~         below = f([-point-]{+flat+})
# %% wrong="integers cut off the step" of="does not move x back" warned="1.2" points={"02_numerical_gradient-care": 3} says="yours 350000"
#   def numerical_gradient(f, x, h=1e-5):
# +     x = x.copy()
#       for index in np.ndindex(x.shape):
# +         kept = x[index]
# ~         x[index] [-+= -]{+= kept + +}h
# ~         x[index] [--= 2 *-]{+= kept -+} h
#           below = f(x)
# +         x[index] = kept
# %% wrong="integers cut off the gradient" of="solution" warned="1.2" points={"02_numerical_gradient-care": 3} says="is wrong"
# -     x = np.array(x, dtype=float)
# @
# ~         step = np.[-zeros_like(x-]{+zeros(x.shape+})
# %% wrong="one-sided" of="solution" points={"02_numerical_gradient-values": 1, "02_numerical_gradient-care": 2} says="is wrong"
# -     x = np.array(x, dtype=float)
# +     x = x.astype(float)
# ~         gradient[index] = (f(x + step) - f(x[- - step-])) / [-(2 * h)-]{+h+}
# %% wrong="leaves rounding errors in x" of="does not move x back" warned="1.2" points={"02_numerical_gradient-care": 0} says="changed its argument `x` in place"
#           below = f(x)
# +         x[index] += h
# %% wrong="does not move x back" warned="1.2" points={"02_numerical_gradient-values": 1, "02_numerical_gradient-care": 0} says="changed its argument `x` in place"
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        x[index] += h
        above = f(x)
        x[index] -= 2 * h
        below = f(x)
        gradient[index] = (above - below) / (2 * h)
    return gradient


# %% wrong="moves all entries at once" points={"02_numerical_gradient-values": 0, "02_numerical_gradient-care": 0} says="is wrong"
def numerical_gradient(f, x, h=1e-5):
    return np.full(x.shape, (f(x + h) - f(x - h)) / (2 * h))


# %% wrong="vectors only" points={"02_numerical_gradient-values": 1, "02_numerical_gradient-care": 4} says="Error"
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros(len(x))
    for i in range(len(x)):
        step = np.zeros(len(x))
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient


# %% wrong="a flat gradient" of="missing the factor 2 below" points={"02_numerical_gradient-values": 1, "02_numerical_gradient-care": 4} says="should have shape"
# -     gradient = np.zeros(x.shape)
# +     slopes = []
# ~         [-gradient[index] = -]{+slopes.append(+}(f(x + step) - f(x - step)) / [-h-]{+(2 * h))+}
# ~     return [-gradient-]{+np.array(slopes)+}
# %% wrong="missing the factor 2 below" of="solution" points={"02_numerical_gradient-values": 0, "02_numerical_gradient-care": 0} says="is wrong"
# -     x = np.array(x, dtype=float)
# @
# ~     gradient = np.[-zeros_like(x-]{+zeros(x.shape+})
# ~         step = np.[-zeros_like(x-]{+zeros(x.shape+})
# ~         gradient[index] = (f(x + step) - f(x - step)) / [-(2 * h)-]{+h+}
# %% wrong="a step of its own instead of h" of="missing the factor 2 below" points={"02_numerical_gradient-values": 3} says="is wrong"
# ~         step[index] = [-h-]{+1e-5+}
# ~         gradient[index] = (f(x + step) - f(x - step)) / [-h-]{+2e-5+}
# %% wrong="a name that numpy no longer has" of="solution" points={"02_numerical_gradient-values": 0, "02_numerical_gradient-care": 0} says="AttributeError"
# ~     x = {+x.astype(+}np.[-array(x, dtype=-]float)
# %% wrong="the slopes are written into the x that f is called with" of="solution" points={"02_numerical_gradient-values": 3} says="gradient at shape (5,)"
# -     gradient = np.zeros_like(x)
# +     gradient = x
# ~         step = np.[-zeros_like(x-]{+zeros(x.shape+})
# %% wrong="the library's own measurement" points={"02_numerical_gradient-values": 0, "02_numerical_gradient-care": 0} cause="called the library" says="numerical_gradient of course_lib is not called for an answer"
def numerical_gradient(f, x, h=1e-5):
    import course_lib

    return course_lib.numerical_gradient(f, x)
