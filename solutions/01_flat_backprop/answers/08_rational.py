# %% base="as most write it"
def rational(x, y):
    sy, sx, total = 1 / (1 + np.exp(-y)), 1 / (1 + np.exp(-x)), x + y
    num, den = x + sy, sx + total**2
    dnum, dden = 1 / den, -num / den**2
    dx = dnum + (1 - sx) * sx * dden + 2 * total * dden
    dy = 2 * total * dden + (1 - sy) * sy * dnum
    return num / den, {"x": dx, "y": dy}


# %% right="the quotient rule on paper"
def rational(x, y):
    def s(u):
        return 1 / (1 + np.exp(-u))

    n, d = x + s(y), s(x) + (x + y) ** 2
    n_y = s(y) * (1 - s(y))
    d_x, d_y = s(x) * (1 - s(x)) + 2 * (x + y), 2 * (x + y)
    return n / d, {"x": (d - n * d_x) / d**2, "y": (n_y * d - n * d_y) / d**2}


# %% right="stages with other cuts, the division as one gate"
import math


def rational(x, y):
    ey, ex = math.exp(-y), math.exp(-x)
    py, px = 1 + ey, 1 + ex
    sy, sx = 1 / py, 1 / px
    a = x + sy
    b = x + y
    c = b * b
    d = sx + c
    f = a / d
    grads = {"x": 0.0, "y": 0.0}
    da = 1 / d
    dd = -a / d**2
    dc = dsx = dd
    db = b * dc + b * dc
    for name in grads:
        grads[name] += db
    grads["x"] += da + dsx * ex / px**2
    grads["y"] += da * ey / py**2
    return f, grads


# %% right="in forward mode, one input at a time"
def rational(x, y):
    def with_slope(dx, dy):
        sx, sy = 1 / (1 + np.exp(-x)), 1 / (1 + np.exp(-y))
        num, dnum = x + sy, dx + sy * (1 - sy) * dy
        den, dden = sx + (x + y) ** 2, sx * (1 - sx) * dx + 2 * (x + y) * (dx + dy)
        return num / den, dnum / den - num / den * dden / den

    return with_slope(1, 0)[0], {"x": with_slope(1, 0)[1], "y": with_slope(0, 1)[1]}


# %% wrong="x is overwritten by its last path" of="y is overwritten" warned="1.8" points={"08_rational-gradients": 2} says="gradient of `x` is wrong"
#       dnum, dden = 1 / den, -num / den**2
# +     dx = dnum
# ~     dx =[- dnum +-] (1 - sx) * sx * dden[- + 2 * total * dden-]
#       dx = (1 - sx) * sx * dden
# +     dx = 2 * total * dden
# ~     dy {+++}= (1 - sy) * sy * dnum
# %% wrong="the path of x through the numerator is dropped" of="as most write it" warned="1.8" points={"08_rational-gradients": 2} says="gradient of `x` is wrong"
# ~     dx =[- dnum +-] (1 - sx) * sx * dden + 2 * total * dden
# %% wrong="y is overwritten" of="as most write it" warned="1.8" points={"08_rational-gradients": 2} says="gradient of `y` is wrong"
#       dx = dnum + (1 - sx) * sx * dden + 2 * total * dden
# +     dy = 2 * total * dden
# ~     dy =[- 2 * total * dden +-] (1 - sy) * sy * dnum
# %% wrong="the sign of the reciprocal" of="as most write it" points={"08_rational-gradients": 0} says="is wrong"
# ~     dnum, dden = 1 / den, [---]num / den**2
# %% wrong="the reciprocal's upstream gradient is forgotten" of="as most write it" points={"08_rational-gradients": 0} says="is wrong"
# ~     dnum, dden = 1 / den, -[-num-]{+1+} / den**2
# %% wrong="the square's factor 2 is missing" of="as most write it" points={"08_rational-gradients": 0} says="is wrong"
# ~     dx = dnum + (1 - sx) * sx * dden + [-2 * -]total * dden
# ~     dy =[- 2 *-] total * dden + (1 - sy) * sy * dnum
# %% wrong="the sigmoid's local gradient taken at the wrong sigmoid" of="as most write it" points={"08_rational-gradients": 0} says="is wrong"
# ~     dx = dnum + (1 - [-sx-]{+sy+}) * [-sx-]{+sy+} * dden + 2 * total * dden
# ~     dy = 2 * total * dden + (1 - [-sy-]{+sx+}) * [-sy-]{+sx+} * dnum
# %% wrong="the sigmoid's local gradient is forgotten" of="as most write it" points={"08_rational-gradients": 0} says="is wrong"
# ~     dx = dnum +[- (1 - sx) * sx *-] dden + 2 * total * dden
# ~     dy = 2 * total * dden + [-(1 - sy) * sy * -]dnum
# %% wrong="s(x) and s(y) exchanged on the way forward" of="as most write it" points={"08_rational-values": 0, "08_rational-gradients": 0} says="f is wrong"
# ~     num, den = x + [-sy, sx-]{+sx, sy+} + total**2
# ~     dx = dnum + (1 - sx) * sx * [-dden-]{+dnum+} + 2 * total * dden
# ~     dy = 2 * total * dden + (1 - sy) * sy * [-dnum-]{+dden+}
# %% wrong="x and y swapped in the result" of="as most write it" points={"08_rational-gradients": 0} says="is wrong"
# ~     return num / den, {"x": [-dx-]{+dy+}, "y": [-dy-]{+dx+}}
# %% wrong="by central differences with a fixed step" points={"08_rational-gradients": 2} says="is wrong"
def rational(x, y):
    def f(x, y):
        return (x + 1 / (1 + np.exp(-y))) / (1 / (1 + np.exp(-x)) + (x + y) ** 2)

    h = 1e-5
    dx = (f(x + h, y) - f(x - h, y)) / (2 * h)
    dy = (f(x, y + h) - f(x, y - h)) / (2 * h)
    return f(x, y), {"x": dx, "y": dy}
