# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="of adding one"
# Functions in functions, and classes in classes.

# %% made="'x = ' + 'lambda: ' * 2400 + '1'"


# %% made="ladder('def f():\\n', 95)"


# %% made="ladder('class A:\\n', 95)"


# %% made="'x = ' + 'lambda a=' * 2400 + '1'"


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
