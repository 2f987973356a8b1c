# %% [markdown] right=["03_counter"] says="norm"
# Every descriptor that can be had is opened and kept.

# %%
import os

kept = []
try:
    while len(kept) < 5000:
        kept.append(os.dup(0))
except OSError:
    pass
