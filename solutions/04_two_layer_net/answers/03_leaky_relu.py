# %% right="as a maximum"
def leaky_relu_forward(x, slope=0.1):
    out = np.maximum(x, 0) + slope * np.minimum(x, 0)
    return out, {"positive": x > 0, "slope": slope}


def leaky_relu_backward(dout, cache):
    dx = np.array(dout)
    dx[~cache["positive"]] *= cache["slope"]
    return dx


# %% right="the slope kept as an array" of="solution"
# -     return np.where(x > 0, x, slope * x), (x, slope)
# +     local = (x >= 0) + slope * (x < 0)
# +     return local * x, local
# ~     [-x, slope =-]{+return+} cache{+ * dout+}
# -     return dout * np.where(x > 0, 1, slope)
# %% wrong="the usual slope of 0.01" of="solution" points={"03_leaky_relu-values": 0.5} says="out"
# ~ def leaky_relu_forward(x, slope=0.[-1-]{+01+}):
# %% wrong="a plain ReLU backwards" of="solution" points={"03_leaky_relu-values": 0.5} says="dx"
# ~     x, [-slope-]{+_slope+} = cache
# ~     return dout * [-np.where-](x > 0[-, 1, slope-])
# %% wrong="the slope is forgotten backwards" of="solution" points={"03_leaky_relu-values": 0.5} says="dx"
# ~     x, [-slope-]{+_slope+} = cache
# ~     return dout * np.[-where(x > 0, 1, slope-]{+ones_like(x+})
# %% wrong="0.1 is fixed in the backward pass" of="solution" warned="4.3" points={"03_leaky_relu-values": 1.5} says="dx for slope 0.01"
# ~     x, [-slope-]{+_slope+} = cache
# ~     return dout * np.where(x > 0, 1, [-slope-]{+0.1+})
# %% wrong="the mask is taken from dout" of="solution" points={"03_leaky_relu-values": 0.5} cause="mask from the wrong tensor"
# ~     [-x-]{+_x+}, slope = cache
# ~     return dout * np.where([-x-]{+dout+} > 0, 1, slope)
# %% wrong="the mask is inverted" of="solution" points={"03_leaky_relu-values": 0.5} says="dx"
# ~     return dout * np.where(x [->-]{+<+} 0, 1, slope)
# %% wrong="dout is scaled in place" of="solution" points={"03_leaky_relu-values": 1.5} says="changed its argument `dout`"
# ~     [-return -]dout *{+=+} np.where(x > 0, 1, slope)
#       dout *= np.where(x > 0, 1, slope)
# +     return dout
# %% wrong="x is changed in place" of="solution" points={"03_leaky_relu-values": 1.5} says="changed its argument `x`"
# -     return np.where(x > 0, x, slope * x), (x, slope)
# +     positive = x > 0
# +     x[~positive] *= slope
# +     return x, (x, slope)
