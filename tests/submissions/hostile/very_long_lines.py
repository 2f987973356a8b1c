# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="of adding one"
# Lines of hundreds of thousands of characters.

# %% made="'a = 1; ' * 100_000"


# %% made="'x = [' + '1, ' * 250_000 + ']'"


# %% made="'# ' + 'a' * 900_000"


# %% made="' ' * 900_000"


# %% made="'x = 1 ' + ' ' * 900_000"


# %% made="'\\t' * 100_000 + 'x = 1'"


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
