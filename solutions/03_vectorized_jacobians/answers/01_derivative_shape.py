# %% right="unpacked into one tuple" of="solution"
# ~     return {+(*+}y_shape[- + -]{+, *+}x_shape{+)+}
# %% right="the shape of an outer product" of="solution"
# ~     return {+np.multiply.outer(np.zeros(+}y_shape[- + -]{+), np.zeros(+}x_shape{+)).shape+}
# %% wrong="the transpose: the input's indices first" of="solution" warned="3.1" points={"01_derivative_shape-values": 1} says="should be (4, 3), yours is (3, 4)"
# ~     return [-y_shape-]{+x_shape+} + [-x_shape-]{+y_shape+}
# %% wrong="always the shape of x" of="solution" warned="3.1" points={"01_derivative_shape-values": 0} says="should be (4, 3), yours is (3,)"
# ~     return [-y_shape + -]x_shape
# %% wrong="a number has one axis of length 1" of="solution" warned="3.1" points={"01_derivative_shape-values": 2} says="should be (3, 4), yours is (1, 3, 4)"
# ~     return {+(+}y_shape{+ or (1,))+} + x_shape
# %% wrong="sizes instead of shapes" points={"01_derivative_shape-values": 2} says="should be (2, 4, 2, 3), yours is (8, 6)"
def derivative_shape(y_shape, x_shape):
    if y_shape == ():
        return x_shape
    return (int(np.prod(y_shape)), int(np.prod(x_shape)))
