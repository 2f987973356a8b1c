# %% base="as most write it"
def squared_norm(W, x):
    q = W @ x
    return q @ q, np.outer(2 * q, x), W.T @ (2 * q)


# %% right="by indices, as in the derivation"
def squared_norm(W, x):
    M, D = W.shape
    q = [sum(W[i, j] * x[j] for j in range(D)) for i in range(M)]
    dW, dx = np.zeros((M, D)), np.zeros(D)
    for i in range(M):
        for j in range(D):
            dW[i, j] = 2 * q[i] * x[j]
            dx[j] += 2 * q[i] * W[i, j]
    return sum(value**2 for value in q), dW, dx


# %% right="columns and rows as matrices"
def squared_norm(W, x):
    column = x.reshape(-1, 1)
    dq = 2 * (W @ column)
    return (dq.T @ dq).item() / 4, dq @ column.T, (W.T @ dq).ravel()


# %% right="without q: the quadratic form"
def squared_norm(W, x):
    A = W.T @ W
    return x @ A @ x, 2 * np.einsum("ij,j,k->ik", W, x, x), 2 * A @ x


# %% wrong="the factor 2 is missing" of="as most write it" points={"04_squared_norm-gradients": 0} cause="factor 2"
# ~     return q @ q, np.outer([-2 * -]q, x), W.T @ [-(2 * q)-]{+q+}
# %% wrong="the factor 2 is missing in dx" of="as most write it" points={"04_squared_norm-gradients": 3.5} cause="factor 2"
# ~     return q @ q, np.outer(2 * q, x), W.T @ [-(2 * q)-]{+q+}
# %% wrong="dW is transposed" of="as most write it" warned="3.4" points={"04_squared_norm-gradients": 3.5} cause="wrong shape"
# ~     return q @ q, np.outer({+x, +}2 * q[-, x-]), W.T @ (2 * q)
# %% wrong="W is not transposed for dx" of="as most write it" points={"04_squared_norm-value": 1, "04_squared_norm-gradients": 1} says="ValueError"
# ~     return q @ q, np.outer(2 * q, x), W[-.T-] @ (2 * q)
# %% wrong="the norm, not squared" of="as most write it" points={"04_squared_norm-value": 0} says="f is wrong: yours"
# ~     return {+np.sqrt(+}q @ q{+)+}, np.outer(2 * q, x), W.T @ (2 * q)
# %% wrong="the sign of dW" of="as most write it" points={"04_squared_norm-gradients": 3.5} cause="sign"
# ~     return q @ q, {+-+}np.outer(2 * q, x), W.T @ (2 * q)
# %% wrong="dW gets the sum of q in every row" of="as most write it" points={"04_squared_norm-gradients": 3.5} says="dW is wrong in"
# ~     return q @ q, np.outer({+np.full(len(q), np.sum(+}2 * q{+))+}, x), W.T @ (2 * q)
# %% wrong="dx as a column" of="as most write it" warned="3.4" points={"04_squared_norm-gradients": 3.5} cause="wrong shape"
# ~     return q @ q, np.outer(2 * q, x), {+(+}W.T @ (2 * q){+).reshape(-1, 1)+}
# %% wrong="measured by differences" points={"04_squared_norm-gradients": 2} says="is wrong in"
def squared_norm(W, x):
    def value(W, x):
        return np.sum((W @ x) ** 2)

    def differences(f, at, h=1e-5):
        gradient = np.zeros(at.shape)
        for index in np.ndindex(*at.shape):
            step = np.zeros(at.shape)
            step[index] = h
            gradient[index] = (f(at + step) - f(at - step)) / (2 * h)
        return gradient

    return value(W, x), differences(lambda t: value(t, x), W), differences(lambda t: value(W, t), x)
