# %% [markdown] right=["03_counter"] says="File too large|No space|norm"
# A cell writes files until the disk is full.

# %%
import os
import tempfile

for folder in (".", tempfile.gettempdir(), "/dev/shm", "/var/tmp", os.path.expanduser("~")):
    for number in range(40):
        try:
            with open(f"{folder}/hostile-filler-{number}", "wb") as file:
                file.write(bytes(2**22))
        except OSError as error:
            print(error)
            break
