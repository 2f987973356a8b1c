# %% [markdown] right=["03_counter"] says="StudentDied"
# A function reads address zero, and another leaves without a word.

# %% answer="01_norm"
import ctypes
import os


def norm(x):
    ctypes.string_at(0)


# %% answer="04_twice"
def twice(f, x):
    os._exit(0)
