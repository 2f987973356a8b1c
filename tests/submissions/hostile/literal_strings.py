# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="of adding one"
# Strings and bytes of almost a megabyte, and many that are joined.

# %% made="'x = \\'' + 'a' * 900_000 + '\\''"


# %% made="'x = b\\'' + 'a' * 900_000 + '\\''"


# %% made="'x = (' + '\\'a\\' ' * 200_000 + ')'"


# %% made="'x = \\'' + '\\\\N{BULLET}' * 50_000 + '\\''"


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
