# %% right="a sum of outer products" of="solution"
# -         return np.outer(dh, x)
# +         x, dh = x[np.newaxis], dh[np.newaxis]
# ~     return [-dh.T @ x-]{+sum(np.outer(upstream, example) for upstream, example in zip(dh, x, strict=True))+}
# %% right="one example is a batch of one"
def linear_dW(x, dh):
    return np.atleast_2d(dh).T @ np.atleast_2d(x)


# %% right="by einsum" of="one example is a batch of one"
# ~     return{+ np.einsum("nm,nd->md",+} np.atleast_2d(dh)[-.T @-]{+,+} np.atleast_2d(x){+)+}
# %% wrong="the mean over the batch" warned="3.7" points={"07_linear_dW-values": 2} cause="scale by N"
def linear_dW(x, dh):
    x, dh = np.atleast_2d(x), np.atleast_2d(dh)
    return dh.T @ x / len(x)


# %% wrong="transposed, as if W stood on the right" of="one example is a batch of one" warned="3.7" points={"07_linear_dW-values": 0} cause="wrong shape"
# ~     return np.atleast_2d([-dh-]{+x+}).T @ np.atleast_2d([-x-]{+dh+})
# %% wrong="the examples overwrite each other" of="solution" warned="3.7" points={"07_linear_dW-values": 2} says="dW is wrong in"
#           return np.outer(dh, x)
# +     for upstream, example in zip(dh, x, strict=True):
# +         dW = np.outer(upstream, example)
# ~     return [-dh.T @ x-]{+dW+}
# %% wrong="one gradient for each example, not added up" of="solution" points={"07_linear_dW-values": 2} cause="wrong shape"
# ~     return [-dh.T @ x-]{+np.einsum("nm,nd->nmd", dh, x)+}
# %% wrong="the outer product of the flattened batch" of="one example is a batch of one" points={"07_linear_dW-values": 2} cause="wrong shape"
# -     return np.atleast_2d(dh).T @ np.atleast_2d(x)
# +     return np.outer(dh, x)
# %% wrong="only the first example" of="one example is a batch of one" points={"07_linear_dW-values": 2} says="dW is wrong in"
# ~     return {+np.outer(+}np.atleast_2d(dh)[-.T @-]{+[0],+} np.atleast_2d(x){+[0])+}
# %% wrong="sums before it multiplies" of="one example is a batch of one" points={"07_linear_dW-values": 2} says="dW is wrong in"
# ~     return {+np.outer(+}np.atleast_2d(dh).[-T @-]{+sum(axis=0),+} np.atleast_2d(x){+.sum(axis=0))+}
