# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="of adding one"
# Comprehensions in comprehensions.

# %% made="'x = ' + '[a for a in ' * 60 + '[]' + ']' * 60"


# %% made="'x = [1 ' + 'for a in [1] ' * 5000 + ']'"


# %% made="'x = [1 for a in [1] ' + 'if a ' * 5000 + ']'"


# %% made="'x = ' + '{a: a for a in ' * 5000"


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
