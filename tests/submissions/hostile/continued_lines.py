# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="of adding one"
# Lines that go on and on.

# %% made="'x = 1 + \\\\\\n' * 4000 + '1'"


# %% made="'\\\\\\n' * 50_000"


# %% made="'x = (\\n' * 150"


# %% made="'x = \"\"\"' + '\\n' * 300_000"


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
