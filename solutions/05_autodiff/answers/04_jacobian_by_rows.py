# %% right="row after row"
def jacobian_by_rows(reverse_pass, m):
    rows = []
    for i in range(m):
        u = np.zeros(m)
        u[i] = 1
        rows.append(reverse_pass(u))
    return np.array(rows)


# %% right="stacked" of="solution"
# -     return np.stack([reverse_pass(u) for u in np.eye(m)])
# +     return np.vstack(list(map(reverse_pass, np.identity(m))))
# %% wrong="rows become columns" of="solution" points={"04_jacobian_by_rows-passes": 0} says="should have shape"
# ~     return np.[-stack-]{+array+}([reverse_pass(u) for u in np.eye(m)]){+.T+}
# %% wrong="all outputs at once" of="solution" points={"04_jacobian_by_rows-passes": 0} says="is wrong"
# -     return np.stack([reverse_pass(u) for u in np.eye(m)])
# +     return np.array([reverse_pass(np.ones(m))] * m)
# %% wrong="one pass too many" points={"04_jacobian_by_rows-passes": 2} warned="5.4" says="yours makes"
def jacobian_by_rows(reverse_pass, m):
    jacobian = np.zeros((m, len(reverse_pass(np.zeros(m)))))
    for i, u in enumerate(np.eye(m)):
        jacobian[i] = reverse_pass(u)
    return jacobian
