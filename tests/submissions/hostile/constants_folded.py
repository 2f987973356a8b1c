# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="of adding one"
# Constant expressions that a compiler might work out.

# %% made="'x = 1 << 10 ** 9'"


# %% made="'if False:\\n    x = (\\'a\\' * 4000) * 4000 * 4000'"


# %% made="'if False:\\n    x = ' + '*'.join(['((1 << 120) ** 120)'] * 50)"


# %% made="'if False:\\n    x = (' + ','.join(['(0,) * 250'] * 2000) + ')'"


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
