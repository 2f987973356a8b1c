# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="MemoryError|Unable to allocate|memory|killed"
# Arrays of four gigabytes are asked for and written to.

# %%
hog = np.ones(2**29)

# %%
hoard = [bytearray(2**24) for _ in range(200)]


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
