# %% [markdown] right=["03_counter"] says="took too long"
# A function answers after its time, with a reply to the next question.

# %% answer="01_norm"
import signal
import time


def norm(x):
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    time.sleep(10)
    return 5.0
