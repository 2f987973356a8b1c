# %% [markdown] right=["03_counter"] says="norm"
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
