# %% right="sources written from scratch"
def diagnosis():
    affine = """
def backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout, np.sum(dout, axis=0)
"""
    dropout = """
def backward(dout, cache):
    return dout * cache * 1.25
"""
    swish = """
def backward(dout, cache):
    x, s = cache
    return dout * (s + x * s - x * s * s)
"""
    log_softmax = """
def backward(dout, cache):
    return np.array([row - p * row.sum() for row, p in zip(dout, cache)])
"""
    tied = """
def backward(dout, cache):
    x, W, h = cache
    da = (1 - h**2) * (dout @ W)
    return da @ W.T, x.T @ da + dout.T @ h
"""
    highway = """
def backward(dout, cache):
    x, W, V, t, g = cache
    dW_of = dout * g * (1 - t**2)
    dV_of = dout * (t - x) * g * (1 - g)
    return dW_of @ W.T + dV_of @ V.T + dout * (1 - g), x.T @ dW_of, x.T @ dV_of
"""
    return {
        "affine": [5, affine],
        "dropout": [4, dropout],
        "swish": [4, swish],
        "log_softmax": [3, log_softmax],
        "tied": [6, tied],
        "highway": [4, highway],
    }


def mended(name, dout, cache):
    """Run the mended backward pass of a patient. Nothing to write here."""
    return compiled(diagnosis()[name][1])(dout, cache)


# %% right="lines replaced in the text"
def diagnosis():
    changes = {
        "affine": (5, "dw.sum(axis=0)", "dout.sum(axis=0)"),
        "dropout": (4, "dout[mask]\n", "dout[mask] / KEPT\n".replace("KEPT", str(KEPT))),
        "swish": (4, "ds * s", "dout * s + ds * s"),
        "log_softmax": (3, "axis=0", "axis=-1"),
        "tied": (6, "dW = x.T", "dW += x.T"),
        "highway": (4, "dout * t", "dout * t - dout * x"),
    }
    return {name: (line, SICK[name].replace(old, new)) for name, (line, old, new) in changes.items()}


def mended(name, dout, cache):
    """Run the mended backward pass of a patient. Nothing to write here."""
    return compiled(diagnosis()[name][1])(dout, cache)


# %% right="mended in a later line, where one fits" of="solution"
# ~         "dropout": ([-4-]{+5+}, with_line(SICK["dropout"], [-4-]{+5+}, "[-dx[mask] = dout[mask] / 0.8-]{+return dx / KEPT+}")),
# ~         "swish": ([-4-]{+5+}, with_line(SICK["swish"], [-4-]{+5+}, "[-dx = dout * s + ds * s * (1 - s)-]{+return dx + dout * s+}")),
# ~         "log_softmax": ([-3-]{+4+}, with_line(SICK["log_softmax"], [-3-]{+4+}, "[-total = dout.sum(axis=1, keepdims=True)-]{+dz = dout - p * dout.sum(axis=1, keepdims=True)+}")),
# ~         "tied": ([-6-]{+7+}, with_line(SICK["tied"], [-6-]{+7+}, "[-dW = dW + x.T @ da-]{+return da @ W.T, dW + dout.T @ h+}")),
# ~         "highway": ([-4-]{+6+}, with_line(SICK["highway"], [-4-]{+6+}, "[-dg = dout * (t - x)-]{+dc = dout * (t - x) * g * (1 - g)+}")),
# %% wrong="dropout: the last line, wrongly mended" of="solution" points={"08_diagnosis-lines": 4.25, "08_diagnosis-mended": 4.25} says="line 5 of 'dropout' is healthy"
# ~         "dropout": ([-4-]{+5+}, with_line(SICK["dropout"], [-4-]{+5+}, "[-dx[mask] = dout[mask] / 0.8-]{+return dx * KEPT+}")),
# %% wrong="affine: another line, rightly mended" of="solution" points={"08_diagnosis-lines": 4.25} says="line 4 of 'affine' is healthy"
# ~         "affine": ([-5-]{+4+}, with_line(SICK["affine"], 5, "db = dout.sum(axis=0)")),
# %% wrong="affine: a mean instead of a sum" of="solution" points={"08_diagnosis-mended": 4.25} says="db is wrong"
# ~         "affine": (5, with_line(SICK["affine"], 5, "db = dout.[-sum-]{+mean+}(axis=0)")),
# %% wrong="dropout: the last line named" of="solution" points={"08_diagnosis-lines": 4.25} says="line 5 of 'dropout' is healthy"
# ~         "dropout": ([-4-]{+5+}, with_line(SICK["dropout"], 4, "dx[mask] = dout[mask] / 0.8")),
# %% wrong="dropout: times 0.8" of="solution" points={"08_diagnosis-mended": 4.25} says="yours is 0.64 x the numerical gradient in every entry"
# ~         "dropout": (4, with_line(SICK["dropout"], 4, "dx[mask] = dout[mask] [-/-]{+*+} 0.8")),
# %% wrong="swish: the other path only" of="solution" points={"08_diagnosis-mended": 4.25} says="yours is only the term sigmoid x"
# ~         "swish": (4, with_line(SICK["swish"], 4, "dx = dout * s[- + ds * s * (1 - s)-]")),
# %% wrong="swish: the line before" of="solution" points={"08_diagnosis-lines": 4.25} says="line 3 of 'swish' is healthy"
# ~         "swish": ([-4-]{+3+}, with_line(SICK["swish"], 4, "dx = dout * s + ds * s * (1 - s)")),
# %% wrong="log_softmax: summed over everything" of="solution" points={"08_diagnosis-mended": 4.25} says="entries of z that forward keeps apart mix in yours: an axis is summed over"
# ~         "log_softmax": (3, with_line(SICK["log_softmax"], 3, "total = dout.sum([-axis=1, keepdims=True-])")),
# %% wrong="log_softmax: the line after" of="solution" points={"08_diagnosis-lines": 4.25} says="line 4 of 'log_softmax' is healthy"
# ~         "log_softmax": ([-3-]{+4+}, with_line(SICK["log_softmax"], 3, "total = dout.sum(axis=1, keepdims=True)")),
# %% wrong="tied: the first use named" of="solution" points={"08_diagnosis-lines": 4} says="line 3 of 'tied' is healthy"
# ~         "tied": ([-6-]{+3+}, with_line(SICK["tied"], 6, "dW = dW + x.T @ da")),
# %% wrong="tied: the first use alone" of="solution" points={"08_diagnosis-mended": 4} says="backward"
# ~         "tied": (6, with_line(SICK["tied"], 6, "dW = dW[- + x.T @ da-]")),
# %% wrong="highway: the sign turned around" of="solution" points={"08_diagnosis-mended": 4} says="backward"
# ~         "highway": (4, with_line(SICK["highway"], 4, "dg = dout * ([-t-]{+x+} - [-x-]{+t+})")),
# %% wrong="highway: the line of dx named" of="solution" points={"08_diagnosis-lines": 4} says="line 7 of 'highway' is healthy"
# ~         "highway": ([-4-]{+7+}, with_line(SICK["highway"], 4, "dg = dout * (t - x)")),
# %% wrong="highway is left as it was" of="solution" points={"08_diagnosis-mended": 4} says="backward"
# ~         "highway": (4, [-with_line(-]SICK["highway"][-, 4, "dg = dout * (t - x)")-]),
# %% wrong="nobody is mended" points={"08_diagnosis-mended": 0} says="yours is 0.8 x the numerical gradient in every entry"
def diagnosis():
    return {
        "affine": (5, SICK["affine"]),
        "dropout": (4, SICK["dropout"]),
        "swish": (4, SICK["swish"]),
        "log_softmax": (3, SICK["log_softmax"]),
        "tied": (6, SICK["tied"]),
        "highway": (4, SICK["highway"]),
    }


def mended(name, dout, cache):
    return compiled(diagnosis()[name][1])(dout, cache)


# %% wrong="the source is not Python" of="solution" points={"08_diagnosis-mended": 4} says="SyntaxError"
# ~         "highway": (4, with_line(SICK["highway"], 4, "dg = dout * (t - x[-)-]")),
# %% wrong="lines as texts" of="solution" points={"08_diagnosis-lines": 4.25} says="should be an integer, not '5'"
# ~         "affine": ([-5-]{+"5"+}, with_line(SICK["affine"], 5, "db = dout.sum(axis=0)")),
# %% wrong="lines counted from 0" of="swish: the line before" points={"08_diagnosis-lines": 0} says="line 4 of 'affine' is healthy"
# ~         "affine": ([-5-]{+4+}, with_line(SICK["affine"], 5, "db = dout.sum(axis=0)")),
# ~         "dropout": ([-4-]{+3+}, with_line(SICK["dropout"], 4, "dx[mask] = dout[mask] / 0.8")),
# ~         "log_softmax": ([-3-]{+2+}, with_line(SICK["log_softmax"], 3, "total = dout.sum(axis=1, keepdims=True)")),
# ~         "tied": ([-6-]{+5+}, with_line(SICK["tied"], 6, "dW = dW + x.T @ da")),
# ~         "highway": ([-4-]{+3+}, with_line(SICK["highway"], 4, "dg = dout * (t - x)")),
