# %% right="by shapes" of="solution"
# -     return N * M * N * D * itemsize, N * M * D * M * itemsize
# +     y, x, w = (N, M), (N, D), (D, M)
# +     return int(np.prod(y + x, dtype=object)) * itemsize, int(np.prod(y + w, dtype=object)) * itemsize
# ~     return [-N * D-]{+int(np.prod((N, D)))+} * itemsize, [-D * M-]{+int(np.prod((D, M)))+} * itemsize
# %% right="the Jacobians from the gradients, as floats" of="solution"
# -     return N * M * N * D * itemsize, N * M * D * M * itemsize
# +     return tuple(float(N * M * size) for size in vjp_bytes(N, D, M, itemsize))
# %% wrong="numbers instead of bytes" of="solution" warned="3.6" points={"06_jacobian_bytes-values": 0} says="entry [0] of the bytes is wrong: yours 6.87195e+10, expected 2.74878e+11"
# ~     return N * M * N * D[- * itemsize-], N * M * D * M[- * itemsize-]
# ~     return N * D[- * itemsize-], D * M[- * itemsize-]
# %% wrong="always four bytes" of="solution" warned="3.6" points={"06_jacobian_bytes-values": 3} says="entry [0] of the bytes is wrong"
# ~     return N * M * N * D * [-itemsize-]{+4+}, N * M * D * M * [-itemsize-]{+4+}
# ~     return N * D * [-itemsize-]{+4+}, D * M * [-itemsize-]{+4+}
# %% wrong="the sum of both, not a pair" of="solution" points={"06_jacobian_bytes-values": 0} says="should be 2 values, not an int"
# -     return N * M * N * D * itemsize, N * M * D * M * itemsize
# +     return N * M * (N * D + D * M) * itemsize
# ~     return {+(+}N * D [-* itemsize,-]{+++} D * M{+)+} * itemsize
# %% wrong="Jacobians of one example" of="solution" points={"06_jacobian_bytes-values": 2.5} says="entry [0] of the bytes is wrong"
# ~     return [-N * M * N-]{+M+} * D * itemsize,[- N *-] M * D * M * itemsize
# %% wrong="dy instead of dx" of="solution" points={"06_jacobian_bytes-values": 4} says="entry [0] of the bytes is wrong"
# ~     return N * [-D-]{+M+} * itemsize, D * M * itemsize
