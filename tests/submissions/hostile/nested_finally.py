# %% [markdown] keeps={"03_counter-sums": 20} honest={"01_norm-values": 5, "03_counter-sums": 20} says="of adding one"
# Eight levels of finally, of which a compiler makes code for minutes, in an answer and in a cell.

# %% answer="01_norm" made="'def norm(x):\\n' + nested(8)"


# %% made="'def f(x):\\n' + nested(8)"


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
