# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="output|truncated|more"
# A cell prints two hundred megabytes, and shows pictures without end.

# %%
for _ in range(200):
    print("x" * 2**20)

# %%
from IPython.display import publish_display_data

for _ in range(30):
    publish_display_data({"image/png": "A" * 2**20, "text/plain": "x" * 2**20})


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
