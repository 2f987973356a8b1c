# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="process"
# A cell ends its process, more thoroughly each time.

# %%
import os
import signal

os.kill(os.getpid(), signal.SIGKILL)

# %%
raise SystemExit

# %%
import os

os._exit(0)

# %%
import os

os.abort()


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
