# %% right="more in the cache, dx by the formula in one go"
def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean = np.mean(x, axis=-1)[:, None]
    var = np.var(x, axis=-1)[:, None]
    std = (var + eps) ** 0.5
    xhat = (x - mean) / std
    cache = {
        "mean": mean,
        "centred": x - mean,
        "var": var,
        "std": std,
        "xhat": xhat,
        "gamma": gamma,
        "eps": eps,
    }
    return xhat * gamma + beta, cache


def layernorm_backward(dout, cache):
    xhat, std, g = cache["xhat"], cache["std"], dout * cache["gamma"]
    D = g.shape[1]
    dx = (g - g.mean(axis=1, keepdims=True) - xhat * (g * xhat).mean(axis=1, keepdims=True)) / std
    dstd = -(g * xhat).sum(axis=1, keepdims=True) / std
    return {
        "dx": dx,
        "dxhat": g,
        "dstd": dstd,
        "dvar": 0.5 * dstd / std,
        "dcentred": dx + g.sum(axis=1, keepdims=True) / (D * std),
        "dmean": -g.sum(axis=1, keepdims=True) / std,
        "dgamma": np.einsum("nd,nd->d", dout, xhat),
        "dbeta": dout.sum(axis=0),
    }


# %% right="row by row, with loops"
def layernorm_forward(x, gamma, beta, eps=1e-5):
    stages = {name: [] for name in ("mean", "centred", "var", "std", "xhat")}
    for row in x:
        mean = sum(row) / len(row)
        centred = np.array([number - mean for number in row])
        var = sum(centred * centred) / len(row)
        std = np.sqrt(var + eps)
        for name, value in (("mean", [mean]), ("centred", centred), ("var", [var]), ("std", [std])):
            stages[name].append(value)
        stages["xhat"].append(centred / std)
    cache = {name: np.array(value) for name, value in stages.items()}
    cache["gamma"] = gamma.copy()
    return np.array([gamma * row + beta for row in cache["xhat"]]), cache


def layernorm_backward(dout, cache):
    N, D = dout.shape
    shapes = {"dxhat": D, "dstd": 1, "dvar": 1, "dcentred": D, "dmean": 1, "dx": D}
    grads = {name: np.zeros((N, width)) for name, width in shapes.items()}
    grads["dgamma"], grads["dbeta"] = np.zeros(D), np.zeros(D)
    for n in range(N):
        std, centred = cache["std"][n, 0], cache["centred"][n]
        grads["dgamma"] += dout[n] * cache["xhat"][n]
        grads["dbeta"] += dout[n]
        grads["dxhat"][n] = dout[n] * cache["gamma"]
        grads["dstd"][n] = -sum(grads["dxhat"][n] * centred) / std**2
        grads["dvar"][n] = grads["dstd"][n] / std / 2
        grads["dcentred"][n] = grads["dxhat"][n] / std + grads["dvar"][n] * 2 / D * centred
        grads["dmean"][n] = -sum(grads["dcentred"][n])
        grads["dx"][n] = grads["dcentred"][n] + grads["dmean"][n] / D
    return grads


# %% wrong="gamma is missing from dxhat" of="solution" points={"02_layernorm-stages": 5} says="gamma is missing: it scales all that flows to x"
# -     dxhat = dout * cache["gamma"]
# +     dxhat = dout
# %% wrong="the sign of dstd is lost" of="solution" points={"02_layernorm-stages": 4.75} says="the sign is lost"
# ~     dstd = [---]np.sum(dxhat * centred, axis=1, keepdims=True) / std**2
# %% wrong="std is not squared in dstd" of="solution" points={"02_layernorm-stages": 5.25} says="std should be squared"
# ~     dstd = -np.sum(dxhat * centred, axis=1, keepdims=True) / std[-**2-]
# %% wrong="the root's factor 1/2 is missing" of="solution" points={"02_layernorm-stages": 4.75} says="the root's factor 1/2 is missing"
# ~     dvar = dstd / [-(2 * -]std[-)-]
# %% wrong="the path through var is missing" of="solution" warned="6.2" points={"02_layernorm-stages": 4.5} says="the path through var is missing"
# ~     dcentred = dxhat / std[- + 2 * centred * dvar / D-]
# %% wrong="the path through xhat is missing" of="solution" warned="6.2" points={"02_layernorm-stages": 4.5} says="the path through xhat is missing"
# ~     dcentred =[- dxhat / std +-] 2 * centred * dvar / D
# %% wrong="var's mean is taken for a sum" of="solution" points={"02_layernorm-stages": 4.5} says="var is a mean: divide by D"
# ~     dcentred = dxhat / std + 2 * centred * dvar[- / D-]
# %% wrong="the path through mean is missing" of="solution" warned="6.2" points={"02_layernorm-stages": 4.75} says="the path through mean is missing"
# ~     dx = dcentred[- + dmean / D-]
# %% wrong="mean's mean is taken for a sum" of="solution" points={"02_layernorm-stages": 4.75} says="mean is a mean: divide by D"
# ~     dx = dcentred + dmean[- / D-]
# %% wrong="dmean collects from xhat alone, with a lost sign" of="solution" points={"02_layernorm-stages": 4.75} says="the sign is lost"
# ~     dmean = [---]np.sum(dcentred, axis=1, keepdims=True)
# %% wrong="the variance is divided by D - 1" of="solution" warned="6.2" points={"02_layernorm-forward": 0, "02_layernorm-stages": 5.5} says="xhat"
# ~     var = [-np.mean(centred**2, axis-]{+x.var(axis=1, ddof+}=1, keepdims=True){+ if x.shape[1] > 1 else 0 * mean+}
# %% wrong="eps outside of the root" of="solution" points={"02_layernorm-forward": 1} says="cache['std']"
# ~     std = np.sqrt(var{+)+} + eps[-)-]
# %% wrong="along the columns" of="solution" points={"02_layernorm-forward": 0, "02_layernorm-stages": 4} says="xhat"
# ~     mean = x.mean(axis=[-1-]{+0+}, keepdims=True)
# ~     var = np.mean(centred**2, axis=[-1-]{+0+}, keepdims=True)
# ~     dstd = -np.sum(dxhat * centred, axis=[-1-]{+0+}, keepdims=True) / std**2
# ~     dmean = -np.sum(dcentred, axis=[-1-]{+0+}, keepdims=True)
# %% wrong="dgamma from x instead of xhat" of="solution" points={"02_layernorm-stages": 5.5} says="dgamma is wrong"
# ~     centred, std, [-xhat-]{+_xhat+} = cache["centred"], cache["std"], cache["xhat"]
# ~     dgamma = np.sum(dout * [-xhat-]{+centred+}, axis=0)
# %% wrong="dgamma and dbeta are means over the batch" of="solution" points={"02_layernorm-stages": 5.5} says="dgamma is wrong"
# ~     dgamma = np.[-sum-]{+mean+}(dout * xhat, axis=0)
# ~     dbeta = np.[-sum-]{+mean+}(dout, axis=0)
# %% wrong="dstd of shape (N,)" of="solution" points={"02_layernorm-stages": 5.25} says="dstd should have shape"
# ~     dstd = -np.sum(dxhat * centred, axis=1[-, keepdims=True-]) / std[-**-]{+[:, 0] ** +}2
# ~     dvar = dstd{+[:, np.newaxis]+} / (2 * std)
# %% wrong="dout is changed in place" of="solution" points={"02_layernorm-stages": 5.5} says="changed its argument `dout`"
# ~     [-dxhat = -]dout *{+=+} cache["gamma"]
#       dout *= cache["gamma"]
# +     dxhat = dout
# %% wrong="the cache is changed in place" of="solution" points={"02_layernorm-stages": 5.5} says="changed its argument `centred`"
#   def layernorm_backward(dout, cache):
# +     cache["std"] **= 1
# +     cache["centred"] *= 2
# +     cache["centred"] = cache["centred"] / 2
