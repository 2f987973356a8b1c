# %% [markdown] honest={"03_counter-sums": 20} says="is not JSON that can be read|of adding one" raw="numbers"
# Numbers of a million digits, and such that are none, where nobody needs them.


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
