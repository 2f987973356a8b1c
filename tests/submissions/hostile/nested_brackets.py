# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="too many nested parentheses|was never closed"
# Brackets of all kinds, in one another, closed and not.

# %% made="'(' * 150 + ')' * 150"


# %% made="'x = ' + '[' * 199 + ']' * 199"


# %% made="'(' * 100_000"


# %% made="'{1: ' * 100_000"


# %% made="'f(a=[{' * 30_000"


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
