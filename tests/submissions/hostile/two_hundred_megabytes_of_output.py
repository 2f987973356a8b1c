# %% [markdown] right=["03_counter"] says="output|truncated|more"
# A cell prints two hundred megabytes, and shows pictures without end.

# %%
for _ in range(200):
    print("x" * 2**20)

# %%
from IPython.display import publish_display_data

for _ in range(30):
    publish_display_data({"image/png": "A" * 2**20, "text/plain": "x" * 2**20})
