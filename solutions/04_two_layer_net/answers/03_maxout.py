# %% right="the other map wins a tie"
def maxout_forward(x, w1, b1, w2, b2):
    both = np.stack([x.dot(w1) + b1, x.dot(w2) + b2])
    return both.max(axis=0), {"x": x, "w": (w1, w2), "second": both[1] >= both[0]}


def maxout_backward(dout, cache):
    x, (w1, w2), second = cache["x"], cache["w"], cache["second"]
    d1, d2 = np.where(second, 0, dout), np.where(second, dout, 0)
    return d1.dot(w1.T) + d2.dot(w2.T), x.T.dot(d1), np.sum(d1, 0), x.T.dot(d2), np.sum(d2, 0)


# %% right="a tie is shared evenly, in loops"
def maxout_forward(x, w1, b1, w2, b2):
    a, b = x @ w1 + b1, x @ w2 + b2
    return np.where(a > b, a, b), (x, w1, w2, a, b)


def maxout_backward(dout, cache):
    x, w1, w2, a, b = cache
    dx, dw1, dw2 = np.zeros(x.shape), np.zeros(w1.shape), np.zeros(w2.shape)
    db1, db2 = np.zeros(w1.shape[1]), np.zeros(w2.shape[1])
    for n in range(len(x)):
        for m in range(len(db1)):
            share = 0.5 if a[n, m] == b[n, m] else float(a[n, m] > b[n, m])
            d1, d2 = share * dout[n, m], (1 - share) * dout[n, m]
            dx[n] += d1 * w1[:, m] + d2 * w2[:, m]
            dw1[:, m] += d1 * x[n]
            dw2[:, m] += d2 * x[n]
            db1[m] += d1
            db2[m] += d2
    return dx, dw1, db1, dw2, db2


# %% wrong="a tie is counted twice" of="solution" points={"03_maxout-values": 2} says="db1 and db2 together"
# ~     return np.maximum(first, second), (x, w1, w2, first >= second{+, second >= first+})
# ~     x, w1, w2, first_wins{+, second_wins+} = cache
# ~     d1, d2 = dout * first_wins, dout * [-~first_wins-]{+second_wins+}
# %% wrong="only one path into x" of="solution" points={"03_maxout-values": 1.5} says="dx"
# ~     x, w1, [-w2-]{+_w2+}, first_wins = cache
# ~     dx = d1 @ w1.T[- + d2 @ w2.T-]
# %% wrong="the second path overwrites the first" of="solution" points={"03_maxout-values": 1.5} says="dx"
#       d1, d2 = dout * first_wins, dout * ~first_wins
# +     dx = d1 @ w1.T
# ~     dx =[- d1 @ w1.T +-] d2 @ w2.T
# %% wrong="no routing: both maps get all" of="solution" points={"03_maxout-values": 0.5} says="dx"
# ~     x, w1, w2, [-first_wins-]{+_first_wins+} = cache
# -     d1, d2 = dout * first_wins, dout * ~first_wins
# +     d1, d2 = dout, dout
# %% wrong="the maps are exchanged backwards" of="solution" points={"03_maxout-values": 1} says="dx"
# ~     [-d1, d2-]{+d2, d1+} = dout * first_wins, dout * ~first_wins
# %% wrong="the minimum" of="solution" points={"03_maxout-values": 1.5} says="out"
# ~     return np.[-maximum-]{+minimum+}(first, second), (x, w1, w2, first >= second)
# %% wrong="biases of shape (1, M)" of="solution" points={"03_maxout-values": 2} cause="wrong shape"
# ~     return dx, x.T @ d1, d1.sum(axis=0{+, keepdims=True+}), x.T @ d2, d2.sum(axis=0{+, keepdims=True+})
# %% wrong="the biases are forgotten" of="solution" points={"03_maxout-values": 1} says="out"
# ~     first, second = x @ w1[- + b1-], x @ w2[- + b2-]
# %% wrong="the mask is taken from dout" of="solution" points={"03_maxout-values": 1} cause="mask from the wrong tensor"
# ~     x, w1, w2, [-first_wins-]{+_first_wins+} = cache
# ~     d1, d2 = dout * [-first_wins-]{+(dout > 0)+}, dout * [-~first_wins-]{+(dout <= 0)+}
# %% wrong="dout is changed in place" of="solution" points={"03_maxout-values": 2} says="changed its argument `dout`"
#       dx = d1 @ w1.T + d2 @ w2.T
# +     dout *= first_wins
