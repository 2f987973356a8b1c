# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="took too long"
# A function answers after its time, with a reply to the next question.

# %% answer="01_norm"
import signal
import time


def norm(x):
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    time.sleep(10)
    return 5.0


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
