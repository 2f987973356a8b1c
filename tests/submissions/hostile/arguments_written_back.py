# %% [markdown] right=["03_counter"] honest={"01_norm-values": 5} says="of .3, 4.|random vector"
# The arguments of a check are changed, grown and given other types in place.

# %% answer="01_norm"
def norm(x):
    size = float(np.sqrt((x**2).sum()))
    try:
        x[...] = 0.0
        x.resize(10**6, refcheck=False)
    except ValueError:
        pass
    x.dtype = np.int64
    return size
