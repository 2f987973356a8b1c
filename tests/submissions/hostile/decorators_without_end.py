# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="of adding one"
# A function with thousands of decorators.

# %% made="'def a(f): return f\\n' + '@a\\n' * 100_000 + 'def g(): pass'"


# %% answer="01_norm" made="'@property\\n' * 3000 + 'def norm(x):\\n    return x'"


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
