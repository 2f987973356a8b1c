# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="Exceeds the limit|too large|of adding one"
# Numbers of more digits than Python converts, as integers, fractions and imaginary ones.

# %% made="'x = ' + '9' * 5000"


# %% made="'x = 1e' + '9' * 5000"


# %% made="'x = ' + '1' * 5000 + '.5'"


# %% made="'x = ' + '1' * 5000 + 'j'"


# %% made="'x = ' + '9' * 900_000"


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
