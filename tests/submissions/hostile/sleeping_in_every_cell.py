# %% [markdown] right=["03_counter"] says="longer than it may"
# Every cell sleeps, and so does every call.

# %%
import time

time.sleep(25)

# %%
time.sleep(25)


# %% answer="01_norm"
def norm(x):
    time.sleep(25)
