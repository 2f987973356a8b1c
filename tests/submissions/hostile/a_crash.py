# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="StudentDied"
# A function reads address zero, and another leaves without a word.

# %% answer="01_norm"
import ctypes
import os


def norm(x):
    ctypes.string_at(0)


# %% answer="04_twice"
def twice(f, x):
    os._exit(0)


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
