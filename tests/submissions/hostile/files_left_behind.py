# %% [markdown] right=["03_counter"] says="norm"
# Files, sockets and shared memory are left where others could find them.

# %%
import os
import socket
from multiprocessing import shared_memory

for folder in ("/tmp", "/var/tmp", "/dev/shm", os.path.expanduser("~"), "."):
    try:
        open(f"{folder}/hostile-left-behind", "w").close()
    except OSError:
        pass
for name in ("/tmp/hostile-socket", "\\0hostile-socket"):
    try:
        kept = socket.socket(socket.AF_UNIX)
        kept.bind(name)
        kept.listen()
    except OSError:
        pass
try:
    shared = shared_memory.SharedMemory("hostile-memory", create=True, size=100)
except OSError:
    pass
