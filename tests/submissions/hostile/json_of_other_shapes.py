# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="no text in cell|of adding one" raw="shapes"
# Cells, sources and metadata of shapes that no notebook has.


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
