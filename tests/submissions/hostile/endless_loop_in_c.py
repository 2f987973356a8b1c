# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="took too long"
# A cell stays inside one call of the interpreter, which no signal interrupts.

# %%
int("9" * 4000) ** 10**9 if False else sum(range(10**13))


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
