# %% right="both paths in one line"
def sin_product(x1, x2):
    return x1 * x2 + np.sin(x2), {"x1": x2, "x2": x1 + np.cos(x2)}


# %% right="a dictionary that accumulates, with math"
import math


def sin_product(x1, x2):
    grads = {"x1": 0.0, "x2": 0.0}
    a, b = x1 * x2, math.sin(x2)
    df = 1.0
    for da, gate in ((df, "sin"), (df, "multiply")):
        if gate == "sin":
            grads["x2"] += math.cos(x2) * da
        else:
            grads["x1"] += x2 * da
            grads["x2"] += x1 * da
    return a + b, grads


# %% wrong="the second path overwrites the first" warned="1.6" points={"06_sin_product-values": 1} says="yours 1, expected 4"
def sin_product(x1, x2):
    dx1 = x2
    dx2 = x1
    dx2 = np.cos(x2)
    return x1 * x2 + np.sin(x2), {"x1": dx1, "x2": dx2}


# %% wrong="the path through sin is dropped" of="both paths in one line" points={"06_sin_product-values": 1} says="yours 3, expected 4"
# ~     return x1 * x2 + np.sin(x2), {"x1": x2, "x2": x1[- + np.cos(x2)-]}
# %% wrong="the paths are multiplied" of="both paths in one line" points={"06_sin_product-values": 1} says="is wrong"
# ~     return x1 * x2 + np.sin(x2), {"x1": x2, "x2": x1 [-+-]{+*+} np.cos(x2)}
# %% wrong="the derivative of sin is -cos" of="both paths in one line" points={"06_sin_product-values": 1} says="is wrong"
# ~     return x1 * x2 + np.sin(x2), {"x1": x2, "x2": x1 [-+-]{+-+} np.cos(x2)}
# %% wrong="the derivative of sin is sin" of="both paths in one line" points={"06_sin_product-values": 1} says="is wrong"
# ~     return x1 * x2 + np.sin(x2), {"x1": x2, "x2": x1 + np.[-cos-]{+sin+}(x2)}
# %% wrong="degrees" of="both paths in one line" points={"06_sin_product-values": 0} says="is wrong"
# -     return x1 * x2 + np.sin(x2), {"x1": x2, "x2": x1 + np.cos(x2)}
# +     return x1 * x2 + np.sin(np.radians(x2)), {"x1": x2, "x2": x1 + np.cos(np.radians(x2)) * np.pi / 180}
# %% wrong="x1 and x2 swapped" of="both paths in one line" points={"06_sin_product-values": 1} says="grads['x1'] is wrong"
# ~     return x1 * x2 + np.sin(x2), {"x1": [-x2, "x2": -]x1 + np.cos(x2){+, "x2": x2+}}
# %% wrong="sin x1 instead of sin x2" of="both paths in one line" points={"06_sin_product-values": 0} says="is wrong"
# ~     return x1 * x2 + np.sin([-x2-]{+x1+}), {"x1": x2{+ + np.cos(x1)+}, "x2": x1[- + np.cos(x2)-]}
