# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="RecursionError|MemoryError|SyntaxError|process"
# Signs, negations and conditions without end.

# %% made="'x = ' + '-' * 900_000 + '1'"


# %% made="'x = ' + 'not ' * 100_000 + '1'"


# %% made="'x = ' + '1 if 1 else ' * 50_000 + '1'"


# %% made="'x = ' + '1 + ' * 200_000 + '1'"


# %% made="'x = ' + '2 ** ' * 5000 + '1'"


# %% made="'x = ' + '~' * 10_000"


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
