# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="of adding one"
# Magics on 2001 lines, which IPython takes apart one after the other.

# %% made="'!ls\\n' * 2001"


# %% made="'%time 1\\n' * 2001"


# %% made="'?np\\n' * 2001"


# %% made="'x = !ls\\n' * 2001"


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
