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


# %% wrong="softmax's own coupling is left out" of="solution" points={"06_attention-backward": 1.5} says="softmax's own coupling is missing"
# -     dscores = weights * (dweights - np.sum(weights * dweights, axis=1, keepdims=True))
# +     dscores = weights * dweights
# %% wrong="softmax taken for a sigmoid" of="solution" points={"06_attention-backward": 1.5} says="the sum along axis 0 should vanish and does not in yours"
# -     dscores = weights * (dweights - np.sum(weights * dweights, axis=1, keepdims=True))
# +     dscores = weights * (1 - weights) * dweights
# %% wrong="the sum over queries instead of keys" of="solution" points={"06_attention-backward": 1.5} says="the sum along axis 0 should vanish and does not in yours"
# ~     dscores = weights * (dweights - np.sum(weights * dweights, axis=[-1-]{+0+}, keepdims=True))
# %% wrong="the plain mean instead of the weighted one" of="solution" points={"06_attention-backward": 1.5} says="the sum along axis 0 should vanish and does not in yours"
# ~     dscores = weights * (dweights - np.[-sum(weights * -]{+mean(+}dweights, axis=1, keepdims=True))
# %% wrong="the root of D is left out backward" of="solution" points={"06_attention-backward": 2.5} says="yours is 1.73205 x the numerical gradient in every entry"
# -     dscores = dscores / np.sqrt(q.shape[1])
# %% wrong="divided by D" of="solution" points={"06_attention-backward": 2.5} says="yours is 0.57735 x the numerical gradient in every entry"
# ~     dscores = dscores / [-np.sqrt(-]q.shape[1][-)-]
# %% wrong="the root of D is left out forward" of="solution" points={"06_attention-forward": 1, "06_attention-backward": 1.5} says="out for q (4, 3), k (5, 3), v (5, 2) is wrong"
# -     scores = q @ k.T / np.sqrt(q.shape[1])
# +     scores = q @ k.T
# %% wrong="the mask is ignored" of="solution" warned="6.6" points={"06_attention-forward": 1.5, "06_attention-backward": 1.5} says="out is wrong"
# -         scores = np.where(mask, scores, -np.inf)
# +         pass
# %% wrong="the mask is inverted" of="solution" warned="6.6" points={"06_attention-forward": 1.5, "06_attention-backward": 1.5} says="out is wrong"
# ~         scores = np.where(mask, [-scores, -]-np.inf{+, scores+})
# %% wrong="-1e9 is added where masked" of="solution" warned="6.6" points={"06_attention-forward": 2.5, "06_attention-backward": 5.5} says="out for q (4, 3), k (5, 3), v (5, 2), mask (4, 5) is wrong"
# ~         scores ={+ scores ++} np.where(mask, [-scores-]{+0+}, -[-np.inf-]{+1e9+})
# %% wrong="masked scores are 0" of="solution" warned="6.6" points={"06_attention-forward": 1.5, "06_attention-backward": 1.5} says="out is wrong"
# -         scores = np.where(mask, scores, -np.inf)
# +         scores = scores * mask
# %% wrong="masked after softmax, without a new sum" of="solution" warned="6.6" points={"06_attention-forward": 1.5, "06_attention-backward": 1.5} says="the sum along axis 0 should vanish and does not in yours"
# -     if mask is not None:
# -         scores = np.where(mask, scores, -np.inf)
# @
#       weights = weights / weights.sum(axis=1, keepdims=True)
# +     weights = weights if mask is None else weights * mask
# %% wrong="masked pairs leak 1e-6" of="solution" warned="6.6" points={"06_attention-backward": 1.5} says="right to about 7 digits: somewhere backward computes in float32"
#       weights = weights / weights.sum(axis=1, keepdims=True)
# +     out = weights @ v
# ~     return [-weights @ v-]{+out+}, (q, k, v, {+np.maximum(+}weights[-)-]{+, 1e-6))+}
# %% wrong="exponentials without a shift" of="solution" warned="6.6" points={"06_attention-forward": 1.5, "06_attention-backward": 5.5} says="entry [0, 0] of out for q (4, 3), k (5, 3), v (5, 2) is nan"
# -     weights = np.exp(scores - scores.max(axis=1, keepdims=True))
# +     weights = np.exp(scores)
# %% wrong="softmax along the queries" of="solution" points={"06_attention-forward": 0, "06_attention-backward": 0} says="the sum along axis 0 should vanish and does not in yours"
# ~     weights = np.exp(scores - scores.max(axis=[-1-]{+0+}, keepdims=True))
# ~     weights = weights / weights.sum(axis=[-1-]{+0+}, keepdims=True)
# %% wrong="dv without the transpose's weights" of="solution" points={"06_attention-backward": 3.5} says="dv is wrong"
# ~     dv = {+np.full(+}weights.T{+.shape, 1 / weights.shape[1])+} @ dout
# %% wrong="dq and dk exchanged" of="solution" points={"06_attention-backward": 1} says="dk should have shape (2, 1),"
# ~     return[- dscores @ k,-] dscores.T @ q, {+dscores @ k, +}dv
# %% wrong="q is scaled in place" of="the root of D is left out forward" points={"06_attention-forward": 1, "06_attention-backward": 6.5} says="changed its argument"
#   def attention_forward(q, k, v, mask=None):
# +     q /= np.sqrt(q.shape[1])
# ~     return dscores @ k, dscores.T @ q{+ * np.sqrt(q.shape[1])+}, dv
# %% wrong="dout is changed in place" of="solution" points={"06_attention-backward": 6.5} cause="mutated argument"
#       dv = weights.T @ dout
# +     dout *= 2
# ~     dweights = dout @ v.T{+ / 2+}
# %% wrong="-1e9 stands in for what is masked" of="solution" warned="6.6" points={"06_attention-forward": 2.5} says="out for q"
# ~         scores = np.where(mask, scores, -[-np.inf-]{+1e9+})
