# %% right="the cache is x; the slope at 0 is 1" of="solution"
# -     return np.maximum(x, 0), x
# +     out = x * (x >= 0)
# +     cache = x
# +     return out, cache
# ~     {+_dx, +}x = {+None, +}cache
# ~     return [-dout * -]{+np.where+}(x >{+= 0, dout,+} 0)
# %% right="a copy, set to 0 in place"
def relu_forward(x):
    out = x.copy()
    out[out < 0] = 0
    return out, out


def relu_backward(dout, cache):
    dx = np.array(dout, copy=True)
    dx[cache <= 0] = 0
    return dx


# %% right="entry by entry, with a mask in a dict"
def relu_forward(x):
    out = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        out[i] = max(0.0, x[i])
    return out, {"mask": x > 0}


def relu_backward(dout, cache):
    dx = np.zeros(dout.shape)
    for i in np.ndindex(dout.shape):
        if cache["mask"][i]:
            dx[i] = dout[i]
    return dx


# %% wrong="dout is changed in place" of="solution" points={"03_relu-values": 2} says="changed its argument `dout`"
#       x = cache
# +     dout[x <= 0] = 0
# ~     return dout[- * (x > 0)-]
# %% wrong="x is changed in place" of="solution" points={"03_relu-values": 1.5} says="changed its argument `x`"
#   def relu_forward(x):
# +     x[x < 0] = 0
# ~     return [-np.maximum(-]x, [-0), -]x
# %% wrong="the mask is taken from dout" of="no mask" points={"03_relu-values": 1} cause="mask from the wrong tensor"
# ~     return dout * [-1.0-]{+(dout > 0)+}
# %% wrong="no mask" of="solution" points={"03_relu-values": 0.5} cause="missing mask"
# -     x = cache
# @
# ~     return dout * [-(x > 0)-]{+1.0+}
# %% wrong="the mask is inverted" of="solution" points={"03_relu-values": 1} cause="inverted mask"
# ~     return dout * (x [->-]{+<+} 0)
# %% wrong="dout is ignored" of="solution" points={"03_relu-values": 1} cause="upstream gradient ignored"
# ~     return[- dout *-] (x > 0){+ * 1.0+}
# %% wrong="one maximum of the whole array" of="solution" points={"03_relu-values": 1.5} says="out"
# ~     return np.[-maximum(x, 0-]{+max(x+}), x
# %% wrong="a mask multiplied twice by x" of="solution" points={"03_relu-values": 1} says="dx"
# ~     return dout * [-(x >-]{+np.maximum(x,+} 0)
# %% wrong="the positive part of the product" of="solution" points={"03_relu-values": 1} says="dx"
# ~     return {+np.maximum(+}dout * [-(x >-]{+x,+} 0)
# %% wrong="backward differentiates numerically" of="no mask" points={"03_relu-values": 1.5} says="looks measured"
# ~     return dout * [-1.0-]{+(np.maximum(cache + 1e-5, 0) - np.maximum(cache - 1e-5, 0)) / 2e-5+}
# %% right="results in a list, the gradient in a tuple" of="solution"
# ~     return [-np.maximum(x, 0), x-]{+[np.maximum(x, 0), x]+}
# ~     return [-dout * (x > 0)-]{+(dout * (x > 0),)+}
