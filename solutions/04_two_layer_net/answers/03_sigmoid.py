# %% right="the textbook formula: it overflows, with a warning, to the right value"
def sigmoid_forward(x):
    s = 1 / (1 + np.exp(-x))
    return s, s


def sigmoid_backward(dout, s):
    return s * (1 - s) * dout


# %% right="by tanh, with the slope in the cache" of="the textbook formula: it overflows, with a warning, to the right value"
# -     s = 1 / (1 + np.exp(-x))
# +     t = np.tanh(x / 2)
# ~     return [-s, s-]{+(1 + t) / 2, {"slope": (1 - t * t) / 4}+}
# ~ def sigmoid_backward(dout, [-s-]{+cache+}):
# ~     return [-s * (1 - s)-]{+cache["slope"]+} * dout
# %% wrong="exp(x) / (1 + exp(x)): nan at 1e4" of="solution" points={"03_sigmoid-values": 1.5} says="finite"
# ~     [-decay = -]np.exp(-np.abs(x))
# -     out = np.where(x >= 0, 1, decay) / (1 + decay)
# +     out = np.exp(x) / (1 + np.exp(x))
# %% wrong="the slope from x instead of s" of="solution" points={"03_sigmoid-values": 0.5} says="dx"
# ~     return out, [-out-]{+x+}
# %% wrong="the slope of tanh" of="solution" points={"03_sigmoid-values": 0.5} says="dx"
# ~     return dout[- * out-] * (1 - out{+**2+})
# %% wrong="the slope from exponentials: nan at 1e4" of="the slope from x instead of s" points={"03_sigmoid-values": 1.5} cause="non-finite"
# -     out = cache
# @
# ~     return dout * [-out *-]{+np.exp(cache) /+} (1 [-- out)-]{++ np.exp(cache)) ** 2+}
# %% wrong="dout is ignored" of="solution" points={"03_sigmoid-values": 1} cause="upstream gradient ignored"
# ~     return[- dout *-] out * (1 - out)
# %% wrong="the sign of the exponent" of="solution" points={"03_sigmoid-values": 0.5} says="out"
# ~     out = np.where(x [->-]{+<+}= 0, 1, decay) / (1 + decay)
# %% wrong="dout is scaled in place" of="solution" points={"03_sigmoid-values": 1.5} says="changed its argument `dout`"
# ~     [-return -]dout *{+=+} out * (1 - out)
#       dout *= out * (1 - out)
# +     return dout
# %% wrong="backward differentiates numerically" of="by tanh, with the slope in the cache" points={"03_sigmoid-values": 1.5} says="looks measured"
# -     t = np.tanh(x / 2)
# -     return (1 + t) / 2, {"slope": (1 - t * t) / 4}
# +     return 1 / (1 + np.exp(-x)), x
# -     return cache["slope"] * dout
# +     return dout * (sigmoid_forward(cache + 1e-5)[0] - sigmoid_forward(cache - 1e-5)[0]) / 2e-5
