# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="longer than it may"
# Every cell sleeps, and so does every call.

# %%
import time

time.sleep(25)

# %%
time.sleep(25)


# %% answer="01_norm"
def norm(x):
    time.sleep(25)


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
