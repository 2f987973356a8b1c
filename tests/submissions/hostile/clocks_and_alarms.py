# %% [markdown] right=["03_counter"] says="took too long"
# A cell turns off the alarm, turns back the clock and goes on for ever.

# %%
import signal
import time

signal.setitimer(signal.ITIMER_REAL, 0)
signal.signal(signal.SIGALRM, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
time.time = time.monotonic = lambda: 0.0
while True:
    pass
