# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="of adding one"
# Ten thousand alternatives.

# %% made="'if 0: pass\\n' + 'elif 0: pass\\n' * 10_000"


# %% made="'if 0: pass\\n' + 'elif 0: pass\\n' * 1400"


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
