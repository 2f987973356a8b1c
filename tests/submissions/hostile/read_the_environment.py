# %% [markdown] says="norm"
# A cell prints the environment of every process that it sees, and tries every open descriptor.

# %%
import os

needle = b"SEC" + b"RET-7391"
for number in os.listdir("/proc"):
    if number.isdigit():
        for part in ("environ", "cmdline"):
            try:
                text = open(f"/proc/{number}/{part}", "rb").read()
            except OSError:
                continue
            if b"hostile-variable" in text or b"@ROOT@" in text:
                print("FOUND in", part)
for descriptor in range(3, 200):
    try:
        target = os.readlink(f"/proc/self/fd/{descriptor}")
    except OSError:
        continue
    if target.startswith("@ROOT@"):
        print("FOUND an open file", target)
