# %% [markdown] honest={"03_counter-sums": 20} says="of adding one|no text" raw="twice"
# Every key twice: JSON does not say which counts.


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
