# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="took too long"
# A cell never ends, and catches whatever would stop it.

# %%
while True:
    try:
        while True:
            pass
    except BaseException:
        pass


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
