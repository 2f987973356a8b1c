# %% [markdown] honest={"02_cube-gradient": 5} says="at any scale"
# The gradient is a central difference, good to a few digits at ordinary scales.

# %% answer="02_cube"
def cube(x):
    return x**3, x


def cube_backward(dout, cache):
    h = 1e-5 * np.maximum(1.0, np.abs(cache))
    return dout * (cube(cache + h)[0] - cube(cache - h)[0]) / (2 * h)
