# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="of adding one"
# F-strings in f-strings.

# %% made="'x = ' + 'f\\'{' * 3000"


# %% made="'x = ' + 'f\"{' * 140 + '1' + '}\"' * 140"


# %% made="'x = f\\'\\'\\'{f\"\"\"{f\"{f\\'{1}\\'}\"}\"\"\"}\\'\\'\\''"


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
