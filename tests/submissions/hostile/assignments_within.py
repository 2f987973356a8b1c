# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="of adding one"
# Assignments as expressions, in one another, and targets without end.

# %% made="'x = ' + '(a := ' * 150 + '1' + ')' * 150"


# %% made="'x = ' + '(a := ' * 30_000"


# %% made="'a = ' * 100_000 + '1'"


# %% made="', '.join(f'a{i}' for i in range(50_000)) + ' = range(50_000)'"


# %% made="'*' * 10_000 + 'a = 1'"


# %% made="'[a := 1 for b in [1]]\\nprint(a)'"


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
