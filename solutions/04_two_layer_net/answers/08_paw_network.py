# %% right="four units, other scales"
def paw_network():
    W1 = np.array([[-2], [2], [1], [0]])
    return W1, np.array([1, -1, -3, 0]), np.array([1.0, 1.0, 7.0, 0.0]), -0.5


# %% right="a tent turned upside down"
def paw_network():
    return np.array([[1.0], [1.0]]), np.array([0.0, -0.5]), np.array([[-2.0, 4.0]]), np.array([0.5])


# %% wrong="both units report white" of="a tent turned upside down" points={"08_networks-by-hand": 1.5} says="scores is wrong"
# -     return np.array([[1.0], [1.0]]), np.array([0.0, -0.5]), np.array([[-2.0, 4.0]]), np.array([0.5])
# +     return np.array([[1.0], [1.0]]), np.array([0.5, -0.5]), np.array([2.0, 2.0]), -0.5
# %% wrong="the offset is forgotten" of="a tent turned upside down" points={"08_networks-by-hand": 1.5} says="scores is wrong"
# -     return np.array([[1.0], [1.0]]), np.array([0.0, -0.5]), np.array([[-2.0, 4.0]]), np.array([0.5])
# +     return np.array([[-1.0], [1.0]]), np.array([0.5, -0.5]), np.array([2.0, 2.0]), 0.0
# %% wrong="the signs of the biases" of="a tent turned upside down" points={"08_networks-by-hand": 1.5} says="scores is wrong"
# -     return np.array([[1.0], [1.0]]), np.array([0.0, -0.5]), np.array([[-2.0, 4.0]]), np.array([0.5])
# +     return np.array([[-1.0], [1.0]]), np.array([-0.5, 0.5]), np.array([2.0, 2.0]), -0.5
# %% wrong="W1 as a row" of="a tent turned upside down" points={"08_networks-by-hand": 1.5} says="W1 should have shape (H, 1)"
# -     return np.array([[1.0], [1.0]]), np.array([0.0, -0.5]), np.array([[-2.0, 4.0]]), np.array([0.5])
# +     return np.array([[-1.0, 1.0]]), np.array([0.5, -0.5]), np.array([2.0, 2.0]), -0.5
