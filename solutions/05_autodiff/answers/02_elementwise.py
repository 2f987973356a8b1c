# %% right="with names for the slopes" of="relu with slope 1 at the kink, pullbacks that return lists"
# - def power_rule(x, exponent):
# + def rule_of(z, slope):
# +     def pullback(dz):
# +         return (np.asarray(dz * slope),)
# +
# +     return z, pullback
# +
# +
# + def power_rule(x, exponent):
# -     return x**exponent, lambda dz: [exponent * dz * x ** (exponent - 1 if exponent else 0)]
# +     return rule_of(np.power(x, float(exponent)), exponent * np.power(x, exponent - 1.0 if exponent else 0.0))
# -     return np.exp(x), lambda dz: [dz * np.exp(x)]
# +     return rule_of(np.exp(x), np.exp(x))
# ~     return {+rule_of(+}np.log(x), [-lambda dz: [dz / x]-]{+np.reciprocal(x))+}
# -     return x * (x >= 0), lambda dz: [np.where(x >= 0, dz, 0.0)]
# +     return rule_of(np.where(x > 0, x, 0.0), np.where(x > 0, 1.0, 0.0))
# %% right="relu with slope 1 at the kink, pullbacks that return lists" of="solution"
# -     slope = exponent * x ** (exponent - 1) if exponent else np.zeros_like(x)
# @
# ~     return x**exponent, lambda dz: [-(-]{+[exponent * +}dz * [-slope,)-]{+x ** (exponent - 1 if exponent else 0)]+}
# ~     [-z =-]{+return+} np.exp(x){+, lambda dz: [dz * np.exp(x)]+}
# -     return z, lambda dz: (dz * z,)
# @
# ~     return np.log(x), lambda dz: [-(-]{+[+}dz / x[-,)-]{+]+}
# -     return np.maximum(x, 0), lambda dz: (dz * (x > 0),)
# +     return x * (x >= 0), lambda dz: [np.where(x >= 0, dz, 0.0)]
# %% wrong="powers by logarithms" of="solution" points={"02_elementwise-values": 4, "02_backpropagate-gradients": 8.5, "02_Tensor-operators": 5.5} says="should be finite"
# -     slope = exponent * x ** (exponent - 1) if exponent else np.zeros_like(x)
# +     z = np.exp(exponent * np.log(x))
# ~     return [-x**exponent-]{+z+}, lambda dz: (dz * [-slope-]{+exponent * z / x+},)
# %% wrong="relu masks by the gradient" of="solution" warned="5.2" points={"02_elementwise-values": 4, "02_Tensor-operators": 5.5} cause="mask from the wrong tensor"
# -     slope = exponent * x ** (exponent - 1) if exponent else np.zeros_like(x)
# @
# ~     return x**exponent, lambda dz: (dz * [-slope-]{+exponent * x ** (exponent - 1 if exponent else 0)+},)
# ~     return np.maximum(x, 0), lambda dz: (dz * ([-x-]{+dz+} > 0),)
# %% wrong="exp and log exchanged" of="the exponent is not lowered" points={"02_elementwise-values": 3.5, "02_Tensor-operators": 4} cause="local derivative wrong"
# ~     return x**exponent, lambda dz: (dz * exponent * x[-**-]{+ ** (+}exponent{+ - 1 if exponent else 0)+},)
# -     z = np.exp(x)
# @
# ~     return [-z-]{+np.exp(x)+}, lambda dz: (dz [-* z-]{+/ x+},)
# ~     return np.log(x), lambda dz: (dz [-/ x-]{+* np.exp(x)+},)
# %% wrong="the exponent is not lowered" of="solution" points={"02_elementwise-values": 4, "02_backpropagate-gradients": 8.5, "02_Tensor-operators": 1} says="is wrong"
# -     slope = exponent * x ** (exponent - 1) if exponent else np.zeros_like(x)
# @
# ~     return x**exponent, lambda dz: (dz * [-slope-]{+exponent * x**exponent+},)
# %% wrong="relu changes the upstream gradient in place" of="relu masks by the gradient" points={"02_elementwise-values": 5} cause="mutated argument"
#   def relu_rule(x):
# +     def pullback(dz):
# +         dz = np.asarray(dz)
# +         dz[x < 0] = 0
# +         return (dz,)
# +
# ~     return np.maximum(x, 0), [-lambda dz: (dz * (dz > 0),)-]{+pullback+}
# %% wrong="the logarithm to base 10, both ways" of="solution" warned="5.2" points={"02_elementwise-values": 4.5, "02_Tensor-operators": 5.5} says="z is wrong"
# ~     return np.[-log-]{+log10+}(x), lambda dz: (dz / x{+ / np.log(10)+},)
