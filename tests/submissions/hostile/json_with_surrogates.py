# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="no Unicode text" raw="surrogates"
# Halves of characters in sources, names and ids.


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
