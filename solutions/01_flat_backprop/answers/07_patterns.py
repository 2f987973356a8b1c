# %% right="each gradient in one expression, ties to w"
def patterns(x, y, z, w):
    z_is_larger = float(z > w)
    grads = {"x": 2 * y, "y": 2 * x, "z": 2 * z_is_larger, "w": 2 * (1 - z_is_larger)}
    return 2 * (x * y + max(z, w)), grads


# %% right="ties shared equally"
def patterns(x, y, z, w):
    f = 2 * x * y + 2 * np.maximum(z, w)
    share = np.where(z == w, 0.5, np.where(z > w, 1.0, 0.0))
    return f, {"x": 2 * y, "y": 2 * x, "z": 2 * share, "w": 2 - 2 * share}


# %% right="with the sign of the difference"
def patterns(x, y, z, w):
    larger = (z + w + abs(z - w)) / 2
    side = np.sign(z - w)
    return 2 * (x * y + larger), {"x": y * 2.0, "y": x * 2.0, "z": 1.0 + side, "w": 1.0 - side}


# %% wrong="the factor 2 forgotten on the way back" points={"07_patterns-values": 1} cause="factor 2"
def patterns(x, y, z, w):
    f = 2 * (x * y + max(z, w))
    return f, {"x": y, "y": x, "z": 1.0 * (z >= w), "w": 1.0 * (z < w)}


# %% wrong="max gives the gradient to both" warned="1.7" points={"07_patterns-values": 1} says="yours 2, expected 0"
def patterns(x, y, z, w):
    return 2 * (x * y + max(z, w)), {"x": 2 * y, "y": 2 * x, "z": 2.0, "w": 2.0}


# %% wrong="max shares always" of="max gives the gradient to both" points={"07_patterns-values": 1} says="grads['z'] is wrong"
# ~     return 2 * (x * y + max(z, w)), {"x": 2 * y, "y": 2 * x, "z": [-2-]{+1+}.0, "w": [-2-]{+1+}.0}
# %% wrong="max routes to the smaller" of="max gives the gradient to both" points={"07_patterns-values": 2} says="grads['z'] is wrong"
# ~     return 2 * (x * y + max(z, w)), {"x": 2 * y, "y": 2 * x, "z": 2.0{+ * (z < w)+}, "w": 2.0{+ * (z >= w)+}}
# %% wrong="always to z, the larger one in the example" of="max gives the gradient to both" points={"07_patterns-values": 3} says="gradient of `z` is wrong"
# ~     return 2 * (x * y + max(z, w)), {"x": 2 * y, "y": 2 * x, "z": 2.0, "w": [-2-]{+0+}.0}
# %% wrong="max scales by the value" of="the factor 2 forgotten on the way back" points={"07_patterns-values": 1} says="is wrong"
# -     return f, {"x": y, "y": x, "z": 1.0 * (z >= w), "w": 1.0 * (z < w)}
# +     return f, {"x": 2 * y, "y": 2 * x, "z": 2 * z * (z > w), "w": 2 * w * (w > z)}
# %% wrong="multiply does not swap" of="the factor 2 forgotten on the way back" points={"07_patterns-values": 2} says="is wrong"
# -     return f, {"x": y, "y": x, "z": 1.0 * (z >= w), "w": 1.0 * (z < w)}
# +     return f, {"x": 2 * x, "y": 2 * y, "z": 2.0 * (z >= w), "w": 2.0 * (z < w)}
# %% wrong="none to either at a tie" of="max gives the gradient to both" warned="1.7" points={"07_patterns-values": 4} says="expected 2"
# ~     return 2 * (x * y + max(z, w)), {"x": 2 * y, "y": 2 * x, "z": 2.0{+ * (z > w)+}, "w": 2.0{+ * (w > z)+}}
# %% wrong="the whole to both at a tie" of="max gives the gradient to both" warned="1.7" points={"07_patterns-values": 4} says="yours 4"
# ~     return 2 * (x * y + max(z, w)), {"x": 2 * y, "y": 2 * x, "z": 2.0{+ * (z >= w)+}, "w": 2.0{+ * (w >= z)+}}
# %% wrong="the gradients are true or false" of="max gives the gradient to both" points={"07_patterns-values": 1} says="is wrong"
# ~     return 2 * (x * y + max(z, w)), {"x": 2 * y, "y": 2 * x, "z": [-2.0-]{+z >= w+}, "w": [-2.0-]{+z < w+}}
# %% wrong="2 applies to the product only" of="max gives the gradient to both" points={"07_patterns-values": 0} says="f is wrong"
# -     return 2 * (x * y + max(z, w)), {"x": 2 * y, "y": 2 * x, "z": 2.0, "w": 2.0}
# +     return 2 * x * y + max(z, w), {"x": 2 * y, "y": 2 * x, "z": 1.0 * (z >= w), "w": 1.0 * (z < w)}
# %% wrong="the larger of z and the product" points={"07_patterns-values": 4.5} says="f is wrong"
def patterns(x, y, z, w):
    product = x * y
    larger = max(z, product)
    dz = 2.0 if z >= w else 0.0
    return 2 * (product + larger), {"x": 2 * y, "y": 2 * x, "z": dz, "w": 2.0 - dz}
