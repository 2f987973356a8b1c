# %% right="by columns"
def collapse(W1, W2):
    return np.column_stack([W2 @ column for column in W1.T])


# %% right="by einsum"
def collapse(W1, W2):
    return np.einsum("ch,hd->cd", W2, W1)


# %% wrong="in the order of reading" points={"08_collapse-values": 0} says="Error"
def collapse(W1, W2):
    return W1 @ W2


# %% wrong="transposed, as for rows" points={"08_collapse-values": 0} says="W should have shape"
def collapse(W1, W2):
    return W1.T @ W2.T


# %% wrong="entry by entry" points={"08_collapse-values": 0} says="W"
def collapse(W1, W2):
    return W2 * W1.sum(axis=1)
