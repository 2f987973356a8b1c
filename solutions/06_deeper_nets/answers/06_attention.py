# %% right="query by query"
def attention_forward(q, k, v, mask=None):
    T, S = len(q), len(k)
    weights = np.zeros((T, S))
    for t in range(T):
        seen = np.flatnonzero(mask[t]) if mask is not None else np.arange(S)
        scores = k[seen] @ q[t] / np.sqrt(len(q[t]))
        terms = np.exp(scores - max(scores))
        weights[t, seen] = terms / sum(terms)
    return weights @ v, {"q": q, "k": k, "v": v, "weights": weights}


def attention_backward(dout, cache):
    q, k, v, weights = (cache[name] for name in ("q", "k", "v", "weights"))
    dq, dk, dv = np.zeros(q.shape), np.zeros(k.shape), np.zeros(v.shape)
    for t in range(len(q)):
        p = weights[t]
        seen = np.flatnonzero(p)
        jacobian = np.diag(p[seen]) - np.outer(p[seen], p[seen])
        dscores = jacobian @ (v[seen] @ dout[t]) / np.sqrt(q.shape[1])
        dq[t] = dscores @ k[seen]
        dk[seen] += np.outer(dscores, q[t])
        dv[seen] += np.outer(p[seen], dout[t])
    return dq, dk, dv


# %% right="the query scaled first, log-softmax"
def attention_forward(q, k, v, mask=None):
    scale = q.shape[1] ** -0.5
    scores = (q * scale) @ k.T
    if mask is not None:
        scores[~mask] = -np.inf
    top = np.max(scores, axis=1)[:, None]
    log_weights = scores - top - np.log(np.sum(np.exp(scores - top), axis=1))[:, None]
    weights = np.exp(log_weights)
    return np.einsum("ts,sm->tm", weights, v), (q, k, v, weights, scale)


def attention_backward(dout, cache):
    q, k, v, weights, scale = cache
    g = weights * np.einsum("tm,sm->ts", dout, v)
    dscores = g - weights * g.sum(axis=1, keepdims=True)
    return [scale * (dscores @ k), scale * (dscores.T @ q), weights.T @ dout]


# %% wrong="softmax's own coupling is left out" points={"06_attention-backward": 1.5} says="softmax's own coupling is missing"
def attention_forward(q, k, v, mask=None):
    scores = q @ k.T / np.sqrt(q.shape[1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    return weights @ v, (q, k, v, weights)


def attention_backward(dout, cache):
    q, k, v, weights = cache
    dv = weights.T @ dout
    dweights = dout @ v.T
    dscores = weights * dweights
    dscores = dscores / np.sqrt(q.shape[1])
    return dscores @ k, dscores.T @ q, dv


# %% wrong="softmax taken for a sigmoid" points={"06_attention-backward": 1.5} says="the sum along axis 0 should vanish and does not in yours: a contributi"
def attention_forward(q, k, v, mask=None):
    scores = q @ k.T / np.sqrt(q.shape[1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    return weights @ v, (q, k, v, weights)


def attention_backward(dout, cache):
    q, k, v, weights = cache
    dv = weights.T @ dout
    dweights = dout @ v.T
    dscores = weights * (1 - weights) * dweights
    dscores = dscores / np.sqrt(q.shape[1])
    return dscores @ k, dscores.T @ q, dv


# %% wrong="the sum over queries instead of keys" points={"06_attention-backward": 1.5} says="the sum along axis 0 should vanish and does not in yours: a contributi"
def attention_forward(q, k, v, mask=None):
    scores = q @ k.T / np.sqrt(q.shape[1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    return weights @ v, (q, k, v, weights)


def attention_backward(dout, cache):
    q, k, v, weights = cache
    dv = weights.T @ dout
    dweights = dout @ v.T
    dscores = weights * (dweights - np.sum(weights * dweights, axis=0, keepdims=True))
    dscores = dscores / np.sqrt(q.shape[1])
    return dscores @ k, dscores.T @ q, dv


# %% wrong="the plain mean instead of the weighted one" points={"06_attention-backward": 1.5} says="the sum along axis 0 should vanish and does not in yours: a contributi"
def attention_forward(q, k, v, mask=None):
    scores = q @ k.T / np.sqrt(q.shape[1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    return weights @ v, (q, k, v, weights)


def attention_backward(dout, cache):
    q, k, v, weights = cache
    dv = weights.T @ dout
    dweights = dout @ v.T
    dscores = weights * (dweights - np.mean(dweights, axis=1, keepdims=True))
    dscores = dscores / np.sqrt(q.shape[1])
    return dscores @ k, dscores.T @ q, dv


# %% wrong="the root of D is left out backward" points={"06_attention-backward": 2.5} says="yours is 1.73205 x the numerical gradient in every entry"
def attention_forward(q, k, v, mask=None):
    scores = q @ k.T / np.sqrt(q.shape[1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    return weights @ v, (q, k, v, weights)


def attention_backward(dout, cache):
    q, k, v, weights = cache
    dv = weights.T @ dout
    dweights = dout @ v.T
    dscores = weights * (dweights - np.sum(weights * dweights, axis=1, keepdims=True))
    return dscores @ k, dscores.T @ q, dv


# %% wrong="divided by D" points={"06_attention-backward": 2.5} says="yours is 0.57735 x the numerical gradient in every entry"
def attention_forward(q, k, v, mask=None):
    scores = q @ k.T / np.sqrt(q.shape[1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    return weights @ v, (q, k, v, weights)


def attention_backward(dout, cache):
    q, k, v, weights = cache
    dv = weights.T @ dout
    dweights = dout @ v.T
    dscores = weights * (dweights - np.sum(weights * dweights, axis=1, keepdims=True))
    dscores = dscores / q.shape[1]
    return dscores @ k, dscores.T @ q, dv


# %% wrong="the root of D is left out forward" points={"06_attention-forward": 1, "06_attention-backward": 1.5} says="out for q (4, 3), k (5, 3), v (5, 2) is wrong"
def attention_forward(q, k, v, mask=None):
    scores = q @ k.T
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    return weights @ v, (q, k, v, weights)


def attention_backward(dout, cache):
    q, k, v, weights = cache
    dv = weights.T @ dout
    dweights = dout @ v.T
    dscores = weights * (dweights - np.sum(weights * dweights, axis=1, keepdims=True))
    dscores = dscores / np.sqrt(q.shape[1])
    return dscores @ k, dscores.T @ q, dv


# %% wrong="the mask is ignored" warned="6.6" points={"06_attention-forward": 1.5, "06_attention-backward": 1.5} says="out is wrong"
def attention_forward(q, k, v, mask=None):
    scores = q @ k.T / np.sqrt(q.shape[1])
    if mask is not None:
        pass
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    return weights @ v, (q, k, v, weights)


def attention_backward(dout, cache):
    q, k, v, weights = cache
    dv = weights.T @ dout
    dweights = dout @ v.T
    dscores = weights * (dweights - np.sum(weights * dweights, axis=1, keepdims=True))
    dscores = dscores / np.sqrt(q.shape[1])
    return dscores @ k, dscores.T @ q, dv


# %% wrong="the mask is inverted" warned="6.6" points={"06_attention-forward": 1.5, "06_attention-backward": 1.5} says="out is wrong"
def attention_forward(q, k, v, mask=None):
    scores = q @ k.T / np.sqrt(q.shape[1])
    if mask is not None:
        scores = np.where(mask, -np.inf, scores)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    return weights @ v, (q, k, v, weights)


def attention_backward(dout, cache):
    q, k, v, weights = cache
    dv = weights.T @ dout
    dweights = dout @ v.T
    dscores = weights * (dweights - np.sum(weights * dweights, axis=1, keepdims=True))
    dscores = dscores / np.sqrt(q.shape[1])
    return dscores @ k, dscores.T @ q, dv


# %% wrong="-1e9 is added where masked" warned="6.6" points={"06_attention-forward": 2.5, "06_attention-backward": 5.5} says="out for q (4, 3), k (5, 3), v (5, 2), mask (4, 5) is wrong"
def attention_forward(q, k, v, mask=None):
    scores = q @ k.T / np.sqrt(q.shape[1])
    if mask is not None:
        scores = scores + np.where(mask, 0, -1e9)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    return weights @ v, (q, k, v, weights)


def attention_backward(dout, cache):
    q, k, v, weights = cache
    dv = weights.T @ dout
    dweights = dout @ v.T
    dscores = weights * (dweights - np.sum(weights * dweights, axis=1, keepdims=True))
    dscores = dscores / np.sqrt(q.shape[1])
    return dscores @ k, dscores.T @ q, dv


# %% wrong="masked scores are 0" warned="6.6" points={"06_attention-forward": 1.5, "06_attention-backward": 1.5} says="out is wrong"
def attention_forward(q, k, v, mask=None):
    scores = q @ k.T / np.sqrt(q.shape[1])
    if mask is not None:
        scores = scores * mask
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    return weights @ v, (q, k, v, weights)


def attention_backward(dout, cache):
    q, k, v, weights = cache
    dv = weights.T @ dout
    dweights = dout @ v.T
    dscores = weights * (dweights - np.sum(weights * dweights, axis=1, keepdims=True))
    dscores = dscores / np.sqrt(q.shape[1])
    return dscores @ k, dscores.T @ q, dv


# %% wrong="masked after softmax, without a new sum" warned="6.6" points={"06_attention-forward": 1.5, "06_attention-backward": 1.5} says="the sum along axis 0 should vanish and does not in yours: a contributi"
def attention_forward(q, k, v, mask=None):
    scores = q @ k.T / np.sqrt(q.shape[1])
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    weights = weights if mask is None else weights * mask
    return weights @ v, (q, k, v, weights)


def attention_backward(dout, cache):
    q, k, v, weights = cache
    dv = weights.T @ dout
    dweights = dout @ v.T
    dscores = weights * (dweights - np.sum(weights * dweights, axis=1, keepdims=True))
    dscores = dscores / np.sqrt(q.shape[1])
    return dscores @ k, dscores.T @ q, dv


# %% wrong="masked pairs leak 1e-6" warned="6.6" points={"06_attention-backward": 1.5} says="right to about 7 digits: somewhere backward computes in float32"
def attention_forward(q, k, v, mask=None):
    scores = q @ k.T / np.sqrt(q.shape[1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    out = weights @ v
    return out, (q, k, v, np.maximum(weights, 1e-6))


def attention_backward(dout, cache):
    q, k, v, weights = cache
    dv = weights.T @ dout
    dweights = dout @ v.T
    dscores = weights * (dweights - np.sum(weights * dweights, axis=1, keepdims=True))
    dscores = dscores / np.sqrt(q.shape[1])
    return dscores @ k, dscores.T @ q, dv


# %% wrong="exponentials without a shift" warned="6.6" points={"06_attention-forward": 2, "06_attention-backward": 5.5} says="out for q (4, 3), k (5, 3), v (5, 2)[0, 0] is nan"
def attention_forward(q, k, v, mask=None):
    scores = q @ k.T / np.sqrt(q.shape[1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = np.exp(scores)
    weights = weights / weights.sum(axis=1, keepdims=True)
    return weights @ v, (q, k, v, weights)


def attention_backward(dout, cache):
    q, k, v, weights = cache
    dv = weights.T @ dout
    dweights = dout @ v.T
    dscores = weights * (dweights - np.sum(weights * dweights, axis=1, keepdims=True))
    dscores = dscores / np.sqrt(q.shape[1])
    return dscores @ k, dscores.T @ q, dv


# %% wrong="softmax along the queries" points={"06_attention-forward": 0, "06_attention-backward": 0} says="the sum along axis 0 should vanish and does not in yours: a contributi"
def attention_forward(q, k, v, mask=None):
    scores = q @ k.T / np.sqrt(q.shape[1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=0, keepdims=True))
    weights = weights / weights.sum(axis=0, keepdims=True)
    return weights @ v, (q, k, v, weights)


def attention_backward(dout, cache):
    q, k, v, weights = cache
    dv = weights.T @ dout
    dweights = dout @ v.T
    dscores = weights * (dweights - np.sum(weights * dweights, axis=1, keepdims=True))
    dscores = dscores / np.sqrt(q.shape[1])
    return dscores @ k, dscores.T @ q, dv


# %% wrong="dv without the transpose's weights" points={"06_attention-backward": 3.5} says="dv is wrong"
def attention_forward(q, k, v, mask=None):
    scores = q @ k.T / np.sqrt(q.shape[1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    return weights @ v, (q, k, v, weights)


def attention_backward(dout, cache):
    q, k, v, weights = cache
    dv = np.full(weights.T.shape, 1 / weights.shape[1]) @ dout
    dweights = dout @ v.T
    dscores = weights * (dweights - np.sum(weights * dweights, axis=1, keepdims=True))
    dscores = dscores / np.sqrt(q.shape[1])
    return dscores @ k, dscores.T @ q, dv


# %% wrong="dq and dk exchanged" points={"06_attention-backward": 1} says="dk should have shape (2, 1),"
def attention_forward(q, k, v, mask=None):
    scores = q @ k.T / np.sqrt(q.shape[1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    return weights @ v, (q, k, v, weights)


def attention_backward(dout, cache):
    q, k, v, weights = cache
    dv = weights.T @ dout
    dweights = dout @ v.T
    dscores = weights * (dweights - np.sum(weights * dweights, axis=1, keepdims=True))
    dscores = dscores / np.sqrt(q.shape[1])
    return dscores.T @ q, dscores @ k, dv


# %% wrong="q is scaled in place" points={"06_attention-forward": 1, "06_attention-backward": 6.5} says="changed its argument"
def attention_forward(q, k, v, mask=None):
    q /= np.sqrt(q.shape[1])
    scores = q @ k.T
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    return weights @ v, (q, k, v, weights)


def attention_backward(dout, cache):
    q, k, v, weights = cache
    dv = weights.T @ dout
    dweights = dout @ v.T
    dscores = weights * (dweights - np.sum(weights * dweights, axis=1, keepdims=True))
    dscores = dscores / np.sqrt(q.shape[1])
    return dscores @ k, dscores.T @ q * np.sqrt(q.shape[1]), dv


# %% wrong="dout is changed in place" points={"06_attention-backward": 6.5} cause="mutated argument"
def attention_forward(q, k, v, mask=None):
    scores = q @ k.T / np.sqrt(q.shape[1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    return weights @ v, (q, k, v, weights)


def attention_backward(dout, cache):
    q, k, v, weights = cache
    dv = weights.T @ dout
    dout *= 2
    dweights = dout @ v.T / 2
    dscores = weights * (dweights - np.sum(weights * dweights, axis=1, keepdims=True))
    dscores = dscores / np.sqrt(q.shape[1])
    return dscores @ k, dscores.T @ q, dv
