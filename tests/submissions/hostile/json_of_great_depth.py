# %% [markdown] honest={"03_counter-sums": 20} says="nested too deeply|of adding one" raw="deep"
# JSON that is nested a hundred thousand times.


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
