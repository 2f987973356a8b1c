# %% [markdown] right=["03_counter"] says="norm"
# Leases on files of one's own user, which a read-only mount does not refuse: whoever opens one waits for 45 seconds.

# %%
import fcntl
import os
import signal
import sys

signal.signal(signal.SIGIO, signal.SIG_IGN)
with open("mine", "w"):
    pass
kept = []
files = [module.__file__ for module in list(sys.modules.values()) if getattr(module, "__file__", None)]
for path in ["mine", *files[:100]]:
    try:
        kept.append(os.open(path, os.O_RDONLY))
        fcntl.fcntl(kept[-1], fcntl.F_SETLEASE, fcntl.F_WRLCK)
        print("FOUND a file to hold:", path)
    except OSError:
        pass
try:
    kept.append(os.open(".", os.O_RDONLY))
    fcntl.fcntl(kept[-1], fcntl.F_NOTIFY, fcntl.DN_CREATE | fcntl.DN_MULTISHOT)
    print("FOUND a directory to watch")
except OSError:
    pass
