# %% [markdown] right=["03_counter"] says="process"
# A cell ends its process, more thoroughly each time.

# %%
import os
import signal

os.kill(os.getpid(), signal.SIGKILL)

# %%
raise SystemExit

# %%
import os

os._exit(0)

# %%
import os

os.abort()
