# %% right="the derivatives written out"
def product_of_sum(x, y, z):
    return (x + y) * z, {"x": z, "y": z, "z": x + y}


# %% right="backwards with an explicit upstream gradient, keys in another order"
def product_of_sum(x, y, z):
    q = x + y
    df = 1.0
    grads = {"z": q * df}
    dq = z * df
    grads["y"] = 1.0 * dq
    grads["x"] = 1.0 * dq
    return q * z, grads


# %% right="as 0-d arrays"
def product_of_sum(x, y, z):
    x, y, z = np.array(x), np.array(y), np.array(z)
    return np.multiply(x + y, z), {"x": z, "y": z, "z": np.array(x + y)}


# %% right="in a list" of="the derivatives written out"
# ~     return {+[+}(x + y) * z, {"x": z, "y": z, "z": x + y}{+]+}
# %% wrong="the sign of x" points={"03_product_of_sum-values": 1} cause="sign"
def product_of_sum(x, y, z):
    q = x + y
    return q * z, {"x": -z, "y": z, "z": q}


# %% wrong="multiply does not swap" of="the sign of x" points={"03_product_of_sum-values": 1} says="grads['x'] is wrong"
#       q = x + y
# +     dq, dz = q, z
# ~     return q * z, {"x": [--z-]{+dq+}, "y": [-z-]{+dq+}, "z": [-q-]{+dz+}}
# %% wrong="add scales" of="multiply does not swap" points={"03_product_of_sum-values": 1} says="grads['x'] is wrong"
# ~     dq[-, dz-] = [-q, -]z
# ~     return q * z, {"x": {+y * +}dq, "y":{+ x *+} dq, "z": [-dz-]{+q+}}
# %% wrong="add halves the gradient" of="the sign of x" points={"03_product_of_sum-values": 1} cause="factor 2"
# ~     return q * z, {"x": [--z-]{+z / 2+}, "y": z{+ / 2+}, "z": q}
# %% wrong="upstream gradient forgotten" of="the sign of x" points={"03_product_of_sum-values": 1} says="grads['x'] is wrong"
# ~     return q * z, {"x": [--z-]{+1.0+}, "y": [-z-]{+1.0+}, "z": q}
# %% wrong="precedence: x + y z" of="the derivatives written out" points={"03_product_of_sum-values": 4} says="f is wrong"
# ~     return [-(-]x + y[-)-] * z, {"x": z, "y": z, "z": x + y}
# %% wrong="a tuple of gradients" of="the derivatives written out" points={"03_product_of_sum-values": 1} says="should be a dict"
# -     return (x + y) * z, {"x": z, "y": z, "z": x + y}
# +     return (x + y) * z, (z, z, x + y)
# %% wrong="other keys" of="the derivatives written out" points={"03_product_of_sum-values": 1} says="has no key 'x'"
# ~     return (x + y) * z, {"[-x-]{+dx+}": z, "[-y-]{+dy+}": z, "[-z-]{+dz+}": x + y}
# %% wrong="gradients of shape (1,)" points={"03_product_of_sum-values": 1} cause="wrong shape"
def product_of_sum(x, y, z):
    x, y, z = np.array([x]), np.array([y]), np.array([z])
    return ((x + y) * z)[0], {"x": z, "y": z, "z": x + y}


# %% wrong="integers only" of="the derivatives written out" points={"03_product_of_sum-values": 2.5} says="is wrong"
#   def product_of_sum(x, y, z):
# +     x, y, z = int(x), int(y), int(z)
# %% wrong="by central differences with a fixed step" points={"03_product_of_sum-values": 3} says="is wrong"
def product_of_sum(x, y, z):
    def f(x, y, z):
        return (x + y) * z

    h = 1e-5
    return f(x, y, z), {
        "x": (f(x + h, y, z) - f(x - h, y, z)) / (2 * h),
        "y": (f(x, y + h, z) - f(x, y - h, z)) / (2 * h),
        "z": (f(x, y, z + h) - f(x, y, z - h)) / (2 * h),
    }


# %% wrong="only f" of="the derivatives written out" points={"03_product_of_sum-values": 0} says="TypeError"
# -     return (x + y) * z, {"x": z, "y": z, "z": x + y}
# +     return (x + y) * z
# %% wrong="knows only the visible numbers" of="the derivatives written out" points={"03_product_of_sum-values": 2.5} says="is wrong"
# -     return (x + y) * z, {"x": z, "y": z, "z": x + y}
# +     return -12.0, {"x": -4.0, "y": -4.0, "z": 3.0}
