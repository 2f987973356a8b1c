# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="of adding one"
# Magics on 501 lines, which IPython takes apart one after the other.

# %% made="'!ls\\n' * 501"


# %% made="'%time 1\\n' * 501"


# %% made="'?np\\n' * 501"


# %% made="'x = !ls\\n' * 501"


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
