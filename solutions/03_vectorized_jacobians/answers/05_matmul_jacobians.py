# %% right="by einsum"
def matmul_jacobians(x, w):
    N, M = len(x), w.shape[1]
    return np.einsum("ni,jm->nmij", np.eye(N), w), np.einsum("ni,mj->nmij", x, np.eye(M))


# %% right="all four indices, one entry at a time"
def matmul_jacobians(x, w):
    (N, D), M = x.shape, w.shape[1]
    dy_dx = np.array(
        [[[[w[j, m] * (i == n) for j in range(D)] for i in range(N)] for m in range(M)] for n in range(N)]
    )
    dy_dw = np.array(
        [[[[x[n, i] * (j == m) for j in range(M)] for i in range(D)] for m in range(M)] for n in range(N)]
    )
    return dy_dx, dy_dw


# %% right="the product of unit matrices, since y is linear in x and in w"
def matmul_jacobians(x, w):
    (N, D), M = x.shape, w.shape[1]
    units_of_x = np.eye(N * D).reshape(N, D, N, D)
    units_of_w = np.eye(D * M).reshape(D, M, D, M)
    dy_dx = np.tensordot(units_of_x, w, axes=(1, 0)).transpose(0, 3, 1, 2)
    dy_dw = np.tensordot(x, units_of_w, axes=(1, 0))
    return dy_dx, dy_dw


# %% wrong="the transposed layout" of="by einsum" warned="3.5" points={"05_matmul_jacobians-values": 0} says="dy_dx should have shape (2, 4, 2, 3), yours has (2, 3, 2, 4)"
# ~     return np.einsum("ni,jm->[-nmij-]{+ijnm+}", np.eye(N), w), np.einsum("ni,mj->[-nmij-]{+ijnm+}", x, np.eye(M))
# %% wrong="no zeros in dy_dx: every row of x reaches every row of y" of="by einsum" warned="3.5" points={"05_matmul_jacobians-values": 2.5} says="dy_dx[0, 1] is wrong in 3 of 6 entries"
# ~     return np.einsum("ni,jm->nmij", np.[-eye(N-]{+ones((N, N)+}), w), np.einsum("ni,mj->nmij", x, np.eye(M))
# %% wrong="matrices, as for one example" points={"05_matmul_jacobians-values": 0} says="dy_dx should have shape (2, 4, 2, 3), yours has (4, 3)"
def matmul_jacobians(x, w):
    return w.T, x.T


# %% wrong="flattened to matrices" of="matrices, as for one example" points={"05_matmul_jacobians-values": 0} says="dy_dx should have shape (2, 4, 2, 3), yours has (8, 6)"
# ~     return{+ np.kron(np.eye(len(x)),+} w.T[-, x.T-]{+), np.kron(x, np.eye(w.shape[1]))+}
# %% wrong="swapped" of="by einsum" points={"05_matmul_jacobians-values": 0} says="dy_dx should have shape (2, 4, 2, 3), yours has (2, 4, 3, 4)"
# -     return np.einsum("ni,jm->nmij", np.eye(N), w), np.einsum("ni,mj->nmij", x, np.eye(M))
# +     return np.einsum("ni,mj->nmij", x, np.eye(M)), np.einsum("ni,jm->nmij", np.eye(N), w)
# %% wrong="dy_dw holds the row of x in every column" of="by einsum" points={"05_matmul_jacobians-values": 2.5} says="dy_dw[1, 2] is wrong in 9 of 12 entries"
# ~     return np.einsum("ni,jm->nmij", np.eye(N), w), np.einsum("ni,mj->nmij", x, np.[-eye(-]{+ones((M, +}M)){+)+}
