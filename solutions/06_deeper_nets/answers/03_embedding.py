# %% right="a loop over all places" of="solution"
#   def embedding_forward(ids, W):
# +     out = np.zeros((*ids.shape, W.shape[1]))
# +     for place in np.ndindex(ids.shape):
# +         out[place] = W[ids[place]]
# ~     return [-W[ids]-]{+out+}, (ids, W[-.shape-])
# ~     ids, [-shape-]{+W+} = cache
# ~     dW = np.[-zeros(shape-]{+zeros_like(W+})
# -     np.add.at(dW, ids, dout)
# +     for place in np.ndindex(ids.shape):
# +         dW[ids[place]] += dout[place]
# %% right="a product with a one-hot matrix"
def embedding_forward(ids, W):
    onehot = np.eye(len(W))[ids]
    return onehot @ W, onehot.reshape(-1, len(W))


def embedding_backward(dout, cache):
    return cache.T @ dout.reshape(len(cache), -1)


# %% right="np.bincount, column by column"
def embedding_forward(ids, W):
    return np.take(W, ids, axis=0), (ids.ravel(), len(W))


def embedding_backward(dout, cache):
    ids, rows = cache
    flat = dout.reshape(len(ids), -1)
    return np.column_stack([np.bincount(ids, weights=column, minlength=rows) for column in flat.T])


# %% wrong="dW[ids] += dout: the last of equal words wins" of="solution" warned="6.3" points={"03_embedding-values": 2.5} cause="overwritten"
# -     np.add.at(dW, ids, dout)
# +     dW[ids] += dout
# %% wrong="dW[ids] = dout" of="dW[ids] += dout: the last of equal words wins" warned="6.3" points={"03_embedding-values": 2.5} cause="overwritten"
# ~     dW[ids] [-+-]= dout
# %% wrong="the mean over the places of a word" of="solution" points={"03_embedding-values": 2.5} cause="local derivative wrong"
#       np.add.at(dW, ids, dout)
# +     dW /= np.maximum(np.bincount(ids.ravel(), minlength=len(dW)), 1)[:, np.newaxis]
# %% wrong="the first of equal words wins" of="solution" warned="6.3" points={"03_embedding-values": 2.5} cause="overwritten"
# -     np.add.at(dW, ids, dout)
# +     _, first = np.unique(ids, return_index=True)
# +     dW[ids.ravel()[first]] = dout.reshape(-1, shape[1])[first]
# %% wrong="only as many rows as there are words in ids" of="solution" points={"03_embedding-values": 2.5} cause="wrong shape"
# ~     dW = np.zeros({+(ids.max() + 1, +}shape[-)-]{+[1]))+}
# %% wrong="begins with ones" of="solution" points={"03_embedding-values": 2} cause="not proportional to the upstream gradient"
# ~     dW = np.[-zeros-]{+ones+}(shape)
# %% wrong="ignores dout: counts words" of="solution" points={"03_embedding-values": 2} cause="upstream gradient ignored"
# ~     np.add.at(dW, ids, [-dout-]{+1.0+})
# %% wrong="only the first axis of ids" of="solution" points={"03_embedding-values": 3} cause="zero in part"
# -     np.add.at(dW, ids, dout)
# +     for n, word in enumerate(ids[0] if ids.ndim > 1 else ids):
# +         dW[word] += dout[0, n] if ids.ndim > 1 else dout[n]
# %% wrong="counts words from 1" of="solution" points={"03_embedding-values": 0.5} cause="off by one index"
# ~     return W[ids{+ - 1+}], (ids{+ - 1+}, W.shape)
# %% wrong="W is handed back" of="solution" points={"03_embedding-values": 1.5} cause="wrong shape"
# ~     return dW{+[ids]+}
