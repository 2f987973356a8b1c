# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="norm"
# Threads spin on, print and answer at any time.

# %%
import threading


def spin():
    while True:
        print("spinning")


for _ in range(20):
    try:
        threading.Thread(target=spin, daemon=False).start()
    except RuntimeError:
        break


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
