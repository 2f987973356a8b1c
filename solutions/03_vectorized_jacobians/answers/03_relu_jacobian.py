# %% right="entry by entry"
def relu_jacobian(x):
    jacobian = np.zeros((len(x), len(x)))
    for i in range(len(x)):
        if x[i] > 0:
            jacobian[i, i] = 1
    return jacobian


# %% right="the identity without some rows, the slope at 0 being 1" of="solution"
# -     return np.diag(np.where(x > 0, 1.0, 0.0))
# +     return np.eye(len(x)) * (x >= 0)[:, np.newaxis]
# %% wrong="only the diagonal" of="solution" points={"03_relu_jacobian-values": 0} says="should have shape (4, 4), yours has (4,)"
# ~     return [-np.diag(-]np.where(x > 0, 1.0, 0.0)[-)-]
# %% wrong="the values instead of the slopes" of="solution" points={"03_relu_jacobian-values": 0} says="jacobian is wrong in 1 of 16 entries"
# ~     return np.diag(np.[-where(x > 0, 1.0-]{+maximum(x+}, 0[-.0-]))
# %% wrong="whole rows of ones" of="solution" points={"03_relu_jacobian-values": 0} says="jacobian is wrong in 6 of 16 entries"
# -     return np.diag(np.where(x > 0, 1.0, 0.0))
# +     return np.outer(x > 0, np.ones(len(x)))
# %% wrong="truth values instead of numbers" of="solution" warned="3.3" points={"03_relu_jacobian-values": 0} says="should hold real numbers, not dtype bool"
# ~     return np.diag([-np.where(-]x > 0[-, 1.0, 0.0))-]{+)+}
