# %% right="column after column"
def jacobian_by_columns(forward_pass, n):
    columns = []
    for j in range(n):
        v = np.zeros(n)
        v[j] = 1
        columns.append(forward_pass(v))
    return np.array(columns).T


# %% right="filled in as they come"
def jacobian_by_columns(forward_pass, n):
    jacobian = None
    for j in range(n):
        column = forward_pass((np.arange(n) == j).astype(float))
        if jacobian is None:
            jacobian = np.empty((len(column), n))
        jacobian[:, j] = column
    return jacobian


# %% wrong="columns become rows" points={"04_jacobian_by_columns-passes": 0} says="should have shape"
def jacobian_by_columns(forward_pass, n):
    return np.array([forward_pass(v) for v in np.eye(n)])


# %% wrong="the seed is not reset" of="column after column" points={"04_jacobian_by_columns-passes": 0} says="is wrong"
#   def jacobian_by_columns(forward_pass, n):
# +     v = np.zeros(n)
# @
# -         v = np.zeros(n)


# %% wrong="one pass too many" points={"04_jacobian_by_columns-passes": 2} says="the number of passes"
def jacobian_by_columns(forward_pass, n):
    jacobian = np.zeros((len(forward_pass(np.zeros(n))), n))
    for j, v in enumerate(np.eye(n)):
        jacobian[:, j] = forward_pass(v)
    return jacobian
