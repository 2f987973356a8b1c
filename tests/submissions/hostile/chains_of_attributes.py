# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="of adding one"
# Attributes, calls, items and comparisons in chains.

# %% made="'x = np' + '.a' * 200_000"


# %% made="'x = np' + '()' * 5000"


# %% made="'x = np' + '[0]' * 5000"


# %% made="'x = 1' + ' < 1' * 100_000"


# %% made="'import a' + '.b' * 9000"


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
