# %% base="as most write it" of="solution"
# -     W1, b1, W2, b2 = (params[name] for name in ("W1", "b1", "W2", "b2"))
# -     scores = (X @ W1 + b1).relu() @ W2 + b2
# +     scores = (X @ params["W1"] + params["b1"]).relu() @ params["W2"] + params["b2"]
# -     return losses.sum() / len(X) + reg * ((W1**2).sum() + (W2**2).sum())
# +     return losses.sum() / len(X) + reg * ((params["W1"] ** 2).sum() + (params["W2"] ** 2).sum())
# %% right="probabilities, with care"
def two_layer_loss(params, X, y, reg=0.0):
    hidden = (Tensor(X) @ params["W1"] + params["b1"]).relu()
    scores = hidden @ params["W2"] + params["b2"]
    constants = np.max(scores.data, axis=1)[:, None]
    truth = np.zeros(scores.data.shape)
    truth[np.arange(len(y)), y] = 1.0
    margins = scores - (scores * truth).sum(axis=1, keepdims=True)
    shift = constants - np.sum(scores.data * truth, axis=1, keepdims=True)
    losses = (margins - shift).exp().sum(axis=1, keepdims=True).log() + shift
    penalty = (params["W1"] * params["W1"]).sum() + (params["W2"] * params["W2"]).sum()
    return losses.sum() * (1 / len(y)) + penalty * reg


# %% right="one example after the other"
def two_layer_loss(params, X, y, reg=0.0):
    loss = 0.0
    for x, label in zip(X, y, strict=True):
        hidden = (x[None, :] @ params["W1"] + params["b1"]).relu()
        scores = hidden @ params["W2"] + params["b2"]
        shifted = scores - scores.data.max()
        picked = (shifted * (np.arange(scores.data.size) == label)).sum()
        loss = loss + (shifted.exp().sum().log() - picked) / len(X)
    for name in ("W1", "W2"):
        loss = loss + reg * (params[name] ** 2).sum()
    return loss


# %% wrong="scores overflow" of="as most write it" warned="5.5" points={"05_two_layer_loss-gradients": 5} says="should be finite"
# -     shifted = scores - scores.data.max(axis=1, keepdims=True)
# @
# ~     losses = [-shifted-]{+scores+}.exp().sum(axis=1).log() - ([-shifted-]{+scores+} * truth).sum(axis=1)
# %% wrong="the sum instead of the mean" of="as most write it" points={"05_two_layer_loss-value": 1, "05_two_layer_loss-gradients": 1.5} says="is wrong"
# ~     return losses.sum([-) / len(X-]) + reg * ((params["W1"] ** 2).sum() + (params["W2"] ** 2).sum())
# %% wrong="half of the penalty" of="as most write it" points={"05_two_layer_loss-value": 2, "05_two_layer_loss-gradients": 5} says="the difference in W1"
# ~     return losses.sum() / len(X) +{+ 0.5 *+} reg * ((params["W1"] ** 2).sum() + (params["W2"] ** 2).sum())
# %% wrong="no penalty" of="as most write it" points={"05_two_layer_loss-value": 2, "05_two_layer_loss-gradients": 5} says="less that at 0.2"
# -     return losses.sum() / len(X) + reg * ((params["W1"] ** 2).sum() + (params["W2"] ** 2).sum())
# +     return losses.sum() / len(X)
# %% wrong="no ReLU" of="as most write it" points={"05_two_layer_loss-value": 2, "05_two_layer_loss-gradients": 1.5} says="is wrong"
# ~     scores = (X @ params["W1"] + params["b1"])[-.relu()-] @ params["W2"] + params["b2"]
# %% wrong="the graph is cut by a new Tensor" of="as most write it" points={"05_two_layer_loss-gradients": 1.5} says="grads['W1']"
#   def two_layer_loss(params, X, y, reg=0.0):
# +     hidden = Tensor((X @ params["W1"] + params["b1"]).relu().data)
# ~     scores = [-(X @ params["W1"] + params["b1"]).relu()-]{+hidden+} @ params["W2"] + params["b2"]
