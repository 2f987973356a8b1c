# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="of adding one"
# A number of 4,000 hexadecimal digits, which cannot be shown in decimal ones.

# %% made="'x = 0x' + 'f' * 4000"


# %% made="'y = ' + '0b' + '1' * 100000"


# %% answer="01_norm" made="'def norm(x):\\n    return 0x' + 'f' * 15000"


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
