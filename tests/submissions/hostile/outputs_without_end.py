# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="of adding one"
# Cells that together show far more than a notebook may.

# %% copies=40
from IPython.display import Markdown

for _ in range(8):
    display(Markdown("a" * 900_000))

# %% copies=40
from IPython.display import Markdown

for _ in range(600):
    display(Markdown("a"))


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
