# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="took too long"
# Seven levels of finally, of which a compiler makes code for minutes, in an answer and in a cell.

# %% answer="01_norm" made="'def norm(x):\\n' + nested(7)"


# %% made="'def f(x):\\n' + nested(7)"


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
