# %% right="the sum, less twice what exceeds 1"
def xor_network():
    W1 = np.array([[1, 1], [1, 1]])
    return W1, np.array([0, -1]), np.array([1, -2]), 0


# %% right="one unit for each corner"
def xor_network():
    W1 = np.array([[1.0, -1.0], [-1.0, 1.0], [1.0, 1.0]])
    return W1, np.array([0.0, 0.0, -1.0]), np.array([1.0, 1.0, 0.0]), np.array(0.0)


# %% wrong="OR" of="the opposite" points={"08_networks-by-hand": 1.5} says="scores is wrong"
# ~     W1 = np.array([[1.0, [---]1.0], [[---]1.0, 1.0]])
# ~     return W1, np.[-zeros(2-]{+array([0.0, -1.0]+}), np.array([[---]1.0, -1.0]), [-1-]{+0+}.0
# %% wrong="AND" points={"08_networks-by-hand": 1.5} says="scores is wrong"
def xor_network():
    return np.array([[1.0, 1.0]]), np.array([-1.0]), np.array([1.0]), 0.0


# %% wrong="the opposite" points={"08_networks-by-hand": 1.5} says="scores is wrong"
def xor_network():
    W1 = np.array([[1.0, -1.0], [-1.0, 1.0]])
    return W1, np.zeros(2), np.array([-1.0, -1.0]), 1.0


# %% wrong="no hidden layer" of="AND" points={"08_networks-by-hand": 1.5} says="W1 should have shape (H, 2)"
# -     return np.array([[1.0, 1.0]]), np.array([-1.0]), np.array([1.0]), 0.0
# +     return np.array([1.0, 1.0]), np.zeros(1), np.ones(1), 0.0
