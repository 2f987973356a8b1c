# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="norm"
# Directories a thousand deep and closed to everyone are left for whoever tidies up.

# %%
import os

start = os.getcwd()
for _ in range(1000):
    try:
        os.mkdir("hostile-deep")
        os.chdir("hostile-deep")
    except OSError:
        break
for _ in range(3):
    os.chmod(".", 0)
    try:
        os.chdir("..")
    except OSError:
        break


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
