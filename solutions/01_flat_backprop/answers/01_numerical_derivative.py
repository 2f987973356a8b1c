# %% right="in two named halves"
def numerical_derivative(f, x, h=1e-5):
    forward, backward = f(x + h), f(x - h)
    return 0.5 * (forward / h - backward / h)


# %% right="as the mean of the two one-sided slopes"
def numerical_derivative(f, x, h=1e-5):
    x = float(x)
    middle = f(x)
    right = (f(x + h) - middle) / h
    left = (middle - f(x - h)) / h
    return (right + left) / 2


# %% wrong="one-sided" of="solution" warned="1.1" points={"01_numerical_derivative-values": 1} says="12.01"
# ~     return (f(x + h) - f(x[- - h-])) / [-(2 * h)-]{+h+}
# %% wrong="one-sided, backwards" of="solution" warned="1.1" points={"01_numerical_derivative-values": 1} says="12.01"
# ~     return (f(x[- + h-]) - f(x - h)) / [-(2 * h)-]{+h+}
# %% wrong="missing the factor 2 below" of="solution" points={"01_numerical_derivative-values": 0} says="expected 6"
# ~     return (f(x + h) - f(x - h)) / [-(2 * h)-]{+h+}
# %% wrong="divided by 2 and multiplied by h" of="solution" points={"01_numerical_derivative-values": 0} says="expected 6"
# ~     return (f(x + h) - f(x - h)) / [-(-]2 * h[-)-]
# %% wrong="the sign: x - h comes first" of="solution" points={"01_numerical_derivative-values": 0} says="yours -6"
# ~     return (f(x [-+-]{+-+} h) - f(x [---]{+++} h)) / (2 * h)
# %% wrong="a step of its own instead of h" of="solution" points={"01_numerical_derivative-values": 1} says="expected 12.01"
#   def numerical_derivative(f, x, h=1e-5):
# +     h = 1e-5
# %% wrong="x cut to a whole number" of="solution" points={"01_numerical_derivative-values": 3} says="is wrong"
#   def numerical_derivative(f, x, h=1e-5):
# +     x = int(x)
# %% wrong="prints the result, returns nothing" of="solution" points={"01_numerical_derivative-values": 0} says="not None"
# ~     [-return -]{+print(+}(f(x + h) - f(x - h)) / (2 * h){+)+}
# %% wrong="knows only the visible numbers" of="solution" points={"01_numerical_derivative-values": 3} says="is wrong"
# -     return (f(x + h) - f(x - h)) / (2 * h)
# +     return 6.0 if x == 3.0 else 12.01
# %% wrong="the library's own measurement" points={"01_numerical_derivative-values": 0} cause="called the library" says="numerical_gradient of course_lib is not called for an answer"
def numerical_derivative(f, x, h=1e-5):
    from course_lib import numerical_gradient as measured

    return float(measured(f, float(x)))
