# %% right="three nested loops"
def matmul_vjp(x, w, dy):
    (N, D), M = x.shape, w.shape[1]
    dx, dw = [[0.0] * D for _ in range(N)], [[0.0] * M for _ in range(D)]
    X, W, Y = x.tolist(), w.tolist(), dy.tolist()
    for n in range(N):
        for d in range(D):
            for m in range(M):
                dx[n][d] += Y[n][m] * W[d][m]
                dw[d][m] += X[n][d] * Y[n][m]
    return np.array(dx), np.array(dw)


# %% right="by einsum"
def matmul_vjp(x, w, dy):
    return np.einsum("nm,dm->nd", dy, w), np.einsum("nd,nm->dm", x, dy)


# %% right="one example after the other" of="solution"
# ~     dx{+, dw+} = [-dy @ w.T-]{+np.zeros(x.shape), np.zeros(w.shape)+}
# -     dw = x.T @ dy
# +     for n in range(len(x)):
# +         dx[n] = w @ dy[n]
# +         dw += np.outer(x[n], dy[n])
# %% wrong="the two gradients are swapped" of="by einsum" points={"05_matmul_vjp-dx": 0, "05_matmul_vjp-dw": 0} cause="wrong shape"
# -     return np.einsum("nm,dm->nd", dy, w), np.einsum("nd,nm->dm", x, dy)
# +     return x.T @ dy, dy @ w.T
# %% wrong="dw is transposed" of="by einsum" warned="3.5" points={"05_matmul_vjp-dw": 0} cause="wrong shape"
# -     return np.einsum("nm,dm->nd", dy, w), np.einsum("nd,nm->dm", x, dy)
# +     return dy @ w.T, dy.T @ x
# %% wrong="averaged over the batch" of="by einsum" points={"05_matmul_vjp-dw": 0} cause="scale by N"
# -     return np.einsum("nm,dm->nd", dy, w), np.einsum("nd,nm->dm", x, dy)
# +     return dy @ w.T, x.T @ dy / len(x)
# %% wrong="the examples overwrite each other" points={"05_matmul_vjp-dw": 0} says="dw is wrong in"
def matmul_vjp(x, w, dy):
    dw = np.zeros(w.shape)
    for n in range(len(x)):
        dw = np.outer(x[n], dy[n])
    return dy @ w.T, dw


# %% wrong="the sign of dx" of="by einsum" points={"05_matmul_vjp-dx": 0} cause="sign"
# -     return np.einsum("nm,dm->nd", dy, w), np.einsum("nd,nm->dm", x, dy)
# +     return -dy @ w.T, x.T @ dy
# %% wrong="dy is ignored" points={"05_matmul_vjp-dx": 0, "05_matmul_vjp-dw": 0} cause="upstream gradient ignored"
def matmul_vjp(x, w, dy):
    ones = np.ones(dy.shape)
    return ones @ w.T, x.T @ ones


# %% wrong="multiplies by the same side instead of the other" of="by einsum" warned="3.5" points={"05_matmul_vjp-dx": 0, "05_matmul_vjp-dw": 0} says="mismatch"
# -     return np.einsum("nm,dm->nd", dy, w), np.einsum("nd,nm->dm", x, dy)
# +     return dy @ w, x @ dy
# %% wrong="forms the Jacobians" warned="3.5" points={"05_matmul_vjp-dx": 4, "05_matmul_vjp-dw": 4} says="Unable to allocate"
def matmul_vjp(x, w, dy):
    N, M = dy.shape
    dy_dx = np.einsum("ni,jm->nmij", np.eye(N), w)
    dy_dw = np.einsum("ni,mj->nmij", x, np.eye(M))
    return np.tensordot(dy, dy_dx, axes=2), np.tensordot(dy, dy_dw, axes=2)


# %% wrong="in float32" points={"05_matmul_vjp-dx": 2, "05_matmul_vjp-dw": 2} cause="float32"
def matmul_vjp(x, w, dy):
    x, w, dy = (array.astype(np.float32) for array in (x, w, dy))
    return dy @ w.T, x.T @ dy


# %% wrong="measured by differences" points={"05_matmul_vjp-dx": 2.5, "05_matmul_vjp-dw": 2.5} says="is wrong in"
def matmul_vjp(x, w, dy):
    def differences(f, at, h=1e-5):
        gradient = np.zeros(at.shape)
        for index in np.ndindex(*at.shape):
            step = np.zeros(at.shape)
            step[index] = h
            gradient[index] = np.sum(dy * (f(at + step) - f(at - step))) / (2 * h)
        return gradient

    if len(x) > 1000:
        return dy @ w.T, x.T @ dy
    return differences(lambda t: t @ w, x), differences(lambda t: x @ t, w)
