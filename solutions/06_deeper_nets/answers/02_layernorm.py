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


# %% wrong="gamma is missing from dxhat" points={"02_layernorm-stages": 5} says="gamma is missing: it scales all that flows to x"
def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=1, keepdims=True)
    centred = x - mean
    var = np.mean(centred**2, axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    xhat = centred / std
    out = gamma * xhat + beta
    return out, {"mean": mean, "centred": centred, "var": var, "std": std, "xhat": xhat, "gamma": gamma}


def layernorm_backward(dout, cache):
    centred, std, xhat = cache["centred"], cache["std"], cache["xhat"]
    D = centred.shape[1]
    dgamma = np.sum(dout * xhat, axis=0)
    dbeta = np.sum(dout, axis=0)
    dxhat = dout
    dstd = -np.sum(dxhat * centred, axis=1, keepdims=True) / std**2
    dvar = dstd / (2 * std)
    dcentred = dxhat / std + 2 * centred * dvar / D
    dmean = -np.sum(dcentred, axis=1, keepdims=True)
    dx = dcentred + dmean / D
    return {
        "dgamma": dgamma,
        "dbeta": dbeta,
        "dxhat": dxhat,
        "dstd": dstd,
        "dvar": dvar,
        "dcentred": dcentred,
        "dmean": dmean,
        "dx": dx,
    }


# %% wrong="the sign of dstd is lost" points={"02_layernorm-stages": 4.75} says="the sign is lost"
def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=1, keepdims=True)
    centred = x - mean
    var = np.mean(centred**2, axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    xhat = centred / std
    out = gamma * xhat + beta
    return out, {"mean": mean, "centred": centred, "var": var, "std": std, "xhat": xhat, "gamma": gamma}


def layernorm_backward(dout, cache):
    centred, std, xhat = cache["centred"], cache["std"], cache["xhat"]
    D = centred.shape[1]
    dgamma = np.sum(dout * xhat, axis=0)
    dbeta = np.sum(dout, axis=0)
    dxhat = dout * cache["gamma"]
    dstd = np.sum(dxhat * centred, axis=1, keepdims=True) / std**2
    dvar = dstd / (2 * std)
    dcentred = dxhat / std + 2 * centred * dvar / D
    dmean = -np.sum(dcentred, axis=1, keepdims=True)
    dx = dcentred + dmean / D
    return {
        "dgamma": dgamma,
        "dbeta": dbeta,
        "dxhat": dxhat,
        "dstd": dstd,
        "dvar": dvar,
        "dcentred": dcentred,
        "dmean": dmean,
        "dx": dx,
    }


# %% wrong="std is not squared in dstd" points={"02_layernorm-stages": 5.25} says="std should be squared"
def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=1, keepdims=True)
    centred = x - mean
    var = np.mean(centred**2, axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    xhat = centred / std
    out = gamma * xhat + beta
    return out, {"mean": mean, "centred": centred, "var": var, "std": std, "xhat": xhat, "gamma": gamma}


def layernorm_backward(dout, cache):
    centred, std, xhat = cache["centred"], cache["std"], cache["xhat"]
    D = centred.shape[1]
    dgamma = np.sum(dout * xhat, axis=0)
    dbeta = np.sum(dout, axis=0)
    dxhat = dout * cache["gamma"]
    dstd = -np.sum(dxhat * centred, axis=1, keepdims=True) / std
    dvar = dstd / (2 * std)
    dcentred = dxhat / std + 2 * centred * dvar / D
    dmean = -np.sum(dcentred, axis=1, keepdims=True)
    dx = dcentred + dmean / D
    return {
        "dgamma": dgamma,
        "dbeta": dbeta,
        "dxhat": dxhat,
        "dstd": dstd,
        "dvar": dvar,
        "dcentred": dcentred,
        "dmean": dmean,
        "dx": dx,
    }


# %% wrong="the root's factor 1/2 is missing" points={"02_layernorm-stages": 4.75} says="the root's factor 1/2 is missing"
def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=1, keepdims=True)
    centred = x - mean
    var = np.mean(centred**2, axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    xhat = centred / std
    out = gamma * xhat + beta
    return out, {"mean": mean, "centred": centred, "var": var, "std": std, "xhat": xhat, "gamma": gamma}


def layernorm_backward(dout, cache):
    centred, std, xhat = cache["centred"], cache["std"], cache["xhat"]
    D = centred.shape[1]
    dgamma = np.sum(dout * xhat, axis=0)
    dbeta = np.sum(dout, axis=0)
    dxhat = dout * cache["gamma"]
    dstd = -np.sum(dxhat * centred, axis=1, keepdims=True) / std**2
    dvar = dstd / std
    dcentred = dxhat / std + 2 * centred * dvar / D
    dmean = -np.sum(dcentred, axis=1, keepdims=True)
    dx = dcentred + dmean / D
    return {
        "dgamma": dgamma,
        "dbeta": dbeta,
        "dxhat": dxhat,
        "dstd": dstd,
        "dvar": dvar,
        "dcentred": dcentred,
        "dmean": dmean,
        "dx": dx,
    }


# %% wrong="the path through var is missing" warned="6.2" points={"02_layernorm-stages": 4.5} says="the path through var is missing"
def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=1, keepdims=True)
    centred = x - mean
    var = np.mean(centred**2, axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    xhat = centred / std
    out = gamma * xhat + beta
    return out, {"mean": mean, "centred": centred, "var": var, "std": std, "xhat": xhat, "gamma": gamma}


def layernorm_backward(dout, cache):
    centred, std, xhat = cache["centred"], cache["std"], cache["xhat"]
    D = centred.shape[1]
    dgamma = np.sum(dout * xhat, axis=0)
    dbeta = np.sum(dout, axis=0)
    dxhat = dout * cache["gamma"]
    dstd = -np.sum(dxhat * centred, axis=1, keepdims=True) / std**2
    dvar = dstd / (2 * std)
    dcentred = dxhat / std
    dmean = -np.sum(dcentred, axis=1, keepdims=True)
    dx = dcentred + dmean / D
    return {
        "dgamma": dgamma,
        "dbeta": dbeta,
        "dxhat": dxhat,
        "dstd": dstd,
        "dvar": dvar,
        "dcentred": dcentred,
        "dmean": dmean,
        "dx": dx,
    }


# %% wrong="the path through xhat is missing" warned="6.2" points={"02_layernorm-stages": 4.5} says="the path through xhat is missing"
def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=1, keepdims=True)
    centred = x - mean
    var = np.mean(centred**2, axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    xhat = centred / std
    out = gamma * xhat + beta
    return out, {"mean": mean, "centred": centred, "var": var, "std": std, "xhat": xhat, "gamma": gamma}


def layernorm_backward(dout, cache):
    centred, std, xhat = cache["centred"], cache["std"], cache["xhat"]
    D = centred.shape[1]
    dgamma = np.sum(dout * xhat, axis=0)
    dbeta = np.sum(dout, axis=0)
    dxhat = dout * cache["gamma"]
    dstd = -np.sum(dxhat * centred, axis=1, keepdims=True) / std**2
    dvar = dstd / (2 * std)
    dcentred = 2 * centred * dvar / D
    dmean = -np.sum(dcentred, axis=1, keepdims=True)
    dx = dcentred + dmean / D
    return {
        "dgamma": dgamma,
        "dbeta": dbeta,
        "dxhat": dxhat,
        "dstd": dstd,
        "dvar": dvar,
        "dcentred": dcentred,
        "dmean": dmean,
        "dx": dx,
    }


# %% wrong="var's mean is taken for a sum" points={"02_layernorm-stages": 4.5} says="var is a mean: divide by D"
def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=1, keepdims=True)
    centred = x - mean
    var = np.mean(centred**2, axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    xhat = centred / std
    out = gamma * xhat + beta
    return out, {"mean": mean, "centred": centred, "var": var, "std": std, "xhat": xhat, "gamma": gamma}


def layernorm_backward(dout, cache):
    centred, std, xhat = cache["centred"], cache["std"], cache["xhat"]
    D = centred.shape[1]
    dgamma = np.sum(dout * xhat, axis=0)
    dbeta = np.sum(dout, axis=0)
    dxhat = dout * cache["gamma"]
    dstd = -np.sum(dxhat * centred, axis=1, keepdims=True) / std**2
    dvar = dstd / (2 * std)
    dcentred = dxhat / std + 2 * centred * dvar
    dmean = -np.sum(dcentred, axis=1, keepdims=True)
    dx = dcentred + dmean / D
    return {
        "dgamma": dgamma,
        "dbeta": dbeta,
        "dxhat": dxhat,
        "dstd": dstd,
        "dvar": dvar,
        "dcentred": dcentred,
        "dmean": dmean,
        "dx": dx,
    }


# %% wrong="the path through mean is missing" warned="6.2" points={"02_layernorm-stages": 4.75} says="the path through mean is missing"
def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=1, keepdims=True)
    centred = x - mean
    var = np.mean(centred**2, axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    xhat = centred / std
    out = gamma * xhat + beta
    return out, {"mean": mean, "centred": centred, "var": var, "std": std, "xhat": xhat, "gamma": gamma}


def layernorm_backward(dout, cache):
    centred, std, xhat = cache["centred"], cache["std"], cache["xhat"]
    D = centred.shape[1]
    dgamma = np.sum(dout * xhat, axis=0)
    dbeta = np.sum(dout, axis=0)
    dxhat = dout * cache["gamma"]
    dstd = -np.sum(dxhat * centred, axis=1, keepdims=True) / std**2
    dvar = dstd / (2 * std)
    dcentred = dxhat / std + 2 * centred * dvar / D
    dmean = -np.sum(dcentred, axis=1, keepdims=True)
    dx = dcentred
    return {
        "dgamma": dgamma,
        "dbeta": dbeta,
        "dxhat": dxhat,
        "dstd": dstd,
        "dvar": dvar,
        "dcentred": dcentred,
        "dmean": dmean,
        "dx": dx,
    }


# %% wrong="mean's mean is taken for a sum" points={"02_layernorm-stages": 4.75} says="mean is a mean: divide by D"
def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=1, keepdims=True)
    centred = x - mean
    var = np.mean(centred**2, axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    xhat = centred / std
    out = gamma * xhat + beta
    return out, {"mean": mean, "centred": centred, "var": var, "std": std, "xhat": xhat, "gamma": gamma}


def layernorm_backward(dout, cache):
    centred, std, xhat = cache["centred"], cache["std"], cache["xhat"]
    D = centred.shape[1]
    dgamma = np.sum(dout * xhat, axis=0)
    dbeta = np.sum(dout, axis=0)
    dxhat = dout * cache["gamma"]
    dstd = -np.sum(dxhat * centred, axis=1, keepdims=True) / std**2
    dvar = dstd / (2 * std)
    dcentred = dxhat / std + 2 * centred * dvar / D
    dmean = -np.sum(dcentred, axis=1, keepdims=True)
    dx = dcentred + dmean
    return {
        "dgamma": dgamma,
        "dbeta": dbeta,
        "dxhat": dxhat,
        "dstd": dstd,
        "dvar": dvar,
        "dcentred": dcentred,
        "dmean": dmean,
        "dx": dx,
    }


# %% wrong="dmean collects from xhat alone, with a lost sign" points={"02_layernorm-stages": 4.75} says="the sign is lost"
def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=1, keepdims=True)
    centred = x - mean
    var = np.mean(centred**2, axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    xhat = centred / std
    out = gamma * xhat + beta
    return out, {"mean": mean, "centred": centred, "var": var, "std": std, "xhat": xhat, "gamma": gamma}


def layernorm_backward(dout, cache):
    centred, std, xhat = cache["centred"], cache["std"], cache["xhat"]
    D = centred.shape[1]
    dgamma = np.sum(dout * xhat, axis=0)
    dbeta = np.sum(dout, axis=0)
    dxhat = dout * cache["gamma"]
    dstd = -np.sum(dxhat * centred, axis=1, keepdims=True) / std**2
    dvar = dstd / (2 * std)
    dcentred = dxhat / std + 2 * centred * dvar / D
    dmean = np.sum(dcentred, axis=1, keepdims=True)
    dx = dcentred + dmean / D
    return {
        "dgamma": dgamma,
        "dbeta": dbeta,
        "dxhat": dxhat,
        "dstd": dstd,
        "dvar": dvar,
        "dcentred": dcentred,
        "dmean": dmean,
        "dx": dx,
    }


# %% wrong="the variance is divided by D - 1" warned="6.2" points={"02_layernorm-forward": 0, "02_layernorm-stages": 5.5} says="xhat"
def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=1, keepdims=True)
    centred = x - mean
    var = x.var(axis=1, ddof=1, keepdims=True) if x.shape[1] > 1 else 0 * mean
    std = np.sqrt(var + eps)
    xhat = centred / std
    out = gamma * xhat + beta
    return out, {"mean": mean, "centred": centred, "var": var, "std": std, "xhat": xhat, "gamma": gamma}


def layernorm_backward(dout, cache):
    centred, std, xhat = cache["centred"], cache["std"], cache["xhat"]
    D = centred.shape[1]
    dgamma = np.sum(dout * xhat, axis=0)
    dbeta = np.sum(dout, axis=0)
    dxhat = dout * cache["gamma"]
    dstd = -np.sum(dxhat * centred, axis=1, keepdims=True) / std**2
    dvar = dstd / (2 * std)
    dcentred = dxhat / std + 2 * centred * dvar / D
    dmean = -np.sum(dcentred, axis=1, keepdims=True)
    dx = dcentred + dmean / D
    return {
        "dgamma": dgamma,
        "dbeta": dbeta,
        "dxhat": dxhat,
        "dstd": dstd,
        "dvar": dvar,
        "dcentred": dcentred,
        "dmean": dmean,
        "dx": dx,
    }


# %% wrong="eps outside of the root" points={"02_layernorm-forward": 1} says="cache['std']"
def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=1, keepdims=True)
    centred = x - mean
    var = np.mean(centred**2, axis=1, keepdims=True)
    std = np.sqrt(var) + eps
    xhat = centred / std
    out = gamma * xhat + beta
    return out, {"mean": mean, "centred": centred, "var": var, "std": std, "xhat": xhat, "gamma": gamma}


def layernorm_backward(dout, cache):
    centred, std, xhat = cache["centred"], cache["std"], cache["xhat"]
    D = centred.shape[1]
    dgamma = np.sum(dout * xhat, axis=0)
    dbeta = np.sum(dout, axis=0)
    dxhat = dout * cache["gamma"]
    dstd = -np.sum(dxhat * centred, axis=1, keepdims=True) / std**2
    dvar = dstd / (2 * std)
    dcentred = dxhat / std + 2 * centred * dvar / D
    dmean = -np.sum(dcentred, axis=1, keepdims=True)
    dx = dcentred + dmean / D
    return {
        "dgamma": dgamma,
        "dbeta": dbeta,
        "dxhat": dxhat,
        "dstd": dstd,
        "dvar": dvar,
        "dcentred": dcentred,
        "dmean": dmean,
        "dx": dx,
    }


# %% wrong="along the columns" points={"02_layernorm-forward": 0, "02_layernorm-stages": 4} says="xhat"
def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=0, keepdims=True)
    centred = x - mean
    var = np.mean(centred**2, axis=0, keepdims=True)
    std = np.sqrt(var + eps)
    xhat = centred / std
    out = gamma * xhat + beta
    return out, {"mean": mean, "centred": centred, "var": var, "std": std, "xhat": xhat, "gamma": gamma}


def layernorm_backward(dout, cache):
    centred, std, xhat = cache["centred"], cache["std"], cache["xhat"]
    D = centred.shape[1]
    dgamma = np.sum(dout * xhat, axis=0)
    dbeta = np.sum(dout, axis=0)
    dxhat = dout * cache["gamma"]
    dstd = -np.sum(dxhat * centred, axis=0, keepdims=True) / std**2
    dvar = dstd / (2 * std)
    dcentred = dxhat / std + 2 * centred * dvar / D
    dmean = -np.sum(dcentred, axis=0, keepdims=True)
    dx = dcentred + dmean / D
    return {
        "dgamma": dgamma,
        "dbeta": dbeta,
        "dxhat": dxhat,
        "dstd": dstd,
        "dvar": dvar,
        "dcentred": dcentred,
        "dmean": dmean,
        "dx": dx,
    }


# %% wrong="dgamma from x instead of xhat" points={"02_layernorm-stages": 5.5} says="dgamma is wrong"
def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=1, keepdims=True)
    centred = x - mean
    var = np.mean(centred**2, axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    xhat = centred / std
    out = gamma * xhat + beta
    return out, {"mean": mean, "centred": centred, "var": var, "std": std, "xhat": xhat, "gamma": gamma}


def layernorm_backward(dout, cache):
    centred, std, _xhat = cache["centred"], cache["std"], cache["xhat"]
    D = centred.shape[1]
    dgamma = np.sum(dout * centred, axis=0)
    dbeta = np.sum(dout, axis=0)
    dxhat = dout * cache["gamma"]
    dstd = -np.sum(dxhat * centred, axis=1, keepdims=True) / std**2
    dvar = dstd / (2 * std)
    dcentred = dxhat / std + 2 * centred * dvar / D
    dmean = -np.sum(dcentred, axis=1, keepdims=True)
    dx = dcentred + dmean / D
    return {
        "dgamma": dgamma,
        "dbeta": dbeta,
        "dxhat": dxhat,
        "dstd": dstd,
        "dvar": dvar,
        "dcentred": dcentred,
        "dmean": dmean,
        "dx": dx,
    }


# %% wrong="dgamma and dbeta are means over the batch" points={"02_layernorm-stages": 5.5} says="dgamma is wrong"
def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=1, keepdims=True)
    centred = x - mean
    var = np.mean(centred**2, axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    xhat = centred / std
    out = gamma * xhat + beta
    return out, {"mean": mean, "centred": centred, "var": var, "std": std, "xhat": xhat, "gamma": gamma}


def layernorm_backward(dout, cache):
    centred, std, xhat = cache["centred"], cache["std"], cache["xhat"]
    D = centred.shape[1]
    dgamma = np.mean(dout * xhat, axis=0)
    dbeta = np.mean(dout, axis=0)
    dxhat = dout * cache["gamma"]
    dstd = -np.sum(dxhat * centred, axis=1, keepdims=True) / std**2
    dvar = dstd / (2 * std)
    dcentred = dxhat / std + 2 * centred * dvar / D
    dmean = -np.sum(dcentred, axis=1, keepdims=True)
    dx = dcentred + dmean / D
    return {
        "dgamma": dgamma,
        "dbeta": dbeta,
        "dxhat": dxhat,
        "dstd": dstd,
        "dvar": dvar,
        "dcentred": dcentred,
        "dmean": dmean,
        "dx": dx,
    }


# %% wrong="dstd of shape (N,)" points={"02_layernorm-stages": 5.25} says="dstd should have shape"
def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=1, keepdims=True)
    centred = x - mean
    var = np.mean(centred**2, axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    xhat = centred / std
    out = gamma * xhat + beta
    return out, {"mean": mean, "centred": centred, "var": var, "std": std, "xhat": xhat, "gamma": gamma}


def layernorm_backward(dout, cache):
    centred, std, xhat = cache["centred"], cache["std"], cache["xhat"]
    D = centred.shape[1]
    dgamma = np.sum(dout * xhat, axis=0)
    dbeta = np.sum(dout, axis=0)
    dxhat = dout * cache["gamma"]
    dstd = -np.sum(dxhat * centred, axis=1) / std[:, 0] ** 2
    dvar = dstd[:, np.newaxis] / (2 * std)
    dcentred = dxhat / std + 2 * centred * dvar / D
    dmean = -np.sum(dcentred, axis=1, keepdims=True)
    dx = dcentred + dmean / D
    return {
        "dgamma": dgamma,
        "dbeta": dbeta,
        "dxhat": dxhat,
        "dstd": dstd,
        "dvar": dvar,
        "dcentred": dcentred,
        "dmean": dmean,
        "dx": dx,
    }


# %% wrong="dout is changed in place" points={"02_layernorm-stages": 5.5} says="changed its argument `dout`"
def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=1, keepdims=True)
    centred = x - mean
    var = np.mean(centred**2, axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    xhat = centred / std
    out = gamma * xhat + beta
    return out, {"mean": mean, "centred": centred, "var": var, "std": std, "xhat": xhat, "gamma": gamma}


def layernorm_backward(dout, cache):
    centred, std, xhat = cache["centred"], cache["std"], cache["xhat"]
    D = centred.shape[1]
    dgamma = np.sum(dout * xhat, axis=0)
    dbeta = np.sum(dout, axis=0)
    dout *= cache["gamma"]
    dxhat = dout
    dstd = -np.sum(dxhat * centred, axis=1, keepdims=True) / std**2
    dvar = dstd / (2 * std)
    dcentred = dxhat / std + 2 * centred * dvar / D
    dmean = -np.sum(dcentred, axis=1, keepdims=True)
    dx = dcentred + dmean / D
    return {
        "dgamma": dgamma,
        "dbeta": dbeta,
        "dxhat": dxhat,
        "dstd": dstd,
        "dvar": dvar,
        "dcentred": dcentred,
        "dmean": dmean,
        "dx": dx,
    }


# %% wrong="the cache is changed in place" points={"02_layernorm-stages": 5.5} says="changed its argument `centred`"
def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=1, keepdims=True)
    centred = x - mean
    var = np.mean(centred**2, axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    xhat = centred / std
    out = gamma * xhat + beta
    return out, {"mean": mean, "centred": centred, "var": var, "std": std, "xhat": xhat, "gamma": gamma}


def layernorm_backward(dout, cache):
    cache["std"] **= 1
    cache["centred"] *= 2
    cache["centred"] = cache["centred"] / 2
    centred, std, xhat = cache["centred"], cache["std"], cache["xhat"]
    D = centred.shape[1]
    dgamma = np.sum(dout * xhat, axis=0)
    dbeta = np.sum(dout, axis=0)
    dxhat = dout * cache["gamma"]
    dstd = -np.sum(dxhat * centred, axis=1, keepdims=True) / std**2
    dvar = dstd / (2 * std)
    dcentred = dxhat / std + 2 * centred * dvar / D
    dmean = -np.sum(dcentred, axis=1, keepdims=True)
    dx = dcentred + dmean / D
    return {
        "dgamma": dgamma,
        "dbeta": dbeta,
        "dxhat": dxhat,
        "dstd": dstd,
        "dvar": dvar,
        "dcentred": dcentred,
        "dmean": dmean,
        "dx": dx,
    }
