# %% right="from one exponential that cannot overflow" of="x in the cache"
# -     return np.tanh(x), (x,)
# +     e = np.exp(-2 * np.abs(x))
# +     out = np.sign(x) * (1 - e) / (1 + e)
# +     return out, 4 * e / (1 + e) ** 2
# ~     [-(x,) =-]{+return dout *+} cache
# -     return (1 - np.tanh(x)) * (1 + np.tanh(x)) * dout
# %% right="x in the cache" of="solution"
# -     out = np.tanh(x)
# @
# ~     return [-out, out-]{+np.tanh(x), (x,)+}
# ~     [-out-]{+(x,)+} = cache
# ~     return [-dout-]{+(1 - np.tanh(x))+} * (1 [-- out**2)-]{++ np.tanh(x)) * dout+}
# %% wrong="a quotient of exponentials: nan at 1e4" of="solution" points={"03_tanh-values": 1} says="finite"
# ~     out = {+(+}np.[-tanh-]{+exp+}(x){+ - np.exp(-x)) / (np.exp(x) + np.exp(-x))+}
# %% wrong="the slope of the sigmoid" of="solution" points={"03_tanh-values": 0} says="dx"
# ~     return dout{+ * (out+} * (1 - out[-**2)-]{+))+}
# %% wrong="the slope from x instead of tanh(x)" of="solution" points={"03_tanh-values": 0} says="dx"
# ~     return out, [-out-]{+x+}
# %% wrong="the square is forgotten" of="solution" points={"03_tanh-values": 0} says="dx"
# ~     return dout * (1 - out[-**2-])
# %% wrong="dout is ignored" of="solution" points={"03_tanh-values": 0.5} cause="upstream gradient ignored"
# ~     return [-dout * (-]1 - out**2[-)-]
# %% wrong="dout is scaled in place" of="solution" points={"03_tanh-values": 1} says="changed its argument `dout`"
#       out = cache
# +     dout *= 1 - out**2
# ~     return dout[- * (1 - out**2)-]
