# %% [markdown] right=["03_counter"] wire=true says="of .3, 4."
# While a cell runs, a frame of 30 MB is announced and then sent byte by byte.

# %%
import time

for wire in sockets():
    try:
        wire.sendall(struct.pack(">III", 30 * 2**20, 1, 2))
        while True:
            wire.sendall(b"\x00")
            time.sleep(0.001)
    except OSError:
        continue
