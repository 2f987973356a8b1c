# %% right="the bias is what becomes of 0"
def collapse_biases(W1, b1, W2, b2):
    def both(x):
        return W2.dot(W1.dot(x) + b1) + b2

    b = both(np.zeros(W1.shape[1]))
    return np.column_stack([both(row) - b for row in np.eye(W1.shape[1])]), b


# %% right="with a row of ones for the bias"
def collapse_biases(W1, b1, W2, b2):
    whole = W2 @ np.column_stack([W1, b1])
    return whole[:, :-1], whole[:, -1] + b2


# %% wrong="the biases are added up" of="solution" points={"08_collapse_biases-values": 0} says="b"
# ~     return W2 @ W1, [-W2 @ b1-]{+b1.sum()+} + b2
# %% wrong="the first bias is lost" of="solution" points={"08_collapse_biases-values": 0} says="b is wrong"
# ~     return W2 @ W1, [-W2 @ b1 + -]b2
# %% wrong="the second bias is lost" of="solution" points={"08_collapse_biases-values": 0} says="b is wrong"
# ~     return W2 @ W1, W2 @ b1[- + b2-]
# %% wrong="the second bias goes through the matrix, too" of="solution" points={"08_collapse_biases-values": 0} says="b is wrong"
# ~     return W2 @ W1, W2 @ {+(+}b1 + b2{+)+}
# %% wrong="the bias as a column" of="solution" points={"08_collapse_biases-values": 0} says="b should have shape"
# ~     return W2 @ W1, {+(+}W2 @ b1 + b2{+)[:, np.newaxis]+}
# %% wrong="in the order of reading" of="solution" points={"08_collapse_biases-values": 0} says="Error"
# -     return W2 @ W1, W2 @ b1 + b2
# +     return W1 @ W2, W1 @ b2 + b1
