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


# %% wrong="columns become rows" of="solution" points={"04_jacobian_by_columns-passes": 0} says="should have shape"
# ~     return np.[-stack-]{+array+}([forward_pass(v) for v in np.eye(n)][-, axis=1-])
# %% wrong="the seed is not reset" of="column after column" points={"04_jacobian_by_columns-passes": 0} says="is wrong"
#   def jacobian_by_columns(forward_pass, n):
# +     v = np.zeros(n)
# -         v = np.zeros(n)
# %% wrong="one pass too many" points={"04_jacobian_by_columns-passes": 2} warned="5.4" says="yours makes"
def jacobian_by_columns(forward_pass, n):
    jacobian = np.zeros((len(forward_pass(np.zeros(n))), n))
    for j, v in enumerate(np.eye(n)):
        jacobian[:, j] = forward_pass(v)
    return jacobian
