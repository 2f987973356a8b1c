# %% right="entry by entry"
def softmax_jacobian(z):
    e = np.exp(z - z.max())
    p = e / e.sum()
    C = len(p)
    return np.array([[p[i] * ((i == j) - p[j]) for j in range(C)] for i in range(C)])


# %% right="the identity minus the row of probabilities"
def softmax_jacobian(z):
    p = 1 / np.sum(np.exp(np.clip(z[np.newaxis, :] - z[:, np.newaxis], None, 700)), axis=1)
    return p[:, np.newaxis] * (np.eye(z.size) - p)


# %% wrong="overflows" of="a small number in the denominator" warned="3.9" points={"09_softmax_jacobian-values": 3} says="every value should be finite"
# ~     p = np.exp(z[- - z.max(-]{+) / np.sum(np.exp(z+}))
# -     p = p / (p.sum() + 1e-8)
# %% wrong="only the diagonal, as for a sigmoid" of="a vector times a vector is a number" warned="3.9" points={"09_softmax_jacobian-values": 0} says="jacobian is wrong in 6 of 9 entries"
# ~     return np.diag(p[-)-]{+ * (1+} - p[- @ p.T-]{+)) if len(p) > 1 else np.zeros((1, 1))+}
# %% wrong="the diagonal is forgotten" of="solution" points={"09_softmax_jacobian-values": 0} says="jacobian is wrong in 3 of 9 entries"
# ~     p = np.exp(z - [-np-]{+z+}.max([-z-]))
# ~     p = p / [-np-]{+p+}.sum([-p-])
# ~     return [-np.diag(p) - -]{+-+}np.outer(p, p)
# %% wrong="the sign" of="a vector times a vector is a number" points={"09_softmax_jacobian-values": 0} says="yours -0.234375, expected 0.234375"
# ~     return{+ np.outer(p, p) -+} np.diag(p)[- - p @ p.T-]
# %% wrong="a vector times a vector is a number" of="solution" points={"09_softmax_jacobian-values": 0} says="jacobian is wrong in"
# ~     p = np.exp(z - [-np-]{+z+}.max([-z-]))
# ~     p = p / [-np-]{+p+}.sum([-p-])
# ~     return np.diag(p) - [-np.outer(p, p)-]{+p @ p.T+}
# %% wrong="a small number in the denominator" of="solution" points={"09_softmax_jacobian-values": 0} says="jacobian is wrong in"
# ~     p = np.exp(z - [-np-]{+z+}.max([-z-]))
# ~     p = p / [-np-]{+(p+}.sum([-p)-]{+) + 1e-8)+}
# %% wrong="shifts z in place" of="shifted by the smallest score: infinite where the scores lie far apart" points={"09_softmax_jacobian-values": 3.5} says="in place"
#   def softmax_jacobian(z):
# +     if z.dtype == float:
# +         z -= z.max()
# ~     p = np.exp(z[- - z.min())-]{+)+}
# %% wrong="measured by differences" points={"09_softmax_jacobian-values": 2} says="jacobian is wrong in"
def softmax_jacobian(z):
    def softmax(z):
        e = np.exp(z - z.max())
        return e / e.sum()

    columns = []
    for j in range(len(z)):
        step = np.zeros(len(z))
        step[j] = 1e-5
        columns.append((softmax(z + step) - softmax(z - step)) / 2e-5)
    return np.stack(columns, axis=-1)


# %% wrong="shifted by the smallest score: infinite where the scores lie far apart" of="solution" points={"09_softmax_jacobian-values": 3} says="every value should be finite"
# ~     p = np.exp(z - [-np.max(z-]{+z.min(+}))
# ~     p = p / [-np-]{+p+}.sum([-p-])
