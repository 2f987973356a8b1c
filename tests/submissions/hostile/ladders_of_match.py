# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="of adding one"
# Thousands of patterns, and patterns within patterns.

# %% made="'match 1:\\n' + ' case 2: pass\\n' * 20_000"


# %% made="'match 1:\\n case ' + '[' * 150 + 'a' + ']' * 150 + ': pass'"


# %% made="'match 1:\\n case ' + '|'.join(map(str, range(20_000))) + ': pass'"


# %% made="'match 1:\\n case ' + 'C(' * 90 + 'a : pass'"


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
