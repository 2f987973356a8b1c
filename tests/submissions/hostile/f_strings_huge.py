# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="of adding one"
# An f-string of very many expressions, and very many f-strings.

# %% made="'x = f\\'' + '{1}' * 200_000 + '\\''"


# %% made="'x = ' + 'f\\'{1}\\' ' * 100_000"


# %% made="'x = f\\'{1:' + '{2}' * 2 + '}\\''"


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
