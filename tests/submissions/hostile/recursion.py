# %% [markdown] right=["03_counter"] says="RecursionError|nested|norm"
# Functions return values that contain themselves, or that are nested without end.

# %% answer="01_norm"
def norm(x):
    deep = []
    for _ in range(10**5):
        deep = [deep]
    return deep


# %% answer="02_cube"
def cube(x):
    loop = []
    loop.append(loop)
    return loop


def cube_backward(dout, cache):
    return cube_backward(dout, cache)
