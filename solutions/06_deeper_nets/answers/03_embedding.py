# %% right="a loop over all places"
def embedding_forward(ids, W):
    out = np.zeros((*ids.shape, W.shape[1]))
    for place in np.ndindex(ids.shape):
        out[place] = W[ids[place]]
    return out, (ids, W)


def embedding_backward(dout, cache):
    ids, W = cache
    dW = np.zeros_like(W)
    for place in np.ndindex(ids.shape):
        dW[ids[place]] += dout[place]
    return dW


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


# %% wrong="dW[ids] += dout: the last of equal words wins" warned="6.3" points={"03_embedding-values": 2.5} cause="overwritten"
def embedding_forward(ids, W):
    return W[ids], (ids, W.shape)


def embedding_backward(dout, cache):
    ids, shape = cache
    dW = np.zeros(shape)
    dW[ids] += dout
    return dW


# %% wrong="dW[ids] = dout" warned="6.3" points={"03_embedding-values": 2.5} cause="overwritten"
def embedding_forward(ids, W):
    return W[ids], (ids, W.shape)


def embedding_backward(dout, cache):
    ids, shape = cache
    dW = np.zeros(shape)
    dW[ids] = dout
    return dW


# %% wrong="the mean over the places of a word" points={"03_embedding-values": 2.5} cause="local derivative wrong"
def embedding_forward(ids, W):
    return W[ids], (ids, W.shape)


def embedding_backward(dout, cache):
    ids, shape = cache
    dW = np.zeros(shape)
    np.add.at(dW, ids, dout)
    dW /= np.maximum(np.bincount(ids.ravel(), minlength=len(dW)), 1)[:, np.newaxis]
    return dW


# %% wrong="the first of equal words wins" warned="6.3" points={"03_embedding-values": 2.5} cause="overwritten"
def embedding_forward(ids, W):
    return W[ids], (ids, W.shape)


def embedding_backward(dout, cache):
    ids, shape = cache
    dW = np.zeros(shape)
    _, first = np.unique(ids, return_index=True)
    dW[ids.ravel()[first]] = dout.reshape(-1, shape[1])[first]
    return dW


# %% wrong="only as many rows as there are words in ids" points={"03_embedding-values": 2.5} cause="wrong shape"
def embedding_forward(ids, W):
    return W[ids], (ids, W.shape)


def embedding_backward(dout, cache):
    ids, shape = cache
    dW = np.zeros((ids.max() + 1, shape[1]))
    np.add.at(dW, ids, dout)
    return dW


# %% wrong="begins with ones" points={"03_embedding-values": 2} cause="not proportional to the upstream gradient"
def embedding_forward(ids, W):
    return W[ids], (ids, W.shape)


def embedding_backward(dout, cache):
    ids, shape = cache
    dW = np.ones(shape)
    np.add.at(dW, ids, dout)
    return dW


# %% wrong="ignores dout: counts words" points={"03_embedding-values": 2} cause="upstream gradient ignored"
def embedding_forward(ids, W):
    return W[ids], (ids, W.shape)


def embedding_backward(dout, cache):
    ids, shape = cache
    dW = np.zeros(shape)
    np.add.at(dW, ids, 1.0)
    return dW


# %% wrong="only the first axis of ids" points={"03_embedding-values": 3} cause="zero in part"
def embedding_forward(ids, W):
    return W[ids], (ids, W.shape)


def embedding_backward(dout, cache):
    ids, shape = cache
    dW = np.zeros(shape)
    for n, word in enumerate(ids[0] if ids.ndim > 1 else ids):
        dW[word] += dout[0, n] if ids.ndim > 1 else dout[n]
    return dW


# %% wrong="counts words from 1" points={"03_embedding-values": 0.5} cause="off by one index"
def embedding_forward(ids, W):
    return W[ids - 1], (ids - 1, W.shape)


def embedding_backward(dout, cache):
    ids, shape = cache
    dW = np.zeros(shape)
    np.add.at(dW, ids, dout)
    return dW


# %% wrong="W is handed back" points={"03_embedding-values": 1.5} cause="wrong shape"
def embedding_forward(ids, W):
    return W[ids], (ids, W.shape)


def embedding_backward(dout, cache):
    ids, shape = cache
    dW = np.zeros(shape)
    np.add.at(dW, ids, dout)
    return dW[ids]
