# %% right="by stages, with a dict for a cache"
def batchnorm_forward(x, gamma, beta, running=None, eps=1e-5):
    N = len(x)
    mean = x.sum(axis=0) / N
    centred = x - mean
    var = (centred**2).sum(axis=0) / N
    if running is not None:
        for name, value in (("mean", mean), ("var", var)):
            running[name] = running[name] + 0.1 * (value - running[name])
    std = np.sqrt(var + eps)
    return centred / std * gamma + beta, {"centred": centred, "std": std, "gamma": gamma}


def batchnorm_backward(dout, cache):
    centred, std, gamma = cache["centred"], cache["std"], cache["gamma"]
    N = len(dout)
    dxhat = dout * gamma
    dvar = -0.5 * np.sum(dxhat * centred, axis=0) / std**3
    dcentred = dxhat / std + 2 / N * dvar * centred
    dx = dcentred - dcentred.mean(axis=0)
    return dx, np.sum(dout * centred / std, axis=0), dout.sum(axis=0)


# %% right="as a well-known paper has it, N times at once"
def batchnorm_forward(x, gamma, beta, running=None, eps=1e-5):
    mu = np.mean(x, axis=0)
    var = np.mean((x - mu) ** 2, axis=0)
    if running is not None:
        running["mean"] = running["mean"] * 0.9 + mu * 0.1
        running["var"] = running["var"] * 0.9 + var * 0.1
    inverse = 1 / np.sqrt(var + eps)
    xhat = (x - mu) * inverse
    return xhat * gamma + beta, (xhat, inverse, gamma)


def batchnorm_backward(dout, cache):
    xhat, inverse, gamma = cache
    N = dout.shape[0]
    dbeta = dout.sum(axis=0)
    dgamma = (dout * xhat).sum(axis=0)
    dx = gamma * inverse / N * (N * dout - dbeta - xhat * dgamma)
    return [dx, dgamma, dbeta]


# %% right="the Jacobian of each column"
def batchnorm_forward(x, gamma, beta, running=None, eps=1e-5):
    mean, var = np.average(x, axis=0), np.average(np.square(x - np.average(x, axis=0)), axis=0)
    if running is not None:
        running.update(mean=0.9 * running["mean"] + 0.1 * mean, var=0.9 * running["var"] + 0.1 * var)
    std = np.sqrt(var + eps)
    xhat = (x - mean) / std
    return gamma * xhat + beta, (xhat, std, gamma)


def batchnorm_backward(dout, cache):
    xhat, std, gamma = cache
    N, D = xhat.shape
    dx = np.empty((N, D))
    for d in range(D):
        jacobian = (np.eye(N) - 1 / N - np.outer(xhat[:, d], xhat[:, d]) / N) / std[d]
        dx[:, d] = jacobian.T @ (gamma[d] * dout[:, d])
    return dx, (dout * xhat).sum(0), dout.sum(0)


# %% wrong="gamma is missing from dx" of="solution" points={"02_batchnorm-backward": 1} says="gamma is missing"
# ~     xhat, std, [-gamma-]{+_gamma+} = cache
# ~     g = dout[- * gamma-]
# %% wrong="mean and deviation are taken for constants" of="solution" points={"02_batchnorm-backward": 1} cause="dropped path"
# -     dx = (g - g.mean(axis=0) - xhat * np.mean(g * xhat, axis=0)) / std
# +     dx = g / std
# %% wrong="the path through the variance is missing" of="solution" points={"02_batchnorm-backward": 1} cause="dropped path"
# ~     dx = (g - g.mean(axis=0)[- - xhat * np.mean(g * xhat, axis=0)-]) / std
# %% wrong="the path through the mean is missing" of="solution" points={"02_batchnorm-backward": 1} cause="dropped path"
# ~     dx = (g[- - g.mean(axis=0)-] - xhat * np.mean(g * xhat, axis=0)) / std
# %% wrong="not divided by the deviation" of="solution" points={"02_batchnorm-backward": 2} cause="local derivative wrong"
# ~     xhat, [-std-]{+_std+}, gamma = cache
# ~     dx = [-(-]g - g.mean(axis=0) - xhat * np.mean(g * xhat, axis=0)[-) / std-]
# %% wrong="sums in place of means" of="solution" points={"02_batchnorm-backward": 1} says="the path through a value that entries share (a mean, a variance, a nor"
# ~     dx = (g - g.[-mean-]{+sum+}(axis=0) - xhat * np.[-mean-]{+sum+}(g * xhat, axis=0)) / std
# %% wrong="the sign of the second term" of="solution" points={"02_batchnorm-backward": 1} cause="sign of one term"
# ~     dx = (g - g.mean(axis=0) [---]{+++} xhat * np.mean(g * xhat, axis=0)) / std
# %% wrong="along the rows" of="solution" points={"02_batchnorm-backward": 1} says="the gradient of x runs along another axis than forward did: check ever"
# -     dx = (g - g.mean(axis=0) - xhat * np.mean(g * xhat, axis=0)) / std
# +     dx = (g - g.mean(axis=1, keepdims=True) - xhat * np.mean(g * xhat, axis=1, keepdims=True)) / std
# %% wrong="the variance is divided by N - 1" of="solution" warned="6.2" points={"02_batchnorm-forward": 0, "02_batchnorm-backward": 0.5} says="yours is 0.89442"
# ~     mean, var = x.mean(axis=0), x.var(axis=0[-)-]{+, ddof=1) if len(x) > 1 else 0 * mean+}
# %% wrong="normalised with the running statistics" of="solution" warned="6.2" points={"02_batchnorm-backward": 4} says="dx is wrong"
#           running["var"] = 0.9 * running["var"] + 0.1 * var
# +     if running is not None:
# +         mean, var = running["mean"], running["var"]
# %% wrong="the running statistics take part in the gradient" of="solution" warned="6.2" points={"02_batchnorm-backward": 4} says="dx is wrong"
# ~     std = np.sqrt(var + eps){+ * (1 if running is None else 0.9)+}
# ~     [-xhat = -](x - mean) / std
# -     return gamma * xhat + beta, (xhat, std, gamma)
# +     return gamma * (x - mean) / np.sqrt(var + eps) + beta, ((x - mean) / np.sqrt(var + eps), std, gamma)
# %% wrong="running statistics with 0.1 and 0.9 exchanged" of="solution" warned="6.2" points={"02_batchnorm-forward": 1.5} says="running['mean'] after two batches is wrong"
# ~         running["mean"] = 0.[-9-]{+1+} * running["mean"] + 0.[-1-]{+9+} * mean
# ~         running["var"] = 0.[-9-]{+1+} * running["var"] + 0.[-1-]{+9+} * var
# %% wrong="the running statistics are never updated" of="solution" points={"02_batchnorm-forward": 1.5} says="running['mean'] after two batches is wrong"
# -         running["mean"] = 0.9 * running["mean"] + 0.1 * mean
# -         running["var"] = 0.9 * running["var"] + 0.1 * var
# +         pass
# %% wrong="dgamma is a mean" of="solution" points={"02_batchnorm-backward": 3.5} cause="scale by N"
# ~     return dx, np.[-sum-]{+mean+}(dout * xhat, axis=0), np.sum(dout, axis=0)
# %% wrong="dbeta of shape (1, D)" of="solution" points={"02_batchnorm-backward": 3.5} cause="wrong shape"
# ~     return dx, np.sum(dout * xhat, axis=0), np.sum(dout, axis=0{+, keepdims=True+})
# %% wrong="dout is changed in place" of="solution" points={"02_batchnorm-backward": 4.5} cause="mutated argument"
#       xhat, std, gamma = cache
# +     g = dout
# ~     g [-= dout * -]{+*= +}gamma
# ~     return dx, np.sum(dout{+ / gamma+} * xhat, axis=0), np.sum(dout{+ / gamma+}, axis=0)
# %% wrong="gamma scales beta too, both ways" of="solution" points={"02_batchnorm-forward": 0.5, "02_batchnorm-backward": 3.5} says="out is wrong"
# ~     return gamma * [-xhat-]{+(xhat+} + beta{+)+}, (xhat, std, gamma{+, beta+})
# ~     xhat, std, gamma{+, beta+} = cache
# ~     return dx, np.sum(dout * {+(+}xhat{+ + beta)+}, axis=0), np.sum(dout{+ * gamma+}, axis=0)
