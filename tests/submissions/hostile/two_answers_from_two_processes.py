# %% [markdown] right=["03_counter"] honest={"01_norm-values": 5} says="of .3, 4."
# The process forks in the middle of a call, and both halves answer everything from then on.

# %% answer="01_norm"
import os


def norm(x):
    os.fork()
    return 5.0
