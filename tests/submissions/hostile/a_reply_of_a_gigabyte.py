# %% [markdown] right=["03_counter"] wire=true says="of .3, 4."
# A reply announces a gigabyte, and sends what it can of it.

# %% answer="01_norm"
def norm(x):
    for wire in sockets():
        wire.sendall(struct.pack(">III", 2**30, 1, 1))
        for _ in range(64):
            wire.sendall(bytes(2**20))
    return 5.0


# %% answer="02_cube"
def cube(x):
    return np.zeros(2**25), x


def cube_backward(dout, cache):
    return "x" * 2**27
